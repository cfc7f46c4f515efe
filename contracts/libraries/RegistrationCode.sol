// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Profile} from "../types/Product.sol";

/// @title The code of a registration
/// @notice Fifteen characters: "SJ" under `PROPERTY`, "GG" under `PUBLIC`; the registrar's seat, three characters; the
/// month of registration as YYYYMM; a serial number of that registrar, month and profile, four digits from 0001.
library RegistrationCode {
    /// @dev What four digits hold.
    uint16 internal constant MOST = 9999;

    /// @notice Writes a code.
    /// @param month year and month as one number, 202607
    /// @param serial at most `MOST`
    function write(Profile profile, bytes3 seat, uint24 month, uint16 serial) internal pure returns (bytes15) {
        // Two letters each.
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes2 prefix = profile == Profile.PUBLIC ? bytes2("GG") : bytes2("SJ");
        uint256 digits = uint256(month) * 10_000 + serial;
        uint256 written;
        for (uint256 shift = 0; shift < 80; shift += 8) {
            written |= (digits % 10 + 0x30) << shift;
            digits /= 10;
        }
        // Ten characters of eighty bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes15(uint120(uint16(prefix)) << 104 | uint120(uint24(seat)) << 80 | uint120(written));
    }
}
