// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration} from "./interfaces/IProductRegistry.sol";
import {Claim, ClaimWord, ClaimWordLibrary} from "./types/Claim.sol";
import {Holding, HoldingWord, HoldingWordLibrary} from "./types/Holding.sol";
import {Scope} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {Particulars, ProductHead, ProductHeadLibrary, ProductState} from "./types/Product.sol";
import {ProductId, ProductIdLibrary} from "./types/ProductId.sol";
import {Rights} from "./types/Vocabulary.sol";

/// @title The implementation of `IProductRegistry`
contract ProductRegistry is IProductRegistry {
    /* IMMUTABLES */

    /// @inheritdoc IProductRegistry
    IPartyRegistry public immutable parties;

    /* STORAGE */

    /// @dev The claims on one content root: claim 0, which carries the count, and the later ones by index.
    struct Claims {
        ClaimWord first;
        mapping(uint256 index => ClaimWord) later;
    }

    mapping(ProductId product => ProductHead) private _heads;
    mapping(bytes32 contentRoot => Claims) private _claims;
    mapping(ProductId product => mapping(uint256 version => bytes32)) private _versions;
    mapping(ProductId product => mapping(uint256 index => HoldingWord)) private _holdings;
    mapping(ProductId product => uint256) private _holdingCounts;
    mapping(ProductId product => mapping(PartyId party => uint256)) private _openHoldings;

    /* CONSTRUCTOR */

    /// @param parties_ the registry that says who may write
    constructor(IPartyRegistry parties_) {
        parties = parties_;
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
    function update(ProductId product, uint16 latest, bytes32 contentRoot, bytes32 metadataHash)
        external
        returns (uint16 version)
    {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        ProductHead head = _requireInForce(product);
        _requireRights(product, head, by, Rights.HOLD);
        if (latest != head.latest()) revert VersionStale(product, latest, head.latest());
        if (latest == type(uint16).max) revert VersionsExhausted(product, latest);
        if (contentRoot == 0) revert ContentRootMissing(metadataHash);

        version = latest + 1;
        _heads[product] = head.advanced();
        _versions[product][version] = keccak256(abi.encode(contentRoot, metadataHash, versionDigest(product, latest)));
        _claim(contentRoot, product, version);
        emit ProductUpdated(product, by, version, contentRoot, metadataHash);
    }

    /// @inheritdoc IProductRegistry
    function retire(ProductId product) external {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        ProductHead head = _requireInForce(product);
        _requireRights(product, head, by, Rights.HOLD);
        _heads[product] = head.retired(uint40(block.timestamp));
        emit ProductRetired(product, by);
    }

    /* RIGHTS */

    /// @inheritdoc IProductRegistry
    function transfer(ProductId product, PartyId to, uint8 rights) external {
        PartyId from = parties.writerTowards(msg.sender, Scope.TRANSFER, to);
        ProductHead head = _requireInForce(product);
        if (rights == 0 || rights & ~Rights.ALL != 0) revert RightsInvalid(rights);
        if (from == to) revert TransferToSelf(product, from);
        uint8 held = _requireRights(product, head, from, rights);

        if (!head.moved()) {
            _heads[product] = head.withMoved();
            _open(product, from, held, head.since());
        }
        _hold(product, from, held & ~rights);
        _hold(product, to, _heldBy(product, to) | rights);
        emit RightsTransferred(product, from, to, rights);
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
        return _heads[product];
    }

    /// @inheritdoc IProductRegistry
    function productRecord(ProductId product) external view returns (Product memory) {
        ProductHead head = _requireKnown(product);
        return Product({
            applicant: head.applicant(),
            profile: head.profile(),
            state: head.state(),
            class: head.class(),
            rights: head.rights(),
            moved: head.moved(),
            latest: head.latest(),
            since: head.since(),
            until: head.until()
        });
    }

    /// @inheritdoc IProductRegistry
    function versionDigest(ProductId product, uint16 version) public view returns (bytes32) {
        if (version != 1) return _versions[product][version];
        return _heads[product].isNone() ? bytes32(0) : product.firstDigest();
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
        return _rightsOf(product, _heads[product], party);
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

    /* INTERNAL */

    function _register(PartyId applicant, Registration calldata registration) private returns (ProductId product) {
        bytes32 contentRoot = registration.contentRoot;
        bytes32 metadataHash = registration.metadataHash;
        Particulars particulars = registration.particulars;
        if (contentRoot == 0) revert ContentRootMissing(metadataHash);
        if (!particulars.valid()) revert ParticularsInvalid(particulars);
        product = ProductIdLibrary.derive(address(this), applicant, contentRoot, metadataHash, particulars.salt());
        if (!_heads[product].isNone()) revert ProductTaken(product);

        _heads[product] = ProductHeadLibrary.open(applicant, particulars, block.timestamp);
        _claim(contentRoot, product, 1);
        emit ProductRegistered(product, applicant, contentRoot, metadataHash, particulars);
    }

    /// @dev Claim 0 carries the count, later ones append: the hundredth costs what the second does.
    function _claim(bytes32 contentRoot, ProductId product, uint16 version) private {
        Claims storage all = _claims[contentRoot];
        ClaimWord claim = ClaimWordLibrary.make(product, version, block.timestamp);
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
        if (rights != 0) _open(product, party, rights, uint40(block.timestamp));
    }

    function _open(ProductId product, PartyId party, uint8 rights, uint40 from) private {
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

    function _requireRights(ProductId product, ProductHead head, PartyId party, uint8 needed)
        private
        view
        returns (uint8 held)
    {
        held = _rightsOf(product, head, party);
        if (held & needed != needed) revert RightsMissing(product, party, held, needed);
    }

    function _requireKnown(ProductId product) private view returns (ProductHead head) {
        head = _heads[product];
        if (head.isNone()) revert ProductUnknown(product);
    }

    function _requireInForce(ProductId product) private view returns (ProductHead head) {
        head = _requireKnown(product);
        if (head.state() != ProductState.REGISTERED) revert ProductNotInForce(product, head.state());
    }

    function _pageSize(uint256 count, uint256 first, uint256 limit) private pure returns (uint256) {
        if (first >= count) return 0;
        uint256 rest = count - first;
        return rest < limit ? rest : limit;
    }
}
