// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice The answer to "may this party use the product so": `OK`, or the first reason why not.
enum Verdict {
    OK,
    GRANT_UNKNOWN,
    GRANT_REVOKED,
    GRANT_ENDED,
    GRANTOR_SUSPENDED,
    GRANTEE_SUSPENDED,
    NOT_STARTED,
    PRODUCT_NOT_IN_FORCE,
    USER_NOT_GRANTEE,
    VERSION_NOT_GRANTED,
    ACTION_NOT_GRANTED,
    PURPOSE_NOT_GRANTED,
    ENVIRONMENT_NOT_GRANTED,
    TERRITORY_NOT_GRANTED,
    QUOTA_EXCEEDED,
    PRODUCT_SEIZED,
    PRODUCT_CONTROLLED,
    PRODUCT_EXPIRED,
    GRANT_SUSPENDED,
    GRANT_VOIDED,
    PERIOD_EXCEEDED,
    ANCESTOR_REVOKED,
    ANCESTOR_ENDED,
    ANCESTOR_SUSPENDED,
    ANCESTOR_PARTY_SUSPENDED,
    ANCESTOR_EXHAUSTED
}

/// @notice What the verdict on a grant is for whatever rests on it.
function forDescendants(Verdict verdict) pure returns (Verdict) {
    if (verdict == Verdict.GRANT_REVOKED) return Verdict.ANCESTOR_REVOKED;
    if (verdict == Verdict.GRANT_ENDED) return Verdict.ANCESTOR_ENDED;
    if (verdict == Verdict.GRANT_SUSPENDED) return Verdict.ANCESTOR_SUSPENDED;
    if (verdict == Verdict.QUOTA_EXCEEDED || verdict == Verdict.PERIOD_EXCEEDED) return Verdict.ANCESTOR_EXHAUSTED;
    // Nothing rests on what never came to be.
    return verdict == Verdict.OK ? verdict : Verdict.GRANT_UNKNOWN;
}

/// @notice A use asked about.
/// @param user the party that would use
/// @param version the version used, 0 for the latest
/// @param environment where it would run, a mask; 0 where that is not declared
/// @param action what would be done, a mask
/// @param purpose what for, a mask
/// @param territory where, one territory code; 0 where that is not declared
/// @param amount how many units of the quota
/// @param time seconds since 1970 of the use, 0 for the time of the block
struct Use {
    PartyId user;
    uint16 version;
    uint8 environment;
    uint32 action;
    uint32 purpose;
    uint32 territory;
    uint64 amount;
    uint40 time;
}
