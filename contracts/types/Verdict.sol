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
    PRODUCT_EXPIRED
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
