// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {KeyKind} from "../types/Key.sol";
import {PartyId} from "../types/PartyId.sol";

/// @notice What a key signs to say that it will speak for a party: as its controller or as its agent.
/// @param party the party it will belong to, for ever
/// @param key the key that signs
/// @param kind controller or agent
/// @param scopes what an agent may do; all of it for a controller
/// @param validUntil seconds since 1970 at which an agent's span ends, 0 for a controller
/// @param deadline seconds since 1970 until which the consent may be used
struct KeyConsent {
    PartyId party;
    address key;
    KeyKind kind;
    uint16 scopes;
    uint40 validUntil;
    uint40 deadline;
}

/// @notice Hashing of `KeyConsent` as EIP-712 asks. The domain says on which chain and at which registry it counts;
/// that a key belongs to one party for ever makes it count once.
library KeyConsentLibrary {
    bytes32 private constant TYPE =
        keccak256("KeyConsent(uint64 party,address key,uint8 kind,uint16 scopes,uint40 validUntil,uint40 deadline)");

    /// @notice The hash of the struct, without its domain.
    function hash(KeyConsent memory consent) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPE, consent));
    }
}
