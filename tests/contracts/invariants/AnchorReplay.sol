// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "../../../contracts/interfaces/IBatchAnchor.sol";
import {RecordedLog} from "../Vm.sol";
import {ReplayedWords} from "./ReplayedWords.sol";

/// @notice Rebuilds the words of anchors from events, and sets what was promoted back to the time of its anchor.
abstract contract AnchorReplay is ReplayedWords {
    uint256 private constant ANCHORS_SLOT = 0;
    uint256 private constant HEADS_SLOT = 0;
    uint256 private constant HEAD_SINCE = 102;
    uint256 private constant CLAIM_SINCE = 40;

    address internal immutable products;
    address internal immutable anchors;

    /// @dev Where the claim lies that a product was made with.
    mapping(uint256 product => bytes32) internal firstClaims;

    constructor(address products_, address anchors_) {
        (products, anchors) = (products_, anchors_);
    }

    function _anchor(RecordedLog calldata log) internal {
        if (log.topics[0] == IBatchAnchor.BatchAnchored.selector) {
            bytes32 ofParty = _at(uint256(log.topics[1]), ANCHORS_SLOT);
            uint256 leaves = abi.decode(log.data, (uint256));
            _set(anchors, _at(uint256(log.topics[2]), uint256(ofParty)), block.timestamp << 32 | leaves);
        } else if (log.topics[0] == IBatchAnchor.LeafPromoted.selector) {
            uint256 product = uint256(log.topics[1]);
            uint256 since = abi.decode(log.data, (uint256)) & type(uint40).max;
            _setBack(_at(product, HEADS_SLOT), HEAD_SINCE, since);
            _setBack(firstClaims[product], CLAIM_SINCE, since);
        }
    }

    function _setBack(bytes32 slot, uint256 shift, uint256 since) private {
        uint256 kept = words[products][slot] & ~(uint256(type(uint40).max) << shift);
        _set(products, slot, kept | since << shift);
    }
}
