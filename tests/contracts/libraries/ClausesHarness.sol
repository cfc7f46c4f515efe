// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClauseRules} from "../../../contracts/libraries/ClauseRules.sol";
import {ClausesCodec} from "../../../contracts/libraries/ClausesCodec.sol";

/// @notice Puts the libraries behind calls, so that clauses come as calldata.
contract ClausesHarness {
    function hash(bytes calldata packed) external pure returns (bytes32) {
        return ClausesCodec.hash(ClausesCodec.unpack(packed));
    }

    function territories(bytes calldata packed) external pure returns (uint256) {
        return ClausesCodec.unpack(packed).territories;
    }

    function requireOneSided(bytes calldata packed, uint256 time) external pure {
        ClauseRules.requireOneSided(ClausesCodec.unpack(packed), time);
    }
}
