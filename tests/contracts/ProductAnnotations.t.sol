// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Interval} from "../../contracts/types/Interval.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {AnnotationKind, Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GrantFixture} from "./GrantFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What is noted on products: by whom, released by whom, and what it stands in the way of.
contract ProductAnnotationsTest is GrantFixture {
    using Drafts for Draft;

    address private constant COURT = address(0xC1);
    address private constant SECOND_COURT = address(0xC2);
    address private constant REGULATOR = address(0xC3);
    address private constant REGISTRAR = address(0xC4);
    address private constant OTHER_REGISTRAR = address(0xC5);

    PartyId private court;
    PartyId private secondCourt;
    PartyId private regulator;
    PartyId private registrar;
    /// @dev A product of `PROPERTY`, registered with `REGISTRAR`, of the holder's.
    ProductId private property;

    function setUp() public override {
        super.setUp();
        court = _office(COURT, Role.COURT);
        secondCourt = _office(SECOND_COURT, Role.COURT);
        regulator = _office(REGULATOR, Role.REGULATOR);
        registrar = _enrol(REGISTRAR);
        _admitRegistrar(registrar, "411");
        _admitRegistrar(_enrol(OTHER_REGISTRAR), "412");
        Registration memory registration = _registration("property");
        vm.startPrank(desk);
        property = products.open(
            holder,
            registration,
            Profile.PROPERTY,
            parties.registrarNumber(registrar),
            ProductState.PENDING,
            new Share[](0)
        );
        uint16 number = parties.registrarNumber(registrar);
        products.settle(property, ProductState.REGISTERED, number, uint40(block.timestamp), 0);
        vm.stopPrank();
    }

    /* MAKING */

    /// @notice An annotation is an interval record with its maker, its event has the whole digest, the head its count.
    function testFuzz_Annotates(uint8 kind, uint8 reason, bytes32 evidence, uint32 later) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 3)));
        Reason why = Reason(uint8(bound(reason, 0, uint8(type(Reason).max))));
        vm.warp(block.timestamp + later);
        address by = made == AnnotationKind.CONTROL ? REGULATOR : COURT;
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductAnnotated(property, parties.partyOf(by), 0, made, why, evidence);
        vm.assertEq(_annotate(by, property, made, why, evidence), 0);

        Interval[] memory all = products.annotations(property, 0, 10);
        vm.assertEq(all.length, 1);
        vm.assertTrue(all[0].by == parties.partyOf(by));
        vm.assertEq(all[0].from, block.timestamp);
        vm.assertEq(all[0].to, 0);
        vm.assertEq(all[0].kind, uint8(made));
        vm.assertEq(all[0].reason, uint8(why));
        vm.assertEq(bytes32(all[0].evidence), bytes32(bytes12(evidence)));
        Product memory record = products.productRecord(property);
        vm.assertEq(record.seizures, made == AnnotationKind.SEIZURE ? 1 : 0);
        vm.assertEq(record.controls, made == AnnotationKind.CONTROL ? 1 : 0);
        vm.assertEq(record.disputes, made == AnnotationKind.DISPUTE ? 1 : 0);
    }

    /// @notice Each kind is made by those whose it is, and by nobody else.
    function testFuzz_WhoAnnotates(uint8 kind, uint8 who) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 3)));
        address[7] memory keys = [COURT, REGULATOR, REGISTRAR, OTHER_REGISTRAR, HOLDER, BUYER, founder];
        who = uint8(bound(who, 0, 6));
        bool allowed = who == 0 && made != AnnotationKind.CONTROL;
        if (made == AnnotationKind.CONTROL) allowed = who == 1 || who == 6;
        if (made == AnnotationKind.DISPUTE) allowed = allowed || who == 2;
        if (made == AnnotationKind.LIMIT) allowed = allowed || who == 2 || who == 4;
        if (!allowed) {
            PartyId party = parties.partyOf(keys[who]);
            uint16 needed = made == AnnotationKind.CONTROL ? Role.REGULATOR : Role.COURT;
            vm.expectRevert(
                abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, party, parties.rolesOf(party), needed)
            );
        }
        _annotate(keys[who], property, made, Reason.DISPUTE, "evidence");
    }

    /// @notice A registrar that was delisted no longer annotates the products it registered.
    function test_DelistedRegistrar() external {
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (registrar, Role.ASSESSOR)));
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, registrar, Role.ASSESSOR, Role.COURT)
        );
        _annotate(REGISTRAR, property, AnnotationKind.DISPUTE, Reason.DISPUTE, 0);
    }

    /// @notice Who no longer holds HOLD limits nothing; who does, does, whatever the profile.
    function test_HolderLimits() external {
        vm.prank(HOLDER);
        products.transfer(product, buyer, Rights.HOLD);
        vm.assertEq(_annotate(BUYER, product, AnnotationKind.LIMIT, Reason.UNSPECIFIED, 0), 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, holder, 0, Role.COURT));
        _annotate(HOLDER, product, AnnotationKind.LIMIT, Reason.UNSPECIFIED, 0);
    }

    /// @notice The head counts sixty-three of a kind, and refuses the next without a trace.
    function testFuzz_CountsEnd(uint8 kind) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 2)));
        address by = made == AnnotationKind.CONTROL ? REGULATOR : COURT;
        for (uint256 i = 0; i < 63; ++i) {
            _annotate(by, property, made, Reason.RISK, 0);
        }
        bytes32 head = bytes32(_head(property));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.AnnotationsFull.selector, property, made));
        _annotate(by, property, made, Reason.RISK, 0);
        vm.assertEq(bytes32(_head(property)), head);
        vm.prank(by);
        products.release(property, 5, 0);
        vm.assertEq(_annotate(by, property, made, Reason.RISK, 0), 63);
    }

    /// @notice Limits are not counted, so that none of them fills anything up.
    function test_LimitsAreNotCounted() external {
        bytes32 head = bytes32(_head(property));
        for (uint256 i = 0; i < 70; ++i) {
            _annotate(HOLDER, property, AnnotationKind.LIMIT, Reason.UNSPECIFIED, bytes32(i));
        }
        (uint256 total, uint256 live) = products.annotationCount(property);
        vm.assertEq(total, 70);
        vm.assertEq(live, 70);
        vm.assertEq(bytes32(_head(property)), head);
        vm.assertEq(products.annotations(property, 60, 100).length, 10);
    }

    /* RELEASING */

    /// @notice The maker releases its own, once, and the head counts one less.
    function testFuzz_MakerReleases(uint8 kind, uint32 later, bytes32 evidence) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 3)));
        address by = made == AnnotationKind.CONTROL
            ? REGULATOR
            : made == AnnotationKind.DISPUTE ? REGISTRAR : made == AnnotationKind.LIMIT ? HOLDER : COURT;
        uint256 before = _head(property);
        _annotate(by, property, made, Reason.RISK, "made");
        vm.warp(block.timestamp + later);
        vm.expectEmit(address(products));
        emit IProductRegistry.AnnotationReleased(property, parties.partyOf(by), 0, evidence);
        vm.startPrank(by);
        products.release(property, 0, evidence);
        vm.assertEq(_head(property), before);
        vm.assertEq(products.annotations(property, 0, 1)[0].to, block.timestamp);
        (uint256 total, uint256 live) = products.annotationCount(property);
        vm.assertTrue(total == 1 && live == 0);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.AnnotationUnknown.selector, property, 0));
        products.release(property, 0, evidence);
        vm.stopPrank();
    }

    /// @notice One court's release frees its own seizure, not another's.
    function test_OneReleaseFreesOne() external {
        _annotate(COURT, product, AnnotationKind.SEIZURE, Reason.AUTHORITY, "first");
        _annotate(SECOND_COURT, product, AnnotationKind.SEIZURE, Reason.AUTHORITY, "second");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.AnnotationNotYours.selector, product, 1, court));
        vm.prank(COURT);
        products.release(product, 1, 0);
        vm.prank(COURT);
        products.release(product, 0, 0);
        vm.assertEq(products.productRecord(product).seizures, 1);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, product, 1, 0, 0));
        vm.prank(HOLDER);
        products.transfer(product, buyer, Rights.USE);
    }

    /// @notice Where a court is one no longer, another releases what it seized.
    function test_SuccessorReleases() external {
        _annotate(COURT, product, AnnotationKind.SEIZURE, Reason.AUTHORITY, 0);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (court, 0)));
        vm.prank(SECOND_COURT);
        products.release(product, 0, 0);
        vm.assertEq(products.productRecord(product).seizures, 0);
    }

    /// @notice A court releases what others than courts made, and nobody else does.
    function testFuzz_CourtReleases(uint8 kind, uint8 who) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 1, 3)));
        address by = made == AnnotationKind.CONTROL ? REGULATOR : REGISTRAR;
        _annotate(by, property, made, Reason.RISK, 0);
        address[5] memory strangers = [OTHER_REGISTRAR, HOLDER, BUYER, founder, OTHER];
        address stranger = strangers[who % 5];
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.AnnotationNotYours.selector, property, 0, parties.partyOf(stranger))
        );
        vm.prank(stranger);
        products.release(property, 0, 0);
        vm.prank(SECOND_COURT);
        products.release(property, 0, 0);
    }

    /// @notice Neither what was never made nor of a product that there is not can be annotated or released.
    function testFuzz_Unknown(bytes20 id, uint256 index) external {
        vm.startPrank(COURT);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.AnnotationUnknown.selector, product, index));
        products.release(product, index, 0);
        ProductId unknown = ProductId.wrap(id);
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, unknown);
        vm.expectRevert(refusal);
        products.annotate(unknown, AnnotationKind.SEIZURE, Reason.RISK, 0);
        vm.expectRevert(refusal);
        products.release(unknown, index, 0);
        vm.stopPrank();
    }

    /// @notice A suspended office neither annotates nor releases.
    function test_SuspendedOffice() external {
        _annotate(COURT, product, AnnotationKind.SEIZURE, Reason.AUTHORITY, 0);
        parties.suspend(court, Reason.RISK, 0);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, court, Standing.SUSPENDED);
        vm.startPrank(COURT);
        vm.expectRevert(refusal);
        products.annotate(product, AnnotationKind.SEIZURE, Reason.RISK, 0);
        vm.expectRevert(refusal);
        products.release(product, 0, 0);
        vm.stopPrank();
    }

    /* WHAT STANDS IN THE WAY */

    /// @notice Transfer and grants wait for seizures, controls and disputes, retirement and use for the first two; a
    /// limit is only shown; once released, all goes on.
    function testFuzz_Encumbers(uint8 kind) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 3)));
        Draft memory old = _issuedDraft();
        address by = made == AnnotationKind.CONTROL ? REGULATOR : COURT;
        _annotate(by, product, made, Reason.AUTHORITY, 0);

        bool stands = made != AnnotationKind.LIMIT;
        Verdict verdict = made == AnnotationKind.SEIZURE
            ? Verdict.PRODUCT_SEIZED
            : made == AnnotationKind.CONTROL ? Verdict.PRODUCT_CONTROLLED : Verdict.OK;
        vm.assertTrue(grants.check(old.pack(), _use()) == verdict);
        bytes memory refusal = abi.encodeWithSelector(
            IProductRegistry.ProductEncumbered.selector,
            product,
            made == AnnotationKind.SEIZURE ? 1 : 0,
            made == AnnotationKind.CONTROL ? 1 : 0,
            made == AnnotationKind.DISPUTE ? 1 : 0
        );
        Draft memory fresh = _draft();
        fresh.salt = 8;
        if (stands) vm.expectRevert(refusal);
        _issue(fresh);
        if (stands) vm.expectRevert(refusal);
        vm.prank(HOLDER);
        products.transfer(product, buyer, Rights.USE);
        vm.prank(by);
        products.release(product, 0, 0);

        vm.assertTrue(grants.check(old.pack(), _use()) == Verdict.OK);
        fresh.salt = 9;
        fresh.rights = Rights.OPERATE;
        _issue(fresh);
        vm.startPrank(HOLDER);
        products.transfer(product, other, Rights.OPERATE);
        products.retire(product);
        vm.stopPrank();
    }

    /// @notice A seized or controlled product is not retired, a disputed one is; its versions go on.
    function testFuzz_RetirementWaits(uint8 kind) external {
        AnnotationKind made = AnnotationKind(uint8(bound(kind, 0, 3)));
        _annotate(made == AnnotationKind.CONTROL ? REGULATOR : COURT, product, made, Reason.AUTHORITY, 0);
        vm.startPrank(HOLDER);
        products.update(product, 1, "root", 0);
        if (made == AnnotationKind.SEIZURE) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, product, 1, 0, 0));
        }
        if (made == AnnotationKind.CONTROL) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, product, 0, 1, 0));
        }
        products.retire(product);
        vm.stopPrank();
    }

    /// @notice The desk moves rights as an award says, whatever stands.
    function test_AwardsMoveInSpite() external {
        _annotate(COURT, property, AnnotationKind.SEIZURE, Reason.AUTHORITY, 0);
        vm.prank(desk);
        products.move(property, holder, buyer, Rights.OPERATE);
        vm.assertEq(products.rightsOf(property, buyer), Rights.OPERATE);
        vm.assertEq(products.productRecord(property).seizures, 1);
    }

    /// @notice A product is used and granted until its validity ends, to the second, and no longer.
    function testFuzz_Expires(uint32 lasts, uint32 later) external {
        uint40 until = uint40(block.timestamp) + 1 + lasts % uint32(300 days);
        uint16 number = parties.registrarNumber(registrar);
        vm.prank(desk);
        products.settle(property, ProductState.REGISTERED, number, uint40(block.timestamp), until);
        Draft memory d = _draft();
        d.product = property;
        _issue(d);
        vm.warp(until - 1);
        vm.assertTrue(grants.check(d.pack(), _use()) == Verdict.OK);
        vm.warp(uint256(until) + later % uint32(60 days));
        vm.assertTrue(grants.check(d.pack(), _use()) == Verdict.PRODUCT_EXPIRED);
        d.salt = 8;
        bytes memory packed = d.pack();
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductExpired.selector, property, until));
        vm.prank(HOLDER);
        grants.issue(packed);
    }

    /// @notice A product that is not registered, or no longer, is not granted, and a grant of it is not in force.
    function testFuzz_StateStandsInTheWay(uint8 state) external {
        Draft memory d = _draft();
        d.product = property;
        _issue(d);
        ProductState to = ProductState(uint8(bound(state, 2, uint8(type(ProductState).max))));
        vm.prank(desk);
        products.settle(property, to, 1, uint40(block.timestamp), uint40(block.timestamp));
        vm.assertTrue(grants.check(d.pack(), _use()) == Verdict.PRODUCT_NOT_IN_FORCE);
        d.salt = 8;
        bytes memory packed = d.pack();
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, property, to));
        vm.prank(HOLDER);
        grants.issue(packed);
    }

    /* INTERNAL */

    function _office(address key, uint16 roles) private returns (PartyId party) {
        party = _enrol(key);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (party, roles)));
    }

    function _annotate(address key, ProductId on, AnnotationKind kind, Reason reason, bytes32 evidence)
        private
        returns (uint256)
    {
        vm.prank(key);
        return products.annotate(on, kind, reason, evidence);
    }

    function _issuedDraft() private returns (Draft memory d) {
        d = _draft();
        d.rights = Rights.OPERATE;
        _issue(d);
    }

    function _head(ProductId of_) private view returns (uint256) {
        return uint256(vm.load(address(products), keccak256(abi.encode(of_, uint256(0)))));
    }
}
// forge-lint: disable-end(unsafe-typecast)
