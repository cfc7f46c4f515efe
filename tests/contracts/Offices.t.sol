// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Authority} from "../../contracts/Authority.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Reason} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {vm} from "./Vm.sol";

// The casts below are of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What takes an office, and a scope for it, and what no role may be opened to.
contract OfficesTest is AgreementFixture, DeskFixture {
    using KeyConsents for Wanted;

    function setUp() public override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /// @notice An agent of a court for the court's own grants ends none of others': that is an act of office.
    function test_OnlyClerksOfOfficeRevoke() external {
        GrantId grant = _agree(_agreed());
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        address clerk = _clerkOf(OTHER, other, Scope.REVOKE);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, clerk, Scope.REVOKE, Scope.DECIDE));
        vm.prank(clerk);
        grants.revoke(grant, Reason.AUTHORITY);
    }

    /// @notice Nor does one of a regulator suspend them.
    function test_OnlyClerksOfOfficeSuspend() external {
        GrantId grant = _agree(_agreed());
        address clerk = _clerkOf(founder, founding, Scope.GRANT);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, clerk, Scope.GRANT, Scope.DECIDE));
        vm.prank(clerk);
        grants.suspend(grant, Reason.AUTHORITY, 0);
    }

    /// @notice What an office suspended, an agent of it that decides nothing does not resume; the grantor's agents do as
    /// with any grant.
    function test_OnlyClerksOfOfficeResume() external {
        GrantId grant = _agree(_agreed());
        address clerk = _clerkOf(founder, founding, Scope.GRANT);
        grants.suspend(grant, Reason.AUTHORITY, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, clerk, Scope.GRANT, Scope.DECIDE));
        vm.prank(clerk);
        grants.resume(grant, 0);
        grants.resume(grant, 0);

        address own = _clerkOf(accounts[0], members[0], Scope.GRANT | Scope.OBJECT);
        vm.startPrank(own);
        grants.suspend(grant, Reason.UNSPECIFIED, 0);
        grants.resume(grant, 1);
        vm.stopPrank();
    }

    /// @notice Agents that decide for their office and may do the act do it.
    function test_ClerksOfOfficeActOnGrants() external {
        GrantId grant = _agree(_agreed());
        address clerk = _clerkOf(founder, founding, Scope.GRANT | Scope.DECIDE);
        vm.startPrank(clerk);
        grants.suspend(grant, Reason.AUTHORITY, 0);
        grants.resume(grant, 0);
        vm.stopPrank();
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        vm.prank(_clerkOf(OTHER, other, Scope.REVOKE | Scope.DECIDE));
        grants.revoke(grant, Reason.AUTHORITY);
    }

    /// @notice Whoever limits as a holder releases as a holder, also where the party has a role that is no office.
    function test_LimitsAreReleasedAsTheyWereMade() external {
        ProductId made = _register("limited");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (holder, Role.INTERMEDIARY)));
        address clerk = _clerkOf(HOLDER, holder, Scope.REGISTER);
        vm.startPrank(clerk);
        uint256 index = products.annotate(made, AnnotationKind.LIMIT, Reason.UNSPECIFIED, EVIDENCE);
        products.release(made, index, EVIDENCE);
        vm.stopPrank();
    }

    /// @notice A role is not opened to everybody to give: whoever takes it so was announced to nobody.
    function test_RolesAreNotAnybodysToGive() external {
        uint64 everyone = authority.PUBLIC_ROLE();
        uint32 delay = authority.SHORTEST_DELAY();
        bytes memory call = abi.encodeCall(authority.setRoleAdmin, (7, everyone));
        authority.schedule(address(authority), call, 0);
        vm.warp(block.timestamp + delay);
        vm.expectRevert(
            abi.encodeWithSelector(Authority.FunctionTooOpen.selector, address(authority), authority.grantRole.selector)
        );
        authority.setRoleAdmin(7, everyone);
    }

    /// @notice Nor to cancel what was announced.
    function test_GuardiansAreNotEverybody() external {
        uint64 everyone = authority.PUBLIC_ROLE();
        bytes memory call = abi.encodeCall(authority.setRoleGuardian, (7, everyone));
        authority.schedule(address(authority), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(
            abi.encodeWithSelector(Authority.FunctionTooOpen.selector, address(authority), authority.cancel.selector)
        );
        authority.setRoleGuardian(7, everyone);
    }

    /// @notice Any other role may give one, and guard it, once that was announced.
    function test_RolesAreGivenAndGuardedByOthers() external {
        authority.schedule(address(authority), abi.encodeCall(authority.setRoleAdmin, (7, 8)), 0);
        authority.schedule(address(authority), abi.encodeCall(authority.setRoleGuardian, (7, 9)), 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        authority.setRoleAdmin(7, 8);
        authority.setRoleGuardian(7, 9);
        vm.assertEq(authority.getRoleAdmin(7), 8);
        vm.assertEq(authority.getRoleGuardian(7), 9);
    }

    /* INTERNAL */

    function _clerkOf(address key, PartyId party, uint16 scopes) private returns (address clerk) {
        uint256 secret = uint256(keccak256(abi.encode("clerk", scopes)));
        clerk = vm.addr(secret);
        uint40 later = GENESIS + 300 days;
        bytes memory consent = KeyConsents.agent(party, clerk, scopes, later, later).sign(secret, address(parties));
        vm.prank(key);
        parties.appointAgent(clerk, scopes, later, later, consent);
    }
}
// forge-lint: disable-end(unsafe-typecast)
