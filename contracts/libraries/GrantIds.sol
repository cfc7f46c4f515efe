// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {GrantId} from "../types/GrantId.sol";
import {ClausesCodec} from "./ClausesCodec.sol";

/// @notice Ids of grants, each computed from the one above it.
library GrantIds {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("Dengji");
    bytes32 private constant VERSION = keccak256("1");

    /// @notice The separator of the domain of a contract of this ledger on this chain.
    function separatorOf(address location) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME, VERSION, block.chainid, location));
    }

    /// @notice The id of the grant whose clauses have this hash, under `parent`.
    function derive(bytes32 separator, GrantId parent, bytes32 clausesHash) internal pure returns (GrantId) {
        bytes32 terms = ClausesCodec.termsHash(parent, clausesHash);
        return GrantId.wrap(MessageHashUtils.toTypedDataHash(separator, terms));
    }
}
