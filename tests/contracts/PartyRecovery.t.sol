// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Key, Scope, Standing} from "../../contracts/types/Key.sol";
import {Party, Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Recovery} from "../../contracts/types/Recovery.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {KeyFixture} from "./KeyFixture.sol";
import {bound, vm} from "./Vm.sol";

contract PartyRecoveryTest is KeyFixture {
    using KeyConsents for Wanted;

    uint40 private constant DUE = GENESIS + 7 days;

    /* ANNOUNCING */

    /// @notice A recovery is announced with its key, its maker and its evidence, and takes effect seven days later.
    function testFuzz_Announces(bytes32 evidence) external {
        vm.expectEmit(address(parties));
        emit IPartyRegistry.RecoveryAnnounced(holder, successor, founding, DUE, evidence);
        vm.assertEq(parties.announceRecovery(holder, successor, evidence), DUE);
        Recovery memory announced = parties.recovery(holder);
        vm.assertEq(announced.key, successor);
        vm.assertTrue(announced.by == founding);
        vm.assertEq(announced.effectiveAt, DUE);
        vm.assertTrue(parties.writer(HOLDER, Scope.REGISTER) == holder);
    }

    /// @notice Registrars recover parties without a role, regulators those with one, nobody itself.
    function test_AnnouncingNeedsOffice() external {
        bytes memory refusal = abi.encodeWithSelector(
            IPartyRegistry.RoleMissing.selector, buyer, uint16(0), Role.REGISTRAR | Role.REGULATOR
        );
        vm.expectRevert(refusal);
        vm.prank(BUYER);
        parties.announceRecovery(holder, successor, 0);

        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryOfOwn.selector, founding));
        parties.announceRecovery(founding, successor, 0);

        _admitRegistrar(other, "44A");
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, other, Role.REGISTRAR, Role.REGULATOR)
        );
        vm.prank(OTHER);
        parties.announceRecovery(founding, successor, 0);
        parties.announceRecovery(other, successor, 0);
    }

    /// @notice A recovery names a party that exists and a key that is free.
    function test_AnnouncesOnlyWhatCanBe() external {
        PartyId nobody = PartyId.wrap(0xdead);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, nobody));
        parties.announceRecovery(nobody, successor, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, BUYER, buyer));
        parties.announceRecovery(holder, BUYER, 0);
    }

    /// @notice One recovery at a time: the next can be announced once the first has lapsed.
    function testFuzz_OneAtATime(uint32 time) external {
        parties.announceRecovery(holder, successor, 0);
        uint256 lapse = DUE + 30 days;
        uint256 moment = bound(time, GENESIS, lapse + 10 days);
        vm.warp(moment);
        if (moment < lapse) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryPending.selector, holder, DUE));
            parties.announceRecovery(holder, agent, 0);
        } else {
            vm.assertEq(parties.announceRecovery(holder, agent, 0), moment + 7 days);
        }
    }

    /* CANCELLING */

    /// @notice The controller, who announced it, and a regulator cancel; afterwards nothing is pending.
    function testFuzz_Cancels(uint8 who) external {
        _admitRegistrar(other, "44A");
        vm.prank(OTHER);
        parties.announceRecovery(holder, successor, 0);
        address caller = [HOLDER, OTHER, founder][who % 3];
        PartyId by = parties.partyOf(caller);
        vm.expectEmit(address(parties));
        emit IPartyRegistry.RecoveryCancelled(holder, by);
        vm.prank(caller);
        parties.cancelRecovery(holder);
        vm.assertEq(parties.recovery(holder).key, address(0));
        vm.warp(block.timestamp + 7 days);
        _expectUnknown();
        parties.recover(holder, LATER, "");
        _expectUnknown();
        parties.cancelRecovery(holder);
    }

    /// @notice Other parties, other registrars and agents of the party do not cancel.
    function test_CancellingIsForFew() external {
        _admitRegistrar(other, "44A");
        _appoint(Scope.ALL, LATER);
        parties.announceRecovery(holder, successor, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryNotYours.selector, holder, buyer));
        vm.prank(BUYER);
        parties.cancelRecovery(holder);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryNotYours.selector, holder, other));
        vm.prank(OTHER);
        parties.cancelRecovery(holder);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ControllerOnly.selector, agent, holder));
        vm.prank(agent);
        parties.cancelRecovery(holder);
    }

    /// @notice A thief that holds the key cancels nothing once the party is suspended, and cannot hand it on.
    function test_SuspendedThiefCannotCancel() external {
        parties.suspend(holder, Reason.RISK, 0);
        parties.announceRecovery(holder, successor, 0);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED);
        vm.startPrank(HOLDER);
        vm.expectRevert(refusal);
        parties.cancelRecovery(holder);
        vm.expectRevert(refusal);
        parties.rotate(agent, LATER, "");
        vm.stopPrank();

        vm.warp(DUE);
        parties.recover(holder, LATER, _controllerConsent(holder));
        _assertClosed(HOLDER, DUE);
        vm.assertTrue(parties.keyRecord(successor).standing == Standing.SUSPENDED);
        parties.resume(holder, 0);
        vm.assertTrue(parties.writer(successor, Scope.REGISTER) == holder);
    }

    /// @notice A thief that hands the party on to another key of his loses that one too.
    function test_RotationDoesNotEscapeRecovery() external {
        parties.announceRecovery(holder, successor, 0);
        bytes memory consent = KeyConsents.controller(holder, agent, LATER).sign(AGENT_KEY, address(parties));
        vm.prank(HOLDER);
        parties.rotate(agent, LATER, consent);
        vm.warp(DUE);
        parties.recover(holder, LATER, _controllerConsent(holder));
        _assertClosed(agent, DUE);
        _assertClosed(HOLDER, GENESIS);
        vm.assertTrue(parties.writer(successor, Scope.REGISTER) == holder);
    }

    /// @notice A pause carries no recovery past the controller: it cancels in it, and nothing takes effect in it.
    function test_PauseHelpsNobody() external {
        authority.schedule(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (GENESIS + 9 days)), 0);
        parties.announceRecovery(holder, successor, 0);
        vm.warp(GENESIS + 5 days);
        authority.execute(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (GENESIS + 9 days)));
        vm.warp(DUE);
        bytes memory consent = _controllerConsent(holder);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, GENESIS + 9 days));
        parties.recover(holder, LATER, consent);
        vm.prank(HOLDER);
        parties.cancelRecovery(holder);
    }

    /* TAKING EFFECT */

    /// @notice A recovery takes effect within its window, to the second, by anyone's hand.
    function testFuzz_Recovers(uint32 time, address anyone) external {
        parties.announceRecovery(holder, successor, 0);
        uint256 moment = bound(time, GENESIS, DUE + 40 days);
        bytes memory consent = _controllerConsent(holder);
        vm.warp(moment);
        if (moment < DUE) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryTooEarly.selector, holder, DUE));
            parties.recover(holder, LATER, consent);
            return;
        }
        if (moment >= DUE + 30 days) {
            _expectUnknown();
            parties.recover(holder, LATER, consent);
            return;
        }
        vm.expectEmit(address(parties));
        emit IPartyRegistry.PartyRecovered(holder, HOLDER, successor);
        vm.prank(anyone);
        parties.recover(holder, LATER, consent);

        (Party memory record,) = parties.partyRecord(holder);
        vm.assertEq(record.controller, successor);
        vm.assertEq(record.agentsSince, moment);
        vm.assertEq(record.since, GENESIS);
        Key memory old = parties.keyRecord(HOLDER);
        vm.assertTrue(old.standing == Standing.CLOSED);
        vm.assertEq(old.untilTime, moment);
        vm.assertTrue(parties.writer(successor, Scope.REGISTER) == holder);
        _expectUnknown();
        parties.recover(holder, LATER, consent);
    }

    /// @notice The window's edges: refused a second before it opens, and a second after its last.
    function test_WindowHasEdges() external {
        parties.announceRecovery(holder, successor, 0);
        bytes memory consent = _controllerConsent(holder);
        vm.warp(DUE - 1);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryTooEarly.selector, holder, DUE));
        parties.recover(holder, LATER, consent);
        vm.warp(DUE + 30 days);
        _expectUnknown();
        parties.recover(holder, LATER, consent);
        vm.warp(DUE + 30 days - 1);
        parties.recover(holder, LATER, consent);
    }

    /// @notice The key that takes over is the one announced, by its own consent, used in time.
    function test_RecoveryNeedsConsent() external {
        parties.announceRecovery(holder, successor, 0);
        vm.warp(DUE);
        bytes memory wrong = KeyConsents.controller(buyer, successor, LATER).sign(NEW_KEY, address(parties));
        _expectInvalid(KeyConsents.controller(holder, successor, LATER));
        parties.recover(holder, LATER, wrong);
        uint40 past = DUE - 1;
        bytes memory late = KeyConsents.controller(holder, successor, past).sign(NEW_KEY, address(parties));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ConsentExpired.selector, successor, past));
        parties.recover(holder, past, late);
    }

    /// @notice A key that found another party meanwhile cannot take over.
    function test_RecoveryNeedsFreeKey() external {
        parties.announceRecovery(holder, successor, 0);
        vm.prank(successor);
        PartyId own = parties.enrol(0);
        vm.warp(DUE);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, successor, own));
        parties.recover(holder, LATER, "");
    }

    /// @notice What a registrar announced falls with its office: suspended or delisted, it recovers nobody.
    function test_RecoveryFallsWithItsMaker() external {
        _admitRegistrar(other, "44A");
        vm.prank(OTHER);
        uint40 due = parties.announceRecovery(holder, successor, 0);
        bytes memory consent = _controllerConsent(holder);
        vm.warp(due);
        parties.suspend(other, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, other, Standing.SUSPENDED));
        parties.recover(holder, LATER, consent);
        parties.resume(other, 0);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, 0)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IPartyRegistry.RoleMissing.selector, other, uint16(0), Role.REGISTRAR | Role.REGULATOR
            )
        );
        parties.recover(holder, LATER, consent);
    }

    /// @notice Agents of before a recovery are void, also one appointed in its very second; later ones are not.
    function test_RecoveryVoidsAgents() external {
        _appoint(Scope.ALL, LATER);
        parties.announceRecovery(holder, successor, 0);
        vm.warp(DUE);
        uint256 lastMinute = 0x1a57;
        address thief = vm.addr(lastMinute);
        bytes memory consent =
            KeyConsents.agent(holder, thief, Scope.ALL, LATER, LATER).sign(lastMinute, address(parties));
        vm.prank(HOLDER);
        parties.appointAgent(thief, Scope.ALL, LATER, LATER, consent);
        parties.recover(holder, LATER, _controllerConsent(holder));
        _assertClosed(agent, DUE);
        _assertClosed(thief, DUE);
        _expectClosed(thief, DUE);
        vm.prank(successor);
        parties.dismissAgent(thief);

        uint256 fresh = 0xf5e5;
        address clerk = vm.addr(fresh);
        consent = KeyConsents.agent(holder, clerk, Scope.ALL, LATER, LATER).sign(fresh, address(parties));
        _expectClosed(clerk, DUE);
        vm.prank(successor);
        parties.appointAgent(clerk, Scope.ALL, LATER, LATER, consent);
        vm.warp(DUE + 1);
        vm.prank(successor);
        parties.appointAgent(clerk, Scope.ALL, LATER, LATER, consent);
        vm.assertTrue(parties.writer(clerk, Scope.REGISTER) == holder);
    }

    function _expectUnknown() private {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RecoveryUnknown.selector, holder));
    }
}
