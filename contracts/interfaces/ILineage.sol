// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Derivation, Source} from "../types/Derivation.sol";
import {GrantId} from "../types/GrantId.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductState} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {Activity} from "../types/Vocabulary.sol";
import {IGrantJudge} from "./IGrantJudge.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry, Registration} from "./IProductRegistry.sol";

/// @notice One of several derived products that are registered together.
/// @param registration digests and particulars
/// @param derivation what it was made of
struct DerivedRegistration {
    Registration registration;
    Derivation derivation;
}

/// @title What products were made of
/// @notice Registers derived products over the rights in their sources: a version of one's own in which one holds USE,
/// or a live grant with the action DERIVE. What was derived, from what, under which grants and by whom is told by the
/// events; storage keeps a digest of it, so that anyone can prove what the events say.
/// @dev A source is a version that exists before, so that no product can come to rest on itself. What becomes of a
/// source or a grant later changes nothing here: whoever reads sees it, nothing is cancelled.
/// @dev Storage, for proofs: slot 0 `derivations` (id → version → digest, zero for none). The digest is
/// `keccak256(abi.encode(product, version, by, at, activity, purposes, method, agents, sources))`: `by` the party that
/// registered it, `at` the time of its block (uint40), `agents` the hash of `abi.encode` of the list of parties,
/// `sources` the hash of `abi.encode` of the list of `Source`.
/// @dev Warning: the chain sees declarations. That nothing else went into a product, or that what is declared did, is
/// not shown by them; a product registered as of another source says nothing of what it was made of.
interface ILineage {
    /// @notice A version was made of others, in this way.
    event ProductDerived(
        ProductId indexed product,
        PartyId indexed by,
        uint16 version,
        Activity activity,
        uint32 purposes,
        bytes32 method,
        PartyId[] agents,
        Source[] sources
    );

    /// @notice A version of `source` went into a version of `product`; `grant` is zero where its maker held USE itself.
    event SourceUsed(
        ProductId indexed source, ProductId indexed product, uint16 sourceVersion, uint16 version, GrantId grant
    );

    /// @notice A derivation names at least one source, and at most `most`.
    error SourcesOutOfRange(uint256 given, uint256 most);

    /// @notice The sources come in ascending order of product and version, none twice; the one at `index` does not.
    error SourcesUnordered(uint256 index);

    /// @notice More parties are named as those who carried it out than may be.
    error AgentsTooMany(uint256 given, uint256 most);

    /// @notice The mask names purposes that do not exist.
    error PurposesUnknown(uint32 purposes);

    /// @notice The source may be used for the purposes `allowed`; `declared` are others, or none, which is without limit.
    error PurposesBeyondSources(ProductId source, uint32 allowed, uint32 declared);

    /// @notice The new version would allow less than what the product may be granted for, `allowed`, 0 without limit.
    error PurposesNarrowed(ProductId product, uint32 allowed, uint32 declared);

    /// @notice Only whoever applied for the product's registration may declare what it was made of.
    error ApplicantOnly(ProductId product, PartyId by);

    /// @notice What a product was made of is declared before its registration is decided.
    error DeclarationClosed(ProductId product, ProductState state);

    /// @notice It was declared before what this version was made of.
    error DerivationTaken(ProductId product, uint16 version);

    /// @notice Registers a derived product under the `OPEN` profile.
    /// @param registration digests and particulars
    /// @param derivation what it was made of
    /// @return product its id, which proves version 1
    function register(Registration calldata registration, Derivation calldata derivation)
        external
        returns (ProductId product);

    /// @notice Registers several derived products, all or none. One may be made of another before it.
    /// @param items digests, particulars and derivation of each
    function registerBatch(DerivedRegistration[] calldata items) external;

    /// @notice Adds a derived version to an `OPEN` product. For the holder of HOLD.
    /// @param product the product, earlier versions of which may be among the sources
    /// @param latest the latest version the caller knows of, so that nobody builds on a version unseen
    /// @param contentRoot root over the files of the new version
    /// @param metadataHash hash over its descriptive fields
    /// @param derivation what it was made of; its purposes include those that the product may be granted for, since
    /// grants of all versions may stand
    /// @return version the number of the new version
    /// @dev What the product may be granted for stays as it is. From now on each version says what it was made of.
    function update(
        ProductId product,
        uint16 latest,
        bytes32 contentRoot,
        bytes32 metadataHash,
        Derivation calldata derivation
    ) external returns (uint16 version);

    /// @notice Declares what a product that was applied for is made of. For the applicant, once, before the registration
    /// is decided. Without it no registration of derived data is entered.
    /// @param product a product of a profile with a workflow
    /// @param derivation what it was made of
    /// @dev Later versions that cases decide on rest on the same: a change is never one of the sources.
    function declare(ProductId product, Derivation calldata derivation) external;

    /// @notice Reverts where `by` could not derive so now, with the error that it would get.
    /// @return sources the sources as they would be recorded
    /// @dev What concerns the product made is not looked at.
    function judge(PartyId by, Derivation calldata derivation) external view returns (Source[] memory sources);

    /// @notice The digest of what a version was made of, zero where nothing was declared.
    function derivationDigest(ProductId product, uint16 version) external view returns (bytes32);

    /// @notice The registry that says who may write.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The contract that answers questions about grants.
    function grantJudge() external view returns (IGrantJudge);
}
