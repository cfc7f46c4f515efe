// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The cheat codes of halmos that the properties use, its own and those that it has in common with forge.
// forge-lint: disable-next-item(interface-naming, interface-file-naming)
interface Svm {
    function createUint(uint256 bits, string calldata name) external pure returns (uint256);
    function createUint256(string calldata name) external pure returns (uint256);
    function createBytes32(string calldata name) external pure returns (bytes32);
    function createBytes(uint256 size, string calldata name) external pure returns (bytes memory);
    function createAddress(string calldata name) external pure returns (address);
    function createBool(string calldata name) external pure returns (bool);
    function enableSymbolicStorage(address account) external;
}

/// @notice See `Svm`.
// forge-lint: disable-next-item(interface-naming, interface-file-naming)
interface Hevm {
    function getCode(string calldata path) external view returns (bytes memory);
    function prank(address caller) external;
    function warp(uint256 time) external;
    function roll(uint256 number) external;
    function assume(bool holds) external pure;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function etch(address target, bytes calldata code) external;
}

// forge-lint: disable-next-line(screaming-snake-case-const)
Svm constant svm = Svm(address(uint160(uint256(keccak256("svm cheat code")))));

// forge-lint: disable-next-line(screaming-snake-case-const)
Hevm constant vm = Hevm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice Creates a contract from the code that is deployed, and puts it at a fixed place.
function placeDeployed(address where, string memory name, bytes memory arguments) {
    bytes memory code = vm.getCode(string.concat("build/symbolic/code/", name, ".json"));
    place(where, bytes.concat(code, arguments));
}

/// @notice Creates a contract from this creation code, and puts it at a fixed place.
function place(address where, bytes memory code) {
    address made;
    assembly ("memory-safe") {
        made := create(0, add(code, 32), mload(code))
    }
    require(made != address(0), "the constructor reverted");
    vm.etch(where, made.code);
}
