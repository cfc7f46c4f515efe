// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Directory} from "../../contracts/Directory.sol";
import {Entry, IDirectory} from "../../contracts/interfaces/IDirectory.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";

contract Kept {
    address public immutable friend;

    constructor(address friend_) {
        friend = friend_;
    }
}

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
contract DirectoryTest is Fixture {
    Directory private open;

    function setUp() public override {
        super.setUp();
        vm.roll(77);
        open = new Directory(3, address(directory));
    }

    /// @notice A contract is made where `predict` says, whatever is made before it, and is recorded with its code.
    function testFuzz_CreatesWherePredicted(bytes32 name, bytes32 before, address friend) external {
        vm.assume(name != 0 && before != 0 && name != before);
        address predicted = open.predict(name);
        open.create(before, _kept(address(0)));
        bytes32 codeHash = keccak256(_runtime(friend));
        vm.expectEmit(address(open));
        emit IDirectory.ContractCreated(name, predicted, codeHash);
        vm.assertEq(open.create(name, _kept(friend)), predicted);

        Entry[] memory entries = open.entries();
        vm.assertEq(entries.length, 2);
        vm.assertEq(entries[1].name, name);
        vm.assertEq(entries[1].location, predicted);
        vm.assertEq(entries[1].codeHash, codeHash);
        vm.assertEq(open.addressOf(name), predicted);
        vm.assertEq(Kept(predicted).friend(), friend);
    }

    /// @notice Contracts can name each other before either is made.
    function test_ContractsNameEachOther() external {
        address second = open.predict("second");
        address first = open.create("first", _kept(second));
        vm.assertEq(open.create("second", _kept(first)), second);
        vm.assertEq(Kept(first).friend(), second);
        vm.assertEq(Kept(second).friend(), first);
    }

    /// @notice Nobody but the founder makes or seals.
    function testFuzz_RefusesStrangers(address stranger) external {
        vm.assume(stranger != founder);
        bytes memory refusal = abi.encodeWithSelector(IDirectory.FounderOnly.selector, stranger, founder);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        open.create("one", _kept(address(0)));
        vm.expectRevert(refusal);
        open.seal();
        vm.stopPrank();
    }

    /// @notice A name serves once, and the empty name never.
    function testFuzz_RefusesNamesInUse(bytes32 name) external {
        bytes memory code = _kept(address(0));
        vm.expectRevert(abi.encodeWithSelector(IDirectory.NameMissing.selector, code.length));
        open.create(0, code);
        vm.assume(name != 0);
        open.create(name, code);
        vm.expectRevert(abi.encodeWithSelector(IDirectory.NameTaken.selector, name));
        open.create(name, code);
    }

    /// @notice Sealing is said in an event, keeps its time and ends all making.
    function testFuzz_SealsForGood(uint40 time) external {
        time = uint40(bound(time, 1, type(uint40).max));
        vm.warp(time);
        open.create("one", _kept(address(0)));
        vm.expectEmit(address(open));
        emit IDirectory.DirectorySealed(1);
        open.seal();
        vm.assertEq(open.sealedAt(), time);
        bytes memory refusal = abi.encodeWithSelector(IDirectory.AlreadySealed.selector, time);
        vm.expectRevert(refusal);
        open.create("two", _kept(address(0)));
        vm.expectRevert(refusal);
        open.seal();
    }

    /// @notice A directory without contracts cannot be sealed.
    function test_RefusesToSealNothing() external {
        vm.expectRevert(abi.encodeWithSelector(IDirectory.NothingToSeal.selector, address(open)));
        open.seal();
    }

    /// @notice Code that makes no contract is refused, and its name stays free.
    function test_RefusesCodeThatMakesNothing() external {
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedDeployment.selector));
        open.create("one", hex"fe");
        vm.expectRevert(abi.encodeWithSelector(IDirectory.CodeMissing.selector, bytes32("one")));
        open.create("one", hex"00");
        open.create("one", _kept(address(0)));
    }

    /// @notice A directory says who made it, when, of which version, and after which other.
    function test_SaysWhereItComesFrom() external view {
        vm.assertEq(open.founder(), founder);
        vm.assertEq(open.interfaceVersion(), 3);
        vm.assertEq(open.predecessor(), address(directory));
        vm.assertEq(open.genesisBlock(), 77);
        vm.assertEq(open.addressOf("nothing"), address(0));
    }

    function _kept(address friend) private pure returns (bytes memory) {
        return abi.encodePacked(type(Kept).creationCode, abi.encode(friend));
    }

    function _runtime(address friend) private returns (bytes memory) {
        return address(new Kept(friend)).code;
    }
}
// forge-lint: disable-end(unsafe-typecast)
