// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Entry} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Basis, Derivation} from "../../contracts/types/Derivation.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Receipt} from "../../contracts/types/Receipt.sol";
import {Purpose, Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {LineageFixture} from "./LineageFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Execution gas of each operation, kept in `snapshots/`, so that a change of cost is a change of a file.
/// What a transaction costs in all is measured on a chain by `make gas`.
/// forge-config: default.isolate = true
contract GasTest is LineageFixture {
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

    /// @notice A registration that tells a series and a locator; an anchor; the promotion of a leaf of 2^20.
    function test_Anchor() external {
        Registration memory registration = _registration("listed");
        vm.prank(HOLDER);
        products.registerListed(registration, product, "https://data.example.cn/products/load-curves/2026/hourly.csv");
        vm.snapshotGasLastCall("operations", "register_listed");

        registration = _registration("leaf");
        bytes32[] memory proof = new bytes32[](20);
        bytes32 root = anchors.leafOf(holder, registration);
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode("sibling", i));
            root = sha256(
                i % 2 == 0 ? abi.encodePacked(uint8(1), root, proof[i]) : abi.encodePacked(uint8(1), proof[i], root)
            );
        }
        vm.startPrank(HOLDER);
        anchors.anchor(root, 1 << 20);
        vm.snapshotGasLastCall("operations", "anchor");
        anchors.promote(root, 0xaaaaa, registration, proof);
        vm.snapshotGasLastCall("operations", "promote");
        vm.stopPrank();
    }

    /// @notice A product made of one's own, of one granted, and of several of each.
    function test_Derive() external {
        Basis[] memory own = _ownSources(4);
        Basis[] memory under = new Basis[](4);
        for (uint256 i = 0; i < under.length; ++i) {
            under[i] = _granted(_issuedFor(keccak256(abi.encode("granted", i)), Purpose.RESEARCH));
        }
        _sort(under);
        _derive(HOLDER, "of one", _of(own[0], Purpose.RESEARCH));
        vm.snapshotGasLastCall("operations", "derive_own");
        _derive(BUYER, "of one", _of(under[0], Purpose.RESEARCH));
        vm.snapshotGasLastCall("operations", "derive_granted");
        _derive(HOLDER, "of four", _of(own, Purpose.RESEARCH));
        vm.snapshotGasLastCall("operations", "derive_own_4");
        ProductId made = _derive(BUYER, "of four", _of(under, Purpose.RESEARCH));
        vm.snapshotGasLastCall("operations", "derive_granted_4");
        Derivation memory next = _of(_own(made, 1), Purpose.RESEARCH);
        vm.prank(BUYER);
        lineage.update(made, 1, keccak256("root"), keccak256("metadata"), next);
        vm.snapshotGasLastCall("operations", "derive_version");
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

    /// @notice An agreement by both signatures, handed in by a third.
    function test_Agree() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        vm.snapshotGasLastCall("operations", "agree");
        vm.prank(accounts[0]);
        grants.suspend(grant, Reason.RISK, "evidence");
        vm.snapshotGasLastCall("operations", "suspend_grant");
        vm.prank(accounts[0]);
        grants.resume(grant, 0);
        vm.snapshotGasLastCall("operations", "resume_grant");
        Approval memory other = _signed(1, _endingDigest(grant, 0, GENESIS));
        vm.prank(accounts[0]);
        grants.endByConsent(grant, 0, GENESIS, other);
        vm.snapshotGasLastCall("operations", "end");
    }

    /// @notice Sub-grants and records at each depth.
    function test_Depths() external {
        uint256 levels = 8;
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(levels);
        for (uint256 i = 1; i <= levels; ++i) {
            drafts[i].salt += 1;
            _issueUnder(drafts, i);
            vm.snapshotGasLastCall("operations", string.concat("sub_grant_", _digit(i)));
            drafts[i].salt -= 1;
        }
        for (uint256 i = 0; i <= levels; ++i) {
            bytes32[] memory above = _above(drafts, i);
            bytes memory packed = drafts[i].pack();
            vm.prank(accounts[i]);
            grants.record(above, packed, _usage(3));
            vm.snapshotGasLastCall("operations", string.concat("record_", _digit(i)));
        }
        bytes memory own = drafts[0].pack();
        vm.prank(accounts[1]);
        grants.record(new bytes32[](0), own, _usage(3));
        vm.snapshotGasLastCall("operations", "record_by_grantee");
        vm.prank(accounts[0]);
        grants.revoke(ids[0], Reason.BREACH);
        vm.snapshotGasLastCall("operations", "revoke_subtree");
    }

    /// @notice A hundred receipts of a hundred grants, the first of each and the second.
    function test_Settle() external {
        Settlement[] memory batch = new Settlement[](BATCH);
        Draft[] memory drafts = new Draft[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            drafts[i] = _agreed();
            // forge-lint: disable-next-line(unsafe-typecast)
            drafts[i].salt = uint64(i) << 40 | 0x1234567890;
            GrantId grant = _agree(drafts[i]);
            batch[i] = _settlement(grant, _receipt(300, 1), drafts[i].pack());
        }
        meter.settle(batch);
        vm.snapshotGasLastCall("operations", "settle_first_100");
        for (uint256 i = 0; i < BATCH; ++i) {
            batch[i] = _settlement(batch[i].grant, _receipt(600, 2), "");
        }
        meter.settle(batch);
        vm.snapshotGasLastCall("operations", "settle_100");
    }

    function _settlement(GrantId grant, Receipt receipt, bytes memory clauses)
        private
        view
        returns (Settlement memory one)
    {
        bytes32 digest = _receiptDigest(grant, receipt);
        one.grant = grant;
        one.receipt = receipt;
        one.clauses = clauses;
        one.grantor = _signed(0, digest);
        one.grantee = _signed(1, digest);
    }

    function _digit(uint256 number) private pure returns (string memory) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return string(abi.encodePacked(bytes1(uint8(48 + number))));
    }

    /// @notice Ten and forty working days ahead, across the Spring Festival, the second with all slots warm.
    function test_Deadlines() external {
        calendar.deadline(uint40(block.timestamp), 10);
        vm.snapshotGasLastCall("operations", "calendar_deadline_10");
        calendar.deadline(uint40(block.timestamp), 40);
        vm.snapshotGasLastCall("operations", "calendar_deadline_40");
    }

    /// @notice A first registration under PROPERTY, act by act, after another of the same month.
    function test_Case() external {
        _property("first", false);
        _property("second", true);
    }

    function _property(bytes32 seed, bool kept) private {
        Application memory application;
        application.registration = _registration(keccak256(abi.encode(seed, "case")));
        (application.profile, application.registrar, application.evidence) = (Profile.PROPERTY, 1, keccak256("e"));
        vm.prank(HOLDER);
        ProductId made = cases.submit(application);
        if (kept) vm.snapshotGasLastCall("operations", "case_submit");
        cases.accept(made, 0);
        if (kept) vm.snapshotGasLastCall("operations", "case_accept");
        cases.publicise(made, 0);
        if (kept) vm.snapshotGasLastCall("operations", "case_publicise");
        vm.warp(calendar.deadline(uint40(block.timestamp), 5));
        uint40 until = CivilDate.startOf(CivilDate.dayOf(uint40(block.timestamp)) + 365);
        cases.register(made, 0, Entry({evidence: keccak256("e"), validUntil: until, contentRoot: 0, metadataHash: 0}));
        if (kept) vm.snapshotGasLastCall("operations", "case_register");
        certificates.certify(made, keccak256("document"));
        if (kept) vm.snapshotGasLastCall("operations", "case_certify");
    }
}
