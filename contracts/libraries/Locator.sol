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
    /// @dev Assembly, since every listed registration pays for it: a byte lies between `!` and `~` when its top bit is
    /// not set, nor gets set by adding one, and gets set by the lift. What follows the end in the last word is replaced.
    function requireFit(string calldata locator) internal pure {
        uint256 length = bytes(locator).length;
        if (length > MOST) revert IProductRegistry.LocatorTooLong(length, MOST);
        (uint256 ones, uint256 lift, uint256 tops, uint256 fill) = (ONES, LIFT, TOPS, FILL);
        uint256 wrong;
        assembly ("memory-safe") {
            let place := locator.offset
            for { let rest := length } 1 { rest := sub(rest, 0x20) } {
                // No bit is left of it where a whole word or more is to come.
                let tail := shr(shl(3, rest), not(0))
                let word := or(and(calldataload(place), not(tail)), and(fill, tail))
                wrong := or(wrong, or(or(word, add(word, ones)), not(add(word, lift))))
                if lt(rest, 0x21) { break }
                place := add(place, 0x20)
            }
            wrong := and(wrong, tops)
        }
        if (wrong != 0) _revertAt(bytes(locator));
    }

    function _revertAt(bytes calldata text) private pure {
        uint256 place;
        while (text[place] > " " && text[place] < "\x7f") {
            ++place;
        }
        revert IProductRegistry.LocatorUnprintable(place);
    }
}
