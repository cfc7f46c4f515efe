// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {WordBuffer} from "../libraries/Words.sol";
import {PartyId} from "./PartyId.sol";
import {ProductId} from "./ProductId.sol";

/// @notice The first word of packed clauses: what is granted. Bits from high to low: layout 8, form 8, template 8,
/// mode 8, rights 8, subDelegation 8, depth 8, noticeDays 8, environment 8, quotaUnit 8, version 16, product 160.
type ScopeClauses is uint256;

/// @notice The second word: between whom and how much. Bits from high to low: grantor 64, grantee 64, quotaTotal 64,
/// salt 64.
type SideClauses is uint256;

/// @notice The third word: when and what for. Bits from high to low: validFrom 40, validUntil 40, actions 32,
/// purposes 32, obligations 32, offerUntil 40, acceptanceDays 16, derivedRights 8, options 16.
type LimitClauses is uint256;

using ScopeClausesLibrary for ScopeClauses global;
using SideClausesLibrary for SideClauses global;
using LimitClausesLibrary for LimitClauses global;

/// @notice The clauses of a grant. Enumerations and masks are plain integers whose values `Vocabulary.sol` names.
/// @param scope what is granted
/// @param sides between whom and how much
/// @param limits when and what for
/// @param encoded all clauses, each in the word that `Field` names, as EIP-712 encodes the struct
/// @param territories where the list of territory codes begins in the packed form, its length for an empty list
struct Clauses {
    ScopeClauses scope;
    SideClauses sides;
    LimitClauses limits;
    WordBuffer encoded;
    uint256 territories;
}

/// @notice The place of each clause among the encoded words. Clauses that are left out are zero there.
library Field {
    uint256 internal constant TYPE = 0;
    uint256 internal constant FORM = 1;
    uint256 internal constant TEMPLATE = 2;
    uint256 internal constant MODE = 3;
    uint256 internal constant RIGHTS = 4;
    uint256 internal constant SUB_DELEGATION = 5;
    uint256 internal constant DEPTH = 6;
    uint256 internal constant NOTICE_DAYS = 7;
    uint256 internal constant ENVIRONMENT = 8;
    uint256 internal constant QUOTA_UNIT = 9;
    uint256 internal constant VERSION = 10;
    uint256 internal constant PRODUCT = 11;
    uint256 internal constant GRANTOR = 12;
    uint256 internal constant GRANTEE = 13;
    uint256 internal constant QUOTA_TOTAL = 14;
    uint256 internal constant SALT = 15;
    uint256 internal constant VALID_FROM = 16;
    uint256 internal constant VALID_UNTIL = 17;
    uint256 internal constant ACTIONS = 18;
    uint256 internal constant PURPOSES = 19;
    uint256 internal constant OBLIGATIONS = 20;
    uint256 internal constant OFFER_UNTIL = 21;
    uint256 internal constant ACCEPTANCE_DAYS = 22;
    uint256 internal constant DERIVED_RIGHTS = 23;
    /// @dev Salted hash of the full text.
    uint256 internal constant TEXT = 24;
    /// @dev Hash shared by all grants of one agreement.
    uint256 internal constant AGREEMENT = 25;
    /// @dev The grant it renews.
    uint256 internal constant REPLACES = 26;
    /// @dev The field or scenario, as a hash or a code.
    uint256 internal constant SCOPE = 27;
    /// @dev The export filing it refers to.
    uint256 internal constant FILING = 28;
    /// @dev The intermediary or processor.
    uint256 internal constant SERVICE_PARTY = 29;
    /// @dev Units in each period.
    uint256 internal constant PERIOD_QUOTA = 30;
    /// @dev Seconds of a period.
    uint256 internal constant PERIOD_LENGTH = 31;
    /// @dev How it is paid.
    uint256 internal constant PRICE_MODEL = 32;
    /// @dev ISO 4217 numeric code.
    uint256 internal constant CURRENCY = 33;
    /// @dev Price of one unit, in minor units of the currency.
    uint256 internal constant UNIT_PRICE = 34;
    /// @dev Highest price, in minor units of the currency.
    uint256 internal constant CAP_PRICE = 35;
    /// @dev Hash of the list of territory codes, as EIP-712 encodes `uint32[]`.
    uint256 internal constant TERRITORY = 36;

    /// @dev How many words there are: the type and 36 clauses.
    uint256 internal constant COUNT = 37;
}

/// @notice The bits of `options`, one for each optional part, in the order in which the parts follow.
library Option {
    uint16 internal constant TEXT = 1 << 0;
    uint16 internal constant AGREEMENT = 1 << 1;
    uint16 internal constant REPLACES = 1 << 2;
    uint16 internal constant SCOPE = 1 << 3;
    uint16 internal constant FILING = 1 << 4;
    uint16 internal constant SERVICE_PARTY = 1 << 5;
    uint16 internal constant PERIOD = 1 << 6;
    uint16 internal constant PRICE = 1 << 7;
    uint16 internal constant TERRITORY = 1 << 8;
    uint16 internal constant ALL = (1 << 9) - 1;
}

/// @notice Names one clause, so that a refusal can say which.
enum Clause {
    LAYOUT,
    FORM,
    TEMPLATE,
    MODE,
    RIGHTS,
    SUB_DELEGATION,
    DEPTH,
    NOTICE_DAYS,
    ENVIRONMENT,
    QUOTA_UNIT,
    VERSION,
    PRODUCT,
    GRANTOR,
    GRANTEE,
    QUOTA_TOTAL,
    SALT,
    VALID_FROM,
    VALID_UNTIL,
    ACTIONS,
    PURPOSES,
    OBLIGATIONS,
    OFFER_UNTIL,
    ACCEPTANCE_DAYS,
    DERIVED_RIGHTS,
    OPTIONS,
    TEXT,
    AGREEMENT,
    REPLACES,
    SCOPE,
    FILING,
    SERVICE_PARTY,
    PERIOD,
    PRICE,
    TERRITORY
}

/// @notice Reading `ScopeClauses`.
library ScopeClausesLibrary {
    /// @notice One-sided, by both signatures, or one of several under one agreement.
    function form(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 240);
    }

    /// @notice The model contract it follows.
    function template(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 232);
    }

    /// @notice Whole, by field, or by scenario.
    function mode(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 224);
    }

    /// @notice The rights granted, a mask.
    function rights(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 216);
    }

    /// @notice Whether the grantee may grant further.
    function subDelegation(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 208);
    }

    /// @notice How many levels below may be granted.
    function depth(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 200);
    }

    /// @notice Days between revocation and its effect.
    function noticeDays(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 192);
    }

    /// @notice Where the use may run, a mask; 0 is anywhere.
    function environment(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 184);
    }

    /// @notice What the quota counts; none is without limit.
    function quotaUnit(ScopeClauses word) internal pure returns (uint8) {
        return uint8(ScopeClauses.unwrap(word) >> 176);
    }

    /// @notice The version granted, 0 for all.
    function version(ScopeClauses word) internal pure returns (uint16) {
        return uint16(ScopeClauses.unwrap(word) >> 160);
    }

    /// @notice The product.
    function product(ScopeClauses word) internal pure returns (ProductId) {
        return ProductId.wrap(bytes20(uint160(ScopeClauses.unwrap(word))));
    }
}

/// @notice Reading `SideClauses`.
library SideClausesLibrary {
    /// @notice Who grants.
    function grantor(SideClauses word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(SideClauses.unwrap(word) >> 192));
    }

    /// @notice Who may use.
    function grantee(SideClauses word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(SideClauses.unwrap(word) >> 128));
    }

    /// @notice Units in all.
    function quotaTotal(SideClauses word) internal pure returns (uint64) {
        return uint64(SideClauses.unwrap(word) >> 64);
    }

    /// @notice Tells grants alike in all else apart.
    function salt(SideClauses word) internal pure returns (uint64) {
        return uint64(SideClauses.unwrap(word));
    }
}

/// @notice Reading `LimitClauses`.
library LimitClausesLibrary {
    /// @notice Seconds since 1970 from which it may be used, 0 for at once.
    function validFrom(LimitClauses word) internal pure returns (uint40) {
        return uint40(LimitClauses.unwrap(word) >> 216);
    }

    /// @notice Seconds since 1970 at which it ends, 0 for open.
    function validUntil(LimitClauses word) internal pure returns (uint40) {
        return uint40(LimitClauses.unwrap(word) >> 176);
    }

    /// @notice What may be done, a mask.
    function actions(LimitClauses word) internal pure returns (uint32) {
        return uint32(LimitClauses.unwrap(word) >> 144);
    }

    /// @notice What for, a mask.
    function purposes(LimitClauses word) internal pure returns (uint32) {
        return uint32(LimitClauses.unwrap(word) >> 112);
    }

    /// @notice What the grantee owes, a mask.
    function obligations(LimitClauses word) internal pure returns (uint32) {
        return uint32(LimitClauses.unwrap(word) >> 80);
    }

    /// @notice Seconds since 1970 until which an offer of it stands.
    function offerUntil(LimitClauses word) internal pure returns (uint40) {
        return uint40(LimitClauses.unwrap(word) >> 40);
    }

    /// @notice Days of inspection after which silence accepts.
    function acceptanceDays(LimitClauses word) internal pure returns (uint16) {
        return uint16(LimitClauses.unwrap(word) >> 24);
    }

    /// @notice Whose the results are.
    function derivedRights(LimitClauses word) internal pure returns (uint8) {
        return uint8(LimitClauses.unwrap(word) >> 16);
    }

    /// @notice Which optional parts follow, a mask of `Option`.
    function options(LimitClauses word) internal pure returns (uint16) {
        return uint16(LimitClauses.unwrap(word));
    }
}
