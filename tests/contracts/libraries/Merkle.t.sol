// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Merkle} from "../../../contracts/libraries/Merkle.sol";
import {MerkleHarness} from "./MerkleHarness.sol";

contract MerkleTest {
    uint256 private constant MOST_LEAVES = 64;

    MerkleHarness private harness;

    /// @dev The eight leaves that the reference implementation of Certificate Transparency tests with.
    bytes[] private published;

    function setUp() external {
        harness = new MerkleHarness();
        published.push("");
        published.push(hex"00");
        published.push(hex"10");
        published.push(hex"2021");
        published.push(hex"3031");
        published.push(hex"40414243");
        published.push(hex"5051525354555657");
        published.push(hex"606162636465666768696a6b6c6d6e6f");
    }

    /// @notice The roots over the first n published leaves are the published ones.
    function test_RootsOfPublishedLeaves() external view {
        bytes32[8] memory roots = [
            bytes32(0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d),
            0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125,
            0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77,
            0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7,
            0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4,
            0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef,
            0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c,
            0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
        ];
        for (uint256 size = 1; size <= 8; ++size) {
            assert(_root(_publishedHashes(size), 0, size) == roots[size - 1]);
        }
    }

    /// @notice Every published leaf is proved in every tree of the published leaves.
    function test_ProofsOfPublishedLeaves() external view {
        for (uint256 size = 1; size <= 8; ++size) {
            bytes32[] memory leaves = _publishedHashes(size);
            for (uint256 index; index < size; ++index) {
                bytes32[] memory proof = _proof(leaves, index);
                assert(harness.verify(_root(leaves, 0, size), leaves[index], index, size, proof));
            }
        }
    }

    /// @notice The published path of the first leaf among eight leads to the published root.
    function test_PublishedPath() external view {
        bytes32[] memory proof = new bytes32[](3);
        proof[0] = 0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7;
        proof[1] = 0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e;
        proof[2] = 0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4;
        (bool fits, bytes32 root) = harness.rootFrom(harness.leafHash(""), 0, 8, proof);
        assert(fits);
        assert(root == 0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328);
    }

    /// @notice The tree of nothing has SHA-256 of nothing as its root, and no leaf of it can be proved.
    function test_EmptyTree() external view {
        assert(Merkle.EMPTY_ROOT == sha256(""));
        assert(!harness.verify(Merkle.EMPTY_ROOT, Merkle.EMPTY_ROOT, 0, 0, new bytes32[](0)));
    }

    /// @notice Leaves and nodes of the same bytes have different hashes.
    function testFuzz_LeavesAreNoNodes(bytes32 left, bytes32 right) external view {
        assert(harness.nodeHash(left, right) == sha256(abi.encodePacked(uint8(1), left, right)));
        assert(harness.leafHash(abi.encode(left, right)) == sha256(abi.encodePacked(uint8(0), left, right)));
    }

    /// @notice Every leaf of every tree is proved by its path as the RFC defines it.
    function testFuzz_TrueProofsFit(bytes32 seed, uint256 size, uint256 index) external view {
        size = 1 + size % MOST_LEAVES;
        index = index % size;
        bytes32[] memory leaves = _leaves(seed, size);
        assert(harness.verify(_root(leaves, 0, size), leaves[index], index, size, _proof(leaves, index)));
    }

    /// @notice A proof with one bit changed leads nowhere.
    function testFuzz_ChangedProofsFail(bytes32 seed, uint256 size, uint256 index, uint256 position, uint8 bit)
        external
        view
    {
        size = 2 + size % MOST_LEAVES;
        index = index % size;
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32[] memory proof = _proof(leaves, index);
        proof[position % proof.length] ^= bytes32(uint256(1) << bit);
        assert(!harness.verify(_root(leaves, 0, size), leaves[index], index, size, proof));
    }

    /// @notice A leaf is not proved at any index but its own.
    function testFuzz_OtherIndexFails(bytes32 seed, uint256 size, uint256 index, uint256 other) external view {
        size = 2 + size % MOST_LEAVES;
        index = index % size;
        other = other % (size + 2);
        if (other == index) other = size;
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32[] memory proof = _proof(leaves, index);
        assert(!harness.verify(_root(leaves, 0, size), leaves[index], other, size, proof));
    }

    /// @notice A path with a sibling too few or too many does not fit.
    function testFuzz_WrongLengthFails(bytes32 seed, uint256 size, uint256 index) external view {
        size = 2 + size % MOST_LEAVES;
        index = index % size;
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32[] memory proof = _proof(leaves, index);
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i; i < proof.length; ++i) {
            if (i < shorter.length) shorter[i] = proof[i];
            longer[i] = proof[i];
        }
        (bool fits,) = harness.rootFrom(leaves[index], index, size, shorter);
        assert(!fits);
        (fits,) = harness.rootFrom(leaves[index], index, size, longer);
        assert(!fits);
    }

    /// @notice What a proof of depth 20 costs, so that the snapshot shows it.
    function test_GasOfDepthTwenty() external view {
        bytes32[] memory proof = new bytes32[](20);
        (bool fits,) = harness.rootFrom(bytes32(uint256(1)), 0xabcde, 1 << 20, proof);
        assert(fits);
    }

    function _publishedHashes(uint256 size) private view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            hashes[i] = harness.leafHash(published[i]);
        }
    }

    function _leaves(bytes32 seed, uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }

    /// @dev The root as RFC 6962 §2.1 words it, by recursion, so as to share nothing with the library.
    function _root(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return sha256(abi.encodePacked(uint8(1), _root(leaves, from, middle), _root(leaves, middle, to)));
    }

    /// @dev The path as RFC 6962 §2.1.1 words it, collected from the root down and turned round.
    function _proof(bytes32[] memory leaves, uint256 index) private pure returns (bytes32[] memory proof) {
        bytes32[] memory down = new bytes32[](8);
        uint256 from;
        uint256 to = leaves.length;
        uint256 length;
        while (to - from > 1) {
            uint256 middle = from + _split(to - from);
            bool left = index < middle;
            down[length++] = left ? _root(leaves, middle, to) : _root(leaves, from, middle);
            (from, to) = left ? (from, middle) : (middle, to);
        }
        proof = new bytes32[](length);
        for (uint256 i; i < length; ++i) {
            proof[i] = down[length - 1 - i];
        }
    }

    function _split(uint256 size) private pure returns (uint256 split) {
        split = 1;
        while (split * 2 < size) split *= 2;
    }
}
