// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IProductRegistry} from "../interfaces/IProductRegistry.sol";

/// @notice What an address at which something is described may look like: up to 512 bytes of visible ASCII, so that it
/// reads the same everywhere and hides nothing. A name in another script is written in its encoded form.
library Locator {
    /// @notice The most bytes that one has.
    uint256 internal constant MOST = 512;

    /// @dev A word of `!`, the lowest byte allowed, to fill up the last word.
    uint256 private constant FILL = 0x2121212121212121212121212121212121212121212121212121212121212121;
    uint256 private constant ONES = 0x0101010101010101010101010101010101010101010101010101010101010101;
    uint256 private constant TOPS = 0x80 * ONES;
    /// @dev Added to bytes below 0x80, it sets the top bit of those from `!` on.
    uint256 private constant LIFT = (0x80 - 0x21) * ONES;

    /// @notice Reverts with what is wrong with a locator; an empty one is fit.
    function requireFit(string calldata locator) internal pure {
        uint256 length = bytes(locator).length;
        if (length > MOST) revert IProductRegistry.LocatorTooLong(length, MOST);
        unchecked {
            for (uint256 start = 0; start < length; start += 32) {
                uint256 word;
                assembly {
                    word := calldataload(add(locator.offset, start))
                }
                if (start + 32 > length) {
                    uint256 beyond = 8 * (start + 32 - length);
                    word = word >> beyond << beyond | FILL >> (256 - beyond);
                }
                if (!_visible(word)) _revertAt(bytes(locator), start);
            }
        }
    }

    /// @dev Whether each of the 32 bytes lies between `!` and `~`: none has its top bit set, or gets it by adding one, and
    /// each gets it by the lift. A sum that carries into the next byte has a byte with its top bit set.
    function _visible(uint256 word) private pure returns (bool) {
        unchecked {
            return (word | (word + ONES) | ~(word + LIFT)) & TOPS == 0;
        }
    }

    function _revertAt(bytes calldata text, uint256 place) private pure {
        while (text[place] > " " && text[place] < "\x7f") {
            ++place;
        }
        revert IProductRegistry.LocatorUnprintable(place);
    }
}
