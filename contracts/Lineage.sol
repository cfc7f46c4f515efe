// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantJudge} from "./interfaces/IGrantJudge.sol";
import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {DerivedRegistration, ILineage} from "./interfaces/ILineage.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration} from "./interfaces/IProductRegistry.sol";
import {SourceRules} from "./libraries/SourceRules.sol";
import {Basis, Derivation, Source} from "./types/Derivation.sol";
import {GrantId} from "./types/GrantId.sol";
import {Scope, Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead, ProductState} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {Verdict} from "./types/Verdict.sol";
import {Purpose} from "./types/Vocabulary.sol";

/// @title The implementation of `ILineage`
contract Lineage is ILineage {
    /* CONSTANTS AND IMMUTABLES */

    uint256 private constant MOST_SOURCES = 16;
    uint256 private constant MOST_AGENTS = 16;

    /// @inheritdoc ILineage
    IPartyRegistry public immutable parties;

    /// @inheritdoc ILineage
    IProductRegistry public immutable products;

    /// @inheritdoc ILineage
    IGrantJudge public immutable grantJudge;

    /* STORAGE */

    mapping(ProductId product => mapping(uint256 version => bytes32)) private _derivations;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param grantJudge_ the contract that answers questions about grants
    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrantJudge grantJudge_) {
        parties = parties_;
        products = products_;
        grantJudge = grantJudge_;
    }

    /* DERIVING */

    /// @inheritdoc ILineage
    function register(Registration calldata registration, Derivation calldata derivation)
        external
        returns (ProductId product)
    {
        return _register(parties.writer(msg.sender, Scope.REGISTER), registration, derivation);
    }

    /// @inheritdoc ILineage
    function registerBatch(DerivedRegistration[] calldata items) external {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        for (uint256 i = 0; i < items.length; ++i) {
            _register(by, items[i].registration, items[i].derivation);
        }
    }

    /// @inheritdoc ILineage
    function update(
        ProductId product,
        uint16 latest,
        bytes32 contentRoot,
        bytes32 metadataHash,
        Derivation calldata derivation
    ) external returns (uint16 version) {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        // Before there is the new version: it cannot be among its own sources.
        Source[] memory sources = _judge(by, derivation);
        version = products.extend(product, by, latest, contentRoot, metadataHash);
        _requireWider(product, derivation.purposes);
        _keep(product, version, by, derivation, sources);
    }

    /// @inheritdoc ILineage
    function declare(ProductId product, Derivation calldata derivation) external {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        ProductHead head = products.headOf(product);
        if (head.isNone()) revert IProductRegistry.ProductUnknown(product);
        if (head.applicant() != by) revert ApplicantOnly(product, by);
        ProductState state = head.state();
        if (state != ProductState.DRAFT && state != ProductState.PENDING) revert DeclarationClosed(product, state);
        if (_derivations[product][1] != 0) revert DerivationTaken(product, 1);
        Source[] memory sources = _judge(by, derivation);
        products.confine(product, derivation.purposes);
        _keep(product, 1, by, derivation, sources);
    }

    /* VIEWS */

    /// @inheritdoc ILineage
    function judge(PartyId by, Derivation calldata derivation) external view returns (Source[] memory sources) {
        return _judge(by, derivation);
    }

    /// @inheritdoc ILineage
    function derivationDigest(ProductId product, uint16 version) external view returns (bytes32) {
        return _derivations[product][version];
    }

    /* INTERNAL */

    function _register(PartyId by, Registration calldata registration, Derivation calldata derivation)
        private
        returns (ProductId product)
    {
        Source[] memory sources = _judge(by, derivation);
        product = products.derive(by, registration, derivation.purposes);
        _keep(product, 1, by, derivation, sources);
    }

    function _keep(
        ProductId product,
        uint16 version,
        PartyId by,
        Derivation calldata derivation,
        Source[] memory sources
    ) private {
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        _derivations[product][version] = derivation.digest(product, version, by, uint40(block.timestamp), sources);
        emit ProductDerived(
            product,
            by,
            version,
            derivation.activity,
            derivation.purposes,
            derivation.method,
            derivation.agents,
            sources
        );
        for (uint256 i = 0; i < sources.length; ++i) {
            emit SourceUsed(sources[i].product, product, sources[i].version, version, sources[i].grant);
        }
    }

    function _judge(PartyId by, Derivation calldata derivation) private view returns (Source[] memory sources) {
        uint32 purposes = derivation.purposes;
        if (purposes & ~Purpose.ALL != 0) revert PurposesUnknown(purposes);
        _requireAgents(derivation.agents);
        uint256 count = derivation.sources.length;
        if (count == 0 || count > MOST_SOURCES) revert SourcesOutOfRange(count, MOST_SOURCES);
        sources = new Source[](count);
        uint256 before;
        for (uint256 i = 0; i < count; ++i) {
            Basis calldata basis = derivation.sources[i];
            uint256 place = uint256(uint160(ProductId.unwrap(basis.product))) << 16 | basis.version;
            if (i != 0 && place <= before) revert SourcesUnordered(i);
            before = place;
            sources[i] =
                Source({product: basis.product, version: basis.version, grant: _judgeSource(by, basis, purposes)});
        }
    }

    function _requireAgents(PartyId[] calldata agents) private view {
        if (agents.length > MOST_AGENTS) revert AgentsTooMany(agents.length, MOST_AGENTS);
        for (uint256 i = 0; i < agents.length; ++i) {
            if (parties.standingOf(agents[i]) == Standing.NONE) revert IPartyRegistry.PartyUnknown(agents[i]);
        }
    }

    /// @return grant the grant shown, zero where none is needed
    function _judgeSource(PartyId by, Basis calldata basis, uint32 declared) private view returns (GrantId grant) {
        ProductId source = basis.product;
        ProductHead head = products.headOf(source);
        SourceRules.requireFit(source, head, by);
        if (basis.version == 0 || basis.version > head.latest()) {
            revert IGrantRegistry.VersionUnknown(source, basis.version, head.latest());
        }
        uint32 allowed = head.purposes();
        if (basis.clauses.length == 0) {
            SourceRules.requireOwn(products, source, head, by);
        } else {
            Verdict verdict;
            ProductId granted;
            // A grant states purposes, and none beyond the product's.
            (verdict, granted, grant, allowed) = grantJudge.deriving(basis.above, basis.clauses, basis.version, by);
            SourceRules.requireGranted(source, granted, verdict);
        }
        if (_isWithin(declared, allowed)) return grant;
        revert PurposesBeyondSources(source, allowed, declared);
    }

    function _requireWider(ProductId product, uint32 declared) private view {
        uint32 allowed = products.headOf(product).purposes();
        if (!_isWithin(allowed, declared)) revert PurposesNarrowed(product, allowed, declared);
    }

    /// @dev No purposes at all are all of them.
    function _isWithin(uint32 inner, uint32 outer) private pure returns (bool) {
        return outer == 0 || (inner != 0 && inner & ~outer == 0);
    }
}
