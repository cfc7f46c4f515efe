// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice What a key may do for its party.
enum KeyKind {
    NONE,
    CONTROLLER,
    AGENT
}

/// @notice Where a key or its party stands. A controller's key mirrors the suspension of its party.
enum Standing {
    NONE,
    ACTIVE,
    SUSPENDED,
    CLOSED
}

/// @notice One key of a party, with the span in which it spoke for the party.
/// @param party the party it belongs to, for ever
/// @param kind controller or agent
/// @param standing where it stands
/// @param scopes what an agent may do; all of it for a controller
/// @param fromTime seconds since 1970 at which its span began
/// @param untilTime the same for the end of the span, 0 while it is open
/// @param fromBlock block at which its span began
/// @param untilBlock block at which it ended, 0 while it is open
struct Key {
    PartyId party;
    KeyKind kind;
    Standing standing;
    uint16 scopes;
    uint40 fromTime;
    uint40 untilTime;
    uint40 fromBlock;
    uint40 untilBlock;
}

/// @notice A `Key` in one storage word. Bits from high to low:
/// party 64, kind 8, standing 8, scopes 16, fromTime 40, untilTime 40, fromBlock 40, untilBlock 40.
type KeyWord is uint256;

using KeyWordLibrary for KeyWord global;

/// @notice Packing of `Key`.
library KeyWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    uint256 private constant STANDING_SHIFT = 176;

    /// @notice Packs a key.
    function pack(Key memory key) internal pure returns (KeyWord) {
        return KeyWord.wrap(
            uint256(PartyId.unwrap(key.party)) << 192 | uint256(key.kind) << 184 | uint256(key.standing)
                << STANDING_SHIFT | uint256(key.scopes) << 160 | uint256(key.fromTime) << 120 | uint256(key.untilTime)
                << 80 | uint256(key.fromBlock) << 40 | uint256(key.untilBlock)
        );
    }

    /// @notice Unpacks a key.
    function unpack(KeyWord word) internal pure returns (Key memory key) {
        uint256 bits = KeyWord.unwrap(word);
        key.party = word.party();
        key.kind = KeyKind(uint8(bits >> 184));
        key.standing = word.standing();
        key.scopes = uint16(bits >> 160);
        key.fromTime = uint40(bits >> 120);
        key.untilTime = uint40(bits >> 80);
        key.fromBlock = uint40(bits >> 40);
        key.untilBlock = uint40(bits);
    }

    /// @notice The party of the key.
    function party(KeyWord word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(KeyWord.unwrap(word) >> 192));
    }

    /// @notice Where the key stands.
    function standing(KeyWord word) internal pure returns (Standing) {
        return Standing(uint8(KeyWord.unwrap(word) >> STANDING_SHIFT));
    }

    /// @notice Whether the key may write.
    function isActive(KeyWord word) internal pure returns (bool) {
        return uint8(KeyWord.unwrap(word) >> STANDING_SHIFT) == uint8(Standing.ACTIVE);
    }

    /// @notice The same key with another standing.
    function withStanding(KeyWord word, Standing value) internal pure returns (KeyWord) {
        uint256 cleared = KeyWord.unwrap(word) & ~(uint256(type(uint8).max) << STANDING_SHIFT);
        return KeyWord.wrap(cleared | uint256(value) << STANDING_SHIFT);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
