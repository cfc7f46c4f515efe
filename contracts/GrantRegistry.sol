// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantBase} from "./GrantBase.sol";
import {IGrantJudge} from "./interfaces/IGrantJudge.sol";
import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {ClauseRules} from "./libraries/ClauseRules.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {GrantIds} from "./libraries/GrantIds.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {UseRules} from "./libraries/UseRules.sol";
import {Words} from "./libraries/Words.sol";
import {Approval, Path} from "./types/Approval.sol";
import {Clauses, Field, SideClauses} from "./types/Clauses.sol";
import {Debit} from "./types/Debit.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantOrigin, GrantWord, UNLIMITED} from "./types/GrantState.sol";
import {Scope} from "./types/Key.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {PeriodWord} from "./types/Period.sol";
import {ProductId} from "./types/ProductId.sol";
import {Usage} from "./types/Usage.sol";
import {Verdict, forDescendants} from "./types/Verdict.sol";
import {Form, Reason} from "./types/Vocabulary.sol";

/// @title The implementation of `IGrantRegistry`
/// @notice The code of what is done often. Whatever else is asked of this address is done by the code of `GrantOffice`
/// on the storage of this one, see ADR 0014: both are fixed for good.
contract GrantRegistry is IGrantRegistry, GrantBase {
    /* CONSTANTS AND IMMUTABLES */

    /// @dev The contract whose code serves all other calls; it is made after this one.
    address private immutable _office;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param judge_ the contract that answers questions, which may be made after this contract
    /// @param meter_ the contract that settles receipts, which may be made after this contract
    /// @param office_ the contract with the rest of the code, which may be made after this contract
    constructor(
        IPartyRegistry parties_,
        IProductRegistry products_,
        IGrantJudge judge_,
        address meter_,
        address office_
    ) GrantBase(parties_, products_, judge_, meter_) {
        _office = office_;
    }

    /// @dev Assembly, since Solidity cannot hand calldata on as it is, nor answer with what comes back.
    fallback() external {
        address office = _office;
        assembly ("memory-safe") {
            let space := mload(0x40)
            calldatacopy(space, 0, calldatasize())
            let done := delegatecall(gas(), office, space, calldatasize(), 0, 0)
            returndatacopy(space, 0, returndatasize())
            if iszero(done) { revert(space, returndatasize()) }
            return(space, returndatasize())
        }
    }

    /* ISSUING */

    /// @inheritdoc IGrantRegistry
    function issue(bytes calldata packed) external returns (GrantId grant) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        PartyId caller = _parties.writerTowards(msg.sender, Scope.GRANT, clauses.sides.grantee());
        return _issue(caller, clauses, packed);
    }

    /// @inheritdoc IGrantRegistry
    function issueBatch(bytes[] calldata packed) external {
        PartyId caller = _parties.writer(msg.sender, Scope.GRANT);
        // The caller is active. It is no grantee, but unlike zero it cannot hide one that does not exist.
        PartyId checked = caller;
        for (uint256 i = 0; i < packed.length; ++i) {
            Clauses memory clauses = ClausesCodec.unpack(packed[i]);
            PartyId grantee = clauses.sides.grantee();
            // Most batches are for one grantee: it is asked about once in a run.
            if (grantee != checked) _parties.requireActive(checked = grantee);
            _issue(caller, clauses, packed[i]);
        }
    }

    /// @inheritdoc IGrantRegistry
    function issueUnder(Path calldata path, bytes calldata packed, Approval calldata consent)
        external
        returns (GrantId grant)
    {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        PartyId caller = _parties.writerTowards(msg.sender, Scope.GRANT, clauses.sides.grantee());
        ClauseRules.requireOneSidedUnder(clauses, block.timestamp);
        PartyId grantor = clauses.sides.grantor();
        if (caller != grantor) revert GrantorMismatch(grantor, caller);
        _requireSides(clauses);
        GrantId parent;
        address consentSigner;
        (grant, parent, consentSigner) = _requireUnder(path, clauses, packed, consent);
        ProductId product = clauses.scope.product();
        _requireInForce(product, clauses);
        _keep(grant, clauses, GrantOrigin.SUB_GRANT);
        emit SubGrantIssued(grant, product, clauses.sides.grantee(), parent, consentSigner, packed);
    }

    /// @inheritdoc IGrantRegistry
    function agree(bytes calldata packed, Approval calldata grantor, Approval calldata grantee)
        external
        returns (GrantId grant)
    {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        ClauseRules.requireSigned(clauses, Form.TWO_SIDED, false, block.timestamp);
        grant = _idOf(NO_GRANT, clauses);
        _requireSignedBySides(grant, clauses, grantor, grantee);
        _agree(
            grant,
            NO_GRANT,
            clauses,
            packed,
            Signers({grantor: grantor.signer, grantee: grantee.signer, consent: address(0)})
        );
    }

    /// @inheritdoc IGrantRegistry
    function agreeUnder(
        Path calldata path,
        bytes calldata packed,
        Approval calldata grantor,
        Approval calldata grantee,
        Approval calldata consent
    ) external returns (GrantId grant) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        ClauseRules.requireSigned(clauses, Form.TWO_SIDED, true, block.timestamp);
        GrantId parent;
        address consentSigner;
        (grant, parent, consentSigner) = _requireUnder(path, clauses, packed, consent);
        _requireSignedBySides(grant, clauses, grantor, grantee);
        _agree(
            grant,
            parent,
            clauses,
            packed,
            Signers({grantor: grantor.signer, grantee: grantee.signer, consent: consentSigner})
        );
    }

    /* ENDING */

    /// @inheritdoc IGrantRegistry
    function revoke(GrantId grant, Reason reason) external {
        _revoke(_parties.actor(msg.sender, Scope.REVOKE), grant, reason);
    }

    /// @inheritdoc IGrantRegistry
    function revokeBatch(GrantId[] calldata grants, Reason reason) external {
        PartyId by = _parties.actor(msg.sender, Scope.REVOKE);
        for (uint256 i = 0; i < grants.length; ++i) {
            _revoke(by, grants[i], reason);
        }
    }

    /* USING */

    /// @inheritdoc IGrantRegistry
    function record(bytes32[] calldata above, bytes calldata packed, Usage usage) external returns (GrantId grant) {
        if (!usage.valid() || usage.amount() == 0) revert UsageInvalid(usage);
        Clauses memory clauses = ClausesCodec.unpack(packed);
        SideClauses sides = clauses.sides;
        PartyId by = _parties.recorder(msg.sender, Scope.USAGE, sides.grantor(), sides.grantee());
        bytes32 separator = _domainSeparatorV4();
        GrantId parent = _debitAbove(separator, above, usage.amount());
        grant = GrantIds.derive(separator, parent, ClausesCodec.hash(clauses));
        _requireRecorder(grant, by, clauses);
        _requireUse(grant, clauses, packed, usage);
        _debit(grant, usage.amount(), block.timestamp, false);
        emit UsageRecorded(grant, by, usage);
    }

    /// @inheritdoc IGrantRegistry
    function debit(bytes calldata debits, bytes32[] calldata lineages) external {
        if (msg.sender != _meter) revert MeterOnly(msg.sender);
        uint256 shown = 0;
        for (uint256 offset = 0; offset < debits.length;) {
            GrantId grant = GrantId.wrap(bytes32(Words.read(debits, offset)));
            Debit told;
            // Below the length of what a call carries nothing overflows.
            unchecked {
                told = Debit.wrap(Words.read(debits, offset + 32));
                offset += 64;
            }
            uint256 until = shown;
            if (told.words() != 0) {
                until += told.words();
                _debitLineage(grant, told, lineages[shown:until]);
            }
            _debitSettled(grant, told, shown == until);
            shown = until;
        }
    }

    /* VIEWS */

    /// @inheritdoc IGrantRegistry
    function wordOf(GrantId grant) external view returns (GrantWord) {
        return _grants[grant].word;
    }

    /// @inheritdoc IGrantRegistry
    function periodOf(GrantId grant) external view returns (PeriodWord) {
        return _periods[grant];
    }

    /// @inheritdoc IGrantRegistry
    function derivable(bytes32[] calldata above, bytes calldata packed, PartyId by)
        external
        view
        returns (Verdict, ProductId)
    {
        return _judge.derivable(above, packed, by);
    }

    /* INTERNAL */

    function _issue(PartyId caller, Clauses memory clauses, bytes calldata packed) private returns (GrantId grant) {
        ClauseRules.requireOneSided(clauses, block.timestamp);
        PartyId grantor = clauses.sides.grantor();
        if (caller != grantor) revert GrantorMismatch(grantor, caller);
        _requireSides(clauses);
        ProductId product = clauses.scope.product();
        _requireRights(product, clauses.scope, _requireInForce(product, clauses), grantor);

        grant = _idOf(NO_GRANT, clauses);
        _keep(grant, clauses, GrantOrigin.ONE_SIDED);
        emit GrantIssued(grant, product, clauses.sides.grantee(), packed);
    }

    function _revoke(PartyId by, GrantId grant, Reason reason) private {
        Record storage record_ = _grants[grant];
        GrantWord word = record_.word;
        uint256 end = block.timestamp;
        if (by == word.grantor()) {
            // At most 63 days: no overflow.
            unchecked {
                end += uint256(word.noticeDays()) * 1 days;
            }
        } else if (by != word.grantee()) {
            // No party is zero, so that an unknown grant ends here too.
            _requireOffice(grant, word, by, Role.COURT);
        }
        if (word.endedBy(end)) revert GrantEndsAlready(grant, word.endsAt());

        record_.word = word.revoked(end);
        // Block times fit 40 bits for another 34,000 years.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit GrantRevoked(grant, by, uint40(end), reason);
    }

    /// @dev One of the sides or the service party, while both sides are active.
    function _requireRecorder(GrantId grant, PartyId by, Clauses memory clauses) private pure {
        if (by == clauses.sides.grantor() || by == clauses.sides.grantee()) return;
        if (by != PartyId.wrap(uint64(clauses.encoded.get(Field.SERVICE_PARTY)))) revert GrantNotYours(grant, by);
    }

    function _requireUse(GrantId grant, Clauses memory clauses, bytes calldata packed, Usage usage) private view {
        if (block.timestamp < clauses.limits.validFrom()) revert UsageRefused(grant, Verdict.NOT_STARTED);
        Verdict verdict = ProductStanding.verdict(_products.headOf(clauses.scope.product()), block.timestamp);
        if (verdict != Verdict.OK) revert UsageRefused(grant, verdict);
        verdict = UseRules.ofClauses(
            clauses, packed, usage.action(), usage.purpose(), usage.environment(), usage.territory()
        );
        if (verdict != Verdict.OK) revert UsageRefused(grant, verdict);
    }

    /// @return last the lowest of them, none where there are none
    function _debitAbove(bytes32 separator, bytes32[] calldata above, uint256 amount) private returns (GrantId last) {
        for (uint256 i = 0; i < above.length; ++i) {
            last = GrantIds.derive(separator, last, above[i]);
            _debit(last, amount, block.timestamp, true);
        }
    }

    /// @dev Debits what a sub-grant rests on.
    function _debitLineage(GrantId grant, Debit told, bytes32[] calldata lineage) private {
        bytes32 separator = _domainSeparatorV4();
        GrantId last = NO_GRANT;
        for (uint256 i = 0; i < lineage.length; ++i) {
            last = GrantIds.derive(separator, last, lineage[i]);
            if (i + 1 < lineage.length) _debit(last, told.amount(), told.usedAt(), true);
        }
        if (!(last == grant)) revert LineageMismatch(grant, last);
    }

    /// @param alone whether no lineage was shown, which is for a sub-grant, lest what it rests on be left out
    function _debitSettled(GrantId grant, Debit told, bool alone) private {
        GrantWord word = _debit(grant, told.amount(), told.usedAt(), false);
        if (alone) {
            if (word.isSubGrant()) revert LineageMismatch(grant, NO_GRANT);
        }
        if (told.usedAt() < word.since()) revert UsageRefused(grant, Verdict.NOT_STARTED);
        if (word.parties() != told.parties()) _refuseSides(grant, word, told);
    }

    function _refuseSides(GrantId grant, GrantWord word, Debit told) private pure {
        bool granted = word.grantor() == told.grantor();
        revert GrantNotYours(grant, granted ? told.grantee() : told.grantor());
    }

    /// @param time when it was used; what is suspended now takes no debits, of whatever time
    function _debit(GrantId grant, uint256 amount, uint256 time, bool above) private returns (GrantWord word) {
        Record storage record_ = _grants[grant];
        word = record_.word;
        if (!word.stands(time)) _refuse(grant, word.standing(time), above);
        uint64 left = word.remaining();
        if (left != UNLIMITED) {
            if (amount > left) _refuse(grant, Verdict.QUOTA_EXCEEDED, above);
            record_.word = word.debited(amount);
        }
        if (word.periodic()) _debitPeriod(grant, amount, time, above);
    }

    function _debitPeriod(GrantId grant, uint256 amount, uint256 time, bool above) private {
        PeriodWord period = _periods[grant];
        if (!period.allows(time, amount)) _refuse(grant, Verdict.PERIOD_EXCEEDED, above);
        _periods[grant] = period.debited(time, amount);
    }

    function _refuse(GrantId grant, Verdict verdict, bool above) private pure {
        revert UsageRefused(grant, above ? forDescendants(verdict) : verdict);
    }
}
