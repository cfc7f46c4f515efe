// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Approval} from "../types/Approval.sol";

/// @notice Judging signatures of accounts, and of contract wallets by ERC-1271.
/// @dev Warning: what a wallet answers is its own affair, and may be another answer later. It is asked once, when the
/// signature is submitted, and the answer is final.
library Signatures {
    /// @notice The signature is not the signer's over `digest`: of another key or message, malleable, of the wrong
    /// length, or refused by the signer's wallet.
    error SignatureInvalid(address signer, bytes32 digest);

    /// @dev What a wallet may spend on its answer.
    uint256 internal constant WALLET_GAS = 200_000;

    /// @notice Refuses an approval that is not of `digest`.
    /// @dev An account's own signature is tried first: an account may have code as well (EIP-7702), and its key speaks
    /// for it all the same.
    function requireSigned(Approval calldata approval, bytes32 digest) internal view {
        address signer = approval.signer;
        (address recovered, ECDSA.RecoverError problem,) = ECDSA.tryRecoverCalldata(digest, approval.signature);
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return;
        if (!_walletAgrees(signer, digest, approval.signature)) revert SignatureInvalid(signer, digest);
    }

    /// @dev Assembly, since a Solidity call copies all that comes back, however long, at our cost.
    function _walletAgrees(address wallet, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool agrees)
    {
        if (wallet.code.length == 0) return false;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes4 yes = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            let done := staticcall(WALLET_GAS, wallet, add(question, 0x20), mload(question), 0x00, 0x20)
            agrees := and(and(done, gt(returndatasize(), 0x1f)), eq(mload(0x00), yes))
        }
    }
}
