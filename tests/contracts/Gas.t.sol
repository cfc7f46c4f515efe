// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GrantFixture} from "./GrantFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Execution gas of each operation, kept in `snapshots/`, so that a change of cost is a change of a file.
/// What a transaction costs in all is measured on a chain by `make gas`.
/// forge-config: default.isolate = true
contract GasTest is GrantFixture {
    using Drafts for Draft;

    uint256 private constant BATCH = 100;

    /// @notice Enrolment.
    function test_Enrol() external {
        vm.prank(address(0xE));
        parties.enrol(keccak256("identity"));
        vm.snapshotGasLastCall("operations", "enrol");
    }

    /// @notice Registration, alone and a hundred in one call.
    function test_Register() external {
        _register(keccak256("one"));
        vm.snapshotGasLastCall("operations", "register");
        Registration[] memory batch = new Registration[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            batch[i] = _registration(keccak256(abi.encode(i)));
        }
        vm.prank(HOLDER);
        products.registerBatch(batch);
        vm.snapshotGasLastCall("operations", "register_100");
    }

    /// @notice The second and the hundredth claim on one content root cost the same.
    function test_Claims() external {
        Registration memory registration = _registration("claimed");
        uint256 second;
        for (uint64 i = 1; i <= 100; ++i) {
            registration.particulars = _particulars(i << 32, Rights.ALL, 0);
            _registerBy(HOLDER, registration);
            if (i == 2) second = vm.snapshotGasLastCall("operations", "claim_2nd");
        }
        vm.assertLe(vm.snapshotGasLastCall("operations", "claim_100th"), second);
    }

    /// @notice A new version, a transfer, a retirement.
    function test_Product() external {
        vm.startPrank(HOLDER);
        products.update(product, 1, keccak256("root"), keccak256("metadata"));
        vm.snapshotGasLastCall("operations", "update");
        products.transfer(product, buyer, Rights.USE);
        vm.snapshotGasLastCall("operations", "transfer");
        products.retire(product);
        vm.snapshotGasLastCall("operations", "retire");
        vm.stopPrank();
    }

    /// @notice Grants and revocations, alone and a hundred in one call, each on a product of its own.
    function test_Grant() external {
        GrantId grant = _issue(_draft());
        vm.snapshotGasLastCall("operations", "grant");
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
        vm.snapshotGasLastCall("operations", "revoke");

        bytes[] memory batch = new bytes[](BATCH);
        GrantId[] memory ids = new GrantId[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            Draft memory d = _draft();
            d.product = _register(keccak256(abi.encode("for grants", i)));
            batch[i] = d.pack();
            ids[i] = d.idOf(address(grants));
        }
        vm.prank(HOLDER);
        grants.issueBatch(batch);
        vm.snapshotGasLastCall("operations", "grant_100");
        vm.prank(HOLDER);
        grants.revokeBatch(ids, Reason.BREACH);
        vm.snapshotGasLastCall("operations", "revoke_100");
    }

    /// @notice Suspension and its end.
    function test_Suspend() external {
        parties.suspend(holder, Reason.RISK, "evidence");
        vm.snapshotGasLastCall("operations", "suspend");
        parties.resume(holder, 0);
        vm.snapshotGasLastCall("operations", "resume");
    }
}
