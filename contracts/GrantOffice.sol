// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantBase} from "./GrantBase.sol";
import {IGrantJudge} from "./interfaces/IGrantJudge.sol";
import {IGrantOffice} from "./interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {ClauseRules} from "./libraries/ClauseRules.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {WordBuffer, Words} from "./libraries/Words.sol";
import {Approval} from "./types/Approval.sol";
import {Clause, Clauses, Field, SideClauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantState, GrantWord, GrantWordLibrary} from "./types/GrantState.sol";
import {Interval} from "./types/Interval.sol";
import {Scope} from "./types/Key.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {Use, Verdict} from "./types/Verdict.sol";
import {Form, Reason} from "./types/Vocabulary.sol";

/// @title The implementation of `IGrantOffice`
/// @notice The code of what is seldom done to grants. It runs at the address and on the storage of the registry, which
/// hands on to it whatever it has no code for; called by itself it refuses.
contract GrantOffice is IGrantOffice, GrantBase {
    /* CONSTANTS AND IMMUTABLES */

    uint256 internal constant FEWEST_JOINT = 2;
    uint256 internal constant MOST_JOINT = 16;

    bytes32 private constant AGREEMENT_TYPEHASH = keccak256("Agreement(bytes32 agreement,uint40 offerUntil)");
    bytes32 private constant ENDING_TYPEHASH = keccak256("Ending(bytes32 grant,uint40 endsAt,uint40 deadline)");

    /// @dev Where this code lies, which is not where it is to run.
    address private immutable _here = address(this);

    /// @dev What is written here by itself would be no registry's.
    // forge-lint: disable-start(unwrapped-modifier-logic)
    modifier atRegistry() {
        if (address(this) == _here) revert RegistryOnly(address(this));
        _;
    }
    // forge-lint: disable-end(unwrapped-modifier-logic)

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param judge_ the contract that answers questions
    /// @param meter_ the contract that settles receipts
    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrantJudge judge_, address meter_)
        GrantBase(parties_, products_, judge_, meter_)
    {}

    /* AGREEING */

    /// @inheritdoc IGrantOffice
    function agreeJointly(bytes[] calldata packed, Approval[] calldata approvals)
        external
        atRegistry
        returns (GrantId[] memory made)
    {
        if (packed.length < FEWEST_JOINT || packed.length > MOST_JOINT) {
            revert IGrantRegistry.AgreementSizeInvalid(packed.length);
        }
        Clauses[] memory all = _requireJoint(packed);
        bytes32 agreement = bytes32(all[0].encoded.get(Field.AGREEMENT));
        bytes32 signed = keccak256(abi.encode(AGREEMENT_TYPEHASH, agreement, all[0].limits.offerUntil()));
        PartyId[] memory signers = _requireApprovals(approvals, _hashTypedDataV4(signed));
        made = new GrantId[](packed.length);
        for (uint256 i = 0; i < packed.length; ++i) {
            address grantor = _signerFor(all[i].sides.grantor(), signers, approvals);
            address grantee = _signerFor(all[i].sides.grantee(), signers, approvals);
            made[i] = _idOf(NO_GRANT, all[i]);
            _agree(
                made[i], NO_GRANT, all[i], packed[i], Signers({grantor: grantor, grantee: grantee, consent: address(0)})
            );
        }
    }

    /// @inheritdoc IGrantOffice
    function voidOffer(GrantId parent, bytes calldata packed) external atRegistry returns (GrantId grant) {
        PartyId by = _parties.actor(msg.sender, Scope.REVOKE);
        Clauses memory clauses = ClausesCodec.unpack(packed);
        SideClauses sides = clauses.sides;
        grant = _idOf(parent, clauses);
        if (by != sides.grantor() && by != sides.grantee()) revert IGrantRegistry.GrantNotYours(grant, by);
        uint8 form = clauses.scope.form();
        // Nobody offers what one side issues.
        if (form == uint8(Form.ONE_SIDED)) revert IGrantRegistry.ClauseInvalid(Clause.FORM, form);
        Record storage record_ = _vacant(grant);
        record_.word = GrantWordLibrary.voided(sides, block.timestamp);
        emit IGrantRegistry.OfferVoided(grant, by, sides.grantor(), sides.grantee());
    }

    /* SUSPENDING */

    /// @inheritdoc IGrantOffice
    function suspend(GrantId grant, Reason reason, bytes12 evidence) external atRegistry returns (uint256 index) {
        PartyId by = _parties.writer(msg.sender, Scope.GRANT);
        Record storage record_ = _grants[grant];
        GrantWord word = record_.word;
        if (by != word.grantor()) _requireOffice(grant, word, by, Role.REGULATOR | Role.COURT);
        if (word.endedBy(block.timestamp)) revert IGrantRegistry.GrantEndsAlready(grant, word.endsAt());

        if (!word.suspended()) record_.word = word.halted();
        index = _suspensions[grant].open(
            Interval({from: uint40(block.timestamp), to: 0, by: by, kind: 0, reason: uint8(reason), evidence: evidence})
        );
        emit IGrantRegistry.GrantSuspended(grant, by, index, reason, evidence);
    }

    /// @inheritdoc IGrantOffice
    function resume(GrantId grant, uint256 index) external atRegistry {
        PartyId by = _parties.writer(msg.sender, Scope.GRANT);
        IntervalLog storage log = _suspensions[grant];
        if (!log.lasts(index)) revert IGrantRegistry.GrantSuspensionUnknown(grant, index);
        PartyId maker = log.get(index).by;
        if (by != maker) {
            bool court = _parties.rolesOf(by) & Role.COURT != 0;
            if (!court || _parties.rolesOf(maker) & Role.COURT != 0) {
                revert IGrantRegistry.GrantSuspensionNotYours(grant, index, maker);
            }
        }
        // Only its grantor made or ends a suspension without an office.
        if (by != _grants[grant].word.grantor()) _parties.actor(msg.sender, Scope.DECIDE);

        if (log.close(index, uint40(block.timestamp)) == 0) _grants[grant].word = _grants[grant].word.resumed();
        emit IGrantRegistry.GrantResumed(grant, by, index);
    }

    /* ENDING */

    /// @inheritdoc IGrantOffice
    function endByConsent(GrantId grant, uint40 endsAt, uint40 deadline, Approval calldata other) external atRegistry {
        PartyId by = _parties.actor(msg.sender, Scope.REVOKE);
        Record storage record_ = _grants[grant];
        GrantWord word = record_.word;
        uint40 time = uint40(block.timestamp);
        if (time > deadline) revert IGrantRegistry.SignatureLapsed(deadline, time);
        PartyId second = by == word.grantor() ? word.grantee() : word.grantor();
        if (by == second || (by != word.grantor() && by != word.grantee())) _refuseStranger(grant, word, by);
        uint40 end = endsAt == 0 ? time : endsAt;
        if (end < time) revert IGrantRegistry.TimeBeforeBlock(end, time);
        if (end > type(uint32).max) revert IGrantRegistry.ClauseInvalid(Clause.VALID_UNTIL, end);
        if (word.endedBy(end)) revert IGrantRegistry.GrantEndsAlready(grant, word.endsAt());
        if (_parties.actor(other.signer, Scope.REVOKE) != second) {
            revert IGrantRegistry.SignerMismatch(second, other.signer);
        }
        bytes32 signed = keccak256(abi.encode(ENDING_TYPEHASH, grant, endsAt, deadline));
        Signatures.requireSigned(other, _hashTypedDataV4(signed));

        record_.word = word.ended(end);
        emit IGrantRegistry.GrantEnded(grant, by, end, other.signer);
    }

    /* VIEWS */

    /// @inheritdoc IGrantOffice
    function idOf(GrantId parent, bytes calldata packed) external view returns (GrantId) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        return _idOf(parent, clauses);
    }

    /// @inheritdoc IGrantOffice
    function stateOf(GrantId grant) external view returns (GrantState memory) {
        GrantWord word = _grants[grant].word;
        if (word.isNone()) revert IGrantRegistry.GrantUnknown(grant);
        return word.unpack();
    }

    /// @inheritdoc IGrantOffice
    function suspensionCount(GrantId grant) external view returns (uint256 total, uint256 live) {
        return (_suspensions[grant].total(), _suspensions[grant].live());
    }

    /// @inheritdoc IGrantOffice
    function suspension(GrantId grant, uint256 index) external view returns (Interval memory) {
        return _suspensions[grant].get(index);
    }

    /// @inheritdoc IGrantOffice
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict) {
        return _judge.verdictOf(grant, time);
    }

    /// @inheritdoc IGrantOffice
    function check(bytes calldata packed, Use calldata use) external view returns (Verdict) {
        return _judge.check(new bytes32[](0), packed, use);
    }

    /// @inheritdoc IGrantOffice
    function parties() external view returns (IPartyRegistry) {
        return _parties;
    }

    /// @inheritdoc IGrantOffice
    function products() external view returns (IProductRegistry) {
        return _products;
    }

    /// @inheritdoc IGrantOffice
    function judge() external view returns (IGrantJudge) {
        return _judge;
    }

    /// @inheritdoc IGrantOffice
    function meter() external view returns (address) {
        return _meter;
    }

    /* INTERNAL */

    /// @dev Unpacks the clauses of a joint agreement, and makes sure that all of them carry its hash and lapse together.
    function _requireJoint(bytes[] calldata packed) private view returns (Clauses[] memory all) {
        all = new Clauses[](packed.length);
        WordBuffer hashes = Words.allocate(packed.length);
        uint256 stated;
        uint256 before;
        for (uint256 i = 0; i < packed.length; ++i) {
            Clauses memory clauses = all[i] = ClausesCodec.unpack(packed[i]);
            ClauseRules.requireSigned(clauses, Form.JOINT, false, block.timestamp);
            uint256 agreement = clauses.encoded.get(Field.AGREEMENT);
            if (i == 0) stated = agreement;
            if (agreement != stated) revert IGrantRegistry.AgreementMismatch(bytes32(agreement), bytes32(stated));
            uint40 offerUntil = clauses.limits.offerUntil();
            if (offerUntil != all[0].limits.offerUntil()) {
                revert IGrantRegistry.ClauseInvalid(Clause.OFFER_UNTIL, offerUntil);
            }
            clauses.encoded.put(Field.AGREEMENT, 0);
            uint256 bare = uint256(ClausesCodec.hash(clauses));
            clauses.encoded.put(Field.AGREEMENT, agreement);
            if (bare <= before) revert IGrantRegistry.AgreementUnordered(i);
            hashes.put(i, before = bare);
        }
        if (hashes.hash() != bytes32(stated)) revert IGrantRegistry.AgreementMismatch(bytes32(stated), hashes.hash());
    }

    function _requireApprovals(Approval[] calldata approvals, bytes32 digest)
        private
        view
        returns (PartyId[] memory signers)
    {
        signers = new PartyId[](approvals.length);
        for (uint256 i = 0; i < approvals.length; ++i) {
            signers[i] = _parties.writer(approvals[i].signer, Scope.GRANT);
            Signatures.requireSigned(approvals[i], digest);
        }
    }

    function _signerFor(PartyId party, PartyId[] memory signers, Approval[] calldata approvals)
        private
        pure
        returns (address)
    {
        for (uint256 i = 0; i < signers.length; ++i) {
            if (signers[i] == party) return approvals[i].signer;
        }
        revert IGrantRegistry.ApprovalMissing(party);
    }
}
