// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "../../contracts/interfaces/IBatchAnchor.sol";
import {IProductRegistry, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Particulars} from "../../contracts/types/Product.sol";
import {placeDeployed, svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice What was anchored or registered keeps its first time, and is its maker's.
contract AnchorProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
        placeDeployed(ANCHORS, "BatchAnchor", abi.encode(PARTIES, PRODUCTS));
        svm.enableSymbolicStorage(ANCHORS);
    }

    /// @notice A root is anchored once by a party, now, by a key that registers for it; and no call changes an anchor.
    /// @dev Symbolic: storage, time, caller, root, leaves, whose anchor is looked at.
    function check_AnchorsKeepTheirTime(bytes32 root, uint32 leaves, uint64 whose, bytes32 other) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        bool may = _writes(caller, Scope.REGISTER);
        uint64 by = _partyOf(caller);
        uint256 mine = _anchor(by, root);
        uint256 before = _anchor(whose, other);
        vm.prank(caller);
        (bool done,) = ANCHORS.call(abi.encodeCall(IBatchAnchor.anchor, (root, leaves)));
        vm.assume(done);
        assert(may && mine == 0 && _anchor(by, root) == (time << 32 | leaves));
        assert(before == 0 || _anchor(whose, other) == before);
    }

    /// @notice What is promoted has the time that the anchors' contract gives, whatever the block's, and is promoted once:
    /// no second time, by whatever leaf, takes the first one's place.
    /// @dev Symbolic: storage, time, party, registration, both times given, when it is tried again. Bounded: plain
    /// particulars. That the time given is the anchor's is the tests', since the prover has no SHA-256.
    function check_PromotionHappensOnce(bytes32[2] memory digests, uint64 salt, uint64 party, uint40[3] memory times)
        public
    {
        _anyTime();
        Registration memory registration = Registration({
            contentRoot: digests[0],
            metadataHash: digests[1],
            particulars: Particulars.wrap(uint256(salt) << 16 | 7 << 8)
        });
        vm.prank(ANCHORS);
        (bool done, bytes memory said) =
            PRODUCTS.call(abi.encodeCall(IProductRegistry.promote, (_party(party), registration, times[0])));
        vm.assume(done);
        bytes20 product = abi.decode(said, (bytes20));
        uint256 head = _headOf(product);
        assert(uint40(head >> 102) == times[0] && head >> 192 == party && _stateIn(head) == 1);
        vm.warp(times[1]);
        vm.prank(ANCHORS);
        (bool again,) = PRODUCTS.call(abi.encodeCall(IProductRegistry.promote, (_party(party), registration, times[2])));
        assert(!again && _headOf(product) == head);
    }

    /// @notice Nothing but the anchors' contract promotes, so that nobody chooses a time.
    /// @dev Symbolic: storage, time, caller, party, registration, the time that is claimed.
    function check_OnlyAnchorsPromote(uint64 party, uint40 since) public {
        _anyTime();
        address caller = svm.createAddress("caller");
        vm.prank(caller);
        (bool done,) =
            PRODUCTS.call(abi.encodeCall(IProductRegistry.promote, (_party(party), _anyRegistration(), since)));
        vm.assume(done);
        assert(caller == ANCHORS);
    }

    function _anchor(uint64 party, bytes32 root) private view returns (uint256) {
        bytes32 inner = keccak256(abi.encode(party, uint256(0)));
        return uint256(vm.load(ANCHORS, keccak256(abi.encode(root, inner))));
    }
}
