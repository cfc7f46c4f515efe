// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration, Share} from "./interfaces/IProductRegistry.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {Locator} from "./libraries/Locator.sol";
import {Claim, ClaimWord, ClaimWordLibrary} from "./types/Claim.sol";
import {Holding, HoldingWord, HoldingWordLibrary} from "./types/Holding.sol";
import {Interval} from "./types/Interval.sol";
import {Scope, Standing} from "./types/Key.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {
    ParticularFlags,
    Particulars,
    ProductHead,
    ProductHeadLibrary,
    ProductState,
    Profile
} from "./types/Product.sol";
import {ProductId, ProductIdLibrary} from "./types/ProductId.sol";
import {AnnotationKind, Reason, Rights, Source} from "./types/Vocabulary.sol";

/// @title The implementation of `IProductRegistry`
contract ProductRegistry is IProductRegistry {
    /* CONSTANTS AND IMMUTABLES */

    uint256 internal constant MOST_SHARES = 16;

    /// @inheritdoc IProductRegistry
    IPartyRegistry public immutable parties;

    /// @inheritdoc IProductRegistry
    address public immutable desk;

    /// @inheritdoc IProductRegistry
    address public immutable lineage;

    /// @inheritdoc IProductRegistry
    address public immutable anchors;

    /* STORAGE */

    /// @dev One word, in a struct so that its place is computed once where it is read and written.
    struct Record {
        ProductHead head;
    }

    /// @dev The claims on one content root: claim 0, which carries the count, and the later ones by index.
    struct Claims {
        ClaimWord first;
        mapping(uint256 index => ClaimWord) later;
    }

    mapping(ProductId product => Record) private _records;
    mapping(bytes32 contentRoot => Claims) private _claims;
    mapping(ProductId product => mapping(uint256 version => bytes32)) private _versions;
    mapping(ProductId product => mapping(uint256 index => HoldingWord)) private _holdings;
    mapping(ProductId product => uint256) private _holdingCounts;
    mapping(ProductId product => mapping(PartyId party => uint256)) private _openHoldings;
    mapping(ProductId product => IntervalLog) private _annotations;

    /* CONSTRUCTOR */

    /// @param parties_ the registry that says who may write
    /// @param desk_ the registration desk
    /// @param lineage_ the registry of derivations
    /// @param anchors_ the registry of anchors
    constructor(IPartyRegistry parties_, address desk_, address lineage_, address anchors_) {
        parties = parties_;
        desk = desk_;
        lineage = lineage_;
        anchors = anchors_;
    }

    /* MODIFIERS */

    modifier onlyDesk() {
        _requireDesk();
        _;
    }

    modifier onlyLineage() {
        _requireLineage();
        _;
    }

    /* REGISTRATION */

    /// @inheritdoc IProductRegistry
    function register(Registration calldata registration) external returns (ProductId product) {
        return _register(parties.writer(msg.sender, Scope.REGISTER), registration);
    }

    /// @inheritdoc IProductRegistry
    function registerBatch(Registration[] calldata registrations) external {
        PartyId applicant = parties.writer(msg.sender, Scope.REGISTER);
        for (uint256 i = 0; i < registrations.length; ++i) {
            _register(applicant, registrations[i]);
        }
    }

    /// @inheritdoc IProductRegistry
    function registerListed(Registration calldata registration, ProductId series, string calldata locator)
        external
        returns (ProductId product)
    {
        PartyId applicant = parties.writer(msg.sender, Scope.REGISTER);
        bool alone = ProductId.unwrap(series) == 0;
        if (alone && bytes(locator).length == 0) revert ListingEmpty();
        Locator.requireFit(locator);
        if (!alone) _requireSeries(series, applicant);

        product = _register(applicant, registration);
        emit ProductListed(product, series, locator);
    }

    /// @inheritdoc IProductRegistry
    function update(ProductId product, uint16 latest, bytes32 contentRoot, bytes32 metadataHash)
        external
        returns (uint16 version)
    {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        (Record storage record, ProductHead head) = _extensible(product, by, latest);
        if (head.derived()) revert DerivationMissing(product, latest + 1);
        return _advance(product, record, head, by, contentRoot, metadataHash);
    }

    /// @inheritdoc IProductRegistry
    function retire(ProductId product) external {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        (Record storage record, ProductHead head) = _open(product);
        _requireRights(product, head, by, Rights.HOLD);
        if (head.frozen()) _revertEncumbered(product, head);
        record.head = head.retired(uint40(block.timestamp));
        emit ProductRetired(product, by);
    }

    /* RIGHTS */

    /// @inheritdoc IProductRegistry
    function transfer(ProductId product, PartyId to, uint8 rights) external {
        PartyId from = parties.writerTowards(msg.sender, Scope.TRANSFER, to);
        (Record storage record, ProductHead head) = _open(product);
        if (head.encumbered()) _revertEncumbered(product, head);
        _move(product, record, head, from, to, rights);
    }

    /* ANNOTATIONS */

    /// @inheritdoc IProductRegistry
    function annotate(ProductId product, AnnotationKind kind, Reason reason, bytes32 evidence)
        external
        returns (uint256 index)
    {
        (Record storage record, ProductHead head) = _known(product);
        PartyId by = _requireAnnotator(product, head, kind);
        if (head.full(kind)) revert AnnotationsFull(product, kind);

        if (kind != AnnotationKind.LIMIT) record.head = head.noted(kind);
        index = _annotations[product].open(
            Interval({
                from: uint40(block.timestamp),
                to: 0,
                by: by,
                kind: uint8(kind),
                reason: uint8(reason),
                // The first 12 of 32 bytes are what the record has room for.
                // forge-lint: disable-next-line(unsafe-typecast)
                evidence: bytes12(evidence)
            })
        );
        emit ProductAnnotated(product, by, index, kind, reason, evidence);
    }

    /// @inheritdoc IProductRegistry
    function release(ProductId product, uint256 index, bytes32 evidence) external {
        (Record storage record, ProductHead head) = _known(product);
        IntervalLog storage log = _annotations[product];
        if (!log.lasts(index)) revert AnnotationUnknown(product, index);
        Interval memory made = log.get(index);
        AnnotationKind kind = AnnotationKind(made.kind);
        PartyId by = _requireReleaser(product, index, made.by, kind);

        if (kind != AnnotationKind.LIMIT) record.head = head.freed(kind);
        log.close(index, uint40(block.timestamp));
        emit AnnotationReleased(product, by, index, evidence);
    }

    /* CASES */

    /// @inheritdoc IProductRegistry
    function open(
        PartyId applicant,
        Registration calldata registration,
        Profile profile,
        uint16 registrar,
        ProductState state,
        Share[] calldata shares
    ) external onlyDesk returns (ProductId product) {
        ProductHead blank = ProductHeadLibrary.blank(profile, state, registrar);
        product = _make(applicant, registration, shares.length == 0 ? blank : blank.withMoved(), block.timestamp);
        emit ProductOpened(
            product,
            applicant,
            profile,
            state,
            registrar,
            registration.contentRoot,
            registration.metadataHash,
            registration.particulars
        );
        if (shares.length != 0) _name(product, registration.particulars.rights(), shares);
    }

    /// @inheritdoc IProductRegistry
    function settle(ProductId product, ProductState state, uint16 registrar, uint40 since, uint40 until)
        external
        onlyDesk
    {
        (Record storage record, ProductHead head) = _known(product);
        record.head = head.settled(state, since, until).withRegistrar(registrar);
        emit ProductSettled(product, state, registrar, since, until);
    }

    /// @inheritdoc IProductRegistry
    function advance(ProductId product, PartyId by, bytes32 contentRoot, bytes32 metadataHash)
        external
        onlyDesk
        returns (uint16 version)
    {
        (Record storage record, ProductHead head) = _known(product);
        return _advance(product, record, head, by, contentRoot, metadataHash);
    }

    /// @inheritdoc IProductRegistry
    function move(ProductId product, PartyId from, PartyId to, uint8 rights) external onlyDesk {
        (Record storage record, ProductHead head) = _known(product);
        _move(product, record, head, from, to, rights);
    }

    /* LINEAGE */

    /// @inheritdoc IProductRegistry
    function derive(PartyId applicant, Registration calldata registration, uint32 purposes)
        external
        onlyLineage
        returns (ProductId product)
    {
        return _enter(applicant, registration, ProductHeadLibrary.OPEN_BLANK.limitedTo(purposes), block.timestamp);
    }

    /// @inheritdoc IProductRegistry
    function extend(ProductId product, PartyId by, uint16 latest, bytes32 contentRoot, bytes32 metadataHash)
        external
        onlyLineage
        returns (uint16 version)
    {
        (Record storage record, ProductHead head) = _extensible(product, by, latest);
        return _advance(product, record, head.withDerived(), by, contentRoot, metadataHash);
    }

    /// @inheritdoc IProductRegistry
    function confine(ProductId product, uint32 purposes) external onlyLineage {
        (Record storage record, ProductHead head) = _known(product);
        record.head = head.limitedTo(purposes);
    }

    /* ANCHORS */

    /// @inheritdoc IProductRegistry
    function promote(PartyId applicant, Registration calldata registration, uint40 since)
        external
        returns (ProductId product)
    {
        if (msg.sender != anchors) revert AnchorOnly(msg.sender);
        return _enter(applicant, registration, ProductHeadLibrary.OPEN_BLANK, since);
    }

    /* VIEWS */

    /// @inheritdoc IProductRegistry
    function idOf(PartyId applicant, bytes32 contentRoot, bytes32 metadataHash, uint64 salt)
        external
        view
        returns (ProductId)
    {
        return ProductIdLibrary.derive(address(this), applicant, contentRoot, metadataHash, salt);
    }

    /// @inheritdoc IProductRegistry
    function headOf(ProductId product) external view returns (ProductHead) {
        return _records[product].head;
    }

    /// @inheritdoc IProductRegistry
    function productRecord(ProductId product) external view returns (Product memory) {
        (, ProductHead head) = _known(product);
        return Product({
            applicant: head.applicant(),
            profile: head.profile(),
            state: head.state(),
            class: head.class(),
            rights: head.rights(),
            moved: head.moved(),
            latest: head.latest(),
            since: head.since(),
            until: head.until(),
            operated: head.operated(),
            registrar: head.registrar(),
            seizures: head.annotated(AnnotationKind.SEIZURE),
            controls: head.annotated(AnnotationKind.CONTROL),
            disputes: head.annotated(AnnotationKind.DISPUTE),
            derived: head.derived(),
            purposes: head.purposes()
        });
    }

    /// @inheritdoc IProductRegistry
    function versionDigest(ProductId product, uint16 version) public view returns (bytes32) {
        if (version != 1) return _versions[product][version];
        return _records[product].head.isNone() ? bytes32(0) : product.firstDigest();
    }

    /// @inheritdoc IProductRegistry
    function claimCount(bytes32 contentRoot) external view returns (uint256) {
        return _claims[contentRoot].first.count();
    }

    /// @inheritdoc IProductRegistry
    function claims(bytes32 contentRoot, uint256 first, uint256 limit) external view returns (Claim[] memory page) {
        Claims storage all = _claims[contentRoot];
        page = new Claim[](_pageSize(all.first.count(), first, limit));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = (first + i == 0 ? all.first : all.later[first + i]).unpack();
        }
    }

    /// @inheritdoc IProductRegistry
    function rightsOf(ProductId product, PartyId party) external view returns (uint8) {
        return _rightsOf(product, _records[product].head, party);
    }

    /// @inheritdoc IProductRegistry
    function holdingCount(ProductId product) external view returns (uint256) {
        return _holdingCounts[product];
    }

    /// @inheritdoc IProductRegistry
    function holdings(ProductId product, uint256 first, uint256 limit) external view returns (Holding[] memory page) {
        page = new Holding[](_pageSize(_holdingCounts[product], first, limit));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _holdings[product][first + i].unpack();
        }
    }

    /// @inheritdoc IProductRegistry
    function annotationCount(ProductId product) external view returns (uint256 total, uint256 live) {
        IntervalLog storage log = _annotations[product];
        return (log.total(), log.live());
    }

    /// @inheritdoc IProductRegistry
    function annotations(ProductId product, uint256 first, uint256 limit) external view returns (Interval[] memory) {
        return _annotations[product].page(first, limit);
    }

    /* INTERNAL */

    function _requireDesk() private view {
        if (msg.sender != desk) revert DeskOnly(msg.sender);
    }

    function _requireLineage() private view {
        if (msg.sender != lineage) revert LineageOnly(msg.sender);
    }

    function _register(PartyId applicant, Registration calldata registration) private returns (ProductId) {
        return _enter(applicant, registration, ProductHeadLibrary.OPEN_BLANK, block.timestamp);
    }

    function _enter(PartyId applicant, Registration calldata registration, ProductHead blank, uint256 since)
        private
        returns (ProductId product)
    {
        product = _make(applicant, registration, blank, since);
        emit ProductRegistered(
            product, applicant, registration.contentRoot, registration.metadataHash, registration.particulars
        );
    }

    /// @dev Judges a registration, fills in its head and claims its content, both as of `since`.
    function _make(PartyId applicant, Registration calldata registration, ProductHead head, uint256 since)
        private
        returns (ProductId product)
    {
        bytes32 contentRoot = registration.contentRoot;
        bytes32 metadataHash = registration.metadataHash;
        Particulars particulars = registration.particulars;
        if (contentRoot == 0) revert ContentRootMissing(metadataHash);
        if (!particulars.isPlain()) head = _judged(applicant, registration, head);
        product = ProductIdLibrary.derive(address(this), applicant, contentRoot, metadataHash, particulars.salt());
        Record storage record = _records[product];
        if (!record.head.isNone()) revert ProductTaken(product);

        record.head = head.filled(applicant, particulars, since);
        _claim(contentRoot, product, 1, since);
    }

    function _judged(PartyId applicant, Registration calldata registration, ProductHead head)
        private
        view
        returns (ProductHead)
    {
        Particulars particulars = registration.particulars;
        if (!particulars.valid()) revert ParticularsInvalid(particulars);
        if (!particulars.fits(head.profile())) revert ProfileUnfit(head.profile(), particulars);
        if (!particulars.withinSource()) revert RightsBeyondSource(particulars.source(), particulars.rights());
        if (particulars.source() == Source.DERIVED && !head.derived()) {
            if (head.profile() == Profile.OPEN) {
                bytes32 contentRoot = registration.contentRoot;
                revert DerivationMissing(
                    ProductIdLibrary.derive(
                        address(this), applicant, contentRoot, registration.metadataHash, particulars.salt()
                    ),
                    1
                );
            }
            head = head.withDerived();
        }
        return particulars.flags() & ParticularFlags.OPERATED == 0 ? head : head.withOperated();
    }

    function _name(ProductId product, uint8 registered, Share[] calldata shares) private {
        if (shares.length > MOST_SHARES) revert SharesTooMany(shares.length, MOST_SHARES);
        uint8 named;
        for (uint256 i = 0; i < shares.length; ++i) {
            PartyId party = shares[i].party;
            uint8 rights = shares[i].rights;
            if (rights == 0 || rights & ~registered != 0 || _openHoldings[product][party] != 0) {
                revert ShareInvalid(i, party, rights);
            }
            if (parties.standingOf(party) == Standing.NONE) revert IPartyRegistry.PartyUnknown(party);
            named |= rights;
            _begin(product, party, rights, uint40(block.timestamp));
        }
        if (named != registered) revert RightsUnassigned(registered & ~named);
        emit HoldersNamed(product, shares);
    }

    function _advance(
        ProductId product,
        Record storage record,
        ProductHead head,
        PartyId by,
        bytes32 contentRoot,
        bytes32 metadataHash
    ) private returns (uint16 version) {
        uint16 latest = head.latest();
        if (latest == type(uint16).max) revert VersionsExhausted(product, latest);
        if (contentRoot == 0) revert ContentRootMissing(metadataHash);

        version = latest + 1;
        record.head = head.advanced();
        _versions[product][version] = keccak256(abi.encode(contentRoot, metadataHash, versionDigest(product, latest)));
        _claim(contentRoot, product, version, block.timestamp);
        emit ProductUpdated(product, by, version, contentRoot, metadataHash);
    }

    function _move(ProductId product, Record storage record, ProductHead head, PartyId from, PartyId to, uint8 rights)
        private
    {
        if (rights == 0 || rights & ~Rights.ALL != 0) revert RightsInvalid(rights);
        if (from == to) revert TransferToSelf(product, from);
        uint8 held = _requireRights(product, head, from, rights);

        if (!head.moved()) {
            record.head = head.withMoved();
            _begin(product, from, held, head.since());
        }
        _hold(product, from, held & ~rights);
        _hold(product, to, _heldBy(product, to) | rights);
        emit RightsTransferred(product, from, to, rights);
    }

    /// @dev Claim 0 carries the count, later ones append: the hundredth costs what the second does.
    function _claim(bytes32 contentRoot, ProductId product, uint16 version, uint256 firstAt) private {
        Claims storage all = _claims[contentRoot];
        ClaimWord claim = ClaimWordLibrary.make(product, version, firstAt);
        ClaimWord first = all.first;
        uint256 count = first.count();
        if (count == 0) {
            all.first = claim.counted();
        } else {
            all.first = first.counted();
            all.later[count] = claim;
        }
    }

    /// @dev Ends the party's open holding, if there is one, and opens another for what it holds now, if anything.
    function _hold(ProductId product, PartyId party, uint8 rights) private {
        uint256 place = _openHoldings[product][party];
        if (place != 0) {
            _holdings[product][place - 1] = _holdings[product][place - 1].endedAt(uint40(block.timestamp));
            _openHoldings[product][party] = 0;
        }
        if (rights != 0) _begin(product, party, rights, uint40(block.timestamp));
    }

    function _begin(ProductId product, PartyId party, uint8 rights, uint40 from) private {
        uint256 index = _holdingCounts[product]++;
        _holdings[product][index] = HoldingWordLibrary.make(party, rights, from);
        _openHoldings[product][party] = index + 1;
    }

    function _heldBy(ProductId product, PartyId party) private view returns (uint8) {
        uint256 place = _openHoldings[product][party];
        return place == 0 ? 0 : _holdings[product][place - 1].rights();
    }

    function _rightsOf(ProductId product, ProductHead head, PartyId party) private view returns (uint8) {
        if (head.moved()) return _heldBy(product, party);
        return head.applicant() == party ? head.rights() : 0;
    }

    function _requireAnnotator(ProductId product, ProductHead head, AnnotationKind kind)
        private
        view
        returns (PartyId by)
    {
        bool limit = kind == AnnotationKind.LIMIT;
        if (limit && _rightsOf(product, head, parties.partyOf(msg.sender)) & Rights.HOLD != 0) {
            return parties.writer(msg.sender, Scope.REGISTER);
        }
        by = parties.writer(msg.sender, Scope.DECIDE);
        if ((limit || kind == AnnotationKind.DISPUTE) && _hasRegistrar(head, by)) return by;
        parties.requireRole(by, kind == AnnotationKind.CONTROL ? Role.REGULATOR : Role.COURT);
    }

    /// @dev The maker releases what it made. A court releases any other, but no seizure of one that is a court still.
    function _requireReleaser(ProductId product, uint256 index, PartyId maker, AnnotationKind kind)
        private
        view
        returns (PartyId by)
    {
        // A holder limits and releases as it registers; whoever has an office, by that.
        bool office = kind != AnnotationKind.LIMIT
            || parties.rolesOf(parties.partyOf(msg.sender)) & (Role.REGISTRAR | Role.COURT) != 0;
        by = parties.writer(msg.sender, office ? Scope.DECIDE : Scope.REGISTER);
        if (by == maker) return by;
        bool court = parties.rolesOf(by) & Role.COURT != 0;
        bool seized = kind == AnnotationKind.SEIZURE && parties.rolesOf(maker) & Role.COURT != 0;
        if (!court || seized) revert AnnotationNotYours(product, index, by);
    }

    /// @dev Whether the product is with this registrar, which is one still.
    function _hasRegistrar(ProductHead head, PartyId party) private view returns (bool) {
        uint16 number = head.registrar();
        return number != 0 && parties.registrarNumber(party) == number && parties.rolesOf(party) & Role.REGISTRAR != 0;
    }

    function _requireRights(ProductId product, ProductHead head, PartyId party, uint8 needed)
        private
        view
        returns (uint8 held)
    {
        held = _rightsOf(product, head, party);
        if (held & needed != needed) revert RightsMissing(product, party, held, needed);
    }

    function _known(ProductId product) private view returns (Record storage record, ProductHead head) {
        record = _records[product];
        head = record.head;
        if (head.isNone()) revert ProductUnknown(product);
    }

    /// @dev What may take another version from a holder of HOLD that knows the latest one.
    function _extensible(ProductId product, PartyId by, uint16 latest)
        private
        view
        returns (Record storage record, ProductHead head)
    {
        (record, head) = _open(product);
        _requireRights(product, head, by, Rights.HOLD);
        if (latest != head.latest()) revert VersionStale(product, latest, head.latest());
    }

    /// @dev What its holders may change by themselves: an `OPEN` product in force. Such a product never expires.
    function _open(ProductId product) private view returns (Record storage record, ProductHead head) {
        (record, head) = _known(product);
        if (head.profile() != Profile.OPEN) revert ProfileNeedsCase(product, head.profile());
        if (head.state() != ProductState.REGISTERED) revert ProductNotInForce(product, head.state());
    }

    /// @dev What a party may count its products to: one in force, of any profile, in which it holds HOLD.
    function _requireSeries(ProductId series, PartyId party) private view {
        ProductHead head = _records[series].head;
        // Most series are so; HOLD is among the rights of every product.
        if (head.isClearAndOf(party)) return;
        if (head.isNone()) revert ProductUnknown(series);
        if (head.state() != ProductState.REGISTERED) revert ProductNotInForce(series, head.state());
        if (head.expired(block.timestamp)) revert ProductExpired(series, head.until());
        _requireRights(series, head, party, Rights.HOLD);
    }

    function _revertEncumbered(ProductId product, ProductHead head) private pure {
        revert ProductEncumbered(
            product,
            head.annotated(AnnotationKind.SEIZURE),
            head.annotated(AnnotationKind.CONTROL),
            head.annotated(AnnotationKind.DISPUTE)
        );
    }

    function _pageSize(uint256 count, uint256 first, uint256 limit) private pure returns (uint256) {
        if (first >= count) return 0;
        uint256 rest = count - first;
        return rest < limit ? rest : limit;
    }
}
