// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Rights} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
contract ProductListingTest is Fixture {
    ProductId private constant NONE = ProductId.wrap(0);
    string private constant LOCATOR = "https://data.example/grid";

    /// @notice A listed registration is the product that registering it makes, and tells series and locator after it.
    function testFuzz_ListsWhatItRegisters(bytes32 seed, uint256 length, bytes32 noise) external {
        ProductId series = _register(~seed);
        Registration memory registration = _registration(seed);
        string memory locator = _visible(bound(length, 0, 512), noise);
        ProductId expected =
            products.idOf(holder, registration.contentRoot, registration.metadataHash, registration.particulars.salt());
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductRegistered(
            expected, holder, registration.contentRoot, registration.metadataHash, registration.particulars
        );
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductListed(expected, series, locator);
        vm.assertTrue(_list(HOLDER, registration, series, locator) == expected);
        vm.assertTrue(products.productRecord(expected).state == ProductState.REGISTERED);
        vm.assertEq(products.claimCount(registration.contentRoot), 1);
    }

    /// @notice A locator alone will do, and so will a series; neither of them will not.
    function test_NeedsOneOfTheTwo() external {
        ProductId series = _register("series");
        _list(HOLDER, _registration("locator"), NONE, LOCATOR);
        _list(HOLDER, _registration("series alone"), series, "");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ListingEmpty.selector));
        _list(HOLDER, _registration("neither"), NONE, "");
    }

    /// @notice A locator of more bytes than allowed is refused.
    function testFuzz_RefusesLongLocators(uint256 length) external {
        length = bound(length, 513, 2000);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.LocatorTooLong.selector, length, 512));
        _list(HOLDER, _registration("long"), NONE, _visible(length, 0));
    }

    /// @notice The first byte that is no visible ASCII is named, wherever it stands.
    function testFuzz_RefusesWhatCannotBeSeen(uint256 length, uint256 place, uint8 byte_, bytes32 noise) external {
        vm.assume(byte_ <= 0x20 || byte_ >= 0x7f);
        length = bound(length, 1, 512);
        place = bound(place, 0, length - 1);
        bytes memory locator = bytes(_visible(length, noise));
        locator[place] = bytes1(byte_);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.LocatorUnprintable.selector, place));
        _list(HOLDER, _registration("unseen"), NONE, string(locator));
    }

    /// @notice Each byte by itself is taken or refused, also where it is the last of a word.
    function test_JudgesEveryByte() external {
        for (uint256 i = 0; i < 256; ++i) {
            bytes memory locator = bytes(_visible(32, bytes32(i)));
            locator[31] = bytes1(uint8(i));
            Registration memory registration = _registration(keccak256(abi.encode(i)));
            if (i < 0x21 || i > 0x7e) {
                vm.expectRevert(abi.encodeWithSelector(IProductRegistry.LocatorUnprintable.selector, 31));
            }
            _list(HOLDER, registration, NONE, string(locator));
        }
    }

    /// @notice A series is a product that stands, in which the caller's party holds HOLD.
    function test_SeriesIsOnesOwnAndStands() external {
        ProductId series = _register("series");
        ProductId unknown = ProductId.wrap(bytes20("unknown"));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, unknown));
        _list(HOLDER, _registration("a"), unknown, LOCATOR);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, series, buyer, 0, Rights.HOLD));
        _list(BUYER, _registration("a"), series, LOCATOR);
        vm.prank(HOLDER);
        products.transfer(series, buyer, Rights.HOLD);
        _list(BUYER, _registration("a"), series, LOCATOR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProductRegistry.RightsMissing.selector, series, holder, Rights.USE | Rights.OPERATE, Rights.HOLD
            )
        );
        _list(HOLDER, _registration("a"), series, LOCATOR);
        vm.prank(BUYER);
        products.retire(series);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, series, ProductState.RETIRED)
        );
        _list(BUYER, _registration("b"), series, LOCATOR);
    }

    /// @notice A series whose validity is over is none any more, from that second on.
    function testFuzz_SeriesMayExpire(uint40 until) external {
        until = uint40(bound(until, GENESIS + 1, type(uint40).max));
        Registration memory registration = _registration("series");
        vm.startPrank(address(desk));
        ProductId series = products.open(holder, registration, Profile.PROPERTY, 1, ProductState.PENDING, _noShares());
        products.settle(series, ProductState.REGISTERED, 1, GENESIS, until);
        vm.stopPrank();
        vm.warp(until - 1);
        _list(HOLDER, _registration("before"), series, LOCATOR);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductExpired.selector, series, until));
        _list(HOLDER, _registration("after"), series, LOCATOR);
    }

    /// @notice Nobody lists who may not register, and nothing is listed that is registered already.
    function testFuzz_ListingIsRegistering(address stranger) external {
        vm.assume(PartyId.unwrap(parties.partyOf(stranger)) == 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger));
        _list(stranger, _registration("one"), NONE, LOCATOR);
        ProductId product = _register("one");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, product));
        _list(HOLDER, _registration("one"), NONE, LOCATOR);
    }

    function _list(address key, Registration memory registration, ProductId series, string memory locator)
        private
        returns (ProductId)
    {
        vm.prank(key);
        return products.registerListed(registration, series, locator);
    }

    function _visible(uint256 length, bytes32 noise) private pure returns (string memory) {
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[i] = bytes1(uint8(0x21 + (uint8(noise[i % 32]) + i) % (0x7f - 0x21)));
        }
        return string(text);
    }

    function _noShares() private pure returns (Share[] memory) {}
}
// forge-lint: disable-end(unsafe-typecast)
