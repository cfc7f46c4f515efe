// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A wallet that approves the digests it was told to.
contract ContractKey is IERC1271 {
    mapping(bytes32 digest => bytes32 signature) private approved;

    function approve(bytes32 digest, bytes calldata signature) external {
        approved[digest] = keccak256(signature);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return approved[digest] == keccak256(signature) ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice A wallet that agrees to everything once it has spent so much gas.
contract CostlyKey is IERC1271 {
    uint256 private immutable cost;

    constructor(uint256 cost_) {
        cost = cost_;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        uint256 before = gasleft();
        while (before - gasleft() < cost) {}
        return IERC1271.isValidSignature.selector;
    }
}

/// @notice A wallet that answers every question with much and nothing of use.
contract SpendingKey {
    fallback() external {
        assembly ("memory-safe") {
            return(0, 100000)
        }
    }
}
