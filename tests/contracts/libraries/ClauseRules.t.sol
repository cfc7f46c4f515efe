// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {Clause} from "../../../contracts/types/Clauses.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {UNLIMITED} from "../../../contracts/types/GrantState.sol";
import {
    Action,
    DerivedRights,
    Environment,
    Form,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Rights,
    SubDelegation,
    Template
} from "../../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "../Draft.sol";
import {bound, vm} from "../Vm.sol";
import {ClausesHarness} from "./ClausesHarness.sol";

contract ClauseRulesTest {
    using Drafts for Draft;

    uint40 private constant NOW = 1_800_000_000;

    ClausesHarness private harness = new ClausesHarness();

    /// @notice Every combination of admissible values is admitted.
    function testFuzz_AdmitsVocabulary(
        uint8 rights,
        uint8 environment,
        uint32 actions,
        uint32 purposes,
        uint32 obligations,
        uint8 derived
    ) external view {
        Draft memory d = _draft();
        d.rights = uint8(bound(rights, 1, Rights.ALL));
        d.environment = environment & Environment.ALL;
        d.actions = uint32(bound(actions, 1, Action.ALL));
        d.purposes = uint32(bound(purposes, 1, Purpose.ALL));
        d.obligations = obligations & Obligation.ALL;
        d.derivedRights = uint8(bound(derived, 0, 3));
        _admit(d);
    }

    /// @notice Grants of the other forms come about by signatures; other forms do not exist.
    function testFuzz_Form(uint8 form) external {
        Draft memory d = _draft();
        d.form = uint8(bound(form, 1, 255));
        if (d.form <= uint8(type(Form).max)) {
            _refuse(d, abi.encodeWithSelector(IGrantRegistry.FormNeedsSignatures.selector, d.form));
        } else {
            _refuseClause(d, Clause.FORM, d.form);
        }
    }

    /// @notice Templates of several sides, modes, offers and agreements have no place in a one-sided grant.
    function testFuzz_WhatNeedsAnotherSide(uint8 template, uint8 mode, uint40 offer, bytes32 hash) external {
        Draft memory d = _draft();
        d.template = uint8(bound(template, uint8(Template.FUSION), 255));
        _refuseClause(d, Clause.TEMPLATE, d.template);
        d = _draft();
        d.mode = uint8(bound(mode, 1, 255));
        _refuseClause(d, Clause.MODE, d.mode);
        d = _draft();
        d.offerUntil = uint40(bound(offer, 1, type(uint40).max));
        _refuseClause(d, Clause.OFFER_UNTIL, d.offerUntil);
        vm.assume(hash != 0);
        d = _draft();
        d.agreement = hash;
        _refuseClause(d, Clause.AGREEMENT, uint256(hash));
        d = _draft();
        d.replaces = GrantId.wrap(hash);
        _refuseClause(d, Clause.REPLACES, uint256(hash));
    }

    /// @notice Values outside the vocabulary are refused by the clause that has them.
    function testFuzz_RefusesUnknownValues(uint8 small, uint32 large) external {
        Draft memory d = _draft();
        d.rights = uint8(bound(small, Rights.ALL + 1, 255));
        _refuseClause(d, Clause.RIGHTS, d.rights);
        d = _draft();
        d.environment = uint8(bound(small, Environment.ALL + 1, 255));
        _refuseClause(d, Clause.ENVIRONMENT, d.environment);
        d = _draft();
        d.quotaUnit = uint8(bound(small, 8, 255));
        _refuseClause(d, Clause.QUOTA_UNIT, d.quotaUnit);
        d = _draft();
        d.derivedRights = uint8(bound(small, 4, 255));
        _refuseClause(d, Clause.DERIVED_RIGHTS, d.derivedRights);
        d = _draft();
        d.actions = uint32(bound(large, Action.ALL + 1, type(uint32).max));
        _refuseClause(d, Clause.ACTIONS, d.actions);
        d = _draft();
        d.purposes = uint32(bound(large, Purpose.ALL + 1, type(uint32).max));
        _refuseClause(d, Clause.PURPOSES, d.purposes);
        d = _draft();
        d.obligations = uint32(bound(large, Obligation.ALL + 1, type(uint32).max));
        _refuseClause(d, Clause.OBLIGATIONS, d.obligations);
    }

    /// @notice The enumerations that the rules refuse by their bits fill a power of two.
    function test_MaskedEnumerationsFillPowersOfTwo() external pure {
        uint256 units = uint256(type(QuotaUnit).max) + 1;
        uint256 derived = uint256(type(DerivedRights).max) + 1;
        vm.assertEq(units & (units - 1), 0);
        vm.assertEq(derived & (derived - 1), 0);
    }

    /// @notice A grant says what may be done and what for; rights may be left out for an entrustment alone.
    function test_RefusesEmptyMasks() external {
        Draft memory d = _draft();
        d.actions = 0;
        _refuseClause(d, Clause.ACTIONS, 0);
        d = _draft();
        d.purposes = 0;
        _refuseClause(d, Clause.PURPOSES, 0);
        d = _draft();
        d.rights = 0;
        _refuseClause(d, Clause.RIGHTS, 0);
        d.template = uint8(Template.ENTRUSTMENT);
        _admit(d);
    }

    /// @notice A window ends after it starts and after now; an open one never ends.
    function testFuzz_Window(uint32 from, uint32 until) external {
        Draft memory d = _draft();
        (d.validFrom, d.validUntil) = (from, until);
        if (until == 0 || (until > from && until > NOW)) return _admit(d);
        if (until <= from) {
            _refuse(d, abi.encodeWithSelector(IGrantRegistry.WindowInverted.selector, from, until));
        } else {
            _refuse(d, abi.encodeWithSelector(IGrantRegistry.WindowEnded.selector, until, NOW));
        }
    }

    /// @notice Times that storage could not keep are refused.
    function testFuzz_RefusesFarTimes(uint40 time) external {
        time = uint40(bound(time, uint256(type(uint32).max) + 1, type(uint40).max));
        Draft memory d = _draft();
        d.validUntil = time;
        _refuseClause(d, Clause.VALID_UNTIL, time);
        d = _draft();
        d.validFrom = time;
        _refuseClause(d, Clause.VALID_FROM, time);
    }

    /// @notice Notice is at most 63 days.
    function testFuzz_Notice(uint8 notice) external {
        Draft memory d = _draft();
        d.noticeDays = notice;
        if (notice <= 63) return _admit(d);
        _refuseClause(d, Clause.NOTICE_DAYS, notice);
    }

    /// @notice A unit goes with a total that fits, no unit with none, and a period stays within the total.
    function testFuzz_Quota(uint8 unit, uint64 total, uint64 period, uint32 length) external {
        Draft memory d = _draft();
        d.quotaUnit = uint8(bound(unit, 0, 7));
        d.quotaTotal = total;
        if ((d.quotaUnit != 0) != (total != 0) || total >= UNLIMITED) {
            return _refuseClause(d, Clause.QUOTA_TOTAL, total);
        }
        _admit(d);
        (d.periodQuota, d.periodLength) = (period, length);
        bool none = period == 0 && length == 0;
        if (none || (period != 0 && length != 0 && period <= total)) return _admit(d);
        _refuseClause(d, Clause.PERIOD, period);
    }

    /// @notice The largest total that fits is admitted, the sentinel above it is not.
    function test_LargestQuota() external {
        Draft memory d = _draft();
        d.quotaUnit = 4;
        d.quotaTotal = UNLIMITED - 1;
        _admit(d);
        d.quotaTotal = UNLIMITED;
        _refuseClause(d, Clause.QUOTA_TOTAL, UNLIMITED);
    }

    /// @notice What is free has no price, what is paid stays below its cap, and models exist.
    function testFuzz_Price(uint8 model, uint16 currency, uint64 unit, uint64 cap) external {
        Draft memory d = _draft();
        (d.priceModel, d.currency, d.unitPrice, d.capPrice) = (model, currency, unit, cap);
        bool priced = currency != 0 || unit != 0 || cap != 0;
        if (model == 0 && !priced) return _admit(d);
        if (model == 0 || model > uint8(type(PriceModel).max)) {
            return _refuseClause(d, Clause.PRICE, model);
        }
        bool good = model == uint8(PriceModel.FREE) ? !priced : cap == 0 || unit <= cap;
        if (good) return _admit(d);
        _refuseClause(d, Clause.PRICE, unit);
    }

    /// @notice Depth goes with sub-delegation, up to eight levels.
    function testFuzz_Delegation(uint8 kind, uint8 depth) external {
        Draft memory d = _draft();
        (d.subDelegation, d.depth) = (kind, depth);
        if (kind > uint8(type(SubDelegation).max)) {
            return _refuseClause(d, Clause.SUB_DELEGATION, kind);
        }
        bool good = kind == 0 ? depth == 0 : depth != 0 && depth <= 8;
        if (good) return _admit(d);
        _refuseClause(d, Clause.DEPTH, depth);
    }

    function _draft() private pure returns (Draft memory d) {
        d.rights = Rights.USE;
        d.actions = Action.READ;
        d.purposes = Purpose.RESEARCH;
    }

    function _admit(Draft memory d) private view {
        harness.requireOneSided(d.pack(), NOW);
    }

    function _refuse(Draft memory d, bytes memory refusal) private {
        bytes memory packed = d.pack();
        vm.expectRevert(refusal);
        harness.requireOneSided(packed, NOW);
    }

    function _refuseClause(Draft memory d, Clause clause, uint256 value) private {
        _refuse(d, abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, clause, value));
    }
}
