// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Anchor} from "../types/Anchor.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductId} from "../types/ProductId.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry, Registration} from "./IProductRegistry.sol";

/// @title Many registrations under one root
/// @notice Keeps the Merkle root of up to 2^20 registrations, one word for all of them. Whoever anchored can later make a
/// full record of any one, which keeps the time of the anchor as its first.
/// @dev The tree is that of `Merkle`, each leaf over the 192 bytes of
/// `abi.encode(chain id, registry of products, party, contentRoot, metadataHash, particulars)`: it is of one party's
/// registration at one place, so that nobody else can promote it, and no inner node can pass for one.
/// @dev Storage, for proofs: slot 0 `anchors` (party → root → word, see `Anchor.sol`).
/// @dev Warning: an anchor proves that its leaves existed at its time, and nothing else. It owns nothing, look-up by
/// content does not find it until a leaf is promoted, and who was first is told by times, never by the index of a claim.
/// @dev Warning: the record that a promotion makes says the time of the anchor, and is itself as young as the promotion.
/// The state of any block before has no such product: nobody could grant it, build on it or object to it then, and an
/// answer as of such a block says so. The earlier time is one of existence; `LeafPromoted` stands where the record began.
/// @dev Warning: `leaves` is what the party says. With another number than the tree has, a leaf can be shown at an index
/// that is not its own, or not at all; the index means nothing to anyone but its party.
interface IBatchAnchor {
    /// @notice A root was anchored.
    event BatchAnchored(PartyId indexed by, bytes32 indexed root, uint32 leaves);

    /// @notice A leaf became a product, whose record and first claim keep the time of the anchor.
    /// @param place which leaf of which time, from high to low: spare 184, index 32, since 40
    event LeafPromoted(ProductId indexed product, PartyId indexed by, bytes32 indexed root, uint256 place);

    /// @notice The party has anchored this root before.
    error AnchorTaken(PartyId by, bytes32 root, uint40 since);

    /// @notice The party has anchored no such root.
    error AnchorUnknown(PartyId by, bytes32 root);

    /// @notice An anchor is of one leaf to `most`.
    error LeavesOutOfRange(uint32 leaves, uint32 most);

    /// @notice The proof does not lead from the registration, as the leaf at `index`, to the root.
    error LeafUnproven(bytes32 root, bytes32 leaf, uint32 index);

    /// @notice Anchors a root. A root belongs to whoever anchors it: another's anchor of the same root is apart.
    function anchor(bytes32 root, uint32 leaves) external;

    /// @notice Makes a product of a leaf that the caller's party anchored, under `OPEN`. Its record and its claim say the
    /// anchor's time. A registration that was made before, by promotion or otherwise, is refused.
    /// @param index the place of the leaf
    /// @param proof its siblings from the lowest to the highest
    function promote(bytes32 root, uint32 index, Registration calldata registration, bytes32[] calldata proof)
        external
        returns (ProductId product);

    /// @notice What is kept of a root that a party anchored; all zero for none.
    function anchorOf(PartyId by, bytes32 root) external view returns (Anchor memory);

    /// @notice The leaf of a party's registration.
    function leafOf(PartyId by, Registration calldata registration) external view returns (bytes32);

    /// @notice Whether the party's anchored root has this leaf at this index.
    function proves(PartyId by, bytes32 root, uint32 index, bytes32 leaf, bytes32[] calldata proof)
        external
        view
        returns (bool);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);
}
