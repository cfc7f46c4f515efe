// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Profile} from "./Product.sol";

/// @notice A registration's code and how many certificates it has had, in one storage word, the first field in the
/// lowest bits.
/// @param registrar the number of the registrar that gave the code, 0 without one
/// @param month year and month of the code, as 202607
/// @param serial its serial number in that month
/// @param profile the rule set
/// @param certificateCount how many certificates; the last one counts
/// @param amendedAt seconds since 1970 at which what a certificate says last changed: an earlier one is out of date
struct CodeRecord {
    uint16 registrar;
    uint24 month;
    uint16 serial;
    Profile profile;
    uint16 certificateCount;
    uint40 amendedAt;
}

/// @notice A certificate handed out, in one storage word, the first field in the lowest bits.
/// @param digest the first 24 bytes of the SHA-256 of the document
/// @param issuedAt seconds since 1970
/// @param version the version of the product that it names
struct Certificate {
    bytes24 digest;
    uint40 issuedAt;
    uint16 version;
}
