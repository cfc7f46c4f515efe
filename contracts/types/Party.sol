// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Standing} from "./Key.sol";

/// @notice A party as it stands now.
/// @param controller the key that speaks for it without limits
/// @param standing active or suspended
/// @param roles the domain roles it was admitted to, a mask of `Role`
/// @param since seconds since 1970 at which it enrolled
/// @param agentsSince seconds since 1970 of its last recovery, 0 without one: agents appointed until then are void
struct Party {
    address controller;
    Standing standing;
    uint16 roles;
    uint40 since;
    uint32 agentsSince;
}

/// @notice A `Party` in one storage word. Bits from high to low:
/// controller 160, standing 8, roles 16, since 40, agentsSince 32.
type PartyWord is uint256;

using PartyWordLibrary for PartyWord global;

/// @notice The domain roles. None of them is a right to write another's record.
library Role {
    uint16 internal constant REGISTRAR = 1 << 0;
    uint16 internal constant REGULATOR = 1 << 1;
    uint16 internal constant ASSESSOR = 1 << 2;
    uint16 internal constant COURT = 1 << 3;
    uint16 internal constant CONNECTOR = 1 << 4;
    uint16 internal constant INTERMEDIARY = 1 << 5;
    uint16 internal constant ALL = (1 << 6) - 1;
}

/// @notice Packing of `Party`.
library PartyWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    uint256 private constant STANDING_SHIFT = 88;
    uint256 private constant ROLES_SHIFT = 72;

    /// @notice Packs a party.
    function pack(Party memory party) internal pure returns (PartyWord) {
        return PartyWord.wrap(
            uint256(uint160(party.controller)) << 96 | uint256(party.standing) << STANDING_SHIFT | uint256(party.roles)
                << ROLES_SHIFT | uint256(party.since) << 32 | uint256(party.agentsSince)
        );
    }

    /// @notice Unpacks a party.
    function unpack(PartyWord word) internal pure returns (Party memory party) {
        uint256 bits = PartyWord.unwrap(word);
        party.controller = word.controller();
        party.standing = word.standing();
        party.roles = word.roles();
        party.since = uint40(bits >> 32);
        party.agentsSince = word.agentsSince();
    }

    /// @notice The key that speaks for the party.
    function controller(PartyWord word) internal pure returns (address) {
        return address(uint160(PartyWord.unwrap(word) >> 96));
    }

    /// @notice Where the party stands.
    function standing(PartyWord word) internal pure returns (Standing) {
        return Standing(uint8(PartyWord.unwrap(word) >> STANDING_SHIFT));
    }

    /// @notice The roles it was admitted to.
    function roles(PartyWord word) internal pure returns (uint16) {
        return uint16(PartyWord.unwrap(word) >> ROLES_SHIFT);
    }

    /// @notice When it was last recovered, 0 for never.
    function agentsSince(PartyWord word) internal pure returns (uint32) {
        return uint32(PartyWord.unwrap(word));
    }

    /// @notice The same party with another controller.
    function withController(PartyWord word, address value) internal pure returns (PartyWord) {
        return PartyWord.wrap(uint256(uint96(PartyWord.unwrap(word))) | uint256(uint160(value)) << 96);
    }

    /// @notice The same party, recovered at `time`.
    /// @dev 32 bits of seconds last until 2106.
    function recoveredAt(PartyWord word, uint256 time) internal pure returns (PartyWord) {
        uint256 cleared = PartyWord.unwrap(word) & ~uint256(type(uint32).max);
        return PartyWord.wrap(cleared | uint256(uint32(time)));
    }

    /// @notice The same party with another standing.
    function withStanding(PartyWord word, Standing value) internal pure returns (PartyWord) {
        uint256 cleared = PartyWord.unwrap(word) & ~(uint256(type(uint8).max) << STANDING_SHIFT);
        return PartyWord.wrap(cleared | uint256(value) << STANDING_SHIFT);
    }

    /// @notice The same party with other roles.
    function withRoles(PartyWord word, uint16 value) internal pure returns (PartyWord) {
        uint256 cleared = PartyWord.unwrap(word) & ~(uint256(type(uint16).max) << ROLES_SHIFT);
        return PartyWord.wrap(cleared | uint256(value) << ROLES_SHIFT);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
