// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantOffice} from "../../contracts/GrantOffice.sol";
import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Clause} from "../../contracts/types/Clauses.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {GrantStage} from "../../contracts/types/GrantState.sol";
import {Interval} from "../../contracts/types/Interval.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Suspending and ending grants: by whom, until when, and what is final.
contract GrantEndingTest is AgreementFixture {
    using Drafts for Draft;

    /// @dev A court's, and a regulator's beside the founder's.
    address private constant COURT = address(0xC0);
    address private constant SECOND_COURT = address(0xC1);

    GrantId private grant;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 2; ++i) {
            address key = i == 0 ? COURT : SECOND_COURT;
            _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (_enrol(key), Role.COURT)));
        }
        vm.warp(GENESIS);
        Draft memory d = _agreed();
        d.noticeDays = 30;
        grant = _agree(d);
    }

    /* SUSPENDING */

    /// @notice The grantor, a regulator and a court suspend, each by itself; the grant is back once none lasts.
    function test_SuspensionsStandBesideEachOther() external {
        vm.prank(accounts[0]);
        vm.assertEq(grants.suspend(grant, Reason.DISPUTE, "one"), 0);
        vm.assertEq(grants.suspend(grant, Reason.RISK, "two"), 1);
        vm.prank(COURT);
        vm.assertEq(grants.suspend(grant, Reason.AUTHORITY, "three"), 2);
        (uint256 total, uint256 live) = grants.suspensionCount(grant);
        vm.assertEq(total, 3);
        vm.assertEq(live, 3);
        Interval memory interval = grants.suspension(grant, 2);
        vm.assertTrue(interval.by == parties.partyOf(COURT) && interval.evidence == "three" && interval.from == GENESIS);
        vm.prank(accounts[0]);
        grants.resume(grant, 0);
        grants.resume(grant, 1);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_SUSPENDED);
        vm.prank(COURT);
        grants.resume(grant, 2);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.OK);
    }

    /// @notice Nobody else suspends, nothing that is over or unknown is suspended.
    function test_WhoSuspends() external {
        bytes memory refusal = abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, members[1]);
        vm.expectRevert(refusal);
        vm.prank(accounts[1]);
        grants.suspend(grant, Reason.RISK, 0);
        GrantId nothing = GrantId.wrap("nothing");
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantUnknown.selector, nothing));
        grants.suspend(nothing, Reason.RISK, 0);
        vm.prank(accounts[1]);
        grants.revoke(grant, Reason.RENOUNCED);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantEndsAlready.selector, grant, GENESIS));
        vm.prank(accounts[0]);
        grants.suspend(grant, Reason.RISK, 0);
    }

    /// @notice A suspension is ended by its maker or a court; a court's by that court, as long as it is one.
    function test_WhoResumes() external {
        vm.prank(accounts[0]);
        grants.suspend(grant, Reason.DISPUTE, 0);
        vm.prank(COURT);
        grants.suspend(grant, Reason.AUTHORITY, 0);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantSuspensionNotYours.selector, grant, 0, members[0]));
        grants.resume(grant, 0);
        vm.prank(SECOND_COURT);
        grants.resume(grant, 0);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantSuspensionUnknown.selector, grant, 0));
        vm.prank(accounts[0]);
        grants.resume(grant, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IGrantRegistry.GrantSuspensionNotYours.selector, grant, 1, parties.partyOf(COURT))
        );
        vm.prank(SECOND_COURT);
        grants.resume(grant, 1);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (parties.partyOf(COURT), 0)));
        vm.prank(SECOND_COURT);
        grants.resume(grant, 1);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.OK);
    }

    /// @notice A suspension holds through the notice of a revocation, whichever came first, and so does the revocation.
    function testFuzz_SuspendedWhileItEnds(bool suspendsFirst, bool consents) external {
        if (suspendsFirst) _suspend();
        if (consents) {
            _end(GENESIS + 30 days);
        } else {
            vm.prank(accounts[0]);
            grants.revoke(grant, Reason.BREACH);
        }
        if (!suspendsFirst) _suspend();
        GrantStage both = consents ? GrantStage.ENDED_SUSPENDED : GrantStage.REVOKED_SUSPENDED;
        vm.assertTrue(grants.stateOf(grant).stage == both);
        vm.assertTrue(grants.verdictOf(grant, GENESIS + 30 days - 1) == Verdict.GRANT_SUSPENDED);
        Verdict over = consents ? Verdict.GRANT_ENDED : Verdict.GRANT_REVOKED;
        vm.assertTrue(grants.verdictOf(grant, GENESIS + 30 days) == over);
        vm.prank(accounts[0]);
        grants.resume(grant, 0);
        vm.assertTrue(grants.stateOf(grant).stage == (consents ? GrantStage.ENDED : GrantStage.REVOKED));
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.OK);
        vm.assertTrue(grants.verdictOf(grant, GENESIS + 30 days) == over);
    }

    /// @notice However often it is suspended while its notice runs, the end that was made known stays, and says what it is.
    function testFuzz_SuspendedAgainWhileItEnds(bool consents, uint8 count) external {
        count = uint8(bound(count, 2, 5));
        if (consents) {
            _end(GENESIS + 30 days);
        } else {
            vm.prank(accounts[0]);
            grants.revoke(grant, Reason.BREACH);
        }
        for (uint256 i = 0; i < count; ++i) {
            _suspend();
            vm.assertTrue(
                grants.stateOf(grant).stage == (consents ? GrantStage.ENDED_SUSPENDED : GrantStage.REVOKED_SUSPENDED)
            );
        }
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_SUSPENDED);
            vm.prank(accounts[0]);
            grants.resume(grant, i);
        }
        vm.assertTrue(grants.stateOf(grant).stage == (consents ? GrantStage.ENDED : GrantStage.REVOKED));
        vm.assertTrue(grants.verdictOf(grant, GENESIS + 30 days - 1) == Verdict.OK);
        Verdict over = consents ? Verdict.GRANT_ENDED : Verdict.GRANT_REVOKED;
        vm.assertTrue(grants.verdictOf(grant, GENESIS + 30 days) == over);
    }

    /* ENDING */

    /// @notice A court revokes at once, whatever notice was agreed; a regulator does not.
    function test_CourtsRevoke() external {
        bytes memory refusal = abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, founding);
        vm.expectRevert(refusal);
        grants.revoke(grant, Reason.AUTHORITY);
        vm.prank(COURT);
        grants.revoke(grant, Reason.AUTHORITY);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_REVOKED);
    }

    /// @notice Both sides end a grant at the time they agreed on, whoever calls, suspended or not.
    function testFuzz_EndsByConsent(bool byGrantor, uint32 later, bool suspended) external {
        uint40 end = later == 0 ? 0 : GENESIS + uint40(bound(later, 0, 364 days));
        uint256 caller = byGrantor ? 0 : 1;
        Approval memory second = _signed(1 - caller, _endingDigest(grant, end, GENESIS + 5));
        if (suspended) parties.suspend(members[caller], Reason.RISK, 0);
        vm.warp(GENESIS + 5);
        if (end != 0 && end < GENESIS + 5) {
            vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.TimeBeforeBlock.selector, end, GENESIS + 5));
            vm.prank(accounts[caller]);
            grants.endByConsent(grant, end, GENESIS + 5, second);
            return;
        }
        vm.expectEmit(address(grants));
        uint40 then = end == 0 ? GENESIS + 5 : end;
        emit IGrantRegistry.GrantEnded(grant, members[caller], then, accounts[1 - caller]);
        vm.prank(accounts[caller]);
        grants.endByConsent(grant, end, GENESIS + 5, second);
        vm.assertEq(grants.stateOf(grant).endsAt, then);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantEndsAlready.selector, grant, then));
        vm.prank(accounts[caller]);
        grants.endByConsent(grant, end == 0 ? then : end, GENESIS + 5, second);
    }

    /// @notice An ending is signed by the other side, for this grant, this time and this deadline, and handed in by then.
    function test_EndingsAreSigned() external {
        uint40 end = GENESIS + 10;
        uint40 deadline = GENESIS + 5;
        bytes32 digest = _endingDigest(grant, end, deadline);
        _refuseEnding(_signed(1, _endingDigest(GrantId.wrap("another"), end, deadline)), digest);
        _refuseEnding(_signed(1, _endingDigest(grant, end + 1, deadline)), digest);
        _refuseEnding(_signed(1, _endingDigest(grant, end, deadline + 1)), digest);
        Approval memory own = _signed(0, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.SignerMismatch.selector, members[1], accounts[0]));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, end, deadline, own);
        Approval memory second = _signed(1, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        vm.prank(OTHER);
        grants.endByConsent(grant, end, deadline, second);
        vm.warp(GENESIS + 6);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.SignatureLapsed.selector, deadline, GENESIS + 6));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, end, deadline, second);
        uint40 far = uint40(type(uint32).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, Clause.VALID_UNTIL, far));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, far, far, second);
    }

    /* THE TWO CODES */

    /// @notice The code of what is seldom done refuses where it lies, and serves where the registry is.
    function test_TheOfficeServesTheRegistryAlone() external {
        GrantOffice office = GrantOffice(directory.addressOf("GrantOffice"));
        vm.expectRevert(abi.encodeWithSelector(IGrantOffice.RegistryOnly.selector, address(office)));
        vm.prank(accounts[0]);
        office.suspend(grant, Reason.RISK, 0);
        vm.assertEq(address(grants.judge()), address(grantJudge));
        vm.assertEq(grants.meter(), address(meter));
        vm.assertEq(address(grantJudge.grants()), address(grants));
        (bool done, bytes memory answer) = address(grants).call(hex"12345678");
        vm.assertTrue(!done && answer.length == 0);
    }

    function _suspend() private {
        vm.prank(accounts[0]);
        grants.suspend(grant, Reason.DISPUTE, 0);
    }

    function _end(uint40 end) private {
        Approval memory second = _signed(1, _endingDigest(grant, end, GENESIS));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, end, GENESIS, second);
    }

    function _refuseEnding(Approval memory approval, bytes32 digest) private {
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, accounts[1], digest));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, GENESIS + 10, GENESIS + 5, approval);
    }
}
// forge-lint: disable-end(unsafe-typecast)
