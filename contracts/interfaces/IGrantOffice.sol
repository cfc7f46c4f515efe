// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval} from "../types/Approval.sol";
import {GrantId} from "../types/GrantId.sol";
import {GrantState} from "../types/GrantState.sol";
import {Interval} from "../types/Interval.sol";
import {Use, Verdict} from "../types/Verdict.sol";
import {Reason} from "../types/Vocabulary.sol";
import {IGrantJudge} from "./IGrantJudge.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry} from "./IProductRegistry.sol";

/// @title The rest of what the registry of grants does
/// @notice Served at the address of the registry, like all of `IGrantRegistry`, whose events and errors these are: by a
/// code of its own, since one contract's code has a limit and every function more makes the frequent ones dearer.
interface IGrantOffice {
    /// @notice This code runs at the address of the registry alone.
    error RegistryOnly(address location);

    /// @notice Makes an agreement of several parties as many grants, all or none. Anyone may submit it, until the offer
    /// lapses. Each party signs once, `Agreement` with the hash that all grants carry: keccak256 of the hashes of their
    /// clauses, taken with AGREEMENT = 0, in ascending order.
    /// @param clauses the packed clauses of each, of the form JOINT, in that order
    /// @param approvals one signature of each party
    /// @return made their ids
    function agreeJointly(bytes[] calldata clauses, Approval[] calldata approvals)
        external
        returns (GrantId[] memory made);

    /// @notice Makes an offer void that was not submitted yet. For either side; suspension and pause do not stand in the
    /// way. Of a joint agreement it voids the whole, since that comes to be together or not at all.
    /// @param parent the parent that it names, zero for none
    /// @param clauses the packed clauses
    /// @return grant the id that will never be
    function voidOffer(GrantId parent, bytes calldata clauses) external returns (GrantId grant);

    /// @notice Suspends a grant, and with it all that rests on it. For its grantor, a regulator or a court. An
    /// agent needs the scope `GRANT`, and `DECIDE` as well where its party is not the grantor.
    /// @param grant the grant
    /// @param reason why
    /// @param evidence the first 12 bytes of the digest of the document it rests on
    /// @return index names the suspension
    function suspend(GrantId grant, Reason reason, bytes12 evidence) external returns (uint256 index);

    /// @notice Ends one suspension; the grant can be used again once none lasts. For its maker or a court; a court's
    /// suspension only for that court, or for another once that is a court no longer. Scopes as for `suspend`.
    /// @param grant the suspended grant
    /// @param index the suspension, as `suspend` gave it
    function resume(GrantId grant, uint256 index) external;

    /// @notice Ends a grant by the will of both sides, at once or at a time to come that is sooner than its end. For one
    /// side, with the signature of `Ending` of the other. Suspension and pause do not stand in the way.
    /// @param grant the grant
    /// @param endsAt seconds since 1970, 0 for at once
    /// @param deadline seconds since 1970 until which it may be submitted
    /// @param other the other side's signature
    function endByConsent(GrantId grant, uint40 endsAt, uint40 deadline, Approval calldata other) external;

    /// @notice The id of the grant with these clauses under `parent`, zero for none.
    function idOf(GrantId parent, bytes calldata clauses) external view returns (GrantId);

    /// @notice A grant's state; reverts for an unknown one.
    function stateOf(GrantId grant) external view returns (GrantState memory);

    /// @notice How many suspensions a grant has had, and how many of them last.
    function suspensionCount(GrantId grant) external view returns (uint256 total, uint256 live);

    /// @notice One suspension of a grant.
    function suspension(GrantId grant, uint256 index) external view returns (Interval memory);

    /// @notice Whether a grant stands at `time` (0 for the time of the block), by its id alone: unknown, revoked, ended,
    /// suspended, or one of its parties suspended. The clauses, the product and what it rests on are not looked at.
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict);

    /// @notice Whether a use is allowed under the grant of a product with these clauses, all counted: the grant, its
    /// parties, the product, and each clause. For a sub-grant `IGrantJudge.check` takes its ancestors.
    /// @param clauses the packed clauses of the grant
    /// @param use what would be done; where the grant names environments or territories, a use that declares none is
    /// not covered, and an amount of 0 is within any quota
    /// @dev Warning: the answer holds for the state of the block it is asked of.
    function check(bytes calldata clauses, Use calldata use) external view returns (Verdict);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The contract that answers questions about grants.
    function judge() external view returns (IGrantJudge);

    /// @notice The contract that settles receipts.
    function meter() external view returns (address);
}
