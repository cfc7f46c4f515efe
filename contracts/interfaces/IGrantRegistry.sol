// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval, Path} from "../types/Approval.sol";
import {Clause} from "../types/Clauses.sol";
import {GrantId} from "../types/GrantId.sol";
import {GrantWord} from "../types/GrantState.sol";
import {PartyId} from "../types/PartyId.sol";
import {PeriodWord} from "../types/Period.sol";
import {Profile} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {Usage} from "../types/Usage.sol";
import {Verdict} from "../types/Verdict.sol";
import {Form, Reason, SecurityClass} from "../types/Vocabulary.sol";

/// @title Grants of use
/// @notice Holds who may use which product, for what, how much and until when: grants that one side issues, agreements
/// by the signatures of both, joint agreements of several, and sub-grants of all of these. A grant's id is the EIP-712
/// digest of its terms; storage holds its state alone, and whoever acts on a clause passes the clauses in packed form
/// (`ClausesCodec`). An ancestor is shown by the hash of its clauses: each id is computed again from the one above, so
/// that no ancestor can be invented.
/// @dev What is signed, in the domain of this contract: the id of a grant itself, being the digest of
/// `Terms(bytes32 parent,Clauses clauses)…`; `Agreement(bytes32 agreement,uint40 offerUntil)`;
/// `Consent(bytes32 grant)`; `Ending(bytes32 grant,uint40 endsAt,uint40 deadline)`. A signature is judged when it is
/// submitted, finally; a key that was closed or rotated away by then signs nothing.
/// @dev Storage, for proofs: slots 0 and 1 the fallbacks of the domain, always empty; slot 2 `grants` (id → word, see
/// `GrantState.sol`), slot 3 `periods` (id → word, see `Period.sol`; only of grants with a quota for each period), slot
/// 4 `suspensions` (id → counts, see `IntervalLog.sol`, then index → word, see `Interval.sol`).
/// @dev Warning: the chain judges declared uses. It sees neither what is done with a copy nor where.
interface IGrantRegistry {
    /// @notice A grant was issued by its grantor, on a product. `clauses` is the packed form, from which its id can be
    /// computed again.
    event GrantIssued(GrantId indexed grant, ProductId indexed product, PartyId indexed grantee, bytes clauses);

    /// @notice A sub-grant was issued by its grantor under `parent`; `consentSigner` signed the consent, zero where none
    /// is needed.
    event SubGrantIssued(
        GrantId indexed grant,
        ProductId indexed product,
        PartyId indexed grantee,
        GrantId parent,
        address consentSigner,
        bytes clauses
    );

    /// @notice A grant came to be by the signatures of both sides, under `parent`, zero for none; `consentSigner` signed
    /// the consent, zero where none is needed. Of a joint agreement there is one for each grant.
    event GrantAgreed(
        GrantId indexed grant,
        ProductId indexed product,
        PartyId indexed grantee,
        GrantId parent,
        address grantorSigner,
        address granteeSigner,
        address consentSigner,
        bytes clauses
    );

    /// @notice A grant of newer terms took the place of another, which ended with that.
    event GrantReplaced(GrantId indexed replaced, GrantId indexed grant);

    /// @notice An offer was made void by one of its sides: this grant will never come to be.
    event OfferVoided(GrantId indexed grant, PartyId indexed by, PartyId grantor, PartyId grantee);

    /// @notice A grant was suspended. `index` names the suspension.
    event GrantSuspended(GrantId indexed grant, PartyId indexed by, uint256 index, Reason reason, bytes12 evidence);

    /// @notice The suspension `index` of a grant was ended.
    event GrantResumed(GrantId indexed grant, PartyId indexed by, uint256 index);

    /// @notice A grant was revoked by one of its sides or by a court, with effect at `endsAt`.
    event GrantRevoked(GrantId indexed grant, PartyId indexed by, uint40 endsAt, Reason reason);

    /// @notice Both sides ended a grant, with effect at `endsAt`: `by` called, `signer` signed for the other.
    event GrantEnded(GrantId indexed grant, PartyId indexed by, uint40 endsAt, address signer);

    /// @notice A use was recorded, and debited to the grant and all it rests on.
    event UsageRecorded(GrantId indexed grant, PartyId by, Usage usage);

    /// @notice A grant of these terms exists: the same cannot be issued twice.
    error GrantTaken(GrantId grant);

    /// @notice There is no such grant.
    error GrantUnknown(GrantId grant);

    /// @notice The grant ends, or ended, at `endsAt`; the call would not end it sooner.
    error GrantEndsAlready(GrantId grant, uint40 endsAt);

    /// @notice The party is no side of the grant, nor of an office that may do this.
    error GrantNotYours(GrantId grant, PartyId party);

    /// @notice Grants of this form come about by signatures, not by one side alone.
    error FormNeedsSignatures(Form form);

    /// @notice One of the sides made this offer void.
    error OfferIsVoid(GrantId grant);

    /// @notice The offer stood until `offerUntil`.
    error OfferLapsed(uint40 offerUntil, uint40 time);

    /// @notice The signature had to be submitted by `deadline`.
    error SignatureLapsed(uint40 deadline, uint40 time);

    /// @notice A signature of the party `named` is needed, and `signer` speaks for another.
    error SignerMismatch(PartyId named, address signer);

    /// @notice Nobody signed for this party of the joint agreement.
    error ApprovalMissing(PartyId party);

    /// @notice A joint agreement has 2 to 16 grants.
    error AgreementSizeInvalid(uint256 count);

    /// @notice The clauses of a joint agreement come in ascending order of their hashes without the agreement's; those
    /// at `index` do not.
    error AgreementUnordered(uint256 index);

    /// @notice The clauses state another agreement than the one that the grants together make.
    error AgreementMismatch(bytes32 stated, bytes32 computed);

    /// @notice The product is made of data that may be used for the purposes `allowed`; the clauses state others.
    error PurposesBeyondProduct(ProductId product, uint32 allowed, uint32 wanted);

    /// @notice The sub-grant would be wider in this clause than the grant that it rests on.
    error ClauseWider(Clause clause, uint256 parent, uint256 child);

    /// @notice The parent was not granted to the party that grants further.
    error ParentNotYours(GrantId parent, PartyId grantor);

    /// @notice The grant that this rests on, or one above it, cannot be used.
    error AncestorNotInForce(GrantId ancestor, Verdict verdict);

    /// @notice The grant to be replaced is between other sides.
    error ReplacedSidesDiffer(GrantId replaced);

    /// @notice Public data is operated for at most five years.
    error OperationTooLong(uint40 validUntil, uint40 limit);

    /// @notice Only products under the `PUBLIC` profile are given into operation.
    error ProfileNotPublic(ProductId product, Profile profile);

    /// @notice The grant has no live suspension of this index.
    error GrantSuspensionUnknown(GrantId grant, uint256 index);

    /// @notice Only `by`, who made the suspension, or a court may end it; a court's only that court.
    error GrantSuspensionNotYours(GrantId grant, uint256 index, PartyId by);

    /// @notice The use is not allowed: `verdict` says why. `grant` is the one that it failed on, which may be one above.
    error UsageRefused(GrantId grant, Verdict verdict);

    /// @notice A use has bits that lack a meaning, or no amount.
    error UsageInvalid(Usage usage);

    /// @notice The lineage leads to another grant, or there is none where the grant is a sub-grant.
    error LineageMismatch(GrantId grant, GrantId computed);

    /// @notice Only the meter may call this.
    error MeterOnly(address caller);

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

    /// @notice Issues a sub-grant of one's own accord. For the grantee of the parent.
    /// @param path the way down to the parent, its clauses included
    /// @param clauses the packed clauses, in no clause wider than the parent's
    /// @param consent the parent's grantor's signature of `Consent`, where the parent asks for it
    /// @return grant its id
    function issueUnder(Path calldata path, bytes calldata clauses, Approval calldata consent)
        external
        returns (GrantId grant);

    /// @notice Makes an agreement of two sides a grant. Anyone may submit it, until the offer lapses.
    /// @param clauses the packed clauses, of the form TWO_SIDED
    /// @param grantor the grantor's signature of the id
    /// @param grantee the grantee's signature of the id
    /// @return grant its id
    function agree(bytes calldata clauses, Approval calldata grantor, Approval calldata grantee)
        external
        returns (GrantId grant);

    /// @notice Makes an agreement of two sides a sub-grant. Anyone may submit it, until the offer lapses.
    /// @param path the way down to the parent, its clauses included
    /// @param clauses the packed clauses, of the form TWO_SIDED, in no clause wider than the parent's
    /// @param grantor the grantor's signature of the id
    /// @param grantee the grantee's signature of the id
    /// @param consent the parent's grantor's signature of `Consent`, where the parent asks for it
    /// @return grant its id
    function agreeUnder(
        Path calldata path,
        bytes calldata clauses,
        Approval calldata grantor,
        Approval calldata grantee,
        Approval calldata consent
    ) external returns (GrantId grant);

    /// @notice Ends a grant for good, and with it all that rests on it: by the grantor after the notice agreed, by the
    /// grantee or a court at once. Suspension and pause do not stand in the way. An agent needs the scope `REVOKE`, and
    /// `DECIDE` as well where its party acts as a court.
    /// @param grant the grant
    /// @param reason why, for the event
    function revoke(GrantId grant, Reason reason) external;

    /// @notice Revokes several grants, all or none.
    /// @param grants the grants, the caller a side of each
    /// @param reason why, for the events
    function revokeBatch(GrantId[] calldata grants, Reason reason) external;

    /// @notice Records a use and debits it to the grant and to all it rests on. For the grantor, the grantee or the
    /// service party, while both sides are active. A pause does not stand in the way: a use bears the time at which it is
    /// recorded.
    /// @param above the hashes of the clauses of the grant's ancestors, from the one that rests on the product itself
    /// down; none for such a grant
    /// @param clauses the packed clauses of the grant
    /// @param usage what was used
    /// @return grant its id
    /// @dev Warning: of ancestors the state is looked at, not whether their parties are suspended, which `check` does.
    function record(bytes32[] calldata above, bytes calldata clauses, Usage usage) external returns (GrantId grant);

    /// @notice Debits settled receipts, each to a grant and to all it rests on. For the meter alone, which judges the
    /// rest.
    /// @param debits two words for each receipt: the id of the grant, and a `Debit`. The grant and its ancestors must
    /// have stood at the time of the use, and must not be suspended now.
    /// @param lineages one after the other, for each sub-grant among them the hashes of the clauses of its ancestors and
    /// its own, from the one that rests on the product itself down
    function debit(bytes calldata debits, bytes32[] calldata lineages) external;

    /// @notice A grant's state as it is stored (`GrantState.sol`), zero for an unknown one.
    function wordOf(GrantId grant) external view returns (GrantWord);

    /// @notice A grant's quota for each period, all zero where it has none.
    function periodOf(GrantId grant) external view returns (PeriodWord);

    /// @notice Whether a party may derive from a product now under the grant with these clauses, and which product that
    /// is.
    /// @param above as for `record`
    /// @param clauses the packed clauses of the grant
    /// @param by the party that derives
    function derivable(bytes32[] calldata above, bytes calldata clauses, PartyId by)
        external
        view
        returns (Verdict, ProductId);
}
