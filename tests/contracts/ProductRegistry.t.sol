// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Claim} from "../../contracts/types/Claim.sol";
import {Holding} from "../../contracts/types/Holding.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars, ProductHead, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
contract ProductRegistryTest is Fixture {
    ProductId private constant NOTHING = ProductId.wrap(bytes20("nothing"));

    /* REGISTRATION */

    /// @notice A registration makes the product that its digests say, with its head, its first claim and its event.
    function testFuzz_Registers(bytes32 root, bytes32 metadata, uint64 salt, uint8 rights, uint8 class, uint40 time)
        external
    {
        vm.assume(root != 0);
        time = uint40(bound(time, GENESIS, type(uint40).max));
        vm.warp(time);
        Particulars particulars = _particulars(salt, (rights & Rights.ALL) | Rights.HOLD, uint8(bound(class, 0, 2)));
        ProductId expected = ProductId.wrap(
            bytes20(keccak256(abi.encode(block.chainid, address(products), holder, root, metadata, salt)))
        );
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductRegistered(expected, holder, root, metadata, particulars);
        ProductId product =
            _registerBy(HOLDER, Registration({contentRoot: root, metadataHash: metadata, particulars: particulars}));

        vm.assertTrue(product == expected);
        vm.assertTrue(products.idOf(holder, root, metadata, salt) == expected);
        Product memory record = products.productRecord(product);
        vm.assertTrue(record.applicant == holder);
        vm.assertTrue(record.profile == Profile.OPEN && record.state == ProductState.REGISTERED);
        vm.assertEq(uint8(record.class), particulars.class());
        vm.assertEq(record.rights, particulars.rights());
        vm.assertEq(record.latest, 1);
        vm.assertEq(record.since, time);
        vm.assertEq(record.until, 0);
        vm.assertFalse(record.moved);
        Claim[] memory claims = products.claims(root, 0, 10);
        vm.assertEq(claims.length, 1);
        vm.assertTrue(claims[0].product == product);
        vm.assertEq(claims[0].version, 1);
        vm.assertEq(claims[0].firstAt, time);
        vm.assertEq(products.versionDigest(product, 1), bytes32(ProductId.unwrap(product)));
    }

    /// @notice The same digests and salt by the same party are recognised, and change nothing.
    function testFuzz_RefusesTheSameAgain(bytes32 seed) external {
        ProductId product = _register(seed);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, product));
        _register(seed);
        vm.assertEq(products.claimCount(_registration(seed).contentRoot), 1);
    }

    /// @notice Another party's registration of the same digests stands beside the first: neither takes nor hides it.
    function testFuzz_ClaimsStandBesideEachOther(bytes32 seed, uint8 copies) external {
        copies = uint8(bound(copies, 1, 20));
        Registration memory registration = _registration(seed);
        ProductId first = _registerBy(HOLDER, registration);
        for (uint256 i = 1; i <= copies; ++i) {
            registration.particulars = _particulars(uint64(i), Rights.ALL, 0);
            vm.warp(GENESIS + i);
            _registerBy(BUYER, registration);
        }
        vm.assertEq(products.claimCount(registration.contentRoot), uint256(copies) + 1);
        Claim[] memory claims = products.claims(registration.contentRoot, 0, type(uint256).max);
        vm.assertTrue(claims[0].product == first);
        vm.assertEq(claims[0].firstAt, GENESIS);
        vm.assertEq(claims[copies].firstAt, GENESIS + copies);
        vm.assertTrue(products.productRecord(claims[copies].product).applicant == buyer);
    }

    /// @notice Claims are read by pages that together give all of them once.
    function testFuzz_ClaimsPage(uint8 copies, uint8 limit) external {
        copies = uint8(bound(copies, 1, 12));
        limit = uint8(bound(limit, 1, 15));
        Registration memory registration = _registration("page");
        for (uint256 i = 0; i < copies; ++i) {
            registration.particulars = _particulars(uint64(i), Rights.ALL, 0);
            _registerBy(HOLDER, registration);
        }
        uint256 seen;
        while (true) {
            Claim[] memory page = products.claims(registration.contentRoot, seen, limit);
            if (page.length == 0) break;
            vm.assertLe(page.length, limit);
            for (uint256 i = 0; i < page.length; ++i) {
                ProductId expected =
                    products.idOf(holder, registration.contentRoot, registration.metadataHash, uint64(seen + i));
                vm.assertTrue(page[i].product == expected);
            }
            seen += page.length;
        }
        vm.assertEq(seen, copies);
    }

    /// @notice A batch is as many registrations by themselves.
    function testFuzz_RegistersBatch(bytes32 seed, uint8 count) external {
        count = uint8(bound(count, 0, 20));
        Registration[] memory batch = new Registration[](count);
        for (uint256 i = 0; i < count; ++i) {
            batch[i] = _registration(keccak256(abi.encode(seed, i)));
        }
        vm.prank(HOLDER);
        products.registerBatch(batch);
        for (uint256 i = 0; i < count; ++i) {
            ProductId product =
                products.idOf(holder, batch[i].contentRoot, batch[i].metadataHash, batch[i].particulars.salt());
            vm.assertTrue(products.productRecord(product).state == ProductState.REGISTERED);
        }
    }

    /// @notice One bad item refuses its whole batch.
    function testFuzz_BatchIsAllOrNone(uint8 bad) external {
        bad = uint8(bound(bad, 0, 4));
        Registration[] memory batch = new Registration[](5);
        for (uint256 i = 0; i < 5; ++i) {
            batch[i] = _registration(bytes32(i));
        }
        batch[bad].contentRoot = 0;
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ContentRootMissing.selector, batch[bad].metadataHash));
        vm.prank(HOLDER);
        products.registerBatch(batch);
        vm.assertEq(products.claimCount(batch[(bad + 1) % 5].contentRoot), 0);
    }

    /// @notice Rights without HOLD, unknown classes and bits without a meaning are refused.
    function testFuzz_RefusesParticulars(uint256 word) external {
        vm.assume(
            word >> 88 != 0 || (word >> 80) & 0xf > 6 || uint8(word >> 8) > Rights.ALL
                || uint8(word >> 8) & Rights.HOLD == 0 || uint8(word) > 2
        );
        Registration memory registration = _registration("x");
        registration.particulars = Particulars.wrap(word);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ParticularsInvalid.selector, word));
        _registerBy(HOLDER, registration);
    }

    /// @notice Whoever is not enrolled, is suspended, or comes during a pause, writes nothing.
    function testFuzz_OnlyWritersWrite(address stranger, bytes32 seed) external {
        vm.assume(PartyId.unwrap(parties.partyOf(stranger)) == 0);
        ProductId product = _register("standing");
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger);
        _assertRefused(stranger, refusal, seed, product);
        parties.suspend(holder, Reason.RISK, 0);
        refusal = abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED);
        _assertRefused(HOLDER, refusal, seed, product);
        parties.resume(holder, 0);
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        refusal = abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until);
        _assertRefused(HOLDER, refusal, seed, product);
    }

    /* VERSIONS */

    /// @notice Versions chain: each digest binds its own root and metadata and the one before.
    function testFuzz_VersionsChain(bytes32[] calldata roots, bytes32 metadata) external {
        ProductId product = _register("v");
        bytes32 digest = bytes32(ProductId.unwrap(product));
        uint256 count = roots.length > 8 ? 8 : roots.length;
        for (uint16 i = 0; i < count; ++i) {
            bytes32 root = keccak256(abi.encode(roots[i], i));
            digest = keccak256(abi.encode(root, metadata, digest));
            vm.expectEmit(address(products));
            emit IProductRegistry.ProductUpdated(product, holder, i + 2, root, metadata);
            vm.prank(HOLDER);
            vm.assertEq(products.update(product, i + 1, root, metadata), i + 2);
            vm.assertEq(products.versionDigest(product, i + 2), digest);
            vm.assertEq(products.claims(root, 0, 1)[0].version, i + 2);
        }
        vm.assertEq(products.productRecord(product).latest, count + 1);
        vm.assertEq(products.versionDigest(product, uint16(count + 2)), 0);
        vm.assertEq(products.versionDigest(NOTHING, 1), 0);
    }

    /// @notice Nobody builds on a version unseen.
    function testFuzz_RefusesStaleVersion(uint16 given) external {
        vm.assume(given != 1);
        ProductId product = _register("v");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.VersionStale.selector, product, given, uint16(1)));
        vm.prank(HOLDER);
        products.update(product, given, "root", 0);
    }

    /// @notice The last version that fits is the last.
    function test_VersionsRunOut() external {
        ProductId product = _register("v");
        uint16 last = type(uint16).max;
        bytes32 slot = keccak256(abi.encode(product, uint256(0)));
        uint256 head = uint256(vm.load(address(products), slot));
        vm.store(address(products), slot, bytes32(head | uint256(last) << 142));
        vm.assertEq(products.productRecord(product).latest, last);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.VersionsExhausted.selector, product, last));
        vm.prank(HOLDER);
        products.update(product, last, "root", 0);
    }

    /// @notice A version needs contents.
    function testFuzz_RefusesEmptyVersion(bytes32 metadata) external {
        ProductId product = _register("v");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ContentRootMissing.selector, metadata));
        vm.prank(HOLDER);
        products.update(product, 1, 0, metadata);
    }

    /* RIGHTS */

    /// @notice A transfer moves the rights named and no others, says so, and keeps who held what and when.
    function testFuzz_TransfersRights(uint8 rights, uint32 later) external {
        rights = uint8(bound(rights, 1, Rights.ALL));
        later = uint32(bound(later, 1, type(uint32).max));
        ProductId product = _register("t");
        vm.warp(GENESIS + later);
        vm.expectEmit(address(products));
        emit IProductRegistry.RightsTransferred(product, holder, buyer, rights);
        vm.prank(HOLDER);
        products.transfer(product, buyer, rights);

        vm.assertEq(products.rightsOf(product, holder), Rights.ALL & ~rights);
        vm.assertEq(products.rightsOf(product, buyer), rights);
        vm.assertTrue(products.productRecord(product).moved);
        Holding[] memory all = products.holdings(product, 0, 10);
        vm.assertEq(all.length, rights == Rights.ALL ? 2 : 3);
        vm.assertTrue(all[0].party == holder);
        vm.assertEq(all[0].rights, Rights.ALL);
        vm.assertEq(all[0].from, GENESIS);
        vm.assertEq(all[0].to, GENESIS + later);
        Holding memory last = all[all.length - 1];
        vm.assertTrue(last.party == buyer);
        vm.assertEq(last.from, GENESIS + later);
        vm.assertEq(last.to, 0);
    }

    /// @notice Rights move to a party that is there and active: to no other could they be held.
    function testFuzz_TransfersGoToActiveParties(uint8 rights, uint64 nobody) external {
        rights = uint8(bound(rights, 1, Rights.ALL));
        PartyId unknown = PartyId.wrap(nobody);
        vm.assume(parties.standingOf(unknown) == Standing.NONE);
        ProductId product = _register("t");
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, unknown));
        vm.prank(HOLDER);
        products.transfer(product, unknown, rights);
        uint256 index = parties.suspend(buyer, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, buyer, Standing.SUSPENDED));
        vm.prank(HOLDER);
        products.transfer(product, buyer, rights);
        vm.assertFalse(products.productRecord(product).moved);
        parties.resume(buyer, index);
        vm.prank(HOLDER);
        products.transfer(product, buyer, rights);
    }

    /// @notice Whatever moves between whom, each right has one holder, and the history agrees with the present.
    function testFuzz_EachRightHasOneHolder(uint256 moves) external {
        ProductId product = _register("t");
        address[3] memory keys = [HOLDER, BUYER, OTHER];
        PartyId[3] memory ids = [holder, buyer, other];
        for (uint256 step = 0; step < 12; ++step) {
            uint256 from = moves % 3;
            uint256 to = (from + 1 + (moves / 3) % 2) % 3;
            uint8 rights = uint8((moves / 6) % 8) & products.rightsOf(product, ids[from]);
            moves = uint256(keccak256(abi.encode(moves)));
            if (rights == 0) continue;
            vm.warp(block.timestamp + 1);
            vm.prank(keys[from]);
            products.transfer(product, ids[to], rights);
            _assertOneHolderEach(product, ids);
        }
    }

    /// @notice Nobody moves rights that it does not hold.
    function testFuzz_TransferNeedsRights(uint8 rights, uint8 held) external {
        held = (held & Rights.ALL) | Rights.HOLD;
        rights = uint8(bound(rights, 1, Rights.ALL));
        vm.assume(rights & ~held != 0);
        Registration memory registration = _registration("t");
        registration.particulars = _particulars(0, held, 0);
        ProductId product = _registerBy(HOLDER, registration);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, holder, held, rights));
        vm.prank(HOLDER);
        products.transfer(product, buyer, rights);
    }

    /// @notice A transfer of nothing, of rights that do not exist, or to oneself is refused.
    function testFuzz_RefusesEmptyTransfers(uint8 rights) external {
        ProductId product = _register("t");
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.TransferToSelf.selector, product, holder));
        products.transfer(product, holder, Rights.USE);
        vm.assume(rights == 0 || rights > Rights.ALL);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsInvalid.selector, rights));
        products.transfer(product, buyer, rights);
        vm.stopPrank();
    }

    /// @notice Versions and retirement go with HOLD.
    function test_HoldDecides() external {
        ProductId product = _register("t");
        vm.prank(HOLDER);
        products.transfer(product, buyer, Rights.HOLD);
        bytes memory refusal = abi.encodeWithSelector(
            IProductRegistry.RightsMissing.selector, product, holder, Rights.USE | Rights.OPERATE, Rights.HOLD
        );
        vm.startPrank(HOLDER);
        vm.expectRevert(refusal);
        products.update(product, 1, "root", 0);
        vm.expectRevert(refusal);
        products.retire(product);
        vm.stopPrank();
        vm.startPrank(BUYER);
        products.update(product, 1, "root", 0);
        products.retire(product);
        vm.stopPrank();
    }

    /* RETIREMENT */

    /// @notice A retired product keeps its record and its rights and takes nothing more.
    function testFuzz_Retires(uint32 later) external {
        ProductId product = _register("r");
        vm.warp(uint256(GENESIS) + later);
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductRetired(product, holder);
        vm.startPrank(HOLDER);
        products.retire(product);

        Product memory record = products.productRecord(product);
        vm.assertTrue(record.state == ProductState.RETIRED);
        vm.assertEq(record.until, uint256(GENESIS) + later);
        vm.assertEq(products.rightsOf(product, holder), Rights.ALL);
        bytes memory refusal =
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, product, ProductState.RETIRED);
        vm.expectRevert(refusal);
        products.retire(product);
        vm.expectRevert(refusal);
        products.update(product, 1, "root", 0);
        vm.expectRevert(refusal);
        products.transfer(product, buyer, Rights.USE);
        vm.stopPrank();
    }

    /// @notice What does not exist is said to be unknown.
    function testFuzz_UnknownProduct(bytes20 id) external {
        ProductId product = ProductId.wrap(id);
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, product);
        vm.expectRevert(refusal);
        products.productRecord(product);
        vm.startPrank(HOLDER);
        vm.expectRevert(refusal);
        products.retire(product);
        vm.expectRevert(refusal);
        products.update(product, 0, "root", 0);
        vm.expectRevert(refusal);
        products.transfer(product, buyer, Rights.USE);
        vm.stopPrank();
        vm.assertEq(ProductHead.unwrap(products.headOf(product)), 0);
        vm.assertEq(products.rightsOf(product, holder), 0);
        vm.assertEq(products.holdingCount(product), 0);
    }

    function _assertRefused(address key, bytes memory refusal, bytes32 seed, ProductId product) private {
        Registration[] memory batch = new Registration[](1);
        batch[0] = _registration(seed);
        vm.startPrank(key);
        vm.expectRevert(refusal);
        products.register(batch[0]);
        vm.expectRevert(refusal);
        products.registerBatch(batch);
        vm.expectRevert(refusal);
        products.update(product, 1, "root", 0);
        vm.expectRevert(refusal);
        products.transfer(product, buyer, Rights.USE);
        vm.expectRevert(refusal);
        products.retire(product);
        vm.stopPrank();
    }

    function _assertOneHolderEach(ProductId product, PartyId[3] memory ids) private view {
        uint8[3] memory held;
        for (uint256 i = 0; i < 3; ++i) {
            held[i] = products.rightsOf(product, ids[i]);
        }
        vm.assertEq(held[0] | held[1] | held[2], Rights.ALL);
        vm.assertEq(uint256(held[0]) + held[1] + held[2], Rights.ALL);
        uint8[3] memory kept;
        Holding[] memory all = products.holdings(product, 0, type(uint256).max);
        vm.assertEq(all.length, products.holdingCount(product));
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].to != 0) continue;
            for (uint256 j = 0; j < 3; ++j) {
                if (all[i].party == ids[j]) kept[j] += all[i].rights;
            }
        }
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(kept[i], held[i]);
        }
    }
}
// forge-lint: disable-end(unsafe-typecast)
