// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";

import {Entry, IDirectory} from "./interfaces/IDirectory.sol";

/// @title The implementation of `IDirectory`
contract Directory is IDirectory {
    /* IMMUTABLES */

    /// @inheritdoc IDirectory
    address public immutable founder;

    /// @inheritdoc IDirectory
    address public immutable predecessor;

    /// @inheritdoc IDirectory
    uint16 public immutable interfaceVersion;

    /// @inheritdoc IDirectory
    uint40 public immutable genesisBlock;

    /* STORAGE */

    Entry[] private _entries;
    mapping(bytes32 name => uint256) private _places;

    /// @inheritdoc IDirectory
    uint40 public sealedAt;

    /* CONSTRUCTOR */

    /// @param interfaceVersion_ the version of the interfaces that the contracts will have
    /// @param predecessor_ the directory that this one succeeds, zero for none
    constructor(uint16 interfaceVersion_, address predecessor_) {
        founder = msg.sender;
        predecessor = predecessor_;
        interfaceVersion = interfaceVersion_;
        genesisBlock = uint40(block.number);
    }

    /* MAKING */

    /// @inheritdoc IDirectory
    function create(bytes32 name, bytes calldata creationCode) external returns (address location) {
        _requireOpen();
        if (name == 0) revert NameMissing(creationCode.length);
        if (_places[name] != 0) revert NameTaken(name);
        location = Create3.deploy(0, name, creationCode);
        if (location.code.length == 0) revert CodeMissing(name);
        bytes32 codeHash = location.codehash;
        _entries.push(Entry({name: name, location: location, codeHash: codeHash}));
        _places[name] = _entries.length;
        emit ContractCreated(name, location, codeHash);
    }

    /// @inheritdoc IDirectory
    function seal() external {
        _requireOpen();
        if (_entries.length == 0) revert NothingToSeal(address(this));
        sealedAt = uint40(block.timestamp);
        emit DirectorySealed(_entries.length);
    }

    /* VIEWS */

    /// @inheritdoc IDirectory
    function predict(bytes32 name) external view returns (address) {
        return Create3.computeAddress(name);
    }

    /// @inheritdoc IDirectory
    function entries() external view returns (Entry[] memory) {
        return _entries;
    }

    /// @inheritdoc IDirectory
    function addressOf(bytes32 name) external view returns (address) {
        uint256 place = _places[name];
        return place == 0 ? address(0) : _entries[place - 1].location;
    }

    /* INTERNAL */

    function _requireOpen() private view {
        if (msg.sender != founder) revert FounderOnly(msg.sender, founder);
        if (sealedAt != 0) revert AlreadySealed(sealedAt);
    }
}
