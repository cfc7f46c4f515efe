// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {ClauseRules} from "./libraries/ClauseRules.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {Clause, Clauses, Field, ScopeClauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantStage, GrantState, GrantWord, GrantWordLibrary} from "./types/GrantState.sol";
import {Scope, Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
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

    /// @dev One word, in a struct so that its place is computed once where it is read and written.
    struct Record {
        GrantWord word;
    }

    mapping(GrantId grant => Record) private _grants;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    constructor(IPartyRegistry parties_, IProductRegistry products_) EIP712("Dengji", "1") {
        parties = parties_;
        products = products_;
    }

    /* ISSUING */

    /// @inheritdoc IGrantRegistry
    function issue(bytes calldata packed) external returns (GrantId grant) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        PartyId caller = parties.writerTowards(msg.sender, Scope.GRANT, clauses.sides.grantee());
        return _issue(caller, clauses, packed);
    }

    /// @inheritdoc IGrantRegistry
    function issueBatch(bytes[] calldata packed) external {
        PartyId caller = parties.writer(msg.sender, Scope.GRANT);
        // The caller is active. It is no grantee, but unlike zero it cannot hide one that does not exist.
        PartyId checked = caller;
        for (uint256 i = 0; i < packed.length; ++i) {
            Clauses memory clauses = ClausesCodec.unpack(packed[i]);
            PartyId grantee = clauses.sides.grantee();
            // Most batches are for one grantee: it is asked about once in a run.
            if (grantee != checked) parties.requireActive(checked = grantee);
            _issue(caller, clauses, packed[i]);
        }
    }

    /* REVOKING */

    /// @inheritdoc IGrantRegistry
    function revoke(GrantId grant, Reason reason) external {
        _revoke(parties.actor(msg.sender, Scope.REVOKE), grant, reason);
    }

    /// @inheritdoc IGrantRegistry
    function revokeBatch(GrantId[] calldata grants, Reason reason) external {
        PartyId by = parties.actor(msg.sender, Scope.REVOKE);
        for (uint256 i = 0; i < grants.length; ++i) {
            _revoke(by, grants[i], reason);
        }
    }

    /* VIEWS */

    /// @inheritdoc IGrantRegistry
    function idOf(GrantId parent, bytes calldata packed) external view returns (GrantId) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        return _idOf(parent, clauses);
    }

    /// @inheritdoc IGrantRegistry
    function stateOf(GrantId grant) external view returns (GrantState memory) {
        GrantWord word = _grants[grant].word;
        if (word.isNone()) revert GrantUnknown(grant);
        return word.unpack();
    }

    /// @inheritdoc IGrantRegistry
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict) {
        return _verdictOf(_grants[grant].word, _timeOf(time));
    }

    /// @inheritdoc IGrantRegistry
    function check(bytes calldata packed, Use calldata use) external view returns (Verdict) {
        uint40 time = _timeOf(use.time);
        Clauses memory clauses = ClausesCodec.unpack(packed);
        GrantWord word = _grants[_idOf(NO_GRANT, clauses)].word;
        Verdict verdict = _verdictOf(word, time);
        if (verdict != Verdict.OK) return verdict;
        if (time < clauses.limits.validFrom()) return Verdict.NOT_STARTED;
        ProductHead head = products.headOf(clauses.scope.product());
        verdict = ProductStanding.verdict(head, time);
        if (verdict != Verdict.OK) return verdict;
        if (use.user != clauses.sides.grantee()) return Verdict.USER_NOT_GRANTEE;
        verdict = _useVerdict(clauses, use, head.latest(), word.remaining());
        if (verdict != Verdict.OK) return verdict;
        return
            ClausesCodec.covers(packed, clauses.territories, use.territory) ? Verdict.OK : Verdict.TERRITORY_NOT_GRANTED;
    }

    /* INTERNAL */

    function _issue(PartyId caller, Clauses memory clauses, bytes calldata packed) private returns (GrantId grant) {
        ClauseRules.requireOneSided(clauses, block.timestamp);
        _requireSides(caller, clauses);
        ProductId product = clauses.scope.product();
        _requireProduct(product, clauses);

        grant = _idOf(NO_GRANT, clauses);
        Record storage record = _grants[grant];
        if (!record.word.isNone()) revert GrantTaken(grant);
        record.word = GrantWordLibrary.issued(clauses, block.timestamp);
        emit GrantIssued(grant, product, clauses.sides.grantee(), packed);
    }

    function _requireSides(PartyId caller, Clauses memory clauses) private view {
        PartyId grantor = clauses.sides.grantor();
        if (caller != grantor) revert GrantorMismatch(grantor, caller);
        if (clauses.sides.grantee() == caller) revert GranteeIsGrantor(caller);
        PartyId service = PartyId.wrap(uint64(clauses.encoded.get(Field.SERVICE_PARTY)));
        if (!service.isNone() && parties.standingOf(service) == Standing.NONE) {
            revert ClauseInvalid(Clause.SERVICE_PARTY, PartyId.unwrap(service));
        }
    }

    function _requireProduct(ProductId product, Clauses memory clauses) private view {
        ProductHead head = products.headOf(product);
        ProductStanding.requireGrantable(product, head, block.timestamp);
        ScopeClauses scope = clauses.scope;
        if (scope.version() > head.latest()) {
            revert VersionUnknown(product, scope.version(), head.latest());
        }
        _requireRights(product, scope, head, clauses.sides.grantor());
        if (head.class() != SecurityClass.GENERAL) _requireGuarded(product, scope, head);
    }

    function _requireRights(ProductId product, ScopeClauses scope, ProductHead head, PartyId grantor) private view {
        uint8 held =
            head.moved() ? products.rightsOf(product, grantor) : head.applicant() == grantor ? head.rights() : 0;
        bool entrusted = scope.template() == uint8(Template.ENTRUSTMENT);
        bool allowed = held & (entrusted ? Rights.HOLD | Rights.USE : Rights.OPERATE) != 0;
        uint8 granted = scope.rights();
        if (!allowed || granted & ~held != 0) {
            uint8 needed = granted | (entrusted ? Rights.HOLD : Rights.OPERATE);
            revert IProductRegistry.RightsMissing(product, grantor, held, needed);
        }
    }

    function _requireGuarded(ProductId product, ScopeClauses scope, ProductHead head) private pure {
        uint8 environment = scope.environment();
        if (environment == 0 || environment & ~GUARDED != 0) {
            revert EnvironmentTooOpen(product, head.class(), environment);
        }
    }

    function _revoke(PartyId by, GrantId grant, Reason reason) private {
        Record storage record = _grants[grant];
        GrantWord word = record.word;
        uint256 end = block.timestamp;
        if (by == word.grantor()) {
            // At most 63 days: no overflow.
            unchecked {
                end += uint256(word.noticeDays()) * 1 days;
            }
        } else if (by != word.grantee()) {
            // No party is zero, so that an unknown grant ends here too.
            if (word.isNone()) revert GrantUnknown(grant);
            revert GrantNotYours(grant, by);
        }
        if (word.endedBy(end)) revert GrantEndsAlready(grant, word.endsAt());

        record.word = word.revoked(end);
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit GrantRevoked(grant, by, uint40(end), reason);
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
        if (version > latest || (clauses.scope.version() != 0 && clauses.scope.version() != version)) {
            return Verdict.VERSION_NOT_GRANTED;
        }
        if (use.action == 0 || use.action & ~clauses.limits.actions() != 0) return Verdict.ACTION_NOT_GRANTED;
        if (use.purpose == 0 || use.purpose & ~clauses.limits.purposes() != 0) return Verdict.PURPOSE_NOT_GRANTED;
        uint8 environment = clauses.scope.environment();
        if (environment != 0 && (use.environment == 0 || use.environment & ~environment != 0)) {
            return Verdict.ENVIRONMENT_NOT_GRANTED;
        }
        if (clauses.scope.quotaUnit() == uint8(QuotaUnit.NONE)) return Verdict.OK;
        uint256 periodQuota = clauses.encoded.get(Field.PERIOD_QUOTA);
        bool exceeded = use.amount > remaining || (periodQuota != 0 && use.amount > periodQuota);
        return exceeded ? Verdict.QUOTA_EXCEEDED : Verdict.OK;
    }
}
