// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {IUsageMeter, Settlement} from "./interfaces/IUsageMeter.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {GrantIds} from "./libraries/GrantIds.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {WordBuffer, Words} from "./libraries/Words.sol";
import {Approval} from "./types/Approval.sol";
import {Clauses} from "./types/Clauses.sol";
import {Debit, DebitLibrary} from "./types/Debit.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {Scope} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductId} from "./types/ProductId.sol";
import {
    Receipt,
    ReceiptLibrary,
    SettledWord,
    SettledWordLibrary,
    SubjectWord,
    SubjectWordLibrary
} from "./types/Receipt.sol";
import {Verdict} from "./types/Verdict.sol";

/// @title The implementation of `IUsageMeter`
contract UsageMeter is IUsageMeter, EIP712 {
    /* IMMUTABLES */

    /// @inheritdoc IUsageMeter
    IPartyRegistry public immutable parties;

    /// @inheritdoc IUsageMeter
    IProductRegistry public immutable products;

    /// @inheritdoc IUsageMeter
    IGrantRegistry public immutable grants;

    /* STORAGE */

    mapping(GrantId grant => SettledWord) private _settled;
    mapping(GrantId grant => SubjectWord) private _subjects;

    /// @dev What one call goes on with from receipt to receipt. What it has asked already is not asked again: most
    /// receipts of a batch are of one product and the same two signers. `leftOut` says which of them take nothing,
    /// `left` how many those are.
    struct Batch {
        bytes32 separator;
        WordBuffer message;
        WordBuffer debits;
        bool[] leftOut;
        uint256 left;
        uint256 lineages;
        ProductId product;
        address grantorSigner;
        PartyId grantor;
        address granteeSigner;
        PartyId grantee;
    }

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param grants_ the registry of grants, which may be made after this contract
    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrantRegistry grants_) EIP712("Dengji", "1") {
        parties = parties_;
        products = products_;
        grants = grants_;
    }

    /* SETTLING */

    /// @inheritdoc IUsageMeter
    function settle(Settlement[] calldata settlements) external returns (uint256 settled) {
        Batch memory batch;
        batch.separator = _domainSeparatorV4();
        batch.message = ReceiptLibrary.message();
        batch.debits = Words.allocate(2 * settlements.length);
        batch.leftOut = new bool[](settlements.length);
        for (uint256 i = 0; i < settlements.length; ++i) {
            _settle(settlements[i], batch, i);
        }
        settled = settlements.length - batch.left;
        batch.debits.cut(2 * settled);
        grants.debit(batch.debits.asBytes(), _lineages(settlements, batch));
    }

    /* VIEWS */

    /// @inheritdoc IUsageMeter
    function settledOf(GrantId grant) external view returns (SettledWord) {
        return _settled[grant];
    }

    /// @inheritdoc IUsageMeter
    function subjectOf(GrantId grant) external view returns (SubjectWord) {
        return _subjects[grant];
    }

    /* INTERNAL */

    /// @param index its place among those of the call
    function _settle(Settlement calldata given, Batch memory batch, uint256 index) private {
        GrantId grant = given.grant;
        Receipt receipt = given.receipt;
        uint64 amount = _advance(grant, receipt, batch);
        if (amount == 0) {
            batch.leftOut[index] = true;
            ++batch.left;
            return;
        }
        _requireUse(grant, receipt, _subjectOf(given), batch);
        bytes32 digest = MessageHashUtils.toTypedDataHash(batch.separator, receipt.hash(grant, batch.message));
        (address grantorSigner, address granteeSigner) = _requireSigners(given, batch, digest);
        uint256 words = given.lineage.length;
        if (words != 0) batch.lineages += words;
        uint256 place;
        // No more were left out than came before it.
        unchecked {
            place = (index - batch.left) << 1;
        }
        batch.debits.put(place, uint256(GrantId.unwrap(grant)));
        Debit debit = DebitLibrary.make(batch.grantor, batch.grantee, words, receipt.usedAt(), amount);
        batch.debits.put(place | 1, Debit.unwrap(debit));
        emit ReceiptSettled(grant, receipt, grantorSigner, granteeSigner);
    }

    /// @dev Those of what is settled, one after the other.
    function _lineages(Settlement[] calldata settlements, Batch memory batch)
        private
        pure
        returns (bytes32[] memory all)
    {
        all = new bytes32[](batch.lineages);
        if (all.length == 0) return all;
        uint256 next = 0;
        for (uint256 i = 0; i < settlements.length; ++i) {
            if (batch.leftOut[i]) continue;
            bytes32[] calldata lineage = settlements[i].lineage;
            for (uint256 j = 0; j < lineage.length; ++j) {
                all[next++] = lineage[j];
            }
        }
    }

    /// @dev Keeps what the receipt says in place of the last one. What was settled before is refused if it came alone: in
    /// a batch whoever files one of it first would undo the others.
    /// @return amount how much more it says, 0 for one that was settled before
    function _advance(GrantId grant, Receipt receipt, Batch memory batch) private returns (uint64 amount) {
        if (!receipt.valid()) revert ReceiptInvalid(grant, receipt);
        SettledWord last = _settled[grant];
        if (receipt.sequence() <= last.sequence()) {
            if (batch.leftOut.length != 1 && last.includes(receipt)) return 0;
            revert ReceiptStale(grant, receipt.sequence(), last.sequence());
        }
        uint64 cumulative = receipt.cumulative();
        if (cumulative <= last.cumulative()) revert ReceiptDecreased(grant, cumulative, last.cumulative());
        uint40 time = receipt.usedAt();
        if (time < last.usedAt()) _refuseTime(grant, receipt, last);
        if (time > block.timestamp) _refuseTime(grant, receipt, last);
        _settled[grant] = SettledWordLibrary.afterReceipt(receipt);
        // It is more.
        unchecked {
            return cumulative - last.cumulative();
        }
    }

    function _refuseTime(GrantId grant, Receipt receipt, SettledWord last) private view {
        revert ReceiptTimeInvalid(grant, receipt.usedAt(), last.usedAt(), uint40(block.timestamp));
    }

    function _subjectOf(Settlement calldata given) private returns (SubjectWord subject) {
        subject = _subjects[given.grant];
        if (!subject.isNone()) return subject;
        Clauses memory clauses = ClausesCodec.unpack(given.clauses);
        _requireId(given, ClausesCodec.hash(clauses));
        subject = SubjectWordLibrary.make(
            clauses.scope.product(), clauses.limits.purposes(), clauses.limits.actions(), clauses.limits.validFrom()
        );
        _subjects[given.grant] = subject;
    }

    function _requireId(Settlement calldata given, bytes32 clausesHash) private view {
        bytes32 separator = GrantIds.separatorOf(address(grants));
        GrantId computed = NO_GRANT;
        for (uint256 i = 1; i < given.lineage.length; ++i) {
            computed = GrantIds.derive(separator, computed, given.lineage[i - 1]);
        }
        computed = GrantIds.derive(separator, computed, clausesHash);
        if (!(computed == given.grant)) revert GrantMismatch(given.grant, computed);
    }

    function _requireUse(GrantId grant, Receipt receipt, SubjectWord subject, Batch memory batch) private view {
        if (!subject.covers(receipt)) _refuseDeed(grant, receipt, subject);
        if (receipt.usedAt() < subject.validFrom()) _refuse(grant, Verdict.NOT_STARTED);
        ProductId product = subject.product();
        if (product == batch.product) return;
        Verdict verdict = ProductStanding.verdict(products.headOf(product), block.timestamp);
        if (verdict != Verdict.OK) _refuse(grant, verdict);
        batch.product = product;
    }

    function _requireSigners(Settlement calldata given, Batch memory batch, bytes32 digest)
        private
        view
        returns (address grantorSigner, address granteeSigner)
    {
        Approval calldata approval = given.grantor;
        grantorSigner = approval.signer;
        if (grantorSigner != batch.grantorSigner) {
            batch.grantor = parties.writer(grantorSigner, Scope.USAGE);
            batch.grantorSigner = grantorSigner;
        }
        Signatures.requireSigned(grantorSigner, approval.signature, digest);
        approval = given.grantee;
        granteeSigner = approval.signer;
        if (granteeSigner != batch.granteeSigner) {
            batch.grantee = parties.writer(granteeSigner, Scope.USAGE);
            batch.granteeSigner = granteeSigner;
        }
        Signatures.requireSigned(granteeSigner, approval.signature, digest);
    }

    /// @dev What was done is named before what it was done for.
    function _refuseDeed(GrantId grant, Receipt receipt, SubjectWord subject) private pure {
        uint32 action = receipt.action();
        bool done = action != 0 && action & ~subject.actions() == 0;
        _refuse(grant, done ? Verdict.PURPOSE_NOT_GRANTED : Verdict.ACTION_NOT_GRANTED);
    }

    function _refuse(GrantId grant, Verdict verdict) private pure {
        revert IGrantRegistry.UsageRefused(grant, verdict);
    }
}
