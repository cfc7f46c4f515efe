// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../interfaces/IGrantRegistry.sol";
import {Clause, Clauses, Field, LimitClauses, Option, ScopeClauses} from "../types/Clauses.sol";
import {UNLIMITED} from "../types/GrantState.sol";
import {
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Rights,
    SubDelegation,
    Template
} from "../types/Vocabulary.sol";
import {WordBuffer} from "./Words.sol";

/// @notice What clauses must satisfy by themselves, whoever grants what to whom.
library ClauseRules {
    uint8 internal constant DEEPEST = 8;
    uint8 internal constant LONGEST_NOTICE = 63;

    /// @dev The masks below refuse values of an enumeration by their bits. That is right while its values fill a power
    /// of two, as those of `QuotaUnit` and `DerivedRights` do; a test fails when a value is added to either.

    /// @dev Bits of `ScopeClauses` that no one-sided grant has: any form or mode, and what lies outside the
    /// vocabulary of rights, environments and quota units or above the longest notice.
    uint256 private constant SCOPE_NEVER = uint256(0xff) << 240 | uint256(0xff) << 224 | uint256(0xff & ~Rights.ALL)
        << 216 | uint256(0xff & ~LONGEST_NOTICE) << 192 | uint256(0xff & ~Environment.ALL) << 184
        | uint256(0xff & ~uint8(type(QuotaUnit).max)) << 176;

    /// @dev Bits of `ScopeClauses` that hold sub-delegation and depth.
    uint256 private constant SCOPE_DELEGATION = uint256(0xffff) << 200;

    /// @dev Bits of `LimitClauses` that no one-sided grant has: times above 32 bits (storage keeps ends in 32, good
    /// until 2106), any lapse of an offer, and what lies outside the vocabulary.
    uint256 private constant LIMITS_NEVER = uint256(0xff) << 248 | uint256(0xff) << 208
        | uint256(type(uint32).max & ~Action.ALL) << 144 | uint256(type(uint32).max & ~Purpose.ALL) << 112
        | uint256(type(uint32).max & ~Obligation.ALL) << 80 | uint256(type(uint40).max) << 40
        | uint256(0xff & ~uint8(type(DerivedRights).max)) << 16;

    /// @notice Refuses clauses that no one-sided grant may have, naming the first that is wrong.
    /// @param clauses the clauses
    /// @param time seconds since 1970 at which the grant is issued
    function requireOneSided(Clauses memory clauses, uint256 time) internal pure {
        ScopeClauses scope = clauses.scope;
        LimitClauses limits = clauses.limits;
        // Two masks settle most clauses at once; only what they refuse is looked at one by one.
        if (ScopeClauses.unwrap(scope) & SCOPE_NEVER != 0) _refuseScope(scope);
        if (LimitClauses.unwrap(limits) & LIMITS_NEVER != 0) _refuseLimits(limits);
        _requireTemplate(scope);
        if (ScopeClauses.unwrap(scope) & SCOPE_DELEGATION != 0) _requireDelegation(scope);
        _require(limits.actions() != 0, Clause.ACTIONS, 0);
        _require(limits.purposes() != 0, Clause.PURPOSES, 0);
        _requireWindow(limits, time);
        _requireQuota(clauses);
        uint16 options = limits.options();
        if (options & (Option.AGREEMENT | Option.REPLACES) != 0) _refuseOptions(clauses.encoded);
        if (options & Option.PRICE != 0) _requirePrice(clauses.encoded);
    }

    function _requireTemplate(ScopeClauses scope) private pure {
        uint8 template = scope.template();
        // The other templates are contracts of two or more sides.
        _require(template <= uint8(Template.ENTRUSTMENT), Clause.TEMPLATE, template);
        // Whoever is entrusted with processing gets no right in the data, unless the clauses say so.
        _require(scope.rights() != 0 || template == uint8(Template.ENTRUSTMENT), Clause.RIGHTS, 0);
    }

    function _requireDelegation(ScopeClauses scope) private pure {
        uint8 kind = scope.subDelegation();
        uint8 depth = scope.depth();
        _require(kind <= uint8(type(SubDelegation).max), Clause.SUB_DELEGATION, kind);
        bool none = kind == uint8(SubDelegation.NONE);
        _require(none ? depth == 0 : depth != 0 && depth <= DEEPEST, Clause.DEPTH, depth);
    }

    function _requireWindow(LimitClauses limits, uint256 time) private pure {
        uint40 until = limits.validUntil();
        if (until == 0) return;
        uint40 from = limits.validFrom();
        if (until <= from) revert IGrantRegistry.WindowInverted(from, until);
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (until <= time) revert IGrantRegistry.WindowEnded(until, uint40(time));
    }

    function _requireQuota(Clauses memory clauses) private pure {
        uint64 total = clauses.sides.quotaTotal();
        bool counted = clauses.scope.quotaUnit() != uint8(QuotaUnit.NONE);
        _require(counted == (total != 0) && total < UNLIMITED, Clause.QUOTA_TOTAL, total);
        if (clauses.limits.options() & Option.PERIOD == 0) return;
        uint256 period = clauses.encoded.get(Field.PERIOD_QUOTA);
        bool whole = period != 0 && clauses.encoded.get(Field.PERIOD_LENGTH) != 0;
        _require(whole && period <= total, Clause.PERIOD, period);
    }

    function _requirePrice(WordBuffer encoded) private pure {
        uint256 model = encoded.get(Field.PRICE_MODEL);
        uint256 unit = encoded.get(Field.UNIT_PRICE);
        uint256 cap = encoded.get(Field.CAP_PRICE);
        bool known = model != uint8(PriceModel.NONE) && model <= uint8(type(PriceModel).max);
        _require(known, Clause.PRICE, model);
        bool priced = encoded.get(Field.CURRENCY) != 0 || unit != 0 || cap != 0;
        bool free = model == uint8(PriceModel.FREE);
        _require(free ? !priced : cap == 0 || unit <= cap, Clause.PRICE, unit);
    }

    function _refuseScope(ScopeClauses scope) private pure {
        uint8 form = scope.form();
        _require(form <= uint8(type(Form).max), Clause.FORM, form);
        if (form != uint8(Form.ONE_SIDED)) revert IGrantRegistry.FormNeedsSignatures(Form(form));
        _require(scope.mode() == uint8(Mode.NONE), Clause.MODE, scope.mode());
        _require(scope.rights() <= Rights.ALL, Clause.RIGHTS, scope.rights());
        _require(scope.noticeDays() <= LONGEST_NOTICE, Clause.NOTICE_DAYS, scope.noticeDays());
        _require(scope.environment() <= Environment.ALL, Clause.ENVIRONMENT, scope.environment());
        revert IGrantRegistry.ClauseInvalid(Clause.QUOTA_UNIT, scope.quotaUnit());
    }

    function _refuseLimits(LimitClauses limits) private pure {
        _require(limits.validFrom() <= type(uint32).max, Clause.VALID_FROM, limits.validFrom());
        _require(limits.validUntil() <= type(uint32).max, Clause.VALID_UNTIL, limits.validUntil());
        _require(limits.actions() <= Action.ALL, Clause.ACTIONS, limits.actions());
        _require(limits.purposes() <= Purpose.ALL, Clause.PURPOSES, limits.purposes());
        _require(limits.obligations() <= Obligation.ALL, Clause.OBLIGATIONS, limits.obligations());
        _require(limits.offerUntil() == 0, Clause.OFFER_UNTIL, limits.offerUntil());
        revert IGrantRegistry.ClauseInvalid(Clause.DERIVED_RIGHTS, limits.derivedRights());
    }

    function _refuseOptions(WordBuffer encoded) private pure {
        uint256 agreement = encoded.get(Field.AGREEMENT);
        _require(agreement == 0, Clause.AGREEMENT, agreement);
        revert IGrantRegistry.ClauseInvalid(Clause.REPLACES, encoded.get(Field.REPLACES));
    }

    function _require(bool holds, Clause clause, uint256 value) private pure {
        if (!holds) revert IGrantRegistry.ClauseInvalid(clause, value);
    }
}
