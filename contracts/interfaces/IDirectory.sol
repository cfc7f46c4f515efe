// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One contract of a deployment.
/// @param name its name, ASCII, padded with zeros
/// @param location its address
/// @param codeHash the hash of its code when it was made
struct Entry {
    bytes32 name;
    address location;
    bytes32 codeHash;
}

/// @title The genesis of a ledger
/// @notice Makes the contracts of a deployment, at addresses known beforehand, and records them for good: whoever
/// has the address of the directory has the deployment.
/// @dev Storage, for proofs: slot 0 the entries, slot 1 places by name (index + 1), slot 2 the seal.
interface IDirectory {
    /// @notice A contract of the deployment was made.
    event ContractCreated(bytes32 indexed name, address indexed location, bytes32 codeHash);

    /// @notice The deployment is complete.
    event DirectorySealed(uint256 contracts);

    /// @notice Only the founder makes the deployment.
    error FounderOnly(address caller, address founder);

    /// @notice The deployment is complete and takes no more.
    error AlreadySealed(uint40 sealedAt);

    /// @notice The name is in use in this deployment.
    error NameTaken(bytes32 name);

    /// @notice A contract of `codeLength` bytes of creation code was given no name.
    error NameMissing(uint256 codeLength);

    /// @notice The creation code of `name` makes a contract without code.
    error CodeMissing(bytes32 name);

    /// @notice A directory without contracts cannot be sealed.
    error NothingToSeal(address directory);

    /// @notice Makes a contract of the deployment, at the address that `predict` gives for its name.
    /// @param name its name
    /// @param creationCode its creation code, constructor arguments appended
    /// @return location its address
    function create(bytes32 name, bytes calldata creationCode) external returns (address location);

    /// @notice Declares the deployment complete.
    function seal() external;

    /// @notice The address that the contract of this name has or will get, whatever its code: contracts can name
    /// each other before they are made.
    function predict(bytes32 name) external view returns (address);

    /// @notice All contracts, in the order they were made.
    function entries() external view returns (Entry[] memory);

    /// @notice The address of a contract by name, zero for none.
    function addressOf(bytes32 name) external view returns (address);

    /// @notice Seconds since 1970 at which the deployment was completed, 0 before.
    function sealedAt() external view returns (uint40);

    /// @notice The account that makes the deployment.
    function founder() external view returns (address);

    /// @notice The version of the interfaces that the contracts have.
    function interfaceVersion() external view returns (uint16);

    /// @notice The directory of the deployment that this one succeeds, zero for none.
    function predecessor() external view returns (address);

    /// @notice The block in which the directory was made: no event of the deployment is older.
    function genesisBlock() external view returns (uint40);
}
