// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A signature and whose it is said to be.
/// @param signer the key that signed, a key of the party that approves; zero where no approval is given
/// @param signature 65 bytes of an account, or whatever a contract wallet takes by ERC-1271
struct Approval {
    address signer;
    bytes signature;
}

/// @notice The way from a product down to the grant that a sub-grant is to rest on.
/// @dev Every id on it is computed again from the one above, so that no ancestor can be invented: a wrong word names a
/// grant that does not exist.
/// @param clauses the packed clauses of that grant
/// @param above the hashes of the clauses of its own ancestors, from the one that rests on the product itself down;
/// none where that is the grant itself
struct Path {
    bytes clauses;
    bytes32[] above;
}
