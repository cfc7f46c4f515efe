// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice A fact that holds for a time: a suspension, an annotation. It is closed, never deleted.
/// @param from seconds since 1970 at which it began
/// @param to seconds since 1970 at which it ended, 0 while it lasts
/// @param by the party that made it
/// @param kind what it is, in the vocabulary of the contract that holds it
/// @param reason why, in the vocabulary of reasons
/// @param evidence the first 12 bytes of the digest of the document it rests on
struct Interval {
    uint40 from;
    uint40 to;
    PartyId by;
    uint8 kind;
    uint8 reason;
    bytes12 evidence;
}

/// @notice An `Interval` in one storage word. Bits from high to low:
/// from 40, to 40, by 64, kind 8, reason 8, evidence 96.
type IntervalWord is uint256;

using IntervalWordLibrary for IntervalWord global;

/// @notice Packing of `Interval`.
library IntervalWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs an interval.
    function pack(Interval memory interval) internal pure returns (IntervalWord) {
        return IntervalWord.wrap(
            uint256(interval.from) << 216 | uint256(interval.to) << 176 | uint256(PartyId.unwrap(interval.by)) << 112
                | uint256(interval.kind) << 104 | uint256(interval.reason) << 96 | uint256(uint96(interval.evidence))
        );
    }

    /// @notice Unpacks an interval.
    function unpack(IntervalWord word) internal pure returns (Interval memory interval) {
        uint256 bits = IntervalWord.unwrap(word);
        interval.from = uint40(bits >> 216);
        interval.to = uint40(bits >> 176);
        interval.by = PartyId.wrap(uint64(bits >> 112));
        interval.kind = uint8(bits >> 104);
        interval.reason = uint8(bits >> 96);
        interval.evidence = bytes12(uint96(bits));
    }

    /// @notice Whether there is an interval and it has not ended.
    /// @dev Every interval began after 1970, so that its first 40 bits are not zero.
    function lasts(IntervalWord word) internal pure returns (bool) {
        uint256 bits = IntervalWord.unwrap(word);
        return bits >> 216 != 0 && uint40(bits >> 176) == 0;
    }

    /// @notice The same interval, ended at `to`.
    function endedAt(IntervalWord word, uint40 to) internal pure returns (IntervalWord) {
        return IntervalWord.wrap(IntervalWord.unwrap(word) | uint256(to) << 176);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
