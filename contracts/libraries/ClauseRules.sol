// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../interfaces/IGrantRegistry.sol";
import {Clause, Clauses} from "../types/Clauses.sol";
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

/// @notice What clauses must satisfy by themselves, whoever grants what to whom.
library ClauseRules {
    uint8 internal constant DEEPEST = 8;
    uint8 internal constant LONGEST_NOTICE = 63;

    /// @notice Refuses clauses that no one-sided grant may have, naming the first that is wrong.
    /// @param clauses the clauses
    /// @param time seconds since 1970 at which the grant is issued
    function requireOneSided(Clauses memory clauses, uint40 time) internal pure {
        if (clauses.form != uint8(Form.ONE_SIDED)) {
            _require(clauses.form <= uint8(type(Form).max), Clause.FORM, clauses.form);
            revert IGrantRegistry.FormNeedsSignatures(Form(clauses.form));
        }
        // The other templates are contracts of two or more sides.
        _require(clauses.template <= uint8(Template.ENTRUSTMENT), Clause.TEMPLATE, clauses.template);
        _require(clauses.mode == uint8(Mode.NONE), Clause.MODE, clauses.mode);
        _require(clauses.offerUntil == 0, Clause.OFFER_UNTIL, clauses.offerUntil);
        _require(clauses.agreement == 0, Clause.AGREEMENT, uint256(clauses.agreement));
        _requireUse(clauses);
        _requireWindow(clauses, time);
        _requireQuota(clauses);
        _requirePrice(clauses);
        _requireDelegation(clauses);
    }

    function _requireUse(Clauses memory clauses) private pure {
        bool entrusted = clauses.template == uint8(Template.ENTRUSTMENT);
        // Whoever is entrusted with processing gets no right in the data, unless the clauses say so.
        _require(clauses.rights & ~Rights.ALL == 0 && (clauses.rights != 0 || entrusted), Clause.RIGHTS, clauses.rights);
        _require(clauses.actions != 0 && clauses.actions & ~Action.ALL == 0, Clause.ACTIONS, clauses.actions);
        _require(clauses.purposes != 0 && clauses.purposes & ~Purpose.ALL == 0, Clause.PURPOSES, clauses.purposes);
        _require(clauses.environment & ~Environment.ALL == 0, Clause.ENVIRONMENT, clauses.environment);
        _require(clauses.obligations & ~Obligation.ALL == 0, Clause.OBLIGATIONS, clauses.obligations);
        _require(clauses.derivedRights <= uint8(type(DerivedRights).max), Clause.DERIVED_RIGHTS, clauses.derivedRights);
    }

    function _requireWindow(Clauses memory clauses, uint40 time) private pure {
        uint40 until = clauses.validUntil;
        // Storage keeps ends in 32 bits, good until 2106.
        _require(until <= type(uint32).max, Clause.VALID_UNTIL, until);
        _require(clauses.validFrom <= type(uint32).max, Clause.VALID_FROM, clauses.validFrom);
        _require(clauses.noticeDays <= LONGEST_NOTICE, Clause.NOTICE_DAYS, clauses.noticeDays);
        if (until == 0) return;
        if (until <= clauses.validFrom) revert IGrantRegistry.WindowInverted(clauses.validFrom, until);
        if (until <= time) revert IGrantRegistry.WindowEnded(until, time);
    }

    function _requireQuota(Clauses memory clauses) private pure {
        uint64 total = clauses.quotaTotal;
        uint64 period = clauses.periodQuota;
        _require(clauses.quotaUnit <= uint8(type(QuotaUnit).max), Clause.QUOTA_UNIT, clauses.quotaUnit);
        bool counted = clauses.quotaUnit != uint8(QuotaUnit.NONE);
        _require(counted ? total != 0 && total < UNLIMITED : total == 0, Clause.QUOTA_TOTAL, total);
        _require((period == 0) == (clauses.periodLength == 0) && period <= total, Clause.PERIOD, period);
    }

    function _requirePrice(Clauses memory clauses) private pure {
        uint8 model = clauses.priceModel;
        _require(model <= uint8(type(PriceModel).max), Clause.PRICE, model);
        bool unpaid = model == uint8(PriceModel.NONE) || model == uint8(PriceModel.FREE);
        _require(
            unpaid
                ? clauses.currency == 0 && clauses.unitPrice == 0 && clauses.capPrice == 0
                : clauses.capPrice == 0 || clauses.unitPrice <= clauses.capPrice,
            Clause.PRICE,
            clauses.unitPrice
        );
    }

    function _requireDelegation(Clauses memory clauses) private pure {
        uint8 kind = clauses.subDelegation;
        _require(kind <= uint8(type(SubDelegation).max), Clause.SUB_DELEGATION, kind);
        bool none = kind == uint8(SubDelegation.NONE);
        _require(
            none ? clauses.depth == 0 : clauses.depth != 0 && clauses.depth <= DEEPEST, Clause.DEPTH, clauses.depth
        );
    }

    function _require(bool holds, Clause clause, uint256 value) private pure {
        if (!holds) revert IGrantRegistry.ClauseInvalid(clause, value);
    }
}
