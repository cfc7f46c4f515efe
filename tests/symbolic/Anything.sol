// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {svm} from "./Svm.sol";

/// @notice Stands where a contract is asked whose answers do not matter for what is proved: it takes every call and
/// answers anything at all.
contract Anything {
    fallback() external {
        bytes memory answer = svm.createBytes(192, "answer");
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }
}
