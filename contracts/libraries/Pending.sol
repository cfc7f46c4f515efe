// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "../types/PartyId.sol";

/// @title What a case would change, in one word
/// @notice A new content as a hash, a transfer in the open: the receiving party in the upper bits, the rights in the
/// lowest eight.
library Pending {
    /// @notice The word of a transfer.
    function transfer(PartyId to, uint8 rights) internal pure returns (bytes32) {
        return bytes32(uint256(PartyId.unwrap(to)) << 8 | rights);
    }

    /// @notice What the word of a transfer says.
    function transferOf(bytes32 pending) internal pure returns (PartyId to, uint8 rights) {
        // Each cast keeps the bits of its field; that there are no others is judged when a case is filed.
        // forge-lint: disable-next-line(unsafe-typecast)
        return (PartyId.wrap(uint64(uint256(pending) >> 8)), uint8(uint256(pending)));
    }

    /// @notice The word of a content.
    function content(bytes32 contentRoot, bytes32 metadataHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(contentRoot, metadataHash));
    }
}
