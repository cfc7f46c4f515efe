// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {PartyRegistry} from "../../contracts/PartyRegistry.sol";
import {Enrolment, IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Interval} from "../../contracts/types/Interval.sol";
import {Key, KeyKind, Scope, Standing} from "../../contracts/types/Key.sol";
import {Party, Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";

contract PartyRegistryTest is Fixture {
    PartyId private constant NOBODY = PartyId.wrap(0xdead);

    /* ENROLMENT */

    /// @notice Enrolling makes the party that the key's id says, with its key, its identity and its event.
    function testFuzz_Enrols(address key, bytes32 identity, uint40 time, uint40 number) external {
        vm.assume(PartyId.unwrap(parties.partyOf(key)) == 0);
        vm.warp(time);
        vm.roll(number);
        PartyId expected = PartyId.wrap(uint64(bytes8(keccak256(abi.encode(block.chainid, address(parties), key)))));
        vm.expectEmit(address(parties));
        emit IPartyRegistry.PartyEnrolled(expected, key, identity);
        vm.prank(key);
        PartyId party = parties.enrol(identity);

        vm.assertTrue(party == expected);
        (Party memory record, bytes32 kept) = parties.partyRecord(party);
        vm.assertEq(record.controller, key);
        vm.assertTrue(record.standing == Standing.ACTIVE);
        vm.assertEq(record.roles, 0);
        vm.assertEq(record.since, time);
        vm.assertEq(record.agentsSince, 0);
        vm.assertEq(kept, identity);
        Key memory held = parties.keyRecord(key);
        vm.assertTrue(held.party == party && held.kind == KeyKind.CONTROLLER);
        vm.assertTrue(held.standing == Standing.ACTIVE);
        vm.assertEq(held.fromTime, time);
        vm.assertEq(held.fromBlock, number);
        vm.assertEq(uint256(held.untilTime) + held.untilBlock, 0);
    }

    /// @notice A key enrols once, and stays with its party.
    function testFuzz_RefusesKeyInUse(bytes32 identity) external {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, HOLDER, holder));
        vm.prank(HOLDER);
        parties.enrol(identity);
    }

    /// @notice A key whose derived id is another's is refused, not given the other's party.
    function testFuzz_RefusesIdInUse(address key, uint256 word) external {
        vm.assume(PartyId.unwrap(parties.partyOf(key)) == 0 && word != 0);
        PartyId party = PartyId.wrap(uint64(bytes8(keccak256(abi.encode(block.chainid, address(parties), key)))));
        vm.store(address(parties), keccak256(abi.encode(party, uint256(4))), bytes32(word));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyTaken.selector, party, key));
        vm.prank(key);
        parties.enrol(0);
    }

    /// @notice Only registrars admit, and only keys that are free.
    function testFuzz_AdmissionIsForRegistrars(address key, bytes32 identity) external {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, holder, uint16(0), Role.REGISTRAR));
        vm.prank(HOLDER);
        parties.admit(key, identity);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, BUYER, buyer));
        parties.admit(BUYER, identity);
    }

    /* ROLES */

    /// @notice The authority sets roles; the event says them and the record shows them.
    function testFuzz_SetsRoles(uint16 roles) external {
        roles = roles & Role.ALL & ~Role.REGISTRAR;
        bytes memory call = abi.encodeCall(IPartyRegistry.setRoles, (buyer, roles));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectEmit(address(parties));
        emit IPartyRegistry.RolesChanged(buyer, roles);
        authority.execute(address(parties), call);
        (Party memory record,) = parties.partyRecord(buyer);
        vm.assertEq(record.roles, roles);
        vm.assertEq(parties.rolesOf(buyer), roles);
        vm.assertEq(record.controller, BUYER);
    }

    /// @notice Roles that do not exist are refused.
    function testFuzz_RefusesUnknownRoles(uint16 roles) external {
        vm.assume(roles > Role.ALL);
        bytes memory call = abi.encodeCall(IPartyRegistry.setRoles, (buyer, roles));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RolesUnknown.selector, roles));
        authority.execute(address(parties), call);
    }

    /// @notice Nobody has roles that is not a party.
    function test_RefusesRolesOfNobody() external {
        bytes memory call = abi.encodeCall(IPartyRegistry.setRoles, (NOBODY, Role.COURT));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, NOBODY));
        authority.execute(address(parties), call);
    }

    /// @notice Every role but a registrar's can be asked for, one of several is enough, and none is found where none is.
    function testFuzz_RequiresRoles(uint16 held, uint16 needed) external {
        held = held & Role.ALL & ~Role.REGISTRAR;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (buyer, held)));
        if (held & needed == 0) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, buyer, held, needed));
        }
        parties.requireRole(buyer, needed);
    }

    /* REGISTRARS */

    /// @notice A registrar is admitted with the next number and a seat of its own, beside the roles that it has.
    function testFuzz_AdmitsRegistrars(uint8 region, uint8 symbol) external {
        bytes3 seat = _seatOf(region, symbol);
        vm.assume(seat != "001");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (buyer, Role.ASSESSOR)));
        bytes memory call = abi.encodeCall(IPartyRegistry.admitRegistrar, (buyer, seat));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectEmit(address(parties));
        emit IPartyRegistry.RegistrarAdmitted(buyer, 2, seat);
        vm.expectEmit(address(parties));
        emit IPartyRegistry.RolesChanged(buyer, Role.ASSESSOR | Role.REGISTRAR);
        authority.execute(address(parties), call);

        vm.assertEq(parties.registrarNumber(buyer), 2);
        vm.assertEq(parties.registrarCount(), 2);
        (PartyId party, bytes3 kept) = parties.registrar(2);
        vm.assertTrue(party == buyer && kept == seat);
        vm.assertEq(parties.rolesOf(buyer), Role.ASSESSOR | Role.REGISTRAR);
    }

    /// @notice A seat has one registrar for good, also after that one was delisted.
    function test_RefusesSeatInUse() external {
        _admitRegistrar(other, "44A");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, 0)));
        // forge-lint: disable-next-line(unsafe-typecast)
        _refuseRegistrar(buyer, "44A", abi.encodeWithSelector(IPartyRegistry.SeatTaken.selector, bytes3("44A"), 2));
        // forge-lint: disable-next-line(unsafe-typecast)
        _refuseRegistrar(buyer, "001", abi.encodeWithSelector(IPartyRegistry.SeatTaken.selector, bytes3("001"), 1));
    }

    /// @notice What is no seat is refused.
    function testFuzz_RefusesInvalidSeats(bytes3 seat) external {
        bool region = seat[0] >= "0" && seat[0] <= "9" && seat[1] >= "0" && seat[1] <= "9";
        bool symbol = (seat[2] >= "0" && seat[2] <= "9") || (seat[2] >= "A" && seat[2] <= "Z");
        vm.assume(!region || !symbol);
        _refuseRegistrar(buyer, seat, abi.encodeWithSelector(IPartyRegistry.SeatInvalid.selector, seat));
    }

    /// @notice A delisted registrar comes back under its number and seat, and under no other.
    function test_DelistedRegistrarComesBack() external {
        _admitRegistrar(other, "44A");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.ASSESSOR)));
        vm.assertEq(parties.rolesOf(other), Role.ASSESSOR);
        vm.assertEq(parties.registrarNumber(other), 2);
        bytes memory refusal =
        // forge-lint: disable-next-line(unsafe-typecast)
        abi.encodeWithSelector(IPartyRegistry.SeatFixed.selector, other, uint16(2), bytes3("44A"));
        _refuseRegistrar(other, "44B", refusal);
        _admitRegistrar(other, "44A");
        vm.assertEq(parties.rolesOf(other), Role.ASSESSOR | Role.REGISTRAR);
        vm.assertEq(parties.registrarCount(), 2);
    }

    /// @notice Nobody becomes a registrar without a seat, and nobody that is no party becomes one.
    function test_RegistrarsNeedSeatAndParty() external {
        bytes memory call = abi.encodeCall(IPartyRegistry.setRoles, (buyer, Role.REGISTRAR));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.SeatMissing.selector, buyer, Role.REGISTRAR));
        authority.execute(address(parties), call);
        _refuseRegistrar(NOBODY, "44A", abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, NOBODY));
    }

    /// @notice Only the authority admits registrars.
    function testFuzz_AdmittingRegistrarsIsForTheAuthority(address stranger) external {
        vm.assume(stranger != founder && stranger != address(authority));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        parties.admitRegistrar(buyer, "44A");
    }

    /* SUSPENSION */

    /// @notice A suspension is recorded with its maker and evidence, stops writing and not revoking, and ends.
    function testFuzz_SuspendsAndResumes(uint8 why, bytes12 evidence, uint32 lasts) external {
        Reason reason = Reason(bound(why, 0, uint256(type(Reason).max)));
        lasts = uint32(bound(lasts, 1, type(uint32).max));
        vm.expectEmit(address(parties));
        emit IPartyRegistry.PartySuspended(holder, founding, 0, reason, evidence);
        vm.assertEq(parties.suspend(holder, reason, evidence), 0);

        vm.assertTrue(parties.standingOf(holder) == Standing.SUSPENDED);
        vm.assertTrue(parties.keyRecord(HOLDER).standing == Standing.SUSPENDED);
        _expectInactive(holder, Standing.SUSPENDED);
        parties.writer(HOLDER, Scope.REGISTER);
        _expectInactive(holder, Standing.SUSPENDED);
        parties.writerTowards(BUYER, Scope.TRANSFER, holder);
        _expectInactive(holder, Standing.SUSPENDED);
        parties.requireActive(holder);
        vm.assertTrue(parties.actor(HOLDER, Scope.REVOKE) == holder);

        vm.warp(GENESIS + lasts);
        vm.expectEmit(address(parties));
        emit IPartyRegistry.PartyResumed(holder, founding, 0);
        parties.resume(holder, 0);
        vm.assertTrue(parties.writer(HOLDER, Scope.REGISTER) == holder);
        Interval memory kept = parties.suspension(holder, 0);
        vm.assertEq(kept.from, GENESIS);
        vm.assertEq(kept.to, GENESIS + lasts);
        vm.assertTrue(kept.by == founding);
        vm.assertEq(kept.reason, uint8(reason));
        vm.assertEq(bytes32(kept.evidence), bytes32(evidence));
    }

    /// @notice Suspensions of two makers stand beside each other: the party is free when both have ended.
    function testFuzz_SuspensionsStandBesideEachOther(bool firstFirst) external {
        _admitRegistrar(other, "44A");
        parties.suspend(holder, Reason.RISK, "a");
        vm.prank(OTHER);
        vm.assertEq(parties.suspend(holder, Reason.BREACH, "b"), 1);
        _assertCounts(2, 2);
        parties.resume(holder, firstFirst ? 0 : 1);
        vm.assertTrue(parties.standingOf(holder) == Standing.SUSPENDED);
        _assertCounts(2, 1);
        parties.resume(holder, firstFirst ? 1 : 0);
        vm.assertTrue(parties.standingOf(holder) == Standing.ACTIVE);
        _assertCounts(2, 0);
    }

    /// @notice Whoever has no role suspends nobody; a registrar does not suspend those who have one.
    function test_SuspendingNeedsRole() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IPartyRegistry.RoleMissing.selector, buyer, uint16(0), Role.REGISTRAR | Role.REGULATOR
            )
        );
        vm.prank(BUYER);
        parties.suspend(holder, Reason.RISK, 0);

        _admitRegistrar(other, "44A");
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, other, Role.REGISTRAR, Role.REGULATOR)
        );
        vm.prank(OTHER);
        parties.suspend(founding, Reason.RISK, 0);
    }

    /// @notice A suspension is ended by its maker or a regulator, once, and only if it exists.
    function testFuzz_ResumingNeedsMaker(uint256 index) external {
        _admitRegistrar(other, "44A");
        parties.suspend(holder, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.SuspensionNotYours.selector, holder, 0, founding));
        vm.prank(OTHER);
        parties.resume(holder, 0);

        parties.resume(holder, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.SuspensionUnknown.selector, holder, index));
        parties.resume(holder, index);
    }

    /// @notice The maker itself may end its suspension without being a regulator.
    function test_MakerResumes() external {
        _admitRegistrar(other, "44A");
        vm.startPrank(OTHER);
        parties.resume(holder, parties.suspend(holder, Reason.RISK, 0));
        vm.stopPrank();
        vm.assertTrue(parties.standingOf(holder) == Standing.ACTIVE);
    }

    /// @notice Nobody cannot be suspended, and the suspended cannot suspend.
    function test_SuspendingTheUnknownOrBySuspended() external {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, NOBODY));
        parties.suspend(NOBODY, Reason.RISK, 0);
        parties.suspend(founding, Reason.RISK, 0);
        _expectInactive(founding, Standing.SUSPENDED);
        parties.suspend(holder, Reason.RISK, 0);
        _expectInactive(founding, Standing.SUSPENDED);
        parties.resume(founding, 0);
    }

    /* PAUSE */

    /// @notice A pause stops new writes until it lapses by itself, and stops no revoking.
    function testFuzz_PauseLapses(uint40 lasts) external {
        lasts = uint40(bound(lasts, 1, 7 days));
        uint40 until = GENESIS + authority.SHORTEST_DELAY() + lasts;
        _pause(until);
        vm.assertEq(parties.pausedUntil(), until);
        (uint24 stoppedFrom, uint24 stoppedUntil) = calendar.stopped();
        vm.assertEq(stoppedFrom, (GENESIS + 5 days + 8 hours) / 1 days);
        vm.assertEq(stoppedUntil, (until - 1 + 8 hours) / 1 days + 1);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until);
        vm.expectRevert(refusal);
        parties.writer(HOLDER, Scope.REGISTER);
        vm.expectRevert(refusal);
        parties.writerTowards(HOLDER, Scope.TRANSFER, buyer);
        vm.expectRevert(refusal);
        parties.enrol(0);
        vm.assertTrue(parties.actor(HOLDER, Scope.REVOKE) == holder);
        vm.warp(until);
        vm.assertTrue(parties.writer(HOLDER, Scope.REGISTER) == holder);
    }

    /// @notice A pause that ends when a day begins leaves that day a working one, one a second longer does not.
    function testFuzz_PausesEndWithADay(uint8 days_, bool longer) external {
        uint40 start = GENESIS + authority.SHORTEST_DELAY();
        uint24 last = CivilDate.dayOf(start) + uint24(bound(days_, 1, 6));
        while (!calendar.isWorking(last)) --last;
        if (last == CivilDate.dayOf(start)) return;
        _pause(CivilDate.startOf(last) + (longer ? 1 : 0));
        vm.assertTrue(calendar.isWorking(last) != longer);
        vm.assertFalse(calendar.isWorking(last - 1));
    }

    /// @notice A pause cannot end in the past nor last longer than seven days.
    function testFuzz_RefusesPauseOutOfRange(uint40 until) external {
        uint40 start = GENESIS + authority.SHORTEST_DELAY();
        vm.assume(until <= start || until > start + 7 days);
        bytes memory call = abi.encodeCall(IPartyRegistry.pauseWrites, (until));
        authority.schedule(address(parties), call, 0);
        vm.warp(start);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PauseOutOfRange.selector, until, start + 7 days));
        authority.execute(address(parties), call);
    }

    /// @notice Pauses cannot follow each other without seven days of writing between them.
    function testFuzz_PausesRest(uint40 early) external {
        uint40 until = GENESIS + 5 days + 7 days;
        _pause(until);
        early = uint40(bound(early, 1, 7 days));
        uint40 start = until + 7 days - early;
        bytes memory call = abi.encodeCall(IPartyRegistry.pauseWrites, (start + 1));
        vm.warp(start - 5 days);
        authority.schedule(address(parties), call, 0);
        vm.warp(start);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PauseTooSoon.selector, until + 7 days));
        authority.execute(address(parties), call);
    }

    /// @notice After the rest the next pause is allowed.
    function test_PausesAgainAfterRest() external {
        _pause(GENESIS + 5 days + 1);
        vm.warp(GENESIS + 7 days + 1);
        _pause(GENESIS + 12 days + 2);
        vm.assertEq(parties.pausedUntil(), GENESIS + 12 days + 2);
    }

    /// @notice Only the authority pauses.
    function testFuzz_PausingIsForTheAuthority(address stranger, uint40 until) external {
        vm.assume(stranger != founder && stranger != address(authority));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        parties.pauseWrites(until);
    }

    /* VIEWS */

    /// @notice A key of nobody writes, revokes and stands for nothing.
    function testFuzz_UnknownKey(address key) external {
        vm.assume(PartyId.unwrap(parties.partyOf(key)) == 0);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, key);
        vm.expectRevert(refusal);
        parties.writer(key, Scope.REGISTER);
        vm.expectRevert(refusal);
        parties.actor(key, Scope.REVOKE);
        vm.expectRevert(refusal);
        parties.writerTowards(key, Scope.TRANSFER, buyer);
        vm.assertTrue(parties.keyRecord(key).kind == KeyKind.NONE);
    }

    /// @notice A party that does not exist is said to be unknown, not shown as zeros.
    function testFuzz_UnknownParty(uint64 id) external {
        PartyId party = PartyId.wrap(id);
        vm.assume(parties.standingOf(party) == Standing.NONE);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, party);
        vm.expectRevert(refusal);
        parties.partyRecord(party);
        vm.expectRevert(refusal);
        parties.requireActive(party);
        vm.expectRevert(refusal);
        parties.writerTowards(HOLDER, Scope.TRANSFER, party);
    }

    /// @notice The founder's party can admit and suspend from the start.
    function test_FounderStartsWithRoles() external view {
        (Party memory record, bytes32 identity) = parties.partyRecord(founding);
        vm.assertEq(record.roles, Role.REGISTRAR | Role.REGULATOR);
        vm.assertEq(identity, "founder");
        vm.assertEq(parties.registrarNumber(founding), 1);
        (PartyId first, bytes3 seat) = parties.registrar(1);
        vm.assertTrue(first == founding && seat == "001");
        vm.assertEq(PartyRegistry(address(parties)).authority(), address(authority));
    }

    function _refuseRegistrar(PartyId party, bytes3 seat, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IPartyRegistry.admitRegistrar, (party, seat));
        authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(refusal);
        authority.execute(address(parties), call);
    }

    function _seatOf(uint8 region, uint8 symbol) private pure returns (bytes3) {
        bytes memory symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        bytes memory seat = abi.encodePacked(symbols[region / 16 % 10], symbols[region % 10], symbols[symbol % 36]);
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes3(seat);
    }

    function _pause(uint40 until) private {
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
    }

    function _expectInactive(PartyId party, Standing standing) private {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, party, standing));
    }

    function _assertCounts(uint256 total, uint256 live) private view {
        (uint256 all, uint256 lasting) = parties.suspensionCount(holder);
        vm.assertEq(all, total);
        vm.assertEq(lasting, live);
    }
}

/// @notice A registry of parties where registrars decide who enrols.
/// @dev Deployed once, not at every run: that costs fifty million gas.
contract PartyAdmissionTest is Fixture {
    function setUp() public override {
        super.setUp();
        _deploy(Enrolment.REGISTRARS);
    }

    /// @notice Where registrars decide, a key enrols only under the identity it was admitted with.
    function testFuzz_EnrolsByAdmission(address key, bytes32 identity, bytes32 wrong) external {
        vm.assume(identity != 0 && wrong != identity && key != founder);
        vm.startPrank(key);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyNotAdmitted.selector, key, identity));
        parties.enrol(identity);
        vm.stopPrank();

        vm.expectEmit(address(parties));
        emit IPartyRegistry.KeyAdmitted(key, parties.partyOf(founder), identity);
        parties.admit(key, identity);
        vm.assertEq(parties.admission(key), identity);

        vm.startPrank(key);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyNotAdmitted.selector, key, wrong));
        parties.enrol(wrong);
        parties.enrol(identity);
        vm.stopPrank();
        vm.assertTrue(parties.enrolment() == Enrolment.REGISTRARS);
    }

    /// @notice Without an admission not even the empty identity opens the door.
    function testFuzz_EmptyIdentityIsNoAdmission(address key) external {
        vm.assume(key != founder);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyNotAdmitted.selector, key, bytes32(0)));
        vm.prank(key);
        parties.enrol(0);
    }
}
