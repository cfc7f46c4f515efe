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

/// @notice What an agent may do for its party, each a bit of a mask. A controller may do all of it.
library Scope {
    /// @dev Register, update and retire products; an applicant's part in a case; concurring.
    uint16 internal constant REGISTER = 1 << 0;
    /// @dev Transfer rights.
    uint16 internal constant TRANSFER = 1 << 1;
    /// @dev Issue, sign and consent to grants, suspend and resume them.
    uint16 internal constant GRANT = 1 << 2;
    /// @dev Revoke, end and void grants.
    uint16 internal constant REVOKE = 1 << 3;
    /// @dev Record use and sign receipts.
    uint16 internal constant USAGE = 1 << 4;
    /// @dev Decide as an office does: cases, certificates, annotations, admissions, suspensions, recoveries, and on
    /// grants of others together with `GRANT` or `REVOKE`.
    uint16 internal constant DECIDE = 1 << 5;
    /// @dev Object.
    uint16 internal constant OBJECT = 1 << 6;
    uint16 internal constant ALL = (1 << 7) - 1;
}

/// @notice One key of a party, with the span in which it spoke for the party.
/// @param party the party it belongs to, for ever
/// @param kind controller or agent
/// @param standing where it stands
/// @param scopes what an agent may do; all of it for a controller
/// @param fromTime seconds since 1970 at which its span began
/// @param untilTime the same for the end of the span, 0 while it is open; for an agent its expiry, or an earlier
/// dismissal
/// @param fromBlock block at which its span began
/// @param untilBlock block at which it was closed, 0 while it is open and for an agent that merely expired
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
    uint256 private constant ACTIVE_CONTROLLER = uint256(KeyKind.CONTROLLER) << 8 | uint256(Standing.ACTIVE);

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
        key.kind = word.kind();
        key.standing = word.standing();
        key.scopes = word.scopes();
        key.fromTime = word.fromTime();
        key.untilTime = word.untilTime();
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

    /// @notice Controller, agent, or neither.
    function kind(KeyWord word) internal pure returns (KeyKind) {
        return KeyKind(uint8(KeyWord.unwrap(word) >> 184));
    }

    /// @notice What an agent may do.
    function scopes(KeyWord word) internal pure returns (uint16) {
        return uint16(KeyWord.unwrap(word) >> 160);
    }

    /// @notice When its span began.
    function fromTime(KeyWord word) internal pure returns (uint40) {
        return uint40(KeyWord.unwrap(word) >> 120);
    }

    /// @notice When its span ends or ended, 0 while it is open.
    function untilTime(KeyWord word) internal pure returns (uint40) {
        return uint40(KeyWord.unwrap(word) >> 80);
    }

    /// @notice Whether the key is the controller of a party that is active: it may write, whatever it is.
    function isActiveController(KeyWord word) internal pure returns (bool) {
        return uint16(KeyWord.unwrap(word) >> STANDING_SHIFT) == ACTIVE_CONTROLLER;
    }

    /// @notice The same key with another standing.
    function withStanding(KeyWord word, Standing value) internal pure returns (KeyWord) {
        uint256 cleared = KeyWord.unwrap(word) & ~(uint256(type(uint8).max) << STANDING_SHIFT);
        return KeyWord.wrap(cleared | uint256(value) << STANDING_SHIFT);
    }

    /// @notice The same key, closed at `time` in block `number`.
    function closedAt(KeyWord word, uint256 time, uint256 number) internal pure returns (KeyWord) {
        uint256 kept = KeyWord.unwrap(word.withStanding(Standing.CLOSED)) & ~uint256(type(uint40).max);
        uint256 cleared = kept & ~(uint256(type(uint40).max) << 80);
        return KeyWord.wrap(cleared | time << 80 | number);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
