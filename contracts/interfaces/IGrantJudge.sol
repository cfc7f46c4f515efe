// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "../types/GrantId.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductId} from "../types/ProductId.sol";
import {Use, Verdict} from "../types/Verdict.sol";
import {IGrantRegistry} from "./IGrantRegistry.sol";

/// @notice One question whether a use is allowed.
/// @param above the hashes of the clauses of the grant's ancestors, from the one that rests on the product itself down;
/// none for such a grant
/// @param clauses the packed clauses of the grant
/// @param use what would be done
struct Query {
    bytes32[] above;
    bytes clauses;
    Use use;
}

/// @title Answers about grants
/// @notice Reads what the registries hold and says what it amounts to. It holds and writes nothing.
/// @dev The first reason is given that stands against a use, in this order: what the grant rests on, from the top, and
/// its parties; the grant itself and its parties; that it has not started; the product; who uses; version, action,
/// purpose, environment, territory; its quota; the quotas above.
/// @dev Warning: an answer holds for the state of the block that it is asked of.
interface IGrantJudge {
    /// @notice Whether a use is allowed under the grant with these clauses and ancestors, all counted.
    /// @param above as in `Query`
    /// @param clauses the packed clauses of the grant
    /// @param use what would be done; where the grant names environments or territories, a use that declares none is
    /// not covered, and an amount of 0 is within any quota
    function check(bytes32[] calldata above, bytes calldata clauses, Use calldata use) external view returns (Verdict);

    /// @notice Whether each of several uses is allowed.
    function checkBatch(Query[] calldata queries) external view returns (Verdict[] memory verdicts);

    /// @notice What `IGrantRegistry.verdictOf` says.
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict);

    /// @notice What `IGrantRegistry.derivable` says.
    function derivable(bytes32[] calldata above, bytes calldata clauses, PartyId by)
        external
        view
        returns (Verdict, ProductId);

    /// @notice What `derivable` says where one version is derived from, and what the grant comes to.
    /// @param above as for `derivable`
    /// @param clauses as for `derivable`
    /// @param version the version of the product
    /// @param by the party that derives
    /// @return verdict whether it may; of a grant that may not be derived from, the rest may be left out
    /// @return product of which product the grant is
    /// @return grant its id
    /// @return purposes what it was granted for
    function deriving(bytes32[] calldata above, bytes calldata clauses, uint16 version, PartyId by)
        external
        view
        returns (Verdict verdict, ProductId product, GrantId grant, uint32 purposes);

    /// @notice The id of the grant whose own clauses and those of all it rests on have these hashes, from the top down.
    function idFrom(bytes32[] calldata lineage) external view returns (GrantId);

    /// @notice Reverts with `ClauseWider` where a sub-grant with the clauses `child` would be wider than its parent with
    /// the clauses `parent`, naming the first such clause. Nothing else about either is looked at.
    function requireNarrower(bytes calldata parent, bytes calldata child) external pure;

    /// @notice The registry of grants.
    function grants() external view returns (IGrantRegistry);
}
