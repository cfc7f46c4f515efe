// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ProductId} from "./ProductId.sol";

/// @notice One registration of a content root.
/// @param product the product registered with it
/// @param version the version of that product
/// @param firstAt seconds since 1970 of its first time on the ledger
/// @param count how many claims the root has; kept in claim 0 alone
struct Claim {
    ProductId product;
    uint16 version;
    uint40 firstAt;
    uint40 count;
}

/// @notice A `Claim` in one storage word. Bits from high to low: product 160, version 16, firstAt 40, count 40.
type ClaimWord is uint256;

using ClaimWordLibrary for ClaimWord global;

/// @notice Packing of `Claim`.
library ClaimWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs a claim that carries no count.
    function make(ProductId product, uint16 version, uint256 firstAt) internal pure returns (ClaimWord) {
        return
            ClaimWord.wrap(uint256(uint160(ProductId.unwrap(product))) << 96 | uint256(version) << 80 | firstAt << 40);
    }

    /// @notice Unpacks a claim.
    function unpack(ClaimWord word) internal pure returns (Claim memory claim) {
        uint256 bits = ClaimWord.unwrap(word);
        claim.product = ProductId.wrap(bytes20(uint160(bits >> 96)));
        claim.version = uint16(bits >> 80);
        claim.firstAt = uint40(bits >> 40);
        claim.count = word.count();
    }

    /// @notice How many claims the root has, asked of claim 0.
    function count(ClaimWord word) internal pure returns (uint40) {
        return uint40(ClaimWord.unwrap(word));
    }

    /// @notice Claim 0 with its count raised by one.
    /// @dev Cannot reach the next field: 2^40 claims of one root would cost more gas than a chain has made.
    function counted(ClaimWord word) internal pure returns (ClaimWord) {
        unchecked {
            return ClaimWord.wrap(ClaimWord.unwrap(word) + 1);
        }
    }

    // forge-lint: disable-end(unsafe-typecast)
}
