// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Application, IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {Act, Actor, CaseKind, Stage} from "../../contracts/types/Flow.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Fixture} from "./Fixture.sol";
import {KeyFixture} from "./KeyFixture.sol";
import {bound, vm} from "./Vm.sol";

/// @notice A party has one open objection to a product at a time, so that nobody takes the places of all the others.
contract DeskObjectionsTest is KeyFixture, DeskFixture {
    function setUp() public override(KeyFixture, Fixture) {
        super.setUp();
    }

    /// @notice A second objection is refused while the first is open, in publicity and after registration; others, and
    /// other products, have nothing to do with it.
    function testFuzz_OneOpenEach(bool registered, bytes32 evidence) external {
        vm.assume(evidence != 0);
        ProductId made = registered ? _registered("one", Profile.PROPERTY) : _publicised("one", Profile.PROPERTY);
        vm.assertEq(_objectAs(_objector(1), made), 0);
        vm.assertEq(_objectAs(OTHER, made), 1);
        _expectOpen(made, other, 1);
        vm.prank(OTHER);
        cases.object(made, evidence);
        vm.assertEq(_objectAs(BUYER, made), 2);
        vm.assertEq(_objectAs(OTHER, _publicised("two", Profile.PUBLIC)), 0);
        (uint256 total, uint256 live) = cases.objectionCount(made);
        vm.assertTrue(total == 3 && live == 3);
        vm.assertEq(cases.caseRecord(made, 0).objections, registered ? 0 : 3);
    }

    /// @notice Once it is decided the same party may object again, and its last objection is the one that counts.
    function testFuzz_AgainOnceDecided(bool registered, uint8 outcome, uint8 others) external {
        ProductId made = registered ? _registered("again", Profile.PROPERTY) : _publicised("again", Profile.PROPERTY);
        Outcome given = registered ? Outcome(bound(outcome, 1, 4)) : Outcome.REJECTED;
        uint256 before = bound(others, 0, 3);
        for (uint256 i = 0; i < before; ++i) {
            _objectAs(_objector(i), made);
        }
        for (uint256 round = 0; round < 3; ++round) {
            vm.assertEq(_objectAs(OTHER, made), before + round);
            _expectOpen(made, other, before + round);
            _objectAs(OTHER, made);
            cases.decide(made, before + round, given, "reasons");
        }
        // The decision of another's is none of its own.
        _objectAs(OTHER, made);
        if (before != 0) cases.decide(made, 0, given, "reasons");
        _expectOpen(made, other, before + 3);
        _objectAs(OTHER, made);
    }

    /// @notice What was rejected in publicity may be raised again after registration.
    function test_AgainAfterRegistration() external {
        ProductId made = _publicised("later", Profile.PROPERTY);
        uint256 end = _publicityEnd(Profile.PROPERTY, block.timestamp);
        _objectAs(OTHER, made);
        vm.warp(end);
        cases.decide(made, 0, Outcome.REJECTED, "reasons");
        cases.register(made, 0, _entry(_years(1)));
        vm.assertEq(_objectAs(OTHER, made), 1);
        _expectOpen(made, other, 1);
        _objectAs(OTHER, made);
    }

    /// @notice All keys of a party are one objector: its agents, its successors; and so is a party that is suspended.
    function test_AllKeysAreOneParty() external {
        ProductId made = _publicised("keys", Profile.PROPERTY);
        _appoint(Scope.OBJECT, LATER);
        _objectAs(agent, made);
        _expectOpen(made, holder, 0);
        _objectAs(HOLDER, made);
        _rotate();
        _expectOpen(made, holder, 0);
        _objectAs(successor, made);
        parties.suspend(holder, Reason.RISK, "evidence");
        _expectOpen(made, holder, 0);
        _objectAs(agent, made);
        cases.decide(made, 0, Outcome.REJECTED, "reasons");
        vm.assertEq(_objectAs(successor, made), 1);
    }

    /// @notice An objection that was open when its case ended is decided by nobody, and keeps its party from nothing: to
    /// that product nobody objects any more, and another registration of the same content is another product.
    function testFuzz_UndecidedObjectionsEndWithTheCase(bool withdrawn) external {
        ProductId made = _publicised("ended", Profile.PROPERTY);
        _objectAs(OTHER, made);
        _objectAs(BUYER, made);
        if (withdrawn) {
            vm.prank(HOLDER);
            cases.withdraw(made, 0);
        } else {
            cases.decide(made, 1, Outcome.UPHELD, "reasons");
        }
        (, uint256 live) = cases.objectionCount(made);
        vm.assertEq(live, withdrawn ? 2 : 1);
        Stage stage = withdrawn ? Stage.WITHDRAWN : Stage.TERMINATED;
        _expectForbidden(made, stage, Actor.ANYONE, Act.OBJECT);
        _objectAs(OTHER, made);
        _expectForbidden(made, stage, Actor.ANYONE | Actor.REGISTRAR, Act.REJECT);
        cases.decide(made, 0, Outcome.REJECTED, "reasons");
        Application memory same = _application("ended", Profile.PROPERTY);
        same.registration.particulars = _particulars(77, Rights.ALL, 0);
        ProductId anew = _apply(same);
        cases.accept(anew, 0);
        cases.publicise(anew, 0);
        vm.assertEq(_objectAs(OTHER, anew), 0);
    }

    function _expectOpen(ProductId made, PartyId by, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ObjectionOpen.selector, made, by, index));
    }

    function _expectForbidden(ProductId made, Stage stage, uint8 actors, Act act) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistrationDesk.TransitionForbidden.selector,
                made,
                Profile.PROPERTY,
                CaseKind.INITIAL,
                stage,
                actors,
                act
            )
        );
    }
}
