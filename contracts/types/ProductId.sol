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
        return ProductId.wrap(
            bytes20(keccak256(abi.encode(block.chainid, registry, applicant, contentRoot, metadataHash, salt)))
        );
    }

    /// @notice The stand-in for the digest of version 1: the id itself, left-aligned.
    function firstDigest(ProductId id) internal pure returns (bytes32) {
        return bytes32(ProductId.unwrap(id));
    }
}
