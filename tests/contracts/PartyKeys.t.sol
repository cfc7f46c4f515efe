// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Key, KeyKind, Scope, Standing} from "../../contracts/types/Key.sol";
import {Party} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {ContractKey, CostlyKey, SpendingKey} from "./ContractKeys.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {KeyFixture} from "./KeyFixture.sol";
import {bound, vm} from "./Vm.sol";

contract PartyKeysTest is KeyFixture {
    using KeyConsents for Wanted;

    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /* ROTATION */

    /// @notice A rotation closes the old key with its span, and the new one speaks for the party and all it has.
    function testFuzz_Rotates(uint32 time, uint32 number) external {
        ProductId product = _register("before");
        vm.warp(GENESIS + uint256(time) % 300 days);
        vm.roll(number);
        bytes memory consent = _controllerConsent(holder);
        vm.expectEmit(address(parties));
        emit IPartyRegistry.KeyRotated(holder, HOLDER, successor);
        vm.prank(HOLDER);
        parties.rotate(successor, LATER, consent);

        (Party memory record,) = parties.partyRecord(holder);
        vm.assertEq(record.controller, successor);
        vm.assertEq(record.since, GENESIS);
        Key memory old = parties.keyRecord(HOLDER);
        vm.assertTrue(old.party == holder && old.standing == Standing.CLOSED && old.kind == KeyKind.CONTROLLER);
        vm.assertEq(old.fromTime, GENESIS);
        vm.assertEq(old.untilTime, block.timestamp);
        vm.assertEq(old.untilBlock, number);
        Key memory made = parties.keyRecord(successor);
        vm.assertTrue(made.party == holder && made.standing == Standing.ACTIVE && made.kind == KeyKind.CONTROLLER);
        vm.assertEq(made.fromTime, block.timestamp);
        vm.assertEq(made.fromBlock, number);
        vm.assertEq(uint256(made.untilTime) + made.untilBlock, 0);
        vm.assertEq(made.scopes, 0xffff);

        _assertClosed(HOLDER, uint40(block.timestamp));
        vm.prank(successor);
        products.retire(product);
    }

    /// @notice The key that was closed neither rotates nor appoints, nor enrols or takes over again.
    function test_ClosedKeyIsClosedForGood() external {
        _rotate();
        bytes memory consent = _agentConsent(holder, Scope.ALL, LATER);
        vm.startPrank(HOLDER);
        _expectClosed(HOLDER, GENESIS);
        parties.rotate(agent, LATER, "");
        _expectClosed(HOLDER, GENESIS);
        parties.appointAgent(agent, Scope.ALL, LATER, LATER, consent);
        _expectClosed(HOLDER, GENESIS);
        parties.dismissAgent(agent);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, HOLDER, holder));
        parties.enrol(0);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, HOLDER, holder));
        vm.prank(successor);
        parties.rotate(HOLDER, LATER, "");
    }

    /// @notice A key of any party, its own included, is nobody's successor.
    function test_RefusesTakenSuccessor() external {
        _appoint(Scope.ALL, LATER);
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, BUYER, buyer));
        parties.rotate(BUYER, LATER, "");
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, agent, holder));
        parties.rotate(agent, LATER, "");
        vm.stopPrank();
    }

    /// @notice A suspended party keeps the key it has, and none changes in a pause.
    function test_RotationNeedsActiveParty() external {
        bytes memory consent = _controllerConsent(holder);
        parties.suspend(holder, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED));
        vm.prank(HOLDER);
        parties.rotate(successor, LATER, consent);

        parties.resume(holder, 0);
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until));
        vm.prank(HOLDER);
        parties.rotate(successor, LATER, consent);
    }

    /// @notice A suspension after a rotation stops the new key, and its end frees it.
    function test_SuspensionFollowsTheController() external {
        _rotate();
        parties.suspend(holder, Reason.RISK, 0);
        vm.assertTrue(parties.keyRecord(successor).standing == Standing.SUSPENDED);
        vm.assertTrue(parties.keyRecord(HOLDER).standing == Standing.CLOSED);
        parties.resume(holder, 0);
        vm.assertTrue(parties.writer(successor, Scope.REGISTER) == holder);
        vm.assertTrue(parties.keyRecord(HOLDER).standing == Standing.CLOSED);
    }

    /* CONSENT */

    /// @notice A consent counts until its deadline, to the second.
    function testFuzz_ConsentHasDeadline(uint40 deadline, bool late) external {
        deadline = uint40(bound(deadline, GENESIS, type(uint40).max - 1));
        bytes memory consent = KeyConsents.controller(holder, successor, deadline).sign(NEW_KEY, address(parties));
        vm.warp(uint256(deadline) + (late ? 1 : 0));
        if (late) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ConsentExpired.selector, successor, deadline));
        }
        vm.prank(HOLDER);
        parties.rotate(successor, deadline, consent);
    }

    /// @notice A consent for another chain, registry, party, deadline or kind, or by another key, is none.
    function test_ConsentIsForOnePurpose() external {
        Wanted memory wanted = KeyConsents.controller(holder, successor, LATER);
        bytes[] memory wrong = new bytes[](8);
        wrong[0] = KeyConsents.controller(buyer, successor, LATER).sign(NEW_KEY, address(parties));
        wrong[1] = KeyConsents.controller(holder, successor, LATER + 1).sign(NEW_KEY, address(parties));
        wrong[2] = KeyConsents.agent(holder, successor, 0xffff, 0, LATER).sign(NEW_KEY, address(parties));
        wrong[3] = wanted.sign(NEW_KEY, address(products));
        wrong[4] = wanted.sign(AGENT_KEY, address(parties));
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        wrong[5] = wanted.sign(NEW_KEY, address(parties));
        vm.chainId(here);
        wrong[6] = KeyConsents.controller(holder, agent, LATER).sign(NEW_KEY, address(parties));
        wrong[7] = "";
        for (uint256 i = 0; i < wrong.length; ++i) {
            _expectInvalid(wanted);
            vm.prank(HOLDER);
            parties.rotate(successor, LATER, wrong[i]);
        }
    }

    /// @notice The twin of a signature, its short form, and one with a byte more or less are refused.
    function test_RefusesMalleableAndShortSignatures() external {
        Wanted memory wanted = KeyConsents.controller(holder, successor, LATER);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(NEW_KEY, wanted.digest(address(parties)));
        vm.assertLe(uint256(s), HALF_ORDER);
        bytes[] memory wrong = new bytes[](5);
        wrong[0] = abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? 28 : 27);
        wrong[1] = abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255));
        wrong[2] = abi.encodePacked(r, s);
        wrong[3] = abi.encodePacked(r, s, v, uint8(0));
        wrong[4] = abi.encodePacked(r, s, v - 27);
        for (uint256 i = 0; i < wrong.length; ++i) {
            _expectInvalid(wanted);
            vm.prank(HOLDER);
            parties.rotate(successor, LATER, wrong[i]);
        }
    }

    /// @notice A consent is used once: a key that has been a party's cannot be brought in again.
    function test_ConsentIsUsedOnce() external {
        bytes memory consent = _controllerConsent(holder);
        _rotate();
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, successor, holder));
        vm.prank(successor);
        parties.rotate(successor, LATER, consent);
    }

    /// @notice A contract may be a key: its word on the digest decides, as ERC-1271 asks.
    function testFuzz_ContractKeysConsent(bytes calldata consent) external {
        ContractKey wallet = new ContractKey();
        Wanted memory wanted = KeyConsents.controller(holder, address(wallet), LATER);
        _expectInvalid(wanted);
        vm.prank(HOLDER);
        parties.rotate(address(wallet), LATER, consent);

        wallet.approve(wanted.digest(address(parties)), consent);
        vm.prank(HOLDER);
        parties.rotate(address(wallet), LATER, consent);
        vm.assertTrue(parties.writer(address(wallet), Scope.REGISTER) == holder);
    }

    /// @notice A contract that answers nonsense, or with more than anyone asked for, has not consented.
    function test_NonsenseIsNoConsent() external {
        address wallet = address(new SpendingKey());
        _expectInvalid(KeyConsents.controller(holder, wallet, LATER));
        vm.prank(HOLDER);
        parties.rotate(wallet, LATER, "");
    }

    /// @notice A contract has 200,000 gas to consent with: one that needs more has not, and costs no more than that.
    function testFuzz_ConsentIsBounded(uint256 cost) external {
        // What lies between is left to the cost of the question itself.
        cost = bound(cost, 0, 2) == 0 ? bound(cost, 205_000, 20_000_000) : bound(cost, 0, 190_000);
        address wallet = address(new CostlyKey(cost));
        bool agrees = cost < 200_000;
        if (!agrees) _expectInvalid(KeyConsents.controller(holder, wallet, LATER));
        uint256 before = gasleft();
        vm.prank(HOLDER);
        parties.rotate(wallet, LATER, "");
        vm.assertLe(before - gasleft(), 400_000);
        vm.assertTrue(parties.partyOf(wallet) == (agrees ? holder : PartyId.wrap(0)));
    }

    /// @notice What is nobody's signature is not the zero address's, which becomes nobody's key.
    function testFuzz_TheZeroAddressConsentsToNothing(bytes calldata consent) external {
        _expectInvalid(KeyConsents.controller(holder, address(0), LATER));
        vm.prank(HOLDER);
        parties.rotate(address(0), LATER, consent);
        _expectInvalid(KeyConsents.agent(holder, address(0), Scope.ALL, LATER, LATER));
        vm.prank(HOLDER);
        parties.appointAgent(address(0), Scope.ALL, LATER, LATER, consent);
    }

    /// @notice An account with code (EIP-7702) consents by its own key, whatever its code says.
    function test_AccountsWithCodeConsent() external {
        vm.etch(successor, address(new SpendingKey()).code);
        _rotate();
        vm.assertTrue(parties.partyOf(successor) == holder);
    }

    /* AGENTS */

    /// @notice An agent does what is in its scopes until its span ends, to the second, and nothing else.
    function testFuzz_AgentActsWithinScopes(uint16 scopes, uint8 bit, uint40 until) external {
        scopes = uint16(bound(scopes, 1, Scope.ALL));
        until = uint40(bound(until, GENESIS + 1, type(uint40).max));
        uint16 asked = uint16(uint256(1) << (bit % 7));
        bytes memory consent = _agentConsent(holder, scopes, until);
        vm.expectEmit(address(parties));
        emit IPartyRegistry.AgentAppointed(holder, agent, scopes, until);
        vm.prank(HOLDER);
        parties.appointAgent(agent, scopes, until, LATER, consent);

        Key memory key = parties.keyRecord(agent);
        vm.assertTrue(key.party == holder && key.kind == KeyKind.AGENT && key.standing == Standing.ACTIVE);
        vm.assertEq(key.scopes, scopes);
        vm.assertEq(key.untilTime, until);
        vm.assertEq(key.untilBlock, 0);

        vm.warp(until - 1);
        bytes memory missing = abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, scopes, asked);
        if (scopes & asked == 0) vm.expectRevert(missing);
        parties.writer(agent, asked);
        if (scopes & asked == 0) vm.expectRevert(missing);
        parties.actor(agent, asked);
        vm.warp(until);
        _assertClosed(agent, until);
    }

    /// @notice What an agent writes is its party's.
    function test_AgentRegistersForItsParty() external {
        _appoint(Scope.REGISTER, LATER);
        ProductId product = _registerBy(agent, _registration("by an agent"));
        vm.assertTrue(products.productRecord(product).applicant == holder);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, Scope.REGISTER, Scope.TRANSFER)
        );
        vm.prank(agent);
        products.transfer(product, buyer, 1);
    }

    /// @notice An agent of a suspended party may revoke and not write.
    function test_SuspensionStopsAgents() external {
        _appoint(Scope.REGISTER | Scope.REVOKE, LATER);
        parties.suspend(holder, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED));
        parties.writer(agent, Scope.REGISTER);
        vm.assertTrue(parties.actor(agent, Scope.REVOKE) == holder);
    }

    /// @notice A pause stops agents as it stops controllers.
    function test_PauseStopsAgents() external {
        _appoint(Scope.ALL, LATER);
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until));
        parties.writer(agent, Scope.REGISTER);
    }

    /// @notice Key matters are the controller's alone, whatever scopes an agent has.
    function test_KeyMattersAreTheControllers() external {
        _appoint(Scope.ALL, LATER);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.ControllerOnly.selector, agent, holder);
        vm.startPrank(agent);
        vm.expectRevert(refusal);
        parties.rotate(successor, LATER, "");
        vm.expectRevert(refusal);
        parties.appointAgent(successor, Scope.ALL, LATER, LATER, "");
        vm.stopPrank();
    }

    /// @notice An agent needs scopes that exist and a span that is still to end.
    function testFuzz_RefusesScopesAndSpans(uint16 scopes, uint40 until) external {
        vm.assume(scopes == 0 || scopes > Scope.ALL);
        until = uint40(bound(until, 0, GENESIS));
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopesInvalid.selector, scopes));
        parties.appointAgent(agent, scopes, LATER, LATER, "");
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.AgentExpired.selector, agent, until));
        parties.appointAgent(agent, Scope.ALL, until, LATER, "");
        vm.stopPrank();
    }

    /// @notice An agent gets what it signed for and nothing besides.
    function test_AgentConsentsToItsScopesAndSpan() external {
        bytes memory consent = _agentConsent(holder, Scope.REGISTER, LATER);
        vm.startPrank(HOLDER);
        _expectInvalid(KeyConsents.agent(holder, agent, Scope.ALL, LATER, LATER));
        parties.appointAgent(agent, Scope.ALL, LATER, LATER, consent);
        _expectInvalid(KeyConsents.agent(holder, agent, Scope.REGISTER, LATER + 1, LATER));
        parties.appointAgent(agent, Scope.REGISTER, LATER + 1, LATER, consent);
        _expectInvalid(KeyConsents.controller(holder, agent, LATER));
        parties.rotate(agent, LATER, consent);
        vm.stopPrank();
    }

    /// @notice The controller, or the agent itself, ends an agent's span; the key is never opened again.
    function testFuzz_Dismisses(bool byItself, uint32 time, uint32 number) external {
        _appoint(Scope.ALL, LATER);
        vm.warp(GENESIS + uint256(time) % 300 days);
        vm.roll(number);
        address by = byItself ? agent : HOLDER;
        vm.expectEmit(address(parties));
        emit IPartyRegistry.AgentDismissed(holder, agent, by);
        vm.prank(by);
        parties.dismissAgent(agent);

        Key memory key = parties.keyRecord(agent);
        vm.assertTrue(key.standing == Standing.CLOSED && key.kind == KeyKind.AGENT);
        vm.assertEq(key.untilTime, block.timestamp);
        vm.assertEq(key.untilBlock, number);
        _assertClosed(agent, uint40(block.timestamp));
        _expectClosed(agent, uint40(block.timestamp));
        vm.prank(HOLDER);
        parties.dismissAgent(agent);
        bytes memory consent = _agentConsent(holder, Scope.ALL, LATER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyTaken.selector, agent, holder));
        vm.prank(HOLDER);
        parties.appointAgent(agent, Scope.ALL, LATER, LATER, consent);
    }

    /// @notice A suspended party may still dismiss; another party, another agent and a controller as agent may not.
    function test_DismissingIsForTheParty() external {
        _appoint(Scope.ALL, LATER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.AgentUnknown.selector, agent, buyer));
        vm.prank(BUYER);
        parties.dismissAgent(agent);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.AgentUnknown.selector, HOLDER, holder));
        vm.prank(HOLDER);
        parties.dismissAgent(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, successor));
        vm.prank(successor);
        parties.dismissAgent(agent);

        uint16 scopes = Scope.REVOKE;
        bytes memory consent =
            KeyConsents.agent(holder, successor, scopes, LATER, LATER).sign(NEW_KEY, address(parties));
        vm.prank(HOLDER);
        parties.appointAgent(successor, scopes, LATER, LATER, consent);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ControllerOnly.selector, successor, holder));
        vm.prank(successor);
        parties.dismissAgent(agent);

        parties.suspend(holder, Reason.RISK, 0);
        vm.prank(HOLDER);
        parties.dismissAgent(agent);
        vm.assertTrue(parties.keyRecord(agent).standing == Standing.CLOSED);
    }

    /// @notice An agent stays its party's when the controller changes, and the new one may dismiss it.
    function test_AgentsStayThroughRotation() external {
        _appoint(Scope.REGISTER, LATER);
        _rotate();
        vm.assertTrue(parties.writer(agent, Scope.REGISTER) == holder);
        vm.prank(successor);
        parties.dismissAgent(agent);
        _assertClosed(agent, GENESIS);
    }

    /// @notice A registrar's clerk decides in its name with that scope alone.
    function test_ClerksDecideForTheirOffice() external {
        PartyId office = founding;
        bytes memory consent = _agentConsent(office, Scope.DECIDE, LATER);
        parties.appointAgent(agent, Scope.DECIDE, LATER, LATER, consent);
        vm.startPrank(agent);
        parties.admit(successor, "identity");
        parties.suspend(holder, Reason.RISK, 0);
        parties.resume(holder, 0);
        vm.stopPrank();

        consent = KeyConsents.agent(office, successor, Scope.REGISTER, LATER, LATER).sign(NEW_KEY, address(parties));
        parties.appointAgent(successor, Scope.REGISTER, LATER, LATER, consent);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, successor, Scope.REGISTER, Scope.DECIDE)
        );
        vm.prank(successor);
        parties.suspend(holder, Reason.RISK, 0);
    }
}
