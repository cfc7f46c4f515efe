// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {ClausesCodec} from "../../contracts/libraries/ClausesCodec.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Use, Verdict} from "../../contracts/types/Verdict.sol";
import {Action, Environment, Purpose, Reason} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GrantFixture} from "./GrantFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
contract GrantCheckTest is GrantFixture {
    using Drafts for Draft;

    /// @notice Every mask of actions and purposes is allowed exactly when the grant has all of it.
    function testFuzz_ActionAndPurpose(uint32 actions, uint32 purposes, uint32 action, uint32 purpose) external {
        Draft memory d = _draft();
        d.actions = (actions & Action.ALL) | Action.READ;
        d.purposes = (purposes & Purpose.ALL) | Purpose.AUDIT;
        _issue(d);
        Use memory use = _use();
        use.action = action;
        use.purpose = purpose;
        Verdict expected = Verdict.OK;
        if (purpose == 0 || purpose | d.purposes != d.purposes) {
            expected = Verdict.PURPOSE_NOT_GRANTED;
        }
        if (action == 0 || action | d.actions != d.actions) expected = Verdict.ACTION_NOT_GRANTED;
        _assertVerdict(d, use, expected);
    }

    /// @notice A grant holds from the first second of its window up to and without the last.
    function testFuzz_Window(uint32 starts, uint32 lasts, uint40 asked) external {
        Draft memory d = _draft();
        d.validFrom = GENESIS + uint40(bound(starts, 0, 1_000_000_000));
        d.validUntil = d.validFrom + 1 + uint40(bound(lasts, 0, 1_000_000_000));
        _issue(d);
        Use memory use = _use();
        use.time = uint40(bound(asked, GENESIS, GENESIS + 2_100_000_000));
        Verdict expected = Verdict.OK;
        if (use.time < d.validFrom) expected = Verdict.NOT_STARTED;
        if (use.time >= d.validUntil) expected = Verdict.GRANT_ENDED;
        _assertVerdict(d, use, expected);
        vm.warp(use.time);
        use.time = 0;
        _assertVerdict(d, use, expected);
    }

    /// @notice The boundaries of the window, to the second.
    function test_WindowToTheSecond() external {
        Draft memory d = _draft();
        d.validFrom = GENESIS + 100;
        d.validUntil = GENESIS + 200;
        _issue(d);
        Use memory use = _use();
        use.time = GENESIS + 99;
        _assertVerdict(d, use, Verdict.NOT_STARTED);
        use.time = GENESIS + 100;
        _assertVerdict(d, use, Verdict.OK);
        use.time = GENESIS + 199;
        _assertVerdict(d, use, Verdict.OK);
        use.time = GENESIS + 200;
        _assertVerdict(d, use, Verdict.GRANT_ENDED);
    }

    /// @notice A state cannot answer for a time before its block.
    function testFuzz_RefusesThePast(uint40 asked) external {
        Draft memory d = _draft();
        GrantId grant = _issue(d);
        Use memory use = _use();
        use.time = uint40(bound(asked, 1, GENESIS - 1));
        bytes memory refusal = abi.encodeWithSelector(IGrantRegistry.TimeBeforeBlock.selector, use.time, GENESIS);
        bytes memory packed = d.pack();
        vm.expectRevert(refusal);
        grants.check(packed, use);
        vm.expectRevert(refusal);
        grants.verdictOf(grant, use.time);
    }

    /// @notice A grant of all versions covers each version there is; a grant of one covers that one.
    function testFuzz_Versions(uint16 granted, uint16 asked, uint8 updates) external {
        updates = uint8(bound(updates, 0, 5));
        for (uint16 i = 1; i <= updates; ++i) {
            vm.prank(HOLDER);
            products.update(product, i, keccak256(abi.encode(i)), 0);
        }
        uint16 latest = uint16(updates) + 1;
        Draft memory d = _draft();
        d.version = uint16(bound(granted, 0, latest));
        _issue(d);
        Use memory use = _use();
        use.version = uint16(bound(asked, 0, 8));
        uint16 used = use.version == 0 ? latest : use.version;
        bool covered = used <= latest && (d.version == 0 || d.version == used);
        _assertVerdict(d, use, covered ? Verdict.OK : Verdict.VERSION_NOT_GRANTED);
    }

    /// @notice Where environments are named, a use must name one of them.
    function testFuzz_Environment(uint8 granted, uint8 asked) external {
        Draft memory d = _draft();
        d.environment = granted & Environment.ALL;
        _issue(d);
        Use memory use = _use();
        use.environment = asked;
        bool covered = d.environment == 0 || (asked != 0 && asked | d.environment == d.environment);
        _assertVerdict(d, use, covered ? Verdict.OK : Verdict.ENVIRONMENT_NOT_GRANTED);
    }

    /// @notice An amount is allowed up to what remains, and in a period up to the period's quota.
    function testFuzz_Amount(uint64 total, uint64 period, uint64 amount) external {
        Draft memory d = _draft();
        d.quotaTotal = uint64(bound(total, 1, 1_000_000));
        d.periodQuota = uint64(bound(period, 0, d.quotaTotal));
        if (d.periodQuota != 0) d.periodLength = 1 days;
        _issue(d);
        Use memory use = _use();
        use.amount = uint64(bound(amount, 0, 2_000_000));
        Verdict expected = Verdict.OK;
        if (d.periodQuota != 0 && use.amount > d.periodQuota) expected = Verdict.PERIOD_EXCEEDED;
        if (use.amount > d.quotaTotal) expected = Verdict.QUOTA_EXCEEDED;
        _assertVerdict(d, use, expected);
    }

    /// @notice Without a quota any amount is allowed.
    function testFuzz_NoQuota(uint64 amount) external {
        Draft memory d = _draft();
        d.quotaUnit = 0;
        d.quotaTotal = 0;
        _issue(d);
        Use memory use = _use();
        use.amount = amount;
        _assertVerdict(d, use, Verdict.OK);
    }

    /// @notice A listed territory covers what begins with its digits, and an undeclared place is not covered.
    function testFuzz_Territory(uint16 country, uint8 province, uint8 city, uint8 district, bool far) external {
        country = uint16(bound(country, 1, 999));
        province = uint8(bound(province, 0, 99));
        city = province == 0 ? 0 : uint8(bound(city, 0, 99));
        district = city == 0 ? 0 : uint8(bound(district, 0, 99));
        Draft memory d = _draft();
        uint32 listed = uint32(country) * 1_000_000 + uint32(province) * 10_000 + uint32(city) * 100 + district;
        d.territory[0] = listed;
        _issue(d);
        uint32 span = province == 0 ? 1_000_000 : city == 0 ? 10_000 : district == 0 ? 100 : 1;
        Use memory use = _use();
        use.territory = far ? listed + span : listed + span - 1;
        _assertVerdict(d, use, far ? Verdict.TERRITORY_NOT_GRANTED : Verdict.OK);
        use.territory = listed - 1;
        _assertVerdict(d, use, Verdict.TERRITORY_NOT_GRANTED);
        use.territory = 0;
        _assertVerdict(d, use, Verdict.TERRITORY_NOT_GRANTED);
    }

    /// @notice Any of several territories covers; without a list all of the world is covered.
    function testFuzz_SeveralTerritories(uint8 which, uint32 anywhere) external {
        Draft memory d = _draft();
        d.territory = new uint32[](3);
        d.territory[0] = 156_110_000;
        d.territory[1] = 156_410_100;
        d.territory[2] = 702_000_000;
        _issue(d);
        Use memory use = _use();
        use.territory = d.territory[which % 3];
        _assertVerdict(d, use, Verdict.OK);
        d.territory = new uint32[](0);
        _issue(d);
        use.territory = anywhere;
        _assertVerdict(d, use, Verdict.OK);
    }

    /// @notice Nobody but the grantee uses.
    function testFuzz_User(uint64 user) external {
        Draft memory d = _draft();
        _issue(d);
        Use memory use = _use();
        use.user = PartyId.wrap(user);
        vm.assume(use.user != buyer);
        _assertVerdict(d, use, Verdict.USER_NOT_GRANTEE);
    }

    /// @notice While a side is suspended its grants stand, and the answer is no with that reason.
    function testFuzz_SuspendedSides(bool grantorSide) external {
        Draft memory d = _draft();
        GrantId grant = _issue(d);
        parties.suspend(grantorSide ? holder : buyer, Reason.RISK, 0);
        Verdict expected = grantorSide ? Verdict.GRANTOR_SUSPENDED : Verdict.GRANTEE_SUSPENDED;
        _assertVerdict(d, _use(), expected);
        vm.assertTrue(grants.verdictOf(grant, 0) == expected);
        parties.resume(grantorSide ? holder : buyer, 0);
        _assertVerdict(d, _use(), Verdict.OK);
    }

    /// @notice Nothing of a retired product may be used.
    function test_RetiredProduct() external {
        Draft memory d = _draft();
        _issue(d);
        vm.prank(HOLDER);
        products.retire(product);
        _assertVerdict(d, _use(), Verdict.PRODUCT_NOT_IN_FORCE);
    }

    /// @notice A revoked grant is told apart from one that ran out and from one that never was.
    function testFuzz_DeadGrants(uint64 salt) external {
        Draft memory d = _draft();
        _assertVerdict(d, _use(), Verdict.GRANT_UNKNOWN);
        GrantId grant = _issue(d);
        vm.prank(BUYER);
        grants.revoke(grant, Reason.RENOUNCED);
        _assertVerdict(d, _use(), Verdict.GRANT_REVOKED);
        d.salt = salt;
        vm.assume(salt != _draft().salt);
        _issue(d);
        vm.warp(d.validUntil);
        _assertVerdict(d, _use(), Verdict.GRANT_ENDED);
    }

    /// @notice Clauses changed anywhere name another grant: no clause can be bent at the check.
    function testFuzz_BentClausesAreUnknown(uint256 place, uint8 bits) external {
        Draft memory d = _draft();
        _issue(d);
        bytes memory packed = d.pack();
        place = bound(place, 0, packed.length - 1);
        vm.assume(bits != 0);
        packed[place] = bytes1(uint8(packed[place]) ^ bits);
        try grants.check(packed, _use()) returns (Verdict verdict) {
            vm.assertTrue(verdict == Verdict.GRANT_UNKNOWN);
        } catch (bytes memory refusal) {
            vm.assertEq(bytes32(bytes4(refusal)), bytes32(ClausesCodec.ClausesMalformed.selector));
        }
    }

    function _assertVerdict(Draft memory d, Use memory use, Verdict expected) private view {
        vm.assertEq(uint256(grants.check(d.pack(), use)), uint256(expected));
    }
}
// forge-lint: disable-end(unsafe-typecast)
