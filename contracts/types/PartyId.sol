// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Names a party: the first 64 bits of the hash of chain, registry and the party's first key.
/// Zero names nobody.
type PartyId is uint64;

using {equalPartyId as ==, differsFromPartyId as !=} for PartyId global;
using PartyIdLibrary for PartyId global;

/// @dev The value that names nobody.
PartyId constant NO_PARTY = PartyId.wrap(0);

function equalPartyId(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) == PartyId.unwrap(b);
}

function differsFromPartyId(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) != PartyId.unwrap(b);
}

/// @notice Derivation of party ids.
library PartyIdLibrary {
    /// @notice Derives the id of the party that enrols with `firstKey` at `registry` on this chain.
    function derive(address registry, address firstKey) internal view returns (PartyId) {
        // The first 8 of 32 bytes are kept: the shift leaves no higher bits for the cast to lose.
        return PartyId.wrap(uint64(uint256(keccak256(abi.encode(block.chainid, registry, firstKey))) >> 192));
    }

    /// @notice Tells whether the id names nobody.
    function isNone(PartyId id) internal pure returns (bool) {
        return PartyId.unwrap(id) == 0;
    }
}
