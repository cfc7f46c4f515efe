// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Administration
/// @notice An access manager none of whose members can act at once: every role is held with a delay of five days or
/// more between announcing an operation and carrying it out, so that all of it is seen coming.
contract Authority is AccessManager {
    /// @notice The shortest delay between announcing and doing, in seconds.
    uint32 public constant SHORTEST_DELAY = 5 days;

    /// @notice The role would be held with a delay shorter than `SHORTEST_DELAY`.
    error DelayTooShort(uint64 roleId, address account, uint32 delay);

    /// @notice The role of the public would open the function to everyone, at once and for good.
    error FunctionTooOpen(address target, bytes4 selector);

    /// @param administrator the account that administers, under `SHORTEST_DELAY`
    constructor(address administrator) AccessManager(administrator) {
        _grantRole(ADMIN_ROLE, administrator, 0, SHORTEST_DELAY);
    }

    /// @dev The base constructor hands the administrator its role without a delay; ours, next in the same
    /// transaction, corrects that. A contract under construction has no code, which tells that one call apart.
    function _grantRole(uint64 roleId, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool)
    {
        if (executionDelay < SHORTEST_DELAY && address(this).code.length != 0) {
            revert DelayTooShort(roleId, account, executionDelay);
        }
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    /// @dev Anybody could take the role, announced to nobody.
    function _setRoleAdmin(uint64 roleId, uint64 admin) internal override {
        if (admin == PUBLIC_ROLE) revert FunctionTooOpen(address(this), this.grantRole.selector);
        super._setRoleAdmin(roleId, admin);
    }

    /// @dev Anybody could cancel what was announced.
    function _setRoleGuardian(uint64 roleId, uint64 guardian) internal override {
        if (guardian == PUBLIC_ROLE) revert FunctionTooOpen(address(this), this.cancel.selector);
        super._setRoleGuardian(roleId, guardian);
    }

    /// @dev The role of the public would open a restricted function to everyone at once.
    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal override {
        if (roleId == PUBLIC_ROLE) revert FunctionTooOpen(target, selector);
        super._setTargetFunctionRole(target, selector, roleId);
    }
}
