// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "./GrantId.sol";
import {PartyId} from "./PartyId.sol";
import {ProductId} from "./ProductId.sol";
import {Activity} from "./Vocabulary.sol";

/// @notice One version that another was made of, and the grant that it was derived under.
/// @param product the source
/// @param version which version of it
/// @param grant the grant, zero where whoever derived held USE in the source itself
struct Source {
    ProductId product;
    uint16 version;
    GrantId grant;
}

/// @notice A source as it is shown to the chain: with what proves the right to derive from it.
/// @param product the source
/// @param version which version of it
/// @param above for a sub-grant the hashes of the clauses of its ancestors, see `IGrantRegistry`; empty else
/// @param clauses the packed clauses of a grant with the action DERIVE; empty where the party itself holds USE
struct Basis {
    ProductId product;
    uint16 version;
    bytes32[] above;
    bytes clauses;
}

/// @notice What a version was made of, and how.
/// @param activity what was done
/// @param purposes what the product may be granted for, a mask of `Purpose`, within those of every source; 0 without
/// limit, where every source is without one
/// @param method hash of the algorithm or its description, 0 for none
/// @param agents the parties that carried it out, at most 16; none where it was the one that registers it
/// @param sources what it was made of, 1 to 16, in ascending order of product and version
struct Derivation {
    Activity activity;
    uint32 purposes;
    bytes32 method;
    PartyId[] agents;
    Basis[] sources;
}

using DerivationLibrary for Derivation global;

/// @notice The digest of a derivation.
library DerivationLibrary {
    /// @notice The digest that the ledger keeps of a derivation.
    /// @param self what was derived, and how; of its sources only what `sources` repeats goes in
    /// @param product the product made
    /// @param version its version
    /// @param by the party that registered it
    /// @param time seconds since 1970 of the block that took it
    /// @param sources its sources, with the ids of the grants
    function digest(
        Derivation calldata self,
        ProductId product,
        uint16 version,
        PartyId by,
        uint40 time,
        Source[] memory sources
    ) internal pure returns (bytes32) {
        bytes32 agents = keccak256(abi.encode(self.agents));
        return keccak256(
            abi.encode(
                product,
                version,
                by,
                time,
                self.activity,
                self.purposes,
                self.method,
                agents,
                keccak256(abi.encode(sources))
            )
        );
    }
}
