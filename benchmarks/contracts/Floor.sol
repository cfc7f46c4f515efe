// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The words of a registration as `ProductRegistry` takes them; the last holds salt, rights and class.
struct Registration {
    bytes32 contentRoot;
    bytes32 metadataHash;
    uint256 particulars;
}

/// @title What a record on a chain costs at the least
/// @notice Writes one storage slot and one log for each item, with the very fields that the registries take and tell,
/// and does nothing else: no party is looked up, no right, no clause and no earlier record.
/// @dev Warning: nothing here is to be relied on. It is there to be measured.
contract Floor {
    mapping(bytes32 id => uint256 word) private _words;

    /// @notice What `ProductRegistered` tells.
    event Registered(
        bytes20 indexed product,
        uint64 indexed applicant,
        bytes32 contentRoot,
        bytes32 metadataHash,
        uint256 particulars
    );

    /// @notice What `ProductRegistered` and `ProductListed` tell together.
    event Listed(
        bytes20 indexed product,
        bytes20 indexed series,
        uint64 indexed applicant,
        bytes32 contentRoot,
        bytes32 metadataHash,
        uint256 particulars,
        string locator
    );

    /// @notice What `GrantIssued` tells.
    event Issued(bytes32 indexed grant, bytes20 indexed product, uint64 indexed grantee, bytes clauses);

    /// @notice What `GrantRevoked` tells.
    event Revoked(bytes32 indexed grant, uint64 indexed by, uint40 endsAt, uint8 reason);

    /// @notice What `BatchAnchored` tells.
    event Anchored(uint64 indexed by, bytes32 indexed root, uint32 leaves);

    /// @notice Records what is registered.
    function register(Registration calldata registration) external {
        _register(registration);
    }

    /// @notice Records what is registered, of several.
    function registerBatch(Registration[] calldata registrations) external {
        for (uint256 i = 0; i < registrations.length; ++i) {
            _register(registrations[i]);
        }
    }

    /// @notice Records what is registered, in a series and with where it is found.
    function registerListed(Registration calldata registration, bytes20 series, string calldata locator) external {
        _list(registration, series, locator);
    }

    /// @notice Records a grant.
    function issue(bytes calldata clauses) external {
        _issue(clauses);
    }

    /// @notice Records several grants.
    function issueBatch(bytes[] calldata clauses) external {
        for (uint256 i = 0; i < clauses.length; ++i) {
            _issue(clauses[i]);
        }
    }

    /// @notice Changes the record of a grant to say that it ends.
    function revoke(bytes32 grant, uint8 reason) external {
        _revoke(grant, reason);
    }

    /// @notice Changes the records of several grants.
    function revokeBatch(bytes32[] calldata grants, uint8 reason) external {
        for (uint256 i = 0; i < grants.length; ++i) {
            _revoke(grants[i], reason);
        }
    }

    /// @notice Records the root of a tree.
    function anchor(bytes32 root, uint32 leaves) external {
        _words[root] = _word();
        emit Anchored(_party(), root, leaves);
    }

    function _register(Registration calldata registration) private {
        bytes20 product = _make(registration);
        emit Registered(
            product, _party(), registration.contentRoot, registration.metadataHash, registration.particulars
        );
    }

    function _list(Registration calldata registration, bytes20 series, string calldata locator) private {
        bytes20 product = _make(registration);
        (bytes32 contentRoot, bytes32 metadataHash) = (registration.contentRoot, registration.metadataHash);
        emit Listed(product, series, _party(), contentRoot, metadataHash, registration.particulars, locator);
    }

    function _make(Registration calldata registration) private returns (bytes20 product) {
        bytes32 id = keccak256(abi.encode(registration));
        _words[id] = _word();
        // The first twenty bytes are the id.
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes20(id);
    }

    function _issue(bytes calldata clauses) private {
        bytes32 grant = keccak256(clauses);
        _words[grant] = _word();
        // Where packed clauses have the product and the grantee.
        emit Issued(grant, bytes20(clauses[12:32]), uint64(bytes8(clauses[40:48])), clauses);
    }

    function _revoke(bytes32 grant, uint8 reason) private {
        _words[grant] += 1 << 128;
        emit Revoked(grant, _party(), uint40(block.timestamp), reason);
    }

    function _party() private view returns (uint64) {
        // A party's id has so many bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(uint160(msg.sender));
    }

    function _word() private view returns (uint256) {
        return uint256(uint160(msg.sender)) << 64 | block.timestamp;
    }
}
