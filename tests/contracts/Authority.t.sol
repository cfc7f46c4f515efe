// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Authority} from "../../contracts/Authority.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

contract AuthorityTest is Fixture {
    /// @notice The administrator itself acts under the shortest delay only.
    function test_AdministratorIsDelayed() external view {
        (bool member, uint32 delay) = authority.hasRole(authority.ADMIN_ROLE(), founder);
        vm.assertTrue(member);
        vm.assertEq(delay, authority.SHORTEST_DELAY());
    }

    /// @notice What the administrator has not announced in time is refused.
    function testFuzz_NothingAtOnce(uint40 wait) external {
        wait = uint40(bound(wait, 0, authority.SHORTEST_DELAY() - 1));
        bytes memory call = abi.encodeCall(IPartyRegistry.setRoles, (buyer, Role.COURT));
        (bytes32 operation,) = authority.schedule(address(parties), call, 0);
        vm.warp(block.timestamp + wait);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation));
        authority.execute(address(parties), call);
    }

    /// @notice Announced and waited for, it is carried out.
    function test_AnnouncedIsCarriedOut() external {
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (buyer, Role.COURT)));
    }

    /// @notice No role can be held under a delay shorter than the shortest.
    function testFuzz_RefusesShorterDelays(uint64 role, address account, uint32 delay) external {
        vm.assume(role != authority.PUBLIC_ROLE());
        delay = uint32(bound(delay, 0, authority.SHORTEST_DELAY() - 1));
        bytes memory call = abi.encodeCall(IAccessManager.grantRole, (role, account, delay));
        authority.schedule(address(authority), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(Authority.DelayTooShort.selector, role, account, delay));
        authority.execute(address(authority), call);
    }

    /// @notice No restricted function can be opened to everyone.
    function test_RefusesToOpenToAll() external {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IPartyRegistry.setRoles.selector;
        uint64 everyone = authority.PUBLIC_ROLE();
        bytes memory call =
            abi.encodeCall(IAccessManager.setTargetFunctionRole, (address(parties), selectors, everyone));
        authority.schedule(address(authority), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(Authority.FunctionTooOpen.selector, address(parties), selectors[0]));
        authority.execute(address(authority), call);
    }

    /// @notice A restricted function can be given to another role than the administrators'.
    function testFuzz_GivesToRoles(uint64 role) external {
        vm.assume(role != authority.PUBLIC_ROLE());
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IPartyRegistry.setRoles.selector;
        _administer(
            address(authority),
            abi.encodeCall(IAccessManager.setTargetFunctionRole, (address(parties), selectors, role))
        );
        vm.assertEq(authority.getTargetFunctionRole(address(parties), selectors[0]), role);
    }

    /// @notice Strangers can announce nothing and do nothing.
    function testFuzz_RefusesStrangers(address stranger) external {
        vm.assume(stranger != founder && stranger != address(authority));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        parties.setRoles(buyer, Role.REGISTRAR);
    }

    /// @notice Not even the authority can hand the registry to another authority.
    function test_AuthorityIsFixed() external {
        bytes memory call = abi.encodeCall(IAccessManager.updateAuthority, (address(parties), BUYER));
        authority.schedule(address(authority), call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.AuthorityFixed.selector, authority));
        authority.execute(address(authority), call);
    }
}
