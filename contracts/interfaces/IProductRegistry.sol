// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Claim} from "../types/Claim.sol";
import {Holding} from "../types/Holding.sol";
import {Interval} from "../types/Interval.sol";
import {PartyId} from "../types/PartyId.sol";
import {Particulars, ProductHead, ProductState, Profile} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {AnnotationKind, Reason, SecurityClass, Source} from "../types/Vocabulary.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";

/// @notice What a party registers.
/// @param contentRoot root over the files
/// @param metadataHash hash over the descriptive fields
/// @param particulars salt, rights (HOLD among them) and security class, see `Particulars`
struct Registration {
    bytes32 contentRoot;
    bytes32 metadataHash;
    Particulars particulars;
}

/// @notice A product as it stands now.
/// @param applicant the party that registered it
/// @param profile the rule set it is registered under
/// @param state where it stands
/// @param class how sensitive the data is
/// @param rights the rights declared at registration
/// @param moved whether rights have moved since; then `rightsOf` and the holdings say who holds what
/// @param latest the number of its latest version
/// @param since seconds since 1970 at which it was registered, or made where it is not registered yet; for a promoted leaf
/// the time of its anchor, see `IBatchAnchor`
/// @param until seconds since 1970 at which it ended or will expire, 0 while that is open
/// @param operated whether it comes from the operation of public data
/// @param registrar the number of the registrar that has it, 0 for none
/// @param seizures how many seizures of it stand
/// @param controls how many administrative controls
/// @param disputes how many disputes
/// @param derived whether it says what it was made of, or has to before it is registered
/// @param purposes what it may be granted for at most, a mask of `Purpose`, 0 without limit
struct Product {
    PartyId applicant;
    Profile profile;
    ProductState state;
    SecurityClass class;
    uint8 rights;
    bool moved;
    uint16 latest;
    uint40 since;
    uint40 until;
    bool operated;
    uint16 registrar;
    uint8 seizures;
    uint8 controls;
    uint8 disputes;
    bool derived;
    uint32 purposes;
}

/// @notice What one of several holders gets in a product.
/// @param party the holder
/// @param rights which, a mask of `Rights`
struct Share {
    PartyId party;
    uint8 rights;
}

/// @title Products and what is claimed of contents
/// @notice Holds products, their versions, who holds which right in them, and for each content root the claims made
/// on it, so that the bytes alone find their registrations.
/// @dev Storage, for proofs: slot 0 `heads` (id → word, see `Product.sol`), slot 1 `claims` (root → claim 0, then
/// index → word, see `Claim.sol`), slot 2 `versions` (id → version → digest), slot 3 `holdings` (id → index → word, see `Holding.sol`),
/// slot 4 `holdingCounts` (id → count), slot 5 `openHoldings` (id → party → index + 1), slot 6 `annotations` (id →
/// counts, see `IntervalLog.sol`, then index → word, see `Interval.sol`).
/// @dev Warning: a claim says that a party registered these digests at a time. It proves neither that the party
/// owned the data nor that it was the first to have it.
/// @dev Warning: claims stand in the order in which they were made, not of their times: that of a promoted leaf says the
/// time of its anchor, which may be before the first claim's. Whoever asks who was first compares the times of all.
interface IProductRegistry {
    /// @notice A product was registered, at version 1.
    event ProductRegistered(
        ProductId indexed product,
        PartyId indexed applicant,
        bytes32 contentRoot,
        bytes32 metadataHash,
        Particulars particulars
    );

    /// @notice A registration told where its product is described, empty for nowhere, and of which series it is, zero for
    /// none. Nothing of it is stored.
    event ProductListed(ProductId indexed product, ProductId indexed series, string locator);

    /// @notice A product has a new version.
    event ProductUpdated(
        ProductId indexed product, PartyId indexed by, uint16 version, bytes32 contentRoot, bytes32 metadataHash
    );

    /// @notice Rights in a product moved from one party to another.
    event RightsTransferred(ProductId indexed product, PartyId indexed from, PartyId indexed to, uint8 rights);

    /// @notice A product was retired.
    event ProductRetired(ProductId indexed product, PartyId indexed by);

    /// @notice A product was opened for a workflow, at version 1.
    event ProductOpened(
        ProductId indexed product,
        PartyId indexed applicant,
        Profile profile,
        ProductState state,
        uint16 registrar,
        bytes32 contentRoot,
        bytes32 metadataHash,
        Particulars particulars
    );

    /// @notice Who holds which rights in a product from its start on, in place of the applicant alone.
    event HoldersNamed(ProductId indexed product, Share[] shares);

    /// @notice The workflow brought a product into a state: with this registrar, from `since`, until `until` (0 open).
    event ProductSettled(ProductId indexed product, ProductState state, uint16 registrar, uint40 since, uint40 until);

    /// @notice An annotation was made on a product. `index` names it.
    event ProductAnnotated(
        ProductId indexed product,
        PartyId indexed by,
        uint256 index,
        AnnotationKind kind,
        Reason reason,
        bytes32 evidence
    );

    /// @notice The annotation `index` of a product was released.
    event AnnotationReleased(ProductId indexed product, PartyId indexed by, uint256 index, bytes32 evidence);

    /// @notice The same party registered the same digests with the same salt before.
    error ProductTaken(ProductId product);

    /// @notice There is no such product.
    error ProductUnknown(ProductId product);

    /// @notice The validity of the product has ended.
    error ProductExpired(ProductId product, uint40 until);

    /// @notice The product does not stand, or no longer.
    error ProductNotInForce(ProductId product, ProductState state);

    /// @notice A registration or a new version needs a content root.
    error ContentRootMissing(bytes32 metadataHash);

    /// @notice The rights of a registration leave out HOLD, or a bit of its particulars has no meaning.
    error ParticularsInvalid(Particulars particulars);

    /// @notice A listing names a series, a locator or both.
    error ListingEmpty();

    /// @notice A locator has at most so many bytes.
    error LocatorTooLong(uint256 length, uint256 most);

    /// @notice The byte at `place`, counted from 0, is not one that a locator has: these are the visible ones of ASCII.
    error LocatorUnprintable(uint256 place);

    /// @notice Data from this source does not carry these rights without what the particulars leave out.
    error RightsBeyondSource(Source source, uint8 rights);

    /// @notice The profile does not take such data: raw government data goes with `PUBLIC` alone.
    error ProfileUnfit(Profile profile, Particulars particulars);

    /// @notice Products of this profile change by cases of the registration desk.
    error ProfileNeedsCase(ProductId product, Profile profile);

    /// @notice Only the registration desk may call this.
    error DeskOnly(address caller);

    /// @notice The share at `index` names a party for the second time, or no rights, or rights not registered.
    error ShareInvalid(uint256 index, PartyId party, uint8 rights);

    /// @notice There are more shares than a product may have.
    error SharesTooMany(uint256 shares, uint256 most);

    /// @notice Nobody was named for these of the registered rights.
    error RightsUnassigned(uint8 rights);

    /// @notice Only the registry of derivations may call this.
    error LineageOnly(address caller);

    /// @notice Only the registry of anchors may call this.
    error AnchorOnly(address caller);

    /// @notice The version is of derived data and does not say of what: that is registered, or declared, with `Lineage`.
    error DerivationMissing(ProductId product, uint16 version);

    /// @notice Annotations stand in the way.
    error ProductEncumbered(ProductId product, uint8 seizures, uint8 controls, uint8 disputes);

    /// @notice As many annotations of this kind stand as can be counted.
    error AnnotationsFull(ProductId product, AnnotationKind kind);

    /// @notice The product has no live annotation of this index.
    error AnnotationUnknown(ProductId product, uint256 index);

    /// @notice Only the maker of the annotation or a court may release it, a seizure only its own court.
    error AnnotationNotYours(ProductId product, uint256 index, PartyId by);

    /// @notice The mask is empty or names rights that do not exist.
    error RightsInvalid(uint8 rights);

    /// @notice The party does not hold all the rights that the call needs.
    /// @dev For an entrustment `needed` names HOLD, though USE in its place would do.
    error RightsMissing(ProductId product, PartyId party, uint8 held, uint8 needed);

    /// @notice The product has moved on: its latest version is `latest`, not `given`.
    error VersionStale(ProductId product, uint16 given, uint16 latest);

    /// @notice The product has as many versions as it can have.
    error VersionsExhausted(ProductId product, uint16 latest);

    /// @notice A party cannot transfer to itself.
    error TransferToSelf(ProductId product, PartyId party);

    /// @notice Registers a product under the `OPEN` profile.
    /// @param registration digests and particulars; derived data is registered with `ILineage`
    /// @return product its id, which proves version 1
    function register(Registration calldata registration) external returns (ProductId product);

    /// @notice Registers several products, all or none.
    /// @param registrations digests and particulars of each
    function registerBatch(Registration[] calldata registrations) external;

    /// @notice Registers as `register` does, and tells where the product is described and of which series it is.
    /// @param registration as of `register`; its metadata should say the same of both, and is what counts
    /// @param series zero, or a product in force in which the caller's party holds HOLD
    /// @param locator an address at which it is described, of at most 512 visible ASCII bytes; empty only with a series
    /// @return product its id, which says nothing of series and locator
    /// @dev Nothing of the two is stored: `ProductListed` tells them, once. Nobody looks at what the locator leads to.
    function registerListed(Registration calldata registration, ProductId series, string calldata locator)
        external
        returns (ProductId product);

    /// @notice Adds a version to an `OPEN` product. For the holder of HOLD. A derived product takes its versions from
    /// `ILineage`.
    /// @param product the product
    /// @param latest the latest version the caller knows of, so that nobody builds on a version unseen
    /// @param contentRoot root over the files of the new version
    /// @param metadataHash hash over its descriptive fields
    /// @return version the number of the new version
    function update(ProductId product, uint16 latest, bytes32 contentRoot, bytes32 metadataHash)
        external
        returns (uint16 version);

    /// @notice Moves rights in an `OPEN` product to another party; the caller keeps none of them. No seizure, control or
    /// dispute may stand.
    /// @param product the product
    /// @param to the party that holds them from now on
    /// @param rights which, a mask of `Rights`, all of them held by the caller
    /// @dev Warning: the receiver is not asked. Grants issued before stand.
    function transfer(ProductId product, PartyId to, uint8 rights) external;

    /// @notice Ends an `OPEN` product: it keeps its record and takes no more versions, transfers or grants. For the
    /// holder of HOLD. No seizure or control may stand.
    /// @param product the product
    function retire(ProductId product) external;

    /// @notice Notes on a product, of any profile and in any state, what others must know.
    /// @param product the product
    /// @param kind what: SEIZURE is for courts; CONTROL for regulators; DISPUTE for courts and the product's registrar;
    /// LIMIT for courts, the product's registrar and a holder of HOLD
    /// @param reason why
    /// @param evidence digest of the document it rests on; the record keeps its first 12 bytes, the event all
    /// @return index names the annotation
    /// @dev Annotations of different makers stand beside each other: releasing one frees none of the others.
    function annotate(ProductId product, AnnotationKind kind, Reason reason, bytes32 evidence)
        external
        returns (uint256 index);

    /// @notice Releases an annotation. For its maker; for a court too, but a seizure only when the court that made it no
    /// longer is one.
    /// @param product the product
    /// @param index the annotation, as `annotate` gave it
    /// @param evidence digest of the document the release rests on, for the event
    function release(ProductId product, uint256 index, bytes32 evidence) external;

    /// @notice Opens a product that a workflow is to decide on. For the registration desk alone.
    /// @param applicant the party that applies
    /// @param registration digests and particulars
    /// @param profile the rule set, not `OPEN`
    /// @param registrar the number of the registrar applied to, 0 for none yet
    /// @param state DRAFT or PENDING
    /// @param shares who holds which rights, at most 16, together all that are registered; empty where the applicant
    /// holds them all
    /// @return product its id, which proves version 1
    /// @dev Warning: neither who calls in the applicant's name nor profile, state and registrar are looked at here; that
    /// is the desk's. The claim on the content is made now, whatever the workflow comes to.
    function open(
        PartyId applicant,
        Registration calldata registration,
        Profile profile,
        uint16 registrar,
        ProductState state,
        Share[] calldata shares
    ) external returns (ProductId product);

    /// @notice Brings a product into a state. For the registration desk alone.
    /// @param product the product
    /// @param state the state
    /// @param registrar the number of the registrar that has it
    /// @param since seconds since 1970 of its registration
    /// @param until seconds since 1970 of its end or expiry, 0 for none
    function settle(ProductId product, ProductState state, uint16 registrar, uint40 since, uint40 until) external;

    /// @notice Adds a version that a case decided on. For the registration desk alone.
    /// @param product the product
    /// @param by the party that the event names
    /// @param contentRoot root over the files of the new version
    /// @param metadataHash hash over its descriptive fields
    /// @return version the number of the new version
    function advance(ProductId product, PartyId by, bytes32 contentRoot, bytes32 metadataHash)
        external
        returns (uint16 version);

    /// @notice Moves rights as a case or an award decided. For the registration desk alone.
    /// @param product the product
    /// @param from the party that holds them, and keeps none of them
    /// @param to the party that holds them from now on
    /// @param rights which, a mask of `Rights`
    /// @dev Warning: state and annotations are not looked at here; that is the desk's.
    function move(ProductId product, PartyId from, PartyId to, uint8 rights) external;

    /// @notice Registers a derived product under the `OPEN` profile. For the registry of derivations alone.
    /// @param applicant the party that registers it
    /// @param registration digests and particulars
    /// @param purposes what it may be granted for at most, 0 without limit
    /// @return product its id, which proves version 1
    /// @dev Warning: neither who calls in the applicant's name nor the sources are looked at here; that is the caller's.
    function derive(PartyId applicant, Registration calldata registration, uint32 purposes)
        external
        returns (ProductId product);

    /// @notice Adds a derived version to an `OPEN` product. For the registry of derivations alone.
    /// @param product the product
    /// @param by the party that adds it, which must hold HOLD
    /// @param latest the latest version that it knows of
    /// @param contentRoot root over the files of the new version
    /// @param metadataHash hash over its descriptive fields
    /// @return version the number of the new version
    function extend(ProductId product, PartyId by, uint16 latest, bytes32 contentRoot, bytes32 metadataHash)
        external
        returns (uint16 version);

    /// @notice Confines what a product may be granted for, once, before it is registered. For the registry of derivations
    /// alone, which looks at its state.
    /// @param product the product
    /// @param purposes what it may be granted for at most, 0 without limit
    /// @dev No event of this contract tells of it, nor that a product is derived now: `ILineage.ProductDerived` does.
    function confine(ProductId product, uint32 purposes) external;

    /// @notice Registers a product under the `OPEN` profile that was anchored before. For the registry of anchors alone.
    /// @param applicant the party that anchored it
    /// @param registration digests and particulars
    /// @param since seconds since 1970 of the anchor, which the head and the claim keep
    /// @return product its id, which proves version 1
    /// @dev `ProductRegistered` tells of it as of any; only `IBatchAnchor.LeafPromoted` tells that its time is `since`.
    /// @dev Warning: neither who calls in the applicant's name nor the anchor are looked at here; that is the caller's.
    function promote(PartyId applicant, Registration calldata registration, uint40 since)
        external
        returns (ProductId product);

    /// @notice The id that `applicant` would get for a registration.
    function idOf(PartyId applicant, bytes32 contentRoot, bytes32 metadataHash, uint64 salt)
        external
        view
        returns (ProductId);

    /// @notice The packed head of a product, zero for an unknown one.
    function headOf(ProductId product) external view returns (ProductHead);

    /// @notice A product's record; reverts for an unknown one.
    function productRecord(ProductId product) external view returns (Product memory);

    /// @notice The digest of a version: for version 1 the id, left-aligned; later the hash of content root, metadata
    /// hash and the digest before. Zero for a version that does not exist.
    function versionDigest(ProductId product, uint16 version) external view returns (bytes32);

    /// @notice How many claims a content root has.
    function claimCount(bytes32 contentRoot) external view returns (uint256);

    /// @notice At most `limit` claims on a content root, from the `first` on, in the order in which they were made.
    function claims(bytes32 contentRoot, uint256 first, uint256 limit) external view returns (Claim[] memory);

    /// @notice The rights that a party holds in a product now, whether or not the product is in force.
    function rightsOf(ProductId product, PartyId party) external view returns (uint8);

    /// @notice How many holdings have been recorded of a product: none before rights first move, or holders are named.
    function holdingCount(ProductId product) external view returns (uint256);

    /// @notice At most `limit` holdings of a product, from the `first` on, in the order they were recorded.
    function holdings(ProductId product, uint256 first, uint256 limit) external view returns (Holding[] memory);

    /// @notice How many annotations a product has had, and how many of them stand.
    function annotationCount(ProductId product) external view returns (uint256 total, uint256 live);

    /// @notice At most `limit` annotations of a product, from the `first` on, in the order they were made. The kind of
    /// each is one of `AnnotationKind`.
    function annotations(ProductId product, uint256 first, uint256 limit) external view returns (Interval[] memory);

    /// @notice The registration desk, which alone moves products of profiles with a workflow.
    function desk() external view returns (address);

    /// @notice The registry of derivations, which alone registers derived products.
    function lineage() external view returns (address);

    /// @notice The registry of anchors, which alone registers with an earlier time.
    function anchors() external view returns (address);

    /// @notice The registry that says who may write.
    function parties() external view returns (IPartyRegistry);
}
