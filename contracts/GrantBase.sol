// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IGrantJudge} from "./interfaces/IGrantJudge.sol";
import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {Attenuation} from "./libraries/Attenuation.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {GrantIds} from "./libraries/GrantIds.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Approval, Path} from "./types/Approval.sol";
import {Clause, Clauses, Field, ScopeClauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantOrigin, GrantStage, GrantWord, GrantWordLibrary} from "./types/GrantState.sol";
import {Scope, Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {PeriodWord, PeriodWordLibrary} from "./types/Period.sol";
import {ProductHead, Profile} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {forDescendants} from "./types/Verdict.sol";
import {Environment, Rights, SecurityClass, SubDelegation, Template} from "./types/Vocabulary.sol";

/// @notice What the two codes of the registry of grants share: storage, and how grants come to be and are judged.
/// @dev Whatever is stored is declared here, so that both codes find it in the same places.
abstract contract GrantBase is EIP712 {
    /* CONSTANTS AND IMMUTABLES */

    uint8 internal constant GUARDED = Environment.SANDBOX | Environment.TEE | Environment.MPC;

    bytes32 internal constant CONSENT_TYPEHASH = keccak256("Consent(bytes32 grant)");

    IPartyRegistry internal immutable _parties;
    IProductRegistry internal immutable _products;
    IGrantJudge internal immutable _judge;
    address internal immutable _meter;

    /* STORAGE */

    /// @dev One word, in a struct so that its place is computed once where it is read and written.
    struct Record {
        GrantWord word;
    }

    /// @dev Who signed an agreement; zero where no consent was needed.
    struct Signers {
        address grantor;
        address grantee;
        address consent;
    }

    mapping(GrantId grant => Record) internal _grants;
    mapping(GrantId grant => PeriodWord) internal _periods;
    mapping(GrantId grant => IntervalLog) internal _suspensions;

    /* CONSTRUCTOR */

    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrantJudge judge_, address meter_)
        EIP712("Dengji", "1")
    {
        _parties = parties_;
        _products = products_;
        _judge = judge_;
        _meter = meter_;
    }

    /* MAKING */

    /// @dev Makes a grant that both sides signed.
    function _agree(
        GrantId grant,
        GrantId parent,
        Clauses memory clauses,
        bytes calldata packed,
        Signers memory signers
    ) internal {
        _requireSides(clauses);
        ProductId product = clauses.scope.product();
        ProductHead head = _requireInForce(product, clauses);
        bool under = !(parent == NO_GRANT);
        // Whoever grants further passes on what it was granted.
        if (!under) _requireRights(product, clauses.scope, head, clauses.sides.grantor());
        _keep(grant, clauses, under ? GrantOrigin.SUB_GRANT : GrantOrigin.SIGNED);
        emit IGrantRegistry.GrantAgreed(
            grant, product, clauses.sides.grantee(), parent, signers.grantor, signers.grantee, signers.consent, packed
        );
        _replace(grant, clauses);
    }

    function _keep(GrantId grant, Clauses memory clauses, GrantOrigin origin) internal {
        GrantWord word = GrantWordLibrary.issued(clauses, block.timestamp);
        _vacant(grant).word = word.withOrigin(origin);
        if (word.periodic()) _keepPeriod(grant, clauses);
    }

    /// @dev Periods are counted from the start of the window, or from now where that is past.
    function _keepPeriod(GrantId grant, Clauses memory clauses) internal {
        uint256 from = clauses.limits.validFrom();
        _periods[grant] = PeriodWordLibrary.make(
            clauses.encoded.get(Field.PERIOD_QUOTA),
            clauses.encoded.get(Field.PERIOD_LENGTH),
            from > block.timestamp ? from : block.timestamp
        );
    }

    /// @dev Ends the grant that a new one replaces, if it names one.
    function _replace(GrantId grant, Clauses memory clauses) internal {
        GrantId replaced = GrantId.wrap(bytes32(clauses.encoded.get(Field.REPLACES)));
        if (replaced == NO_GRANT) return;
        Record storage record_ = _grants[replaced];
        GrantWord word = record_.word;
        if (word.isNone()) revert IGrantRegistry.GrantUnknown(replaced);
        if (word.grantor() != clauses.sides.grantor() || word.grantee() != clauses.sides.grantee()) {
            revert IGrantRegistry.ReplacedSidesDiffer(replaced);
        }
        if (word.endedBy(block.timestamp)) revert IGrantRegistry.GrantEndsAlready(replaced, word.endsAt());
        record_.word = word.ended(block.timestamp);
        emit IGrantRegistry.GrantReplaced(replaced, grant);
    }

    function _vacant(GrantId grant) internal view returns (Record storage record_) {
        record_ = _grants[grant];
        GrantWord word = record_.word;
        if (word.isNone()) return record_;
        if (word.stage() == GrantStage.VOIDED) revert IGrantRegistry.OfferIsVoid(grant);
        revert IGrantRegistry.GrantTaken(grant);
    }

    function _requireSides(Clauses memory clauses) internal view {
        PartyId grantor = clauses.sides.grantor();
        if (clauses.sides.grantee() == grantor) revert IGrantRegistry.GranteeIsGrantor(grantor);
        PartyId service = PartyId.wrap(uint64(clauses.encoded.get(Field.SERVICE_PARTY)));
        if (!service.isNone() && _parties.standingOf(service) == Standing.NONE) {
            revert IGrantRegistry.ClauseInvalid(Clause.SERVICE_PARTY, PartyId.unwrap(service));
        }
    }

    /* PRODUCTS */

    function _requireInForce(ProductId product, Clauses memory clauses) internal view returns (ProductHead head) {
        head = _products.headOf(product);
        ProductStanding.requireGrantable(product, head, clauses.limits.purposes(), block.timestamp);
        ScopeClauses scope = clauses.scope;
        if (scope.version() > head.latest()) {
            revert IGrantRegistry.VersionUnknown(product, scope.version(), head.latest());
        }
        if (head.class() != SecurityClass.GENERAL) _requireGuarded(product, scope, head);
    }

    /// @dev Who grants holds OPERATE; who entrusts HOLD or USE; who gives public data into operation HOLD.
    function _requireRights(ProductId product, ScopeClauses scope, ProductHead head, PartyId grantor) internal view {
        uint8 held =
            head.moved() ? _products.rightsOf(product, grantor) : head.applicant() == grantor ? head.rights() : 0;
        uint8 template = scope.template();
        uint8 needed = Rights.OPERATE;
        if (template == uint8(Template.ENTRUSTMENT)) needed = Rights.HOLD | Rights.USE;
        if (template == uint8(Template.PUBLIC_OPERATION)) {
            if (head.profile() != Profile.PUBLIC) revert IGrantRegistry.ProfileNotPublic(product, head.profile());
            needed = Rights.HOLD;
        }
        uint8 granted = scope.rights();
        if (held & needed == 0 || granted & ~held != 0) {
            // Of HOLD or USE the first is named.
            needed = granted | (needed == Rights.OPERATE ? needed : Rights.HOLD);
            revert IProductRegistry.RightsMissing(product, grantor, held, needed);
        }
    }

    function _requireGuarded(ProductId product, ScopeClauses scope, ProductHead head) internal pure {
        uint8 environment = scope.environment();
        if (environment == 0 || environment & ~GUARDED != 0) {
            revert IGrantRegistry.EnvironmentTooOpen(product, head.class(), environment);
        }
    }

    /* SIGNATURES */

    function _requireSignedBySides(
        GrantId grant,
        Clauses memory clauses,
        Approval calldata grantor,
        Approval calldata grantee
    ) internal view {
        _requireSignedBy(clauses.sides.grantor(), grantor, GrantId.unwrap(grant));
        _requireSignedBy(clauses.sides.grantee(), grantee, GrantId.unwrap(grant));
    }

    function _requireSignedBy(PartyId party, Approval calldata approval, bytes32 digest) internal view {
        if (_parties.writer(approval.signer, Scope.GRANT) != party) {
            revert IGrantRegistry.SignerMismatch(party, approval.signer);
        }
        Signatures.requireSigned(approval, digest);
    }

    /* RESTING ON OTHERS */

    /// @dev Makes sure that all above can be used, that the clauses are nowhere wider than the parent's, and that its
    /// grantor consents where it must.
    function _requireUnder(Path calldata path, Clauses memory clauses, bytes calldata packed, Approval calldata consent)
        internal
        view
        returns (GrantId grant, GrantId parent, address consentSigner)
    {
        bytes32 separator = _domainSeparatorV4();
        for (uint256 i = 0; i < path.above.length; ++i) {
            parent = GrantIds.derive(separator, parent, path.above[i]);
            _requireStanding(parent);
        }
        Clauses memory above = ClausesCodec.unpack(path.clauses);
        parent = GrantIds.derive(separator, parent, ClausesCodec.hash(above));
        GrantWord word = _requireStanding(parent);
        if (word.grantee() != clauses.sides.grantor()) {
            revert IGrantRegistry.ParentNotYours(parent, clauses.sides.grantor());
        }
        Attenuation.requireNarrower(above, path.clauses, clauses, packed);

        grant = GrantIds.derive(separator, parent, ClausesCodec.hash(clauses));
        if (above.scope.subDelegation() == uint8(SubDelegation.CONSENT)) {
            bytes32 signed = keccak256(abi.encode(CONSENT_TYPEHASH, grant));
            _requireSignedBy(word.grantor(), consent, _hashTypedDataV4(signed));
            consentSigner = consent.signer;
        }
    }

    function _requireStanding(GrantId grant) internal view returns (GrantWord word) {
        word = _grants[grant].word;
        if (!word.stands(block.timestamp)) {
            revert IGrantRegistry.AncestorNotInForce(grant, forDescendants(word.standing(block.timestamp)));
        }
    }

    /* SIDES */

    /// @dev Whoever is no side acts by an office, for which its agents need the scope of decisions.
    function _requireOffice(GrantId grant, GrantWord word, PartyId by, uint16 roles) internal view {
        if (word.isNone() || _parties.rolesOf(by) & roles == 0) _refuseStranger(grant, word, by);
        _parties.actor(msg.sender, Scope.DECIDE);
    }

    function _refuseStranger(GrantId grant, GrantWord word, PartyId by) internal pure {
        if (word.isNone()) revert IGrantRegistry.GrantUnknown(grant);
        revert IGrantRegistry.GrantNotYours(grant, by);
    }

    function _idOf(GrantId parent, Clauses memory clauses) internal view returns (GrantId) {
        return GrantIds.derive(_domainSeparatorV4(), parent, ClausesCodec.hash(clauses));
    }
}
