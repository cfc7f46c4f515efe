// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Enrolment, IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {Interval, IntervalWord} from "./types/Interval.sol";
import {IntervalWordLibrary} from "./types/Interval.sol";
import {Key, KeyKind, KeyWord, KeyWordLibrary, Standing} from "./types/Key.sol";
import {Party, PartyWord, PartyWordLibrary, Role} from "./types/Party.sol";
import {PartyId, PartyIdLibrary} from "./types/PartyId.sol";
import {Reason} from "./types/Vocabulary.sol";

/// @title The implementation of `IPartyRegistry`
contract PartyRegistry is IPartyRegistry, AccessManaged {
    /* CONSTANTS AND IMMUTABLES */

    uint40 internal constant LONGEST_PAUSE = 7 days;
    uint40 internal constant REST_BETWEEN_PAUSES = 7 days;

    /// @inheritdoc IPartyRegistry
    Enrolment public immutable enrolment;

    /* STORAGE */

    mapping(address key => KeyWord) private _keys;
    mapping(PartyId party => PartyWord) private _parties;
    mapping(PartyId party => bytes32) private _identities;
    mapping(PartyId party => mapping(uint256 index => IntervalWord)) private _suspensions;
    mapping(PartyId party => uint256) private _suspensionCounts;
    mapping(address key => bytes32) private _admissions;

    /// @inheritdoc IPartyRegistry
    uint40 public pausedUntil;

    /* CONSTRUCTOR */

    /// @param authority_ the access manager of the two administrative functions, for good
    /// @param enrolment_ how parties come to be enrolled
    /// @param founder the first key to be enrolled; its party starts as registrar and regulator, so that a fresh
    /// ledger can admit and suspend before the authority's delay has passed
    /// @param founderIdentity salted hash of the founder's identity
    constructor(address authority_, Enrolment enrolment_, address founder, bytes32 founderIdentity)
        AccessManaged(authority_)
    {
        enrolment = enrolment_;
        PartyId party = _enrol(founder, founderIdentity);
        _setRoles(party, Role.REGISTRAR | Role.REGULATOR);
    }

    /* ENROLMENT */

    /// @inheritdoc IPartyRegistry
    function enrol(bytes32 identityHash) external returns (PartyId party) {
        _requireNotPaused();
        if (enrolment == Enrolment.REGISTRARS) {
            bytes32 admitted = _admissions[msg.sender];
            if (admitted == 0 || admitted != identityHash) revert KeyNotAdmitted(msg.sender, identityHash);
        }
        return _enrol(msg.sender, identityHash);
    }

    /// @inheritdoc IPartyRegistry
    function admit(address key, bytes32 identityHash) external {
        PartyId by = _writer(msg.sender);
        _requireRole(by, Role.REGISTRAR);
        _requireFresh(key);
        _admissions[key] = identityHash;
        emit KeyAdmitted(key, by, identityHash);
    }

    /* ROLES */

    /// @inheritdoc IPartyRegistry
    function setRoles(PartyId party, uint16 roles) external restricted {
        if (roles & ~Role.ALL != 0) revert RolesUnknown(roles);
        _requireKnown(party);
        _setRoles(party, roles);
    }

    /* SUSPENSION */

    /// @inheritdoc IPartyRegistry
    function suspend(PartyId party, Reason reason, bytes12 evidence) external returns (uint256 index) {
        PartyId by = _writer(msg.sender);
        PartyWord word = _requireKnown(party);
        _requireRole(by, word.roles() == 0 ? Role.REGISTRAR | Role.REGULATOR : Role.REGULATOR);

        uint256 counts = _suspensionCounts[party];
        // The low half counts all, the high half those that last.
        // forge-lint: disable-next-line(unsafe-typecast)
        index = uint128(counts);
        _suspensionCounts[party] = counts + (1 << 128) + 1;
        _suspensions[party][index] = IntervalWordLibrary.pack(
            Interval({from: uint40(block.timestamp), to: 0, by: by, kind: 0, reason: uint8(reason), evidence: evidence})
        );
        _setStanding(party, word, Standing.SUSPENDED);
        emit PartySuspended(party, by, index, reason, evidence);
    }

    /// @inheritdoc IPartyRegistry
    function resume(PartyId party, uint256 index) external {
        PartyId by = _writer(msg.sender);
        IntervalWord word = _suspensions[party][index];
        Interval memory interval = word.unpack();
        if (interval.from == 0 || interval.to != 0) revert SuspensionUnknown(party, index);
        if (interval.by != by && _parties[by].roles() & Role.REGULATOR == 0) {
            revert SuspensionNotYours(party, index, interval.by);
        }

        _suspensions[party][index] = word.endedAt(uint40(block.timestamp));
        uint256 counts = _suspensionCounts[party] - (1 << 128);
        _suspensionCounts[party] = counts;
        if (counts >> 128 == 0) _setStanding(party, _parties[party], Standing.ACTIVE);
        emit PartyResumed(party, by, index);
    }

    /* PAUSE */

    /// @inheritdoc IPartyRegistry
    function pauseWrites(uint40 until) external restricted {
        uint40 now_ = uint40(block.timestamp);
        if (until <= now_ || until > now_ + LONGEST_PAUSE) revert PauseOutOfRange(until, now_ + LONGEST_PAUSE);
        uint40 before = pausedUntil;
        if (before != 0 && now_ < before + REST_BETWEEN_PAUSES) revert PauseTooSoon(before + REST_BETWEEN_PAUSES);
        pausedUntil = until;
        emit WritesPaused(until);
    }

    /// @notice Refuses every change: the authority is fixed.
    function setAuthority(address) public view override {
        revert AuthorityFixed(authority());
    }

    /* VIEWS */

    /// @inheritdoc IPartyRegistry
    function writer(address key) external view returns (PartyId) {
        return _writer(key);
    }

    /// @inheritdoc IPartyRegistry
    function writerTowards(address key, PartyId counterparty) external view returns (PartyId) {
        _requireActive(counterparty);
        return _writer(key);
    }

    /// @inheritdoc IPartyRegistry
    function requireActive(PartyId party) external view {
        _requireActive(party);
    }

    /// @inheritdoc IPartyRegistry
    function actor(address key) external view returns (PartyId party) {
        party = _keys[key].party();
        if (party.isNone()) revert KeyUnknown(key);
    }

    /// @inheritdoc IPartyRegistry
    function partyOf(address key) external view returns (PartyId) {
        return _keys[key].party();
    }

    /// @inheritdoc IPartyRegistry
    function partyRecord(PartyId party) external view returns (Party memory record, bytes32 identityHash) {
        return (_requireKnown(party).unpack(), _identities[party]);
    }

    /// @inheritdoc IPartyRegistry
    function keyRecord(address key) external view returns (Key memory) {
        return _keys[key].unpack();
    }

    /// @inheritdoc IPartyRegistry
    function standingOf(PartyId party) external view returns (Standing) {
        return _parties[party].standing();
    }

    /// @inheritdoc IPartyRegistry
    function suspensionCount(PartyId party) external view returns (uint256 total, uint256 live) {
        uint256 counts = _suspensionCounts[party];
        // The low half counts all, the high half those that last.
        // forge-lint: disable-next-line(unsafe-typecast)
        return (uint128(counts), counts >> 128);
    }

    /// @inheritdoc IPartyRegistry
    function suspension(PartyId party, uint256 index) external view returns (Interval memory) {
        return _suspensions[party][index].unpack();
    }

    /// @inheritdoc IPartyRegistry
    function admission(address key) external view returns (bytes32) {
        return _admissions[key];
    }

    /* INTERNAL */

    function _enrol(address key, bytes32 identityHash) private returns (PartyId party) {
        _requireFresh(key);
        party = PartyIdLibrary.derive(address(this), key);
        if (party.isNone() || PartyWord.unwrap(_parties[party]) != 0) revert PartyTaken(party, key);

        _keys[key] = KeyWordLibrary.pack(
            Key({
                party: party,
                kind: KeyKind.CONTROLLER,
                standing: Standing.ACTIVE,
                scopes: type(uint16).max,
                fromTime: uint40(block.timestamp),
                untilTime: 0,
                fromBlock: uint40(block.number),
                untilBlock: 0
            })
        );
        _parties[party] = PartyWordLibrary.pack(
            Party({controller: key, standing: Standing.ACTIVE, roles: 0, since: uint40(block.timestamp), recoveryAt: 0})
        );
        if (identityHash != 0) _identities[party] = identityHash;
        emit PartyEnrolled(party, key, identityHash);
    }

    function _setRoles(PartyId party, uint16 roles) private {
        _parties[party] = _parties[party].withRoles(roles);
        emit RolesChanged(party, roles);
    }

    /// @dev The controller's key mirrors the standing, so that a write needs one slot of it, not two.
    function _setStanding(PartyId party, PartyWord word, Standing standing) private {
        _parties[party] = word.withStanding(standing);
        address controller = word.controller();
        _keys[controller] = _keys[controller].withStanding(standing);
    }

    function _writer(address key) private view returns (PartyId party) {
        KeyWord word = _keys[key];
        party = word.party();
        if (!word.isActive()) {
            if (party.isNone()) revert KeyUnknown(key);
            revert PartyInactive(party, word.standing());
        }
        _requireNotPaused();
    }

    function _requireNotPaused() private view {
        uint40 until = pausedUntil;
        if (block.timestamp < until) revert WritesArePaused(until);
    }

    function _requireKnown(PartyId party) private view returns (PartyWord word) {
        word = _parties[party];
        if (PartyWord.unwrap(word) == 0) revert PartyUnknown(party);
    }

    function _requireActive(PartyId party) private view {
        Standing standing = _parties[party].standing();
        if (standing == Standing.ACTIVE) return;
        if (standing == Standing.NONE) revert PartyUnknown(party);
        revert PartyInactive(party, standing);
    }

    function _requireFresh(address key) private view {
        PartyId party = _keys[key].party();
        if (!party.isNone()) revert KeyTaken(key, party);
    }

    function _requireRole(PartyId party, uint16 needed) private view {
        uint16 held = _parties[party].roles();
        if (held & needed == 0) revert RoleMissing(party, held, needed);
    }
}
