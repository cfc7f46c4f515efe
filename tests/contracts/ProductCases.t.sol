// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Holding} from "../../contracts/types/Holding.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ParticularFlags, Particulars, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What the registration desk may do with products, and nobody else.
contract ProductCasesTest is Fixture {
    uint16 private constant REGISTRAR = 7;

    Share[] private noShares;

    /* OPENING */

    /// @notice An opened product has the head, the claim and the event that the desk's call says.
    function testFuzz_Opens(bytes32 seed, uint8 profile, uint16 registrar, bool draft, uint8 rights) external {
        Profile under = Profile(uint8(bound(profile, 2, 3)));
        ProductState state = draft ? ProductState.DRAFT : ProductState.PENDING;
        Registration memory registration = _registration(seed);
        registration.particulars = _particulars(1, rights & Rights.ALL | Rights.HOLD, 1);
        ProductId expected = products.idOf(holder, registration.contentRoot, registration.metadataHash, 1);
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductOpened(
            expected,
            holder,
            under,
            state,
            registrar,
            registration.contentRoot,
            registration.metadataHash,
            registration.particulars
        );
        vm.prank(desk);
        ProductId product = products.open(holder, registration, under, registrar, state, noShares);

        vm.assertTrue(product == expected);
        Product memory record = products.productRecord(product);
        vm.assertTrue(record.applicant == holder && record.profile == under && record.state == state);
        vm.assertEq(record.registrar, registrar);
        vm.assertEq(record.rights, rights & Rights.ALL | Rights.HOLD);
        vm.assertEq(record.since, GENESIS);
        vm.assertEq(record.until, 0);
        vm.assertFalse(record.moved || record.operated);
        vm.assertEq(products.rightsOf(product, holder), record.rights);
        vm.assertTrue(products.claims(registration.contentRoot, 0, 1)[0].product == product);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, product));
        vm.prank(desk);
        products.open(holder, registration, under, registrar, state, noShares);
    }

    /// @notice Named holders hold what was named, each from the opening on, and the event names them.
    function testFuzz_NamesHolders(bytes32 seed, uint8 first, uint8 second) external {
        first = first & Rights.ALL | Rights.HOLD;
        second = uint8(bound(second, 1, Rights.ALL));
        Registration memory registration = _registration(seed);
        registration.particulars = _particulars(0, first | second, 0);
        Share[] memory shares = new Share[](2);
        shares[0] = Share({party: buyer, rights: first});
        shares[1] = Share({party: other, rights: second});
        ProductId expected = products.idOf(holder, registration.contentRoot, registration.metadataHash, 0);
        vm.expectEmit(address(products));
        emit IProductRegistry.HoldersNamed(expected, shares);
        ProductId product = _open(registration, shares);

        vm.assertTrue(products.productRecord(product).moved);
        vm.assertEq(products.rightsOf(product, holder), 0);
        vm.assertEq(products.rightsOf(product, buyer), first);
        vm.assertEq(products.rightsOf(product, other), second);
        Holding[] memory all = products.holdings(product, 0, 10);
        vm.assertEq(all.length, 2);
        vm.assertTrue(all[1].party == other && all[1].from == GENESIS && all[1].to == 0);
    }

    /// @notice A holder named twice, with nothing, with rights not registered, or unknown, refuses the opening.
    function testFuzz_RefusesShares(uint8 rights) external {
        Registration memory registration = _registration("s");
        registration.particulars = _particulars(0, Rights.HOLD | Rights.USE, 0);
        Share[] memory shares = new Share[](2);
        shares[0] = Share({party: holder, rights: Rights.HOLD});
        shares[1] = Share({party: holder, rights: Rights.USE});
        _assertOpenRefused(
            registration, shares, abi.encodeWithSelector(IProductRegistry.ShareInvalid.selector, 1, holder, Rights.USE)
        );
        shares[1].party = PartyId.wrap(1);
        _assertOpenRefused(
            registration, shares, abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, PartyId.wrap(1))
        );
        shares[1].party = buyer;
        vm.assume(rights == 0 || rights & ~(Rights.HOLD | Rights.USE) != 0);
        shares[1].rights = rights;
        _assertOpenRefused(
            registration, shares, abi.encodeWithSelector(IProductRegistry.ShareInvalid.selector, 1, buyer, rights)
        );
        shares[1].rights = Rights.HOLD;
        _assertOpenRefused(
            registration, shares, abi.encodeWithSelector(IProductRegistry.RightsUnassigned.selector, Rights.USE)
        );
    }

    /// @notice Sixteen holders are possible, seventeen are not.
    function test_SharesEnd() external {
        Share[] memory shares = new Share[](17);
        for (uint256 i = 0; i < 17; ++i) {
            shares[i] = Share({party: _enrol(address(uint160(1000 + i))), rights: Rights.ALL});
        }
        _assertOpenRefused(
            _registration("s"), shares, abi.encodeWithSelector(IProductRegistry.SharesTooMany.selector, 17, 16)
        );
        assembly ("memory-safe") {
            mstore(shares, 16)
        }
        vm.assertEq(products.holdingCount(_open(_registration("s"), shares)), 16);
    }

    /* SETTLING, VERSIONS, MOVES */

    /// @notice Settling sets state, registrar and times, and leaves all else as it was.
    function testFuzz_Settles(uint8 state, uint16 registrar, uint40 since, uint40 until) external {
        ProductState to = ProductState(uint8(bound(state, 1, uint8(type(ProductState).max))));
        ProductId product = _open(_registration("x"), noShares);
        Product memory before = products.productRecord(product);
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductSettled(product, to, registrar, since, until);
        vm.prank(desk);
        products.settle(product, to, registrar, since, until);

        Product memory record = products.productRecord(product);
        vm.assertTrue(record.state == to);
        vm.assertEq(record.registrar, registrar);
        vm.assertEq(record.since, since);
        vm.assertEq(record.until, until);
        (before.state, before.registrar, before.since, before.until) = (to, registrar, since, until);
        vm.assertEq(abi.encode(before), abi.encode(record));
        bool good = to == ProductState.REGISTERED && (until == 0 || block.timestamp < until);
        vm.assertTrue(products.headOf(product).inForce(block.timestamp) == good);
    }

    /// @notice A version of a case chains as any other, and its event names the party given.
    function testFuzz_Advances(bytes32 root, bytes32 metadata) external {
        vm.assume(root != 0);
        ProductId product = _open(_registration("x"), noShares);
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductUpdated(product, founding, 2, root, metadata);
        vm.prank(desk);
        vm.assertEq(products.advance(product, founding, root, metadata), 2);
        vm.assertEq(
            products.versionDigest(product, 2),
            keccak256(abi.encode(root, metadata, bytes32(ProductId.unwrap(product))))
        );
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ContentRootMissing.selector, metadata));
        vm.prank(desk);
        products.advance(product, founding, 0, metadata);
    }

    /// @notice A move takes the rights from one holder and gives them to another, whoever else holds the same.
    function testFuzz_Moves(uint8 rights) external {
        rights = uint8(bound(rights, 1, Rights.ALL));
        Share[] memory shares = new Share[](2);
        shares[0] = Share({party: holder, rights: Rights.ALL});
        shares[1] = Share({party: other, rights: Rights.ALL});
        ProductId product = _open(_registration("x"), shares);
        vm.expectEmit(address(products));
        emit IProductRegistry.RightsTransferred(product, holder, buyer, rights);
        vm.startPrank(desk);
        products.move(product, holder, buyer, rights);
        vm.assertEq(products.rightsOf(product, holder), Rights.ALL & ~rights);
        vm.assertEq(products.rightsOf(product, buyer), rights);
        vm.assertEq(products.rightsOf(product, other), Rights.ALL);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProductRegistry.RightsMissing.selector, product, holder, Rights.ALL & ~rights, rights
            )
        );
        products.move(product, holder, buyer, rights);
        products.move(product, buyer, other, rights);
        vm.assertEq(products.rightsOf(product, other), Rights.ALL);
        vm.stopPrank();
    }

    /* WHO */

    /// @notice Nobody but the desk opens, settles, advances or moves.
    function testFuzz_DeskOnly(address caller) external {
        vm.assume(caller != desk);
        ProductId product = _open(_registration("x"), noShares);
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.DeskOnly.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        products.open(holder, _registration("y"), Profile.PROPERTY, REGISTRAR, ProductState.DRAFT, noShares);
        vm.expectRevert(refusal);
        products.settle(product, ProductState.REGISTERED, REGISTRAR, 1, 0);
        vm.expectRevert(refusal);
        products.advance(product, holder, "root", 0);
        vm.expectRevert(refusal);
        products.move(product, holder, buyer, Rights.USE);
        vm.stopPrank();
    }

    /// @notice The desk cannot write of products that do not exist.
    function testFuzz_UnknownProduct(bytes20 id) external {
        ProductId product = ProductId.wrap(id);
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, product);
        vm.startPrank(desk);
        vm.expectRevert(refusal);
        products.settle(product, ProductState.REGISTERED, REGISTRAR, 1, 0);
        vm.expectRevert(refusal);
        products.advance(product, holder, "root", 0);
        vm.expectRevert(refusal);
        products.move(product, holder, buyer, Rights.USE);
        vm.stopPrank();
    }

    /// @notice What its holders may do with an `OPEN` product alone, they may not with one of a workflow.
    function testFuzz_ProfileNeedsCase(uint8 profile) external {
        Profile under = Profile(uint8(bound(profile, 2, 3)));
        vm.startPrank(desk);
        ProductId product = products.open(holder, _registration("x"), under, REGISTRAR, ProductState.PENDING, noShares);
        products.settle(product, ProductState.REGISTERED, REGISTRAR, GENESIS, 0);
        vm.stopPrank();
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.ProfileNeedsCase.selector, product, under);
        vm.startPrank(HOLDER);
        vm.expectRevert(refusal);
        products.update(product, 1, "root", 0);
        vm.expectRevert(refusal);
        products.transfer(product, buyer, Rights.USE);
        vm.expectRevert(refusal);
        products.retire(product);
        vm.stopPrank();
    }

    /* SOURCES */

    /// @notice Rights go no further than the source, raw government data no further than `PUBLIC`, and derived data not
    /// without its sources.
    function testFuzz_Sources(uint8 from, uint8 flags, uint8 rights, uint8 profile) external {
        from = uint8(bound(from, 0, 6));
        flags = uint8(bound(flags, 0, 15));
        rights = rights & Rights.ALL | Rights.HOLD;
        Profile under = Profile(uint8(bound(profile, 1, 3)));
        Registration memory registration = _registration("x");
        registration.particulars = _sourced(from, flags, rights);
        if (flags & ParticularFlags.RAW_PUBLIC != 0 && under != Profile.PUBLIC) {
            vm.expectRevert(
                abi.encodeWithSelector(IProductRegistry.ProfileUnfit.selector, under, registration.particulars)
            );
        } else if (_isBeyond(Source(from), flags, rights)) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsBeyondSource.selector, from, rights));
        } else if (Source(from) == Source.DERIVED && under == Profile.OPEN) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IProductRegistry.DerivationMissing.selector,
                    products.idOf(
                        holder, registration.contentRoot, registration.metadataHash, registration.particulars.salt()
                    ),
                    1
                )
            );
        } else {
            ProductId product = _make(under, registration);
            vm.assertTrue(products.productRecord(product).derived == (Source(from) == Source.DERIVED));
            vm.assertTrue(products.productRecord(product).operated == (flags & ParticularFlags.OPERATED != 0));
            vm.assertEq(products.rightsOf(product, holder), rights);
            return;
        }
        _make(under, registration);
    }

    /// @notice A source that does not exist, and bits beyond the flags, are refused.
    function testFuzz_RefusesUnknownSources(uint256 above, uint8 from) external {
        above = bound(above, 0, type(uint168).max);
        from = uint8(bound(from, above == 0 ? 7 : 0, 15));
        Registration memory registration = _registration("x");
        registration.particulars = Particulars.wrap(above << 88 | uint256(from) << 80 | uint256(Rights.HOLD) << 8);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ParticularsInvalid.selector, registration.particulars));
        _registerBy(HOLDER, registration);
    }

    /* INTERNAL */

    function _open(Registration memory registration, Share[] memory shares) private returns (ProductId) {
        vm.prank(desk);
        return products.open(holder, registration, Profile.PROPERTY, REGISTRAR, ProductState.PENDING, shares);
    }

    function _assertOpenRefused(Registration memory registration, Share[] memory shares, bytes memory refusal) private {
        vm.expectRevert(refusal);
        _open(registration, shares);
    }

    function _make(Profile under, Registration memory registration) private returns (ProductId) {
        if (under == Profile.OPEN) return _registerBy(HOLDER, registration);
        vm.prank(desk);
        return products.open(holder, registration, under, REGISTRAR, ProductState.DRAFT, noShares);
    }

    function _sourced(uint8 from, uint8 flags, uint8 rights) private pure returns (Particulars) {
        return Particulars.wrap(uint256(flags) << 84 | uint256(from) << 80 | uint256(rights) << 8);
    }

    function _isBeyond(Source from, uint8 flags, uint8 rights) private pure returns (bool) {
        if (from == Source.CRAWLED) return rights & Rights.OPERATE != 0 && flags & 1 == 0;
        return from == Source.ENTRUSTED && flags & 2 == 0;
    }
}
// forge-lint: disable-end(unsafe-typecast)
