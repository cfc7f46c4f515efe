// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice Rights that a party held in a product for a time.
/// @param party the holder
/// @param rights the rights held, a mask of `Rights`
/// @param from seconds since 1970 at which the holding began
/// @param to seconds since 1970 at which it ended, 0 while it lasts
struct Holding {
    PartyId party;
    uint8 rights;
    uint40 from;
    uint40 to;
}

/// @notice A `Holding` in one storage word. Bits from high to low: party 64, spare 109, rights 3, from 40, to 40.
type HoldingWord is uint256;

using HoldingWordLibrary for HoldingWord global;

/// @notice Packing of `Holding`.
library HoldingWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs a holding that lasts.
    function make(PartyId party_, uint8 rights_, uint40 from_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap(uint256(PartyId.unwrap(party_)) << 192 | uint256(rights_) << 80 | uint256(from_) << 40);
    }

    /// @notice Unpacks a holding.
    function unpack(HoldingWord word) internal pure returns (Holding memory holding) {
        uint256 bits = HoldingWord.unwrap(word);
        holding.party = PartyId.wrap(uint64(bits >> 192));
        holding.rights = word.rights();
        holding.from = uint40(bits >> 40);
        holding.to = uint40(bits);
    }

    /// @notice The rights held.
    function rights(HoldingWord word) internal pure returns (uint8) {
        return uint8(HoldingWord.unwrap(word) >> 80) & 7;
    }

    /// @notice The same holding, ended at `to_`.
    function endedAt(HoldingWord word, uint40 to_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap(HoldingWord.unwrap(word) | to_);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
