// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Interval} from "../types/Interval.sol";
import {Key, Standing} from "../types/Key.sol";
import {Party} from "../types/Party.sol";
import {PartyId} from "../types/PartyId.sol";
import {Recovery} from "../types/Recovery.sol";
import {Reason} from "../types/Vocabulary.sol";
import {IWorkCalendar} from "./IWorkCalendar.sol";

/// @notice How parties come to be enrolled, fixed when the registry is made.
enum Enrolment {
    OPEN,
    REGISTRARS
}

/// @title Parties and their keys
/// @notice Holds who acts on the ledger: parties, the keys that speak for them, their domain roles, suspensions, and
/// the pause of new writes.
/// @dev Storage, for proofs: slot 0 the authority, slots 1 and 2 unused, slot 3 `keys` (address → word, see `Key.sol`),
/// slot 4 `parties` (id → word, see `Party.sol`), slot 5 `identities` (id → salted hash), slot 6 `suspensions` (id →
/// `IntervalLog`: live 128, total 128, in the slot after it index → word, see `Interval.sol`), slot 7 `admissions`
/// (key → identity hash), slot 8 the pause, slot 9 `recoveries`
/// (id → word, see `Recovery.sol`), slot 10 `registrars` (number → seat 24, party 64), slot
/// 11 `registrarNumbers` (id → number), slot 12 `seats` (seat → number), slot 13 how many registrars there are.
/// @dev Warning: one person may enrol any number of parties. An identity hash says what its maker put into it; who
/// stands behind it is checked off chain.
interface IPartyRegistry {
    /// @notice A party came to be.
    event PartyEnrolled(PartyId indexed party, address indexed key, bytes32 identityHash);

    /// @notice A registrar let a key enrol under an identity.
    event KeyAdmitted(address indexed key, PartyId indexed by, bytes32 identityHash);

    /// @notice The controller of a party handed over: `from` is closed, `to` speaks for it.
    event KeyRotated(PartyId indexed party, address indexed from, address indexed to);

    /// @notice A party gave a key the scopes to act for it until `validUntil`, in seconds since 1970.
    event AgentAppointed(PartyId indexed party, address indexed key, uint16 scopes, uint40 validUntil);

    /// @notice An agent of a party was dismissed by `by`, its controller or the agent itself.
    event AgentDismissed(PartyId indexed party, address indexed key, address indexed by);

    /// @notice A recovery of a party was announced, so that `key` may control it from `effectiveAt` on, in seconds since 1970.
    /// `evidence` is the digest of the document it rests on.
    event RecoveryAnnounced(
        PartyId indexed party, address indexed key, PartyId indexed by, uint40 effectiveAt, bytes32 evidence
    );

    /// @notice An announced recovery was cancelled by `by`.
    event RecoveryCancelled(PartyId indexed party, PartyId indexed by);

    /// @notice A party was recovered: `from` is closed, `to` controls it, and all agents appointed before are void.
    event PartyRecovered(PartyId indexed party, address indexed from, address indexed to);

    /// @notice A party was suspended. `index` names the suspension.
    event PartySuspended(PartyId indexed party, PartyId indexed by, uint256 index, Reason reason, bytes12 evidence);

    /// @notice The suspension `index` of a party was ended.
    event PartyResumed(PartyId indexed party, PartyId indexed by, uint256 index);

    /// @notice A party's domain roles are now `roles`.
    event RolesChanged(PartyId indexed party, uint16 roles);

    /// @notice A party was admitted as a registrar: `number` and `seat` are its own from then on.
    event RegistrarAdmitted(PartyId indexed party, uint16 indexed number, bytes3 seat);

    /// @notice New writes are paused until `until`, in seconds since 1970.
    event WritesPaused(uint40 until);

    /// @notice The key belongs to no party.
    error KeyUnknown(address key);

    /// @notice The key belongs to `party` already, and for ever.
    error KeyTaken(address key, PartyId party);

    /// @notice The key spoke for its party until `endedAt`: it was closed, expired, or voided by a recovery.
    error KeyClosed(address key, uint40 endedAt);

    /// @notice The key's party did not give it this scope.
    error ScopeMissing(address key, uint16 held, uint16 needed);

    /// @notice Only the controller of its party may do this.
    error ControllerOnly(address key, PartyId party);

    /// @notice The key is no agent of the party.
    error AgentUnknown(address key, PartyId party);

    /// @notice The mask names no scope, or one that does not exist.
    error ScopesInvalid(uint16 scopes);

    /// @notice The agent's span would have ended before it began.
    error AgentExpired(address key, uint40 validUntil);

    /// @notice The consent could be used until `deadline`.
    error ConsentExpired(address key, uint40 deadline);

    /// @notice The signature is not the key's under `digest`.
    error ConsentInvalid(address key, bytes32 digest);

    /// @notice A recovery of the party was announced, and may take effect from `effectiveAt` on.
    error RecoveryPending(PartyId party, uint40 effectiveAt);

    /// @notice No recovery of the party was announced, or it has lapsed.
    error RecoveryUnknown(PartyId party);

    /// @notice The recovery may take effect from `allowedFrom` on.
    error RecoveryTooEarly(PartyId party, uint40 allowedFrom);

    /// @notice Neither the party's controller nor who announced the recovery, nor a regulator.
    error RecoveryNotYours(PartyId party, PartyId by);

    /// @notice Nobody recovers itself.
    error RecoveryOfOwn(PartyId party);

    /// @notice The key may not enrol under `identityHash`: no registrar admitted it so.
    error KeyNotAdmitted(address key, bytes32 identityHash);

    /// @notice The id derived for `key` names another party, or nobody.
    error PartyTaken(PartyId party, address key);

    /// @notice There is no such party.
    error PartyUnknown(PartyId party);

    /// @notice The party does not stand as the call needs.
    error PartyInactive(PartyId party, Standing standing);

    /// @notice The party was not admitted to any of the roles in `needed`.
    error RoleMissing(PartyId party, uint16 held, uint16 needed);

    /// @notice The mask names roles that do not exist.
    error RolesUnknown(uint16 roles);

    /// @notice A seat is two digits and then a digit or capital letter.
    error SeatInvalid(bytes3 seat);

    /// @notice The seat belongs to the registrar of this number.
    error SeatTaken(bytes3 seat, uint16 number);

    /// @notice The party is the registrar of this number already, and keeps the seat it has.
    error SeatFixed(PartyId party, uint16 number, bytes3 seat);

    /// @notice The party has no seat: it becomes a registrar by `admitRegistrar`, not by its roles alone.
    error SeatMissing(PartyId party, uint16 roles);

    /// @notice The party has no live suspension of this index.
    error SuspensionUnknown(PartyId party, uint256 index);

    /// @notice Only the maker of the suspension or a regulator may end it.
    error SuspensionNotYours(PartyId party, uint256 index, PartyId by);

    /// @notice New writes are paused until `until`.
    error WritesArePaused(uint40 until);

    /// @notice The pause would end in the past or last longer than `limit` allows.
    error PauseOutOfRange(uint40 until, uint40 limit);

    /// @notice The next pause may begin at `allowedFrom` at the earliest.
    error PauseTooSoon(uint40 allowedFrom);

    /// @notice The authority of this contract is `authority`, for good.
    error AuthorityFixed(address authority);

    /// @notice Enrols the caller's key as the controller of a new party.
    /// @param identityHash salted hash of the party's identity, for instance of its credit code; zero for none
    /// @return party the party
    /// @dev Under `Enrolment.REGISTRARS` the key must have been admitted with the same hash.
    function enrol(bytes32 identityHash) external returns (PartyId party);

    /// @notice Lets `key` enrol under `identityHash`. For registrars.
    /// @param key a key that belongs to no party yet
    /// @param identityHash the hash it must enrol with; zero withdraws an admission not yet used
    /// @dev Scope: `DECIDE`. Only `Enrolment.REGISTRARS` asks for admissions; under `OPEN` one is recorded and changes nothing.
    function admit(address key, bytes32 identityHash) external;

    /// @notice Hands the party over to another key. For its controller, while the party is active.
    /// @param successor a key that belongs to no party yet
    /// @param deadline seconds since 1970 until which the consent may be used
    /// @param consent the successor's signature of `KeyConsent` as controller, with all scopes and no end; a contract's
    /// as ERC-1271 judges it, for 200,000 gas at most
    /// @dev The old key is closed, with the end of its span kept; the party's agents stay.
    function rotate(address successor, uint40 deadline, bytes calldata consent) external;

    /// @notice Lets a key act for the party within its scopes. For the party's controller, while it is active.
    /// @param key a key that belongs to no party yet
    /// @param scopes what it may do, a mask of `Scope`
    /// @param validUntil seconds since 1970 at which its span ends
    /// @param deadline seconds since 1970 until which the consent may be used
    /// @param consent the key's signature of `KeyConsent` as agent
    /// @dev An agent's key is never opened again: to give it more or longer, appoint another. Where a recovery took
    /// effect in this very second, reverts with `KeyClosed`, since the recovery would void the agent.
    function appointAgent(address key, uint16 scopes, uint40 validUntil, uint40 deadline, bytes calldata consent)
        external;

    /// @notice Ends an agent's span at once. For its party's controller, also a suspended one, or the agent itself.
    /// @param key the agent
    function dismissAgent(address key) external;

    /// @notice Announces that `key` shall control a party whose controller is lost. For registrars; where the party
    /// has a role of its own, for regulators.
    /// @param party the party, not the caller's own
    /// @param key a key that belongs to no party yet
    /// @param evidence digest of the document it rests on
    /// @return effectiveAt seconds since 1970 from which it may take effect: seven days from now
    /// @dev Scope: `DECIDE`. One that was announced and has not lapsed stands in its way. Suspend the party as well where its key was
    /// stolen: a thief that is active could cancel.
    /// @dev Warning: a registrar that suspends a party and recovers it to a key of its own takes it over unless it is
    /// stopped within the delay, by a regulator's cancelling or by the registrar's own suspension.
    function announceRecovery(PartyId party, address key, bytes32 evidence) external returns (uint40 effectiveAt);

    /// @notice Cancels an announced recovery. For the party's controller while the party is active, for whoever announced it,
    /// and for regulators.
    /// @dev Scope: `DECIDE`, except for the controller, for whom a pause does not count.
    function cancelRecovery(PartyId party) external;

    /// @notice Carries out an announced recovery, within 30 days from when it may take effect. For anyone.
    /// @param party the party
    /// @param deadline seconds since 1970 until which the consent may be used
    /// @param consent the new key's signature of `KeyConsent` as controller, with all scopes and no end
    /// @dev Who announced it must be active and in its role still. The old controller is closed, and every agent that
    /// was appointed until now is void. A suspended party stays suspended.
    function recover(PartyId party, uint40 deadline, bytes calldata consent) external;

    /// @notice Sets the domain roles of a party. For the authority alone, with its delay.
    /// @param party the party
    /// @param roles all the roles it has from now on, a mask of `Role`
    /// @dev Leaving out `REGISTRAR` delists a registrar: it keeps its number and its seat.
    function setRoles(PartyId party, uint16 roles) external;

    /// @notice Admits a party as a registrar. For the authority alone, with its delay.
    /// @param party the party
    /// @param seat what its codes carry: the region in two digits and its symbol, a digit or capital letter
    /// @return number its number among all registrars, from 1
    /// @dev A registrar that was delisted comes back under its old number and seat.
    function admitRegistrar(PartyId party, bytes3 seat) external returns (uint16 number);

    /// @notice Suspends a party: it can no longer write, except to revoke; its grants stand, and `check` says no.
    /// @param party the party
    /// @param reason why
    /// @param evidence the first 12 bytes of the digest of the document it rests on
    /// @return index names the suspension
    /// @dev Scope: `DECIDE`. For registrars and regulators; a party with a role of its own only for regulators. Suspensions of
    /// different makers stand beside each other.
    /// @dev Warning: a regulator may suspend itself. Where it is the only one, nobody but another that the authority
    /// admits, after its delay, can end that suspension.
    function suspend(PartyId party, Reason reason, bytes12 evidence) external returns (uint256 index);

    /// @notice Ends one suspension; the party is active again once none lasts. For its maker, or a regulator.
    /// @param party the suspended party
    /// @param index the suspension, as `suspend` gave it
    /// @dev Scope: `DECIDE`. A write like others: a suspended maker, or a pause, stands in its way.
    function resume(PartyId party, uint256 index) external;

    /// @notice Pauses new writes until `until`, at most seven days ahead; the next pause not before seven days after
    /// its end. Reading, revoking, recording uses and verifying go on. For the authority alone, with its delay.
    /// @param until seconds since 1970 at which the pause lapses by itself
    /// @dev Every day that it touches becomes a day that does not count in deadlines.
    function pauseWrites(uint40 until) external;

    /// @notice The party that `key` may do `scope` for now.
    /// @dev Reverts with `KeyUnknown`, `KeyClosed`, `ScopeMissing`, `PartyInactive` or `WritesArePaused` where it may
    /// not. A controller's key is told by its own word alone; an agent's asks for its party's as well.
    /// @dev A scope fits 16 bits. Here, in `writerTowards`, `recorder` and `actor` it is wider for the selector's sake: a call compares the
    /// selectors in ascending order, and so these come among the first, which saves every write up to 600 gas.
    function writer(address key, uint120 scope) external view returns (PartyId);

    /// @notice The party that `key` may do `scope` for now, after making sure that `counterparty` is active.
    /// @dev Reverts as `requireActive` for the counterparty, then as `writer` for the key.
    function writerTowards(address key, uint224 scope, PartyId counterparty) external view returns (PartyId);

    /// @notice The party that `key` may do `scope` for now, after making sure that both sides of a grant are active. A
    /// pause does not count: a use that took place is noted when it did.
    /// @dev Reverts as `writer` for the key, without `WritesArePaused`, then as `requireActive` for the grantor and for
    /// the grantee. A side that is the key's own party is not asked about again.
    function recorder(address key, uint112 scope, PartyId grantor, PartyId grantee) external view returns (PartyId);

    /// @notice Reverts with `PartyUnknown` or `PartyInactive` unless the party is active.
    function requireActive(PartyId party) external view;

    /// @notice Reverts with `RoleMissing` unless the party has one of the roles in `anyOf`.
    function requireRole(PartyId party, uint16 anyOf) external view;

    /// @notice The party that `key` may do `scope` for where suspension and pause do not count: to revoke, to object.
    /// @dev Reverts with `KeyUnknown`, `KeyClosed` or `ScopeMissing`.
    function actor(address key, uint240 scope) external view returns (PartyId);

    /// @notice The party that `key` belongs to, zero for none.
    function partyOf(address key) external view returns (PartyId);

    /// @notice A party's record; reverts for an unknown one.
    function partyRecord(PartyId party) external view returns (Party memory record, bytes32 identityHash);

    /// @notice A key's record, all zero for an unknown one.
    function keyRecord(address key) external view returns (Key memory);

    /// @notice The recovery announced for a party, all zero for none; one that has lapsed still stands here.
    function recovery(PartyId party) external view returns (Recovery memory);

    /// @notice Where a party stands, `NONE` for an unknown one.
    function standingOf(PartyId party) external view returns (Standing);

    /// @notice The roles of a party, none for an unknown one.
    function rolesOf(PartyId party) external view returns (uint16);

    /// @notice The number of a registrar, kept when it is delisted; zero for a party that never was one.
    function registrarNumber(PartyId party) external view returns (uint16);

    /// @notice The registrar of a number, zero for none.
    function registrar(uint16 number) external view returns (PartyId party, bytes3 seat);

    /// @notice How many registrars there have been: the highest number.
    function registrarCount() external view returns (uint16);

    /// @notice How many suspensions a party has had, and how many of them last.
    function suspensionCount(PartyId party) external view returns (uint256 total, uint256 live);

    /// @notice One suspension of a party.
    function suspension(PartyId party, uint256 index) external view returns (Interval memory);

    /// @notice The identity hash that a registrar admitted `key` with, zero for none.
    function admission(address key) external view returns (bytes32);

    /// @notice Until when new writes are or were paused, in seconds since 1970.
    function pausedUntil() external view returns (uint40);

    /// @notice The calendar whose days a pause takes out.
    function calendar() external view returns (IWorkCalendar);

    /// @notice How parties come to be enrolled.
    function enrolment() external view returns (Enrolment);
}
