// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice A registrar's place among all: its number and its seat are its own for good, also when it is delisted.
/// @param party the party
/// @param seat three ASCII characters that its codes carry: the region in two digits, then one digit or capital letter
struct Registrar {
    PartyId party;
    bytes3 seat;
}

/// @notice Judges a seat.
library SeatLibrary {
    /// @notice Whether it is two digits and a digit or capital letter.
    function isWellFormed(bytes3 seat) internal pure returns (bool) {
        if (!_isDigit(seat[0]) || !_isDigit(seat[1])) return false;
        return _isDigit(seat[2]) || (seat[2] >= "A" && seat[2] <= "Z");
    }

    function _isDigit(bytes1 character) private pure returns (bool) {
        return character >= "0" && character <= "9";
    }
}
