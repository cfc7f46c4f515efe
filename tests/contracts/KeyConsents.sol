// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "../../contracts/types/PartyId.sol";
import {vm} from "./Vm.sol";

/// @notice What a key signs, as a plain struct in the field order of the EIP-712 type.
struct Wanted {
    PartyId party;
    address key;
    uint8 kind;
    uint16 scopes;
    uint40 validUntil;
    uint40 deadline;
}

/// @notice Signs consents by the text of EIP-712, without the contracts' own code.
library KeyConsents {
    bytes32 private constant TYPE =
        keccak256("KeyConsent(uint64 party,address key,uint8 kind,uint16 scopes,uint40 validUntil,uint40 deadline)");

    /// @notice What a key wants that becomes a controller.
    function controller(PartyId party, address key, uint40 deadline) internal pure returns (Wanted memory) {
        return Wanted({party: party, key: key, kind: 1, scopes: 0xffff, validUntil: 0, deadline: deadline});
    }

    /// @notice What a key wants that becomes an agent.
    function agent(PartyId party, address key, uint16 scopes, uint40 validUntil, uint40 deadline)
        internal
        pure
        returns (Wanted memory)
    {
        return Wanted({party: party, key: key, kind: 2, scopes: scopes, validUntil: validUntil, deadline: deadline});
    }

    function digest(Wanted memory w, address registry) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Dengji"),
                keccak256("1"),
                block.chainid,
                registry
            )
        );
        bytes32 hash = keccak256(abi.encode(TYPE, w.party, w.key, w.kind, w.scopes, w.validUntil, w.deadline));
        return keccak256(bytes.concat(hex"1901", domain, hash));
    }

    function sign(Wanted memory w, uint256 key, address registry) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest(w, registry));
        return abi.encodePacked(r, s, v);
    }
}
