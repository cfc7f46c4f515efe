// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A log as forge records it.
struct RecordedLog {
    bytes32[] topics;
    bytes data;
    address emitter;
}

/// @notice What the last call cost, as forge counts it.
struct CallGas {
    uint64 limit;
    uint64 totalUsed;
    uint64 memoryUsed;
    int64 refunded;
    uint64 remaining;
}

/// @notice The cheat codes of forge that these tests use, under the names that forge's users know.
// forge-lint: disable-next-item(interface-naming, interface-file-naming)
interface Vm {
    function envOr(string calldata name, bool otherwise) external view returns (bool);
    function getCode(string calldata path) external view returns (bytes memory);
    function prank(address caller) external;
    function startPrank(address caller) external;
    function stopPrank() external;
    function warp(uint256 time) external;
    function roll(uint256 number) external;
    function snapshotState() external returns (uint256);
    function revertToState(uint256 id) external returns (bool);
    function assume(bool holds) external pure;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;
    function expectEmit(address emitter) external;
    function pauseGasMetering() external;
    function resumeGasMetering() external;
    function record() external;
    function accesses(address target) external view returns (bytes32[] memory read, bytes32[] memory written);
    function recordLogs() external;
    function getRecordedLogs() external returns (RecordedLog[] memory);
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function etch(address target, bytes calldata code) external;
    function chainId(uint256 id) external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function toString(uint256 value) external pure returns (string memory);
    function addr(uint256 key) external pure returns (address);
    function lastCallGas() external view returns (CallGas memory);
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
    function assertEq(uint256 left, uint256 right) external pure;
    function assertEq(uint256 left, uint256 right, string calldata what) external pure;
    function assertEq(bytes32 left, bytes32 right) external pure;
    function assertEq(bytes32 left, bytes32 right, string calldata what) external pure;
    function assertEq(address left, address right) external pure;
    function assertEq(bytes calldata left, bytes calldata right) external pure;
    function assertTrue(bool holds) external pure;
    function assertFalse(bool holds) external pure;
    function assertTrue(bool holds, string calldata what) external pure;
    function assertLe(uint256 left, uint256 right) external pure;
}

// forge-lint: disable-next-line(screaming-snake-case-const)
Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice Folds `value` into [least, most].
function bound(uint256 value, uint256 least, uint256 most) pure returns (uint256) {
    uint256 span = most - least;
    return span == type(uint256).max ? value : least + value % (span + 1);
}

/// @notice The creation code of one of our contracts as forge built it for deployment. A test that named the
/// contract's `creationCode` would carry a copy, compiled with the test and as the test is: which is what is wanted only
/// where lines are counted.
function codeOf(string memory name) view returns (bytes memory) {
    if (vm.envOr("DENGJI_COUNT_LINES", false)) return vm.getCode(string.concat(name, ".sol:", name));
    return vm.getCode(string.concat("out/", name, ".sol/", name, ".json"));
}

/// @notice Creates a contract from its creation code and its constructor's arguments.
function create(bytes memory code, bytes memory arguments) returns (address made) {
    bytes memory all = abi.encodePacked(code, arguments);
    assembly ("memory-safe") {
        made := create(0, add(all, 32), mload(all))
    }
    require(made != address(0), "the constructor reverted");
}
