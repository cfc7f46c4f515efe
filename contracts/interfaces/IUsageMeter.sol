// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval} from "../types/Approval.sol";
import {GrantId} from "../types/GrantId.sol";
import {Receipt, SettledWord, SubjectWord} from "../types/Receipt.sol";
import {IGrantRegistry} from "./IGrantRegistry.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry} from "./IProductRegistry.sol";

/// @notice A receipt to be settled.
/// @param grant the grant it is for
/// @param receipt what it says
/// @param lineage for a sub-grant the hashes of the clauses of its ancestors and its own, from the one that rests on
/// the product itself down; else none
/// @param clauses with the first receipt of a grant its packed clauses; later none
/// @param grantor the grantor's signature of `Receipt`
/// @param grantee the grantee's
struct Settlement {
    GrantId grant;
    Receipt receipt;
    bytes32[] lineage;
    bytes clauses;
    Approval grantor;
    Approval grantee;
}

/// @title Metering by receipts
/// @notice Settles receipts that both sides signed for all that was used so far: what is more than the last one said is
/// debited to the grant and all it rests on. A receipt that was lost or comes twice does no harm.
/// @dev What is signed, in the domain of this contract:
/// `Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)`.
/// @dev Storage, for proofs: slots 0 and 1 the fallbacks of the domain, always empty; slot 2 `settled` (id → word, see
/// `SettledWord`), slot 3 `subjects` (id → word, see `SubjectWord`).
/// @dev Warning: a receipt says what its two signers agree on, its time included. Neither environment nor territory are
/// part of it.
interface IUsageMeter {
    /// @notice A receipt was settled, under the signatures of these keys.
    event ReceiptSettled(GrantId indexed grant, Receipt receipt, address grantorSigner, address granteeSigner);

    /// @notice The receipt has bits that lack a meaning.
    error ReceiptInvalid(GrantId grant, Receipt receipt);

    /// @notice A receipt of the number `last` was settled; this one does not come after it.
    error ReceiptStale(GrantId grant, uint32 sequence, uint32 last);

    /// @notice `last` units were settled; this receipt does not say more.
    error ReceiptDecreased(GrantId grant, uint64 cumulative, uint64 last);

    /// @notice A receipt's time lies between that of the one before and now.
    error ReceiptTimeInvalid(GrantId grant, uint40 time, uint40 earliest, uint40 latest);

    /// @notice The clauses are those of another grant.
    error GrantMismatch(GrantId stated, GrantId computed);

    /// @notice Settles receipts. Anyone may submit them. One that says no more than what is settled already, since it or
    /// a later one of its grant was filed before, is left out without an event; any other fault of one undoes all.
    /// Alone, such a receipt is refused as `ReceiptStale`.
    /// @return settled how many were new, each of which has an event
    /// @dev Warning: of a receipt left out only number and sum are looked at, and no signature.
    function settle(Settlement[] calldata settlements) external returns (uint256 settled);

    /// @notice What stands of a grant's receipts, all zero before the first.
    function settledOf(GrantId grant) external view returns (SettledWord);

    /// @notice What the meter keeps of a grant's clauses, all zero before its first receipt.
    function subjectOf(GrantId grant) external view returns (SubjectWord);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The registry of grants.
    function grants() external view returns (IGrantRegistry);
}
