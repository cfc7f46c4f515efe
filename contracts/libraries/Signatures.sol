// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {Approval} from "../types/Approval.sol";
import {Words} from "./Words.sol";

/// @notice Judging signatures of accounts, and of contract wallets by ERC-1271.
/// @dev Warning: what a wallet answers is its own affair, and may be another answer later. It is asked once, when the
/// signature is submitted, and the answer is final.
library Signatures {
    /// @notice The signature is not the signer's over `digest`: of another key or message, malleable, of the wrong
    /// length, or refused by the signer's wallet.
    error SignatureInvalid(address signer, bytes32 digest);

    /// @dev Above it lies the other half of the curve, where every signature has a twin.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @dev What a wallet may spend on its answer.
    uint256 internal constant WALLET_GAS = 200_000;

    /// @notice Refuses an approval that is not of `digest`.
    function requireSigned(Approval calldata approval, bytes32 digest) internal view {
        requireSigned(approval.signer, approval.signature, digest);
    }

    /// @notice Refuses a signature that is not the signer's over `digest`.
    /// @dev An account's own signature is tried first: an account may have code as well (EIP-7702), and its key speaks
    /// for it all the same.
    function requireSigned(address signer, bytes calldata signature, bytes32 digest) internal view {
        // Two steps: every settlement comes this way twice, and a joined condition costs more, as does `isSigned`.
        if (_recover(digest, signature) == signer) {
            if (signer != address(0)) return;
        }
        if (!_walletAgrees(signer, digest, signature)) revert SignatureInvalid(signer, digest);
    }

    /// @notice Whether a signature is the signer's over `digest`: never where the signer is zero.
    function isSigned(address signer, bytes calldata signature, bytes32 digest) internal view returns (bool) {
        if (_recover(digest, signature) == signer) return signer != address(0);
        return _walletAgrees(signer, digest, signature);
    }

    /// @return whose it is, zero for nobody's: of the wrong length, malleable, or of no key
    function _recover(bytes32 digest, bytes calldata signature) private pure returns (address) {
        if (signature.length != 65) return address(0);
        uint256 s = Words.read(signature, 32);
        if (s > HALF_ORDER) return address(0);
        // One byte is left: it fits the cast. Other than 27 and 28 give nobody.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint8 v = uint8(Words.read(signature, 64) >> 248);
        return ecrecover(digest, v, bytes32(Words.read(signature, 0)), bytes32(s));
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
