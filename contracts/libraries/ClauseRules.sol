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
import {CivilDate} from "./CivilDate.sol";
import {WordBuffer} from "./Words.sol";

/// @notice What clauses must satisfy by themselves, whoever grants what to whom.
library ClauseRules {
    uint8 internal constant DEEPEST = 8;
    uint8 internal constant LONGEST_NOTICE = 63;

    /// @dev The masks below refuse values of an enumeration by their bits. That is right while its values fill a power
    /// of two, as those of `Mode`, `QuotaUnit` and `DerivedRights` do; a test fails when a value is added to any.

    /// @dev Bits of `ScopeClauses` that no grant has: what lies outside the vocabulary of rights, modes, environments
    /// and quota units or above the longest notice.
    uint256 private constant SCOPE_UNKNOWN = uint256(0xff & ~uint8(type(Mode).max)) << 224 | uint256(0xff & ~Rights.ALL)
        << 216 | uint256(0xff & ~LONGEST_NOTICE) << 192 | uint256(0xff & ~Environment.ALL) << 184
        | uint256(0xff & ~uint8(type(QuotaUnit).max)) << 176;

    /// @dev Bits of `ScopeClauses` that no one-sided grant of a product has: those, and any form or mode.
    uint256 private constant SCOPE_NEVER = SCOPE_UNKNOWN | uint256(0xff) << 240 | uint256(0xff) << 224;

    /// @dev Bits of `ScopeClauses` that hold sub-delegation and depth.
    uint256 private constant SCOPE_DELEGATION = uint256(0xffff) << 200;

    /// @dev Bits of `LimitClauses` that no grant has: times above 32 bits (storage keeps ends in 32, good until 2106),
    /// and what lies outside the vocabulary.
    uint256 private constant LIMITS_UNKNOWN = uint256(0xff) << 248 | uint256(0xff) << 208
        | uint256(type(uint32).max & ~Action.ALL) << 144 | uint256(type(uint32).max & ~Purpose.ALL) << 112
        | uint256(type(uint32).max & ~Obligation.ALL) << 80 | uint256(0xff & ~uint8(type(DerivedRights).max)) << 16;

    /// @dev Bits of `LimitClauses` that no one-sided grant has: those, and any lapse of an offer.
    uint256 private constant LIMITS_NEVER = LIMITS_UNKNOWN | uint256(type(uint40).max) << 40;

    /// @dev The longest operation of public data: five years.
    uint256 private constant LONGEST_OPERATION = 60;

    /// @notice Refuses clauses that no grant may have that one side issues of a product, naming the first that is wrong.
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

    /// @notice Refuses clauses that no sub-grant may have that one side issues, naming the first that is wrong.
    /// @param clauses the clauses
    /// @param time seconds since 1970 at which the grant is issued
    function requireOneSidedUnder(Clauses memory clauses, uint256 time) internal pure {
        if (clauses.scope.form() != uint8(Form.ONE_SIDED)) _refuseForm(clauses.scope.form());
        if (ScopeClauses.unwrap(clauses.scope) & SCOPE_UNKNOWN != 0) _refuseUnknownScope(clauses.scope);
        if (LimitClauses.unwrap(clauses.limits) & LIMITS_NEVER != 0) _refuseLimits(clauses.limits);
        _requireTemplate(clauses.scope);
        if (clauses.limits.options() & (Option.AGREEMENT | Option.REPLACES) != 0) _refuseOptions(clauses.encoded);
        _requireContents(clauses, time);
    }

    /// @notice Refuses clauses that no grant may have that comes about by signatures, naming the first that is wrong.
    /// @param clauses the clauses
    /// @param form TWO_SIDED or JOINT
    /// @param under whether it is a sub-grant
    /// @param time seconds since 1970 at which the grant is issued
    function requireSigned(Clauses memory clauses, Form form, bool under, uint256 time) internal pure {
        ScopeClauses scope = clauses.scope;
        LimitClauses limits = clauses.limits;
        _require(scope.form() == uint8(form), Clause.FORM, scope.form());
        if (ScopeClauses.unwrap(scope) & SCOPE_UNKNOWN != 0) _refuseUnknownScope(scope);
        if (LimitClauses.unwrap(limits) & LIMITS_UNKNOWN != 0) _refuseUnknownLimits(limits);
        _requireSignedTemplate(scope, under);
        uint40 offerUntil = limits.offerUntil();
        _require(offerUntil != 0, Clause.OFFER_UNTIL, 0);
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (offerUntil <= time) revert IGrantRegistry.OfferLapsed(offerUntil, uint40(time));
        // Whoever signs a joint agreement signs for all of it; no other grant may pose as part of one.
        uint256 agreement = clauses.encoded.get(Field.AGREEMENT);
        _require((agreement != 0) == (form == Form.JOINT), Clause.AGREEMENT, agreement);
        _requireContents(clauses, time);
        if (scope.template() == uint8(Template.PUBLIC_OPERATION)) _requireOperation(clauses, time);
    }

    /// @dev What is asked of every grant beside form and template.
    function _requireContents(Clauses memory clauses, uint256 time) private pure {
        _requireDelegation(clauses.scope);
        _require(clauses.limits.actions() != 0, Clause.ACTIONS, 0);
        _require(clauses.limits.purposes() != 0, Clause.PURPOSES, 0);
        _requireWindow(clauses.limits, time);
        _requireQuota(clauses);
        if (clauses.limits.options() & Option.PRICE != 0) _requirePrice(clauses.encoded);
    }

    /// @dev The operation of public data, and a mode of it, is granted by a public body alone; what rests on it keeps
    /// the mode.
    function _requireSignedTemplate(ScopeClauses scope, bool under) private pure {
        uint8 template = scope.template();
        uint8 most = uint8(under ? Template.INTERMEDIARY : Template.PUBLIC_OPERATION);
        _require(template <= most, Clause.TEMPLATE, template);
        _require(scope.rights() != 0 || template == uint8(Template.ENTRUSTMENT), Clause.RIGHTS, 0);
        bool moded = scope.mode() != uint8(Mode.NONE);
        _require(under || moded == (template == uint8(Template.PUBLIC_OPERATION)), Clause.MODE, scope.mode());
    }

    /// @dev Operation by field or scenario names which; it ends, at most five years of the calendar after it starts.
    function _requireOperation(Clauses memory clauses, uint256 time) private pure {
        bool whole = clauses.scope.mode() == uint8(Mode.WHOLE);
        _require(whole || clauses.encoded.get(Field.SCOPE) != 0, Clause.SCOPE, 0);
        uint40 until = clauses.limits.validUntil();
        _require(until != 0, Clause.VALID_UNTIL, 0);
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint40 from = uint40(time);
        if (clauses.limits.validFrom() > from) from = clauses.limits.validFrom();
        uint24 day = CivilDate.dayOf(from);
        uint40 limit = CivilDate.startOf(CivilDate.addMonths(day, LONGEST_OPERATION)) + from - CivilDate.startOf(day);
        if (until > limit) revert IGrantRegistry.OperationTooLong(until, limit);
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
        if (scope.form() != uint8(Form.ONE_SIDED)) _refuseForm(scope.form());
        _require(scope.mode() == uint8(Mode.NONE), Clause.MODE, scope.mode());
        _refuseUnknownScope(scope);
    }

    /// @dev It is not the form that the call makes.
    function _refuseForm(uint8 form) private pure {
        bool signed = form == uint8(Form.TWO_SIDED) || form == uint8(Form.JOINT);
        if (signed) revert IGrantRegistry.FormNeedsSignatures(Form(form));
        revert IGrantRegistry.ClauseInvalid(Clause.FORM, form);
    }

    function _refuseUnknownScope(ScopeClauses scope) private pure {
        _require(scope.mode() <= uint8(type(Mode).max), Clause.MODE, scope.mode());
        _require(scope.rights() <= Rights.ALL, Clause.RIGHTS, scope.rights());
        _require(scope.noticeDays() <= LONGEST_NOTICE, Clause.NOTICE_DAYS, scope.noticeDays());
        _require(scope.environment() <= Environment.ALL, Clause.ENVIRONMENT, scope.environment());
        revert IGrantRegistry.ClauseInvalid(Clause.QUOTA_UNIT, scope.quotaUnit());
    }

    function _refuseLimits(LimitClauses limits) private pure {
        uint256 unknown = LimitClauses.unwrap(limits) & LIMITS_UNKNOWN;
        _require(unknown != 0, Clause.OFFER_UNTIL, limits.offerUntil());
        _refuseUnknownLimits(limits);
    }

    function _refuseUnknownLimits(LimitClauses limits) private pure {
        _require(limits.validFrom() <= type(uint32).max, Clause.VALID_FROM, limits.validFrom());
        _require(limits.validUntil() <= type(uint32).max, Clause.VALID_UNTIL, limits.validUntil());
        _require(limits.actions() <= Action.ALL, Clause.ACTIONS, limits.actions());
        _require(limits.purposes() <= Purpose.ALL, Clause.PURPOSES, limits.purposes());
        _require(limits.obligations() <= Obligation.ALL, Clause.OBLIGATIONS, limits.obligations());
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
