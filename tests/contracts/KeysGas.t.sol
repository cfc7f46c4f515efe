// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Scope} from "../../contracts/types/Key.sol";
import {KeyFixture} from "./KeyFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Execution gas of what changes keys, kept as that of the other operations is.
/// forge-config: default.isolate = true
contract KeysGasTest is KeyFixture {
    /// @notice A rotation.
    function test_Rotate() external {
        _rotate();
        vm.snapshotGasLastCall("keys", "rotate");
    }

    /// @notice An agent's appointment, its registration, and its dismissal.
    function test_Agent() external {
        _appoint(Scope.REGISTER, LATER);
        vm.snapshotGasLastCall("keys", "appoint_agent");
        _registerBy(agent, _registration("by an agent"));
        vm.snapshotGasLastCall("keys", "register_by_agent");
        vm.prank(HOLDER);
        parties.dismissAgent(agent);
        vm.snapshotGasLastCall("keys", "dismiss_agent");
    }

    /// @notice A recovery from its announcement to its effect.
    function test_Recover() external {
        parties.announceRecovery(holder, successor, "evidence");
        vm.snapshotGasLastCall("keys", "announce_recovery");
        bytes memory consent = _controllerConsent(holder);
        vm.warp(GENESIS + 7 days);
        parties.recover(holder, LATER, consent);
        vm.snapshotGasLastCall("keys", "recover");
    }
}
