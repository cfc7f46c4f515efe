// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {ClauseRules} from "./libraries/ClauseRules.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {Clause, Clauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantOrigin, GrantStage, GrantState, GrantWord, GrantWordLibrary, UNLIMITED} from "./types/GrantState.sol";
import {Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead, ProductState} from "./types/Product.sol";
import {Use, Verdict} from "./types/Verdict.sol";
import {Environment, QuotaUnit, Reason, Rights, SecurityClass, Template} from "./types/Vocabulary.sol";

/// @title The implementation of `IGrantRegistry`
contract GrantRegistry is IGrantRegistry, EIP712 {
    /* CONSTANTS AND IMMUTABLES */

    uint8 internal constant GUARDED = Environment.SANDBOX | Environment.TEE | Environment.MPC;

    /// @inheritdoc IGrantRegistry
    IPartyRegistry public immutable parties;

    /// @inheritdoc IGrantRegistry
    IProductRegistry public immutable products;

    /* STORAGE */

    mapping(GrantId grant => GrantWord) private _grants;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    constructor(IPartyRegistry parties_, IProductRegistry products_) EIP712("Dengji", "1") {
        parties = parties_;
        products = products_;
    }

    /* ISSUING */

    /// @inheritdoc IGrantRegistry
    function issue(bytes calldata clauses) external returns (GrantId grant) {
        return _issue(clauses);
    }

    /// @inheritdoc IGrantRegistry
    function issueBatch(bytes[] calldata clauses) external {
        for (uint256 i = 0; i < clauses.length; ++i) {
            _issue(clauses[i]);
        }
    }

    /* REVOKING */

    /// @inheritdoc IGrantRegistry
    function revoke(GrantId grant, Reason reason) external {
        _revoke(parties.actor(msg.sender), grant, reason);
    }

    /// @inheritdoc IGrantRegistry
    function revokeBatch(GrantId[] calldata grants, Reason reason) external {
        PartyId by = parties.actor(msg.sender);
        for (uint256 i = 0; i < grants.length; ++i) {
            _revoke(by, grants[i], reason);
        }
    }

    /* VIEWS */

    /// @inheritdoc IGrantRegistry
    function idOf(GrantId parent, bytes calldata packed) external view returns (GrantId) {
        (Clauses memory clauses,) = ClausesCodec.unpack(packed);
        return _idOf(parent, clauses);
    }

    /// @inheritdoc IGrantRegistry
    function stateOf(GrantId grant) external view returns (GrantState memory) {
        GrantWord word = _grants[grant];
        if (word.isNone()) revert GrantUnknown(grant);
        return word.unpack();
    }

    /// @inheritdoc IGrantRegistry
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict) {
        return _verdictOf(_grants[grant], _timeOf(time));
    }

    /// @inheritdoc IGrantRegistry
    function check(bytes calldata packed, Use calldata use) external view returns (Verdict) {
        uint40 time = _timeOf(use.time);
        (Clauses memory clauses, uint256 territory) = ClausesCodec.unpack(packed);
        GrantWord word = _grants[_idOf(NO_GRANT, clauses)];
        Verdict verdict = _verdictOf(word, time);
        if (verdict != Verdict.OK) return verdict;
        if (time < clauses.validFrom) return Verdict.NOT_STARTED;
        ProductHead head = products.headOf(clauses.product);
        if (head.state() != ProductState.REGISTERED) return Verdict.PRODUCT_NOT_IN_FORCE;
        if (use.user != clauses.grantee) return Verdict.USER_NOT_GRANTEE;
        verdict = _useVerdict(clauses, use, head.latest(), word.remaining());
        if (verdict != Verdict.OK) return verdict;
        return ClausesCodec.covers(packed, territory, use.territory) ? Verdict.OK : Verdict.TERRITORY_NOT_GRANTED;
    }

    /* INTERNAL */

    function _issue(bytes calldata packed) private returns (GrantId grant) {
        (Clauses memory clauses,) = ClausesCodec.unpack(packed);
        ClauseRules.requireOneSided(clauses, uint40(block.timestamp));
        _requireSides(clauses);
        _requireProduct(clauses);

        grant = _idOf(NO_GRANT, clauses);
        if (!_grants[grant].isNone()) revert GrantTaken(grant);
        _grants[grant] = GrantWordLibrary.pack(
            GrantState({
                grantor: clauses.grantor,
                grantee: clauses.grantee,
                // Fits until 2106; the rules keep `validUntil` in 32 bits.
                since: uint32(block.timestamp),
                endsAt: uint32(clauses.validUntil),
                remaining: clauses.quotaUnit == uint8(QuotaUnit.NONE) ? UNLIMITED : clauses.quotaTotal,
                noticeDays: clauses.noticeDays,
                stage: GrantStage.ISSUED,
                origin: GrantOrigin.ONE_SIDED,
                periodic: clauses.periodQuota != 0
            })
        );
        emit GrantIssued(grant, clauses.product, clauses.grantee, NO_GRANT, packed);
    }

    function _requireSides(Clauses memory clauses) private view {
        PartyId caller = parties.writerTowards(msg.sender, clauses.grantee);
        if (caller != clauses.grantor) revert GrantorMismatch(clauses.grantor, caller);
        if (clauses.grantee == caller) revert GranteeIsGrantor(caller);
        PartyId service = clauses.serviceParty;
        if (!service.isNone() && parties.standingOf(service) == Standing.NONE) {
            revert ClauseInvalid(Clause.SERVICE_PARTY, PartyId.unwrap(service));
        }
        if (GrantId.unwrap(clauses.replaces) != 0) {
            revert ClauseInvalid(Clause.REPLACES, uint256(GrantId.unwrap(clauses.replaces)));
        }
    }

    function _requireProduct(Clauses memory clauses) private view {
        ProductHead head = products.headOf(clauses.product);
        ProductState state = head.state();
        if (state == ProductState.NONE) revert IProductRegistry.ProductUnknown(clauses.product);
        if (state != ProductState.REGISTERED) revert IProductRegistry.ProductNotInForce(clauses.product, state);
        if (clauses.version > head.latest()) {
            revert VersionUnknown(clauses.product, clauses.version, head.latest());
        }
        _requireRights(clauses, head);
        uint8 environment = clauses.environment;
        bool open = environment == 0 || environment & ~GUARDED != 0;
        if (open && head.class() != SecurityClass.GENERAL) {
            revert EnvironmentTooOpen(clauses.product, head.class(), environment);
        }
    }

    function _requireRights(Clauses memory clauses, ProductHead head) private view {
        uint8 held = head.applicant() == clauses.grantor ? head.rights() : 0;
        if (head.moved()) held = products.rightsOf(clauses.product, clauses.grantor);
        bool entrusted = clauses.template == uint8(Template.ENTRUSTMENT);
        bool allowed = held & (entrusted ? Rights.HOLD | Rights.USE : Rights.OPERATE) != 0;
        if (!allowed || clauses.rights & ~held != 0) {
            uint8 needed = clauses.rights | (entrusted ? Rights.HOLD : Rights.OPERATE);
            revert IProductRegistry.RightsMissing(clauses.product, clauses.grantor, held, needed);
        }
    }

    function _revoke(PartyId by, GrantId grant, Reason reason) private {
        GrantWord word = _grants[grant];
        if (word.isNone()) revert GrantUnknown(grant);
        uint40 end = uint40(block.timestamp);
        if (by == word.grantor()) end += uint40(word.noticeDays()) * 1 days;
        else if (by != word.grantee()) revert GrantNotYours(grant, by);
        uint40 endsAt = word.endsAt();
        if (endsAt != 0 && endsAt <= end) revert GrantEndsAlready(grant, endsAt);

        _grants[grant] = word.revoked(end);
        emit GrantRevoked(grant, by, end, reason);
    }

    function _idOf(GrantId parent, Clauses memory clauses) private view returns (GrantId) {
        return GrantId.wrap(_hashTypedDataV4(ClausesCodec.termsHash(parent, ClausesCodec.hash(clauses))));
    }

    function _timeOf(uint40 time) private view returns (uint40) {
        uint40 blockTime = uint40(block.timestamp);
        if (time == 0) return blockTime;
        if (time < blockTime) revert TimeBeforeBlock(time, blockTime);
        return time;
    }

    function _verdictOf(GrantWord word, uint40 time) private view returns (Verdict) {
        if (word.isNone()) return Verdict.GRANT_UNKNOWN;
        if (word.endedBy(time)) {
            return word.stage() == GrantStage.REVOKED ? Verdict.GRANT_REVOKED : Verdict.GRANT_ENDED;
        }
        if (parties.standingOf(word.grantor()) != Standing.ACTIVE) return Verdict.GRANTOR_SUSPENDED;
        if (parties.standingOf(word.grantee()) != Standing.ACTIVE) return Verdict.GRANTEE_SUSPENDED;
        return Verdict.OK;
    }

    /// @dev A use that declares no environment is not covered by a grant that names some.
    function _useVerdict(Clauses memory clauses, Use calldata use, uint16 latest, uint64 remaining)
        private
        pure
        returns (Verdict)
    {
        uint16 version = use.version == 0 ? latest : use.version;
        if (version > latest || (clauses.version != 0 && clauses.version != version)) {
            return Verdict.VERSION_NOT_GRANTED;
        }
        if (use.action == 0 || use.action & ~clauses.actions != 0) return Verdict.ACTION_NOT_GRANTED;
        if (use.purpose == 0 || use.purpose & ~clauses.purposes != 0) return Verdict.PURPOSE_NOT_GRANTED;
        uint8 environment = clauses.environment;
        if (environment != 0 && (use.environment == 0 || use.environment & ~environment != 0)) {
            return Verdict.ENVIRONMENT_NOT_GRANTED;
        }
        if (clauses.quotaUnit == uint8(QuotaUnit.NONE)) return Verdict.OK;
        bool exceeded = use.amount > remaining || (clauses.periodQuota != 0 && use.amount > clauses.periodQuota);
        return exceeded ? Verdict.QUOTA_EXCEEDED : Verdict.OK;
    }
}
