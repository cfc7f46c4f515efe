// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrants} from "../../contracts/interfaces/IGrants.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";

/// @notice How a wallet answers when it is asked for a signature.
enum Manner {
    AGREES,
    REFUSES,
    BURNS_GAS,
    RETURNS_TOO_LITTLE,
    RETURNS_TOO_MUCH,
    REVERTS_AT_LENGTH,
    REENTERS
}

/// @notice A contract wallet of ERC-1271, honest or hostile.
contract Wallet {
    bytes4 private constant YES = 0x1626ba7e;

    Manner private immutable manner;
    IGrants private immutable grants;

    constructor(Manner manner_, IGrants grants_) {
        (manner, grants) = (manner_, grants_);
    }

    function isValidSignature(bytes32 digest, bytes calldata) external returns (bytes4) {
        if (manner == Manner.REFUSES) return 0xffffffff;
        if (manner == Manner.BURNS_GAS) while (true) {}
        if (manner == Manner.RETURNS_TOO_LITTLE) {
            assembly {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 4)
            }
        }
        if (manner == Manner.RETURNS_TOO_MUCH) {
            assembly {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 20000)
            }
        }
        if (manner == Manner.REVERTS_AT_LENGTH) {
            assembly {
                revert(0, 20000)
            }
        }
        if (manner == Manner.REENTERS) grants.revoke(GrantId.wrap(digest), Reason.RISK);
        return YES;
    }

    function call(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done, "the wallet's call reverted");
    }
}
