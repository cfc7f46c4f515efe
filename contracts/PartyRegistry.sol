// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Enrolment, IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {KeyConsent, KeyConsentLibrary} from "./libraries/KeyConsent.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Interval} from "./types/Interval.sol";
import {Key, KeyKind, KeyWord, KeyWordLibrary, Scope, Standing} from "./types/Key.sol";
import {Party, PartyWord, PartyWordLibrary, Role} from "./types/Party.sol";
import {PartyId, PartyIdLibrary} from "./types/PartyId.sol";
import {Recovery, RecoveryWord, RecoveryWordLibrary} from "./types/Recovery.sol";
import {Registrar, SeatLibrary} from "./types/Registrar.sol";
import {Reason} from "./types/Vocabulary.sol";

/// @title The implementation of `IPartyRegistry`
contract PartyRegistry is IPartyRegistry, AccessManaged, EIP712 {
    /* CONSTANTS AND IMMUTABLES */

    uint40 internal constant LONGEST_PAUSE = 7 days;
    uint40 internal constant REST_BETWEEN_PAUSES = 7 days;
    uint40 internal constant RECOVERY_DELAY = 7 days;
    uint40 internal constant RECOVERY_WINDOW = 30 days;

    /// @inheritdoc IPartyRegistry
    Enrolment public immutable enrolment;

    /// @inheritdoc IPartyRegistry
    IWorkCalendar public immutable calendar;

    /* STORAGE */

    mapping(address key => KeyWord) private _keys;
    mapping(PartyId party => PartyWord) private _parties;
    mapping(PartyId party => bytes32) private _identities;
    mapping(PartyId party => IntervalLog) private _suspensions;
    mapping(address key => bytes32) private _admissions;

    /// @inheritdoc IPartyRegistry
    uint40 public pausedUntil;

    mapping(PartyId party => RecoveryWord) private _recoveries;
    mapping(uint16 number => Registrar) private _registrars;
    mapping(PartyId party => uint16) private _registrarNumbers;
    mapping(bytes3 seat => uint16 number) private _seats;

    /// @inheritdoc IPartyRegistry
    uint16 public registrarCount;

    /* CONSTRUCTOR */

    /// @param authority_ the access manager of the two administrative functions, for good
    /// @param enrolment_ how parties come to be enrolled
    /// @param founder the first key to be enrolled; its party starts as registrar and regulator, so that a fresh
    /// ledger can admit and suspend before the authority's delay has passed
    /// @param founderIdentity salted hash of the founder's identity
    /// @param founderSeat the seat of the founder's party, which is registrar number 1
    /// @param calendar_ the calendar of working days, which may be made after this contract
    constructor(
        address authority_,
        Enrolment enrolment_,
        address founder,
        bytes32 founderIdentity,
        bytes3 founderSeat,
        IWorkCalendar calendar_
    ) AccessManaged(authority_) EIP712("Dengji", "1") {
        enrolment = enrolment_;
        calendar = calendar_;
        PartyId party = _enrol(founder, founderIdentity);
        _seat(party, founderSeat);
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
        PartyId by = _writer(msg.sender, Scope.DECIDE);
        _requireRole(by, Role.REGISTRAR);
        _requireFresh(key);
        _admissions[key] = identityHash;
        emit KeyAdmitted(key, by, identityHash);
    }

    /* KEYS */

    /// @inheritdoc IPartyRegistry
    function rotate(address successor, uint40 deadline, bytes calldata consent) external {
        PartyId party = _controller(msg.sender);
        _requireConsent(_controllerConsent(party, successor, deadline), consent);
        _replace(party, _parties[party], successor);
        emit KeyRotated(party, msg.sender, successor);
    }

    /// @inheritdoc IPartyRegistry
    function appointAgent(address key, uint16 scopes, uint40 validUntil, uint40 deadline, bytes calldata consent)
        external
    {
        PartyId party = _controller(msg.sender);
        if (scopes == 0 || scopes & ~Scope.ALL != 0) revert ScopesInvalid(scopes);
        if (validUntil <= block.timestamp) revert AgentExpired(key, validUntil);
        uint32 since = _parties[party].agentsSince();
        if (block.timestamp <= since) revert KeyClosed(key, since);
        _requireConsent(
            KeyConsent({
                party: party, key: key, kind: KeyKind.AGENT, scopes: scopes, validUntil: validUntil, deadline: deadline
            }),
            consent
        );
        _keys[key] = _open(party, KeyKind.AGENT, Standing.ACTIVE, scopes, validUntil);
        emit AgentAppointed(party, key, scopes, validUntil);
    }

    /// @inheritdoc IPartyRegistry
    function dismissAgent(address key) external {
        KeyWord word = _keys[key];
        PartyId party = word.party();
        // All scopes, so that every open key passes: whose it is, is judged here.
        PartyId by = _actor(msg.sender, Scope.ALL);
        if (word.kind() != KeyKind.AGENT || by != party) revert AgentUnknown(key, by);
        if (msg.sender != key && _keys[msg.sender].kind() != KeyKind.CONTROLLER) revert ControllerOnly(msg.sender, by);
        _requireOpen(key, word, Scope.ALL);
        _keys[key] = word.closedAt(block.timestamp, block.number);
        emit AgentDismissed(party, key, msg.sender);
    }

    /* RECOVERY */

    /// @inheritdoc IPartyRegistry
    function announceRecovery(PartyId party, address key, bytes32 evidence) external returns (uint40 effectiveAt) {
        PartyId by = _writer(msg.sender, Scope.DECIDE);
        if (by == party) revert RecoveryOfOwn(party);
        _requireOffice(by, _requireKnown(party));
        _requireFresh(key);
        Recovery memory before = _recoveries[party].unpack();
        if (_isPending(before)) revert RecoveryPending(party, before.effectiveAt);

        effectiveAt = uint40(block.timestamp) + RECOVERY_DELAY;
        // 32 bits of seconds last until 2106.
        // forge-lint: disable-next-line(unsafe-typecast)
        _recoveries[party] = RecoveryWordLibrary.pack(Recovery({key: key, by: by, effectiveAt: uint32(effectiveAt)}));
        emit RecoveryAnnounced(party, key, by, effectiveAt, evidence);
    }

    /// @inheritdoc IPartyRegistry
    function cancelRecovery(PartyId party) external {
        Recovery memory announced = _requirePending(party);
        PartyId by = party;
        // The controller stops it in a pause too: else a pause could carry a recovery past it.
        if (_keys[msg.sender].party() != party || !_keys[msg.sender].isActiveController()) {
            by = _writer(msg.sender, Scope.DECIDE);
            if (by == party) revert ControllerOnly(msg.sender, party);
            if (by != announced.by && _parties[by].roles() & Role.REGULATOR == 0) revert RecoveryNotYours(party, by);
        }
        _recoveries[party] = RecoveryWord.wrap(0);
        emit RecoveryCancelled(party, by);
    }

    /// @inheritdoc IPartyRegistry
    function recover(PartyId party, uint40 deadline, bytes calldata consent) external {
        _requireNotPaused();
        Recovery memory announced = _requirePending(party);
        if (block.timestamp < announced.effectiveAt) revert RecoveryTooEarly(party, announced.effectiveAt);
        _requireActive(announced.by);
        PartyWord word = _parties[party];
        _requireOffice(announced.by, word);
        _requireConsent(_controllerConsent(party, announced.key, deadline), consent);

        _recoveries[party] = RecoveryWord.wrap(0);
        address from = word.controller();
        _replace(party, word.recoveredAt(block.timestamp), announced.key);
        emit PartyRecovered(party, from, announced.key);
    }

    /* ROLES */

    /// @inheritdoc IPartyRegistry
    function setRoles(PartyId party, uint16 roles) external restricted {
        if (roles & ~Role.ALL != 0) revert RolesUnknown(roles);
        _requireKnown(party);
        if (roles & Role.REGISTRAR != 0 && _registrarNumbers[party] == 0) revert SeatMissing(party, roles);
        _setRoles(party, roles);
    }

    /// @inheritdoc IPartyRegistry
    function admitRegistrar(PartyId party, bytes3 seat) external restricted returns (uint16 number) {
        uint16 roles = _requireKnown(party).roles();
        number = _registrarNumbers[party];
        if (number == 0) number = _seat(party, seat);
        else if (_registrars[number].seat != seat) revert SeatFixed(party, number, _registrars[number].seat);
        _setRoles(party, roles | Role.REGISTRAR);
    }

    /* SUSPENSION */

    /// @inheritdoc IPartyRegistry
    function suspend(PartyId party, Reason reason, bytes12 evidence) external returns (uint256 index) {
        PartyId by = _writer(msg.sender, Scope.DECIDE);
        PartyWord word = _requireKnown(party);
        _requireOffice(by, word);

        index = _suspensions[party].open(
            Interval({from: uint40(block.timestamp), to: 0, by: by, kind: 0, reason: uint8(reason), evidence: evidence})
        );
        _setStanding(party, word, Standing.SUSPENDED);
        emit PartySuspended(party, by, index, reason, evidence);
    }

    /// @inheritdoc IPartyRegistry
    function resume(PartyId party, uint256 index) external {
        PartyId by = _writer(msg.sender, Scope.DECIDE);
        IntervalLog storage log = _suspensions[party];
        if (!log.lasts(index)) revert SuspensionUnknown(party, index);
        PartyId maker = log.get(index).by;
        if (maker != by && _parties[by].roles() & Role.REGULATOR == 0) revert SuspensionNotYours(party, index, maker);

        if (log.close(index, uint40(block.timestamp)) == 0) _setStanding(party, _parties[party], Standing.ACTIVE);
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
        calendar.stop(_dayOf(now_), _dayOf(until - 1) + 1);
    }

    /// @notice Refuses every change: the authority is fixed.
    function setAuthority(address) public view override {
        revert AuthorityFixed(authority());
    }

    /* VIEWS */

    /// @inheritdoc IPartyRegistry
    function writer(address key, uint120 scope) external view returns (PartyId) {
        return _writer(key, scope);
    }

    /// @inheritdoc IPartyRegistry
    function writerTowards(address key, uint224 scope, PartyId counterparty) external view returns (PartyId) {
        _requireActive(counterparty);
        return _writer(key, scope);
    }

    /// @inheritdoc IPartyRegistry
    function recorder(address key, uint112 scope, PartyId grantor, PartyId grantee) external view returns (PartyId by) {
        by = _active(key, scope);
        if (by != grantor) _requireActive(grantor);
        if (by != grantee) _requireActive(grantee);
    }

    /// @inheritdoc IPartyRegistry
    function requireActive(PartyId party) external view {
        _requireActive(party);
    }

    /// @inheritdoc IPartyRegistry
    function requireRole(PartyId party, uint16 anyOf) external view {
        _requireRole(party, anyOf);
    }

    /// @inheritdoc IPartyRegistry
    function actor(address key, uint240 scope) external view returns (PartyId) {
        return _actor(key, scope);
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
    function recovery(PartyId party) external view returns (Recovery memory) {
        return _recoveries[party].unpack();
    }

    /// @inheritdoc IPartyRegistry
    function standingOf(PartyId party) external view returns (Standing) {
        return _parties[party].standing();
    }

    /// @inheritdoc IPartyRegistry
    function rolesOf(PartyId party) external view returns (uint16) {
        return _parties[party].roles();
    }

    /// @inheritdoc IPartyRegistry
    function registrarNumber(PartyId party) external view returns (uint16) {
        return _registrarNumbers[party];
    }

    /// @inheritdoc IPartyRegistry
    function registrar(uint16 number) external view returns (PartyId party, bytes3 seat) {
        Registrar memory place = _registrars[number];
        return (place.party, place.seat);
    }

    /// @inheritdoc IPartyRegistry
    function suspensionCount(PartyId party) external view returns (uint256 total, uint256 live) {
        IntervalLog storage log = _suspensions[party];
        return (log.total(), log.live());
    }

    /// @inheritdoc IPartyRegistry
    function suspension(PartyId party, uint256 index) external view returns (Interval memory) {
        return _suspensions[party].get(index);
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

        _keys[key] = _open(party, KeyKind.CONTROLLER, Standing.ACTIVE, type(uint16).max, 0);
        _parties[party] = PartyWordLibrary.pack(
            Party({
                controller: key, standing: Standing.ACTIVE, roles: 0, since: uint40(block.timestamp), agentsSince: 0
            })
        );
        if (identityHash != 0) _identities[party] = identityHash;
        emit PartyEnrolled(party, key, identityHash);
    }

    function _seat(PartyId party, bytes3 seat) private returns (uint16 number) {
        if (!SeatLibrary.isWellFormed(seat)) revert SeatInvalid(seat);
        if (_seats[seat] != 0) revert SeatTaken(seat, _seats[seat]);
        number = ++registrarCount;
        _seats[seat] = number;
        _registrarNumbers[party] = number;
        _registrars[number] = Registrar({party: party, seat: seat});
        emit RegistrarAdmitted(party, number, seat);
    }

    function _open(PartyId party, KeyKind kind, Standing standing, uint16 scopes, uint40 until)
        private
        view
        returns (KeyWord)
    {
        return KeyWordLibrary.pack(
            Key({
                party: party,
                kind: kind,
                standing: standing,
                scopes: scopes,
                fromTime: uint40(block.timestamp),
                untilTime: until,
                fromBlock: uint40(block.number),
                untilBlock: 0
            })
        );
    }

    /// @dev Closes the controller and opens the next, which stands as the party does.
    function _replace(PartyId party, PartyWord word, address successor) private {
        address before = word.controller();
        _keys[before] = _keys[before].closedAt(block.timestamp, block.number);
        _keys[successor] = _open(party, KeyKind.CONTROLLER, word.standing(), type(uint16).max, 0);
        _parties[party] = word.withController(successor);
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

    function _writer(address key, uint256 scope) private view returns (PartyId party) {
        party = _active(key, scope);
        _requireNotPaused();
    }

    /// @dev An active controller is told by its own word alone: that is every write but an agent's.
    function _active(address key, uint256 scope) private view returns (PartyId party) {
        KeyWord word = _keys[key];
        party = word.party();
        if (!word.isActiveController()) {
            _requireOpen(key, word, scope);
            Standing standing = _parties[party].standing();
            if (standing != Standing.ACTIVE) revert PartyInactive(party, standing);
        }
    }

    function _actor(address key, uint256 scope) private view returns (PartyId) {
        KeyWord word = _keys[key];
        if (!word.isActiveController()) _requireOpen(key, word, scope);
        return word.party();
    }

    /// @dev A key that is open may do what is in its scopes, if its party may.
    function _requireOpen(address key, KeyWord word, uint256 scope) private view {
        if (word.party().isNone()) revert KeyUnknown(key);
        if (word.standing() == Standing.CLOSED) revert KeyClosed(key, word.untilTime());
        if (word.kind() != KeyKind.AGENT) return;
        uint40 until = word.untilTime();
        if (until <= block.timestamp) revert KeyClosed(key, until);
        uint32 since = _parties[word.party()].agentsSince();
        if (word.fromTime() <= since) revert KeyClosed(key, since);
        // A scope beyond 16 bits is none, so that none is cut off that an agent could have.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (word.scopes() & scope == 0) revert ScopeMissing(key, word.scopes(), uint16(scope));
    }

    /// @dev The party of an active controller, in no pause: key matters are no agent's.
    function _controller(address key) private view returns (PartyId party) {
        KeyWord word = _keys[key];
        party = word.party();
        if (!word.isActiveController()) {
            _requireOpen(key, word, Scope.ALL);
            if (word.kind() == KeyKind.AGENT) revert ControllerOnly(key, party);
            revert PartyInactive(party, word.standing());
        }
        _requireNotPaused();
    }

    function _controllerConsent(PartyId party, address key, uint40 deadline) private pure returns (KeyConsent memory) {
        return KeyConsent({
            party: party,
            key: key,
            kind: KeyKind.CONTROLLER,
            scopes: type(uint16).max,
            validUntil: 0,
            deadline: deadline
        });
    }

    /// @dev The key is free, and signed that it will be the party's.
    function _requireConsent(KeyConsent memory wanted, bytes calldata consent) private view {
        _requireFresh(wanted.key);
        if (block.timestamp > wanted.deadline) revert ConsentExpired(wanted.key, wanted.deadline);
        bytes32 digest = _hashTypedDataV4(KeyConsentLibrary.hash(wanted));
        if (!Signatures.isSigned(wanted.key, consent, digest)) revert ConsentInvalid(wanted.key, digest);
    }

    function _isPending(Recovery memory announced) private view returns (bool) {
        return announced.effectiveAt != 0 && block.timestamp < announced.effectiveAt + RECOVERY_WINDOW;
    }

    function _requirePending(PartyId party) private view returns (Recovery memory announced) {
        announced = _recoveries[party].unpack();
        if (!_isPending(announced)) revert RecoveryUnknown(party);
    }

    /// @dev Registrars decide on parties without a role of their own, regulators on all.
    function _requireOffice(PartyId by, PartyWord subject) private view {
        _requireRole(by, subject.roles() == 0 ? Role.REGISTRAR | Role.REGULATOR : Role.REGULATOR);
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

    /// @dev Days are numbered at UTC+8. 24 bits of them last for 45,000 years.
    function _dayOf(uint40 time) private pure returns (uint24) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint24((time + 8 hours) / 1 days);
    }
}
