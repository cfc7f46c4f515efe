// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clause} from "../types/Clauses.sol";
import {GrantId} from "../types/GrantId.sol";
import {GrantState} from "../types/GrantState.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductId} from "../types/ProductId.sol";
import {Use, Verdict} from "../types/Verdict.sol";
import {Form, Reason, SecurityClass} from "../types/Vocabulary.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry} from "./IProductRegistry.sol";

/// @title Grants of use
/// @notice Holds who may use which product, for what and until when. A grant's id is the EIP-712 digest of its terms;
/// storage holds its state alone, and whoever acts on a clause passes the clauses in packed form (`ClausesCodec`).
/// @dev Storage, for proofs: slots 0 and 1 the fallbacks of the domain, always empty; slot 2 `grants` (id → word, see
/// `GrantState.sol`).
/// @dev Warning: the chain judges declared uses. It sees neither what is done with a copy nor where.
interface IGrantRegistry {
    /// @notice A grant was issued. `clauses` is the packed form, from which its id can be computed again.
    event GrantIssued(GrantId indexed grant, ProductId indexed product, PartyId indexed grantee, bytes clauses);

    /// @notice A grant was revoked by one of its sides, with effect at `endsAt`.
    event GrantRevoked(GrantId indexed grant, PartyId indexed by, uint40 endsAt, Reason reason);

    /// @notice A grant of these terms exists: the same cannot be issued twice.
    error GrantTaken(GrantId grant);

    /// @notice There is no such grant.
    error GrantUnknown(GrantId grant);

    /// @notice The grant ends, or ended, at `endsAt`; the call would not end it sooner.
    error GrantEndsAlready(GrantId grant, uint40 endsAt);

    /// @notice The party is neither side of the grant.
    error GrantNotYours(GrantId grant, PartyId party);

    /// @notice Grants of this form come about by signatures, not by one side alone.
    error FormNeedsSignatures(Form form);

    /// @notice The clauses name `named` as grantor, the caller speaks for `caller`.
    error GrantorMismatch(PartyId named, PartyId caller);

    /// @notice A party cannot grant to itself.
    error GranteeIsGrantor(PartyId party);

    /// @notice The clause has a value that is not allowed, or not together with the others.
    error ClauseInvalid(Clause clause, uint256 value);

    /// @notice The window ends before or when it starts.
    error WindowInverted(uint40 validFrom, uint40 validUntil);

    /// @notice The window ended before the grant was issued.
    error WindowEnded(uint40 validUntil, uint40 time);

    /// @notice The product has no such version.
    error VersionUnknown(ProductId product, uint16 version, uint16 latest);

    /// @notice Important and core data may be used in sandboxes, trusted hardware and multi-party computation only.
    error EnvironmentTooOpen(ProductId product, SecurityClass class, uint8 environment);

    /// @notice The question is about a time before this block, whose state cannot answer it.
    error TimeBeforeBlock(uint40 time, uint40 blockTime);

    /// @notice Issues a grant of one's own accord. The grantor named must hold OPERATE in the product (for an
    /// entrustment HOLD or USE) and every right it grants.
    /// @param clauses the packed clauses
    /// @return grant its id
    function issue(bytes calldata clauses) external returns (GrantId grant);

    /// @notice Issues several grants, all or none.
    /// @param clauses the packed clauses of each
    function issueBatch(bytes[] calldata clauses) external;

    /// @notice Ends a grant for good: by the grantor after the notice agreed, by the grantee at once. Suspension and
    /// pause do not stand in the way.
    /// @param grant the grant
    /// @param reason why, for the event
    function revoke(GrantId grant, Reason reason) external;

    /// @notice Revokes several grants, all or none.
    /// @param grants the grants, the caller a side of each
    /// @param reason why, for the events
    function revokeBatch(GrantId[] calldata grants, Reason reason) external;

    /// @notice The id of the grant with these clauses under `parent`, zero for none.
    function idOf(GrantId parent, bytes calldata clauses) external view returns (GrantId);

    /// @notice A grant's state; reverts for an unknown one.
    function stateOf(GrantId grant) external view returns (GrantState memory);

    /// @notice Whether a grant stands at `time` (0 for the time of the block), by its id alone: unknown, revoked, ended,
    /// or one of its parties suspended. The clauses and the product are not looked at.
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict);

    /// @notice Whether a use is allowed under the grant with these clauses, all counted: the grant, its parties, the
    /// product, and each clause.
    /// @param clauses the packed clauses of the grant
    /// @param use what would be done; where the grant names environments or territories, a use that declares none is
    /// not covered, and an amount of 0 is within any quota
    /// @dev Warning: the answer holds for the state of the block it is asked of.
    function check(bytes calldata clauses, Use calldata use) external view returns (Verdict);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);
}
