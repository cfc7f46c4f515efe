// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice Names a product: the first 20 bytes of the hash of chain, registry, applicant, content root, metadata
/// hash and salt, so that the id by itself proves version 1.
type ProductId is bytes20;

using {equalProductId as ==, differsFromProductId as !=} for ProductId global;
using ProductIdLibrary for ProductId global;

function equalProductId(ProductId a, ProductId b) pure returns (bool) {
    return ProductId.unwrap(a) == ProductId.unwrap(b);
}

function differsFromProductId(ProductId a, ProductId b) pure returns (bool) {
    return ProductId.unwrap(a) != ProductId.unwrap(b);
}

/// @notice Derivation of product ids and version digests.
library ProductIdLibrary {
    /// @notice Derives the id of the product that `applicant` registers with these digests at `registry`.
    function derive(address registry, PartyId applicant, bytes32 contentRoot, bytes32 metadataHash, uint64 salt)
        internal
        view
        returns (ProductId)
    {
        // The six words of `abi.encode`, hashed where memory is free and not kept: every registration pays for this.
        bytes32 digest;
        (uint256 home, uint256 party, uint256 extra) = (uint160(registry), PartyId.unwrap(applicant), salt);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, chainid())
            mstore(add(free, 0x20), home)
            mstore(add(free, 0x40), party)
            mstore(add(free, 0x60), contentRoot)
            mstore(add(free, 0x80), metadataHash)
            mstore(add(free, 0xa0), extra)
            digest := keccak256(free, 0xc0)
        }
        // The first twenty bytes are the id.
        // forge-lint: disable-next-line(unsafe-typecast)
        return ProductId.wrap(bytes20(digest));
    }

    /// @notice The stand-in for the digest of version 1: the id itself, left-aligned.
    function firstDigest(ProductId id) internal pure returns (bytes32) {
        return bytes32(ProductId.unwrap(id));
    }
}
