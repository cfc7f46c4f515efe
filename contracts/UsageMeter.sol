// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {IUsageMeter, Settlement} from "./interfaces/IUsageMeter.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {GrantIds} from "./libraries/GrantIds.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Clauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {Scope} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductId} from "./types/ProductId.sol";
import {Receipt, SettledWord, SettledWordLibrary, SubjectWord, SubjectWordLibrary} from "./types/Receipt.sol";
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

    /// @dev What one call has asked already: most receipts of a batch are of one product and the same two signers.
    struct Asked {
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
    function settle(Settlement[] calldata settlements) external {
        Asked memory asked;
        for (uint256 i = 0; i < settlements.length; ++i) {
            _settle(settlements[i], asked);
        }
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

    function _settle(Settlement calldata given, Asked memory asked) private {
        GrantId grant = given.grant;
        Receipt receipt = given.receipt;
        uint64 amount = _advance(grant, receipt);
        _requireUse(grant, receipt, _subjectOf(given), asked);
        _requireSigners(given, asked, _hashTypedDataV4(receipt.hash(grant)));
        grants.debit(grant, given.lineage, amount, receipt.usedAt(), asked.grantor, asked.grantee);
        emit ReceiptSettled(grant, receipt, given.grantor.signer, given.grantee.signer);
    }

    /// @dev Keeps what the receipt says in place of the last one.
    /// @return amount how much more it says
    function _advance(GrantId grant, Receipt receipt) private returns (uint64 amount) {
        if (!receipt.valid()) revert ReceiptInvalid(grant, receipt);
        SettledWord last = _settled[grant];
        if (receipt.sequence() <= last.sequence()) revert ReceiptStale(grant, receipt.sequence(), last.sequence());
        uint64 cumulative = receipt.cumulative();
        if (cumulative <= last.cumulative()) revert ReceiptDecreased(grant, cumulative, last.cumulative());
        uint40 time = receipt.usedAt();
        if (time < last.usedAt() || time > block.timestamp) {
            revert ReceiptTimeInvalid(grant, time, last.usedAt(), uint40(block.timestamp));
        }
        _settled[grant] = SettledWordLibrary.afterReceipt(receipt);
        return cumulative - last.cumulative();
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

    function _requireUse(GrantId grant, Receipt receipt, SubjectWord subject, Asked memory asked) private view {
        uint32 action = receipt.action();
        uint32 purpose = receipt.purpose();
        if (action == 0 || action & ~subject.actions() != 0) _refuse(grant, Verdict.ACTION_NOT_GRANTED);
        if (purpose == 0 || purpose & ~subject.purposes() != 0) _refuse(grant, Verdict.PURPOSE_NOT_GRANTED);
        if (receipt.usedAt() < subject.validFrom()) _refuse(grant, Verdict.NOT_STARTED);
        ProductId product = subject.product();
        if (product == asked.product) return;
        Verdict verdict = ProductStanding.verdict(products.headOf(product), block.timestamp);
        if (verdict != Verdict.OK) _refuse(grant, verdict);
        asked.product = product;
    }

    function _requireSigners(Settlement calldata given, Asked memory asked, bytes32 digest) private view {
        address signer = given.grantor.signer;
        if (signer != asked.grantorSigner) {
            asked.grantor = parties.writer(signer, Scope.USAGE);
            asked.grantorSigner = signer;
        }
        Signatures.requireSigned(given.grantor, digest);
        signer = given.grantee.signer;
        if (signer != asked.granteeSigner) {
            asked.grantee = parties.writer(signer, Scope.USAGE);
            asked.granteeSigner = signer;
        }
        Signatures.requireSigned(given.grantee, digest);
    }

    function _refuse(GrantId grant, Verdict verdict) private pure {
        revert IGrantRegistry.UsageRefused(grant, verdict);
    }
}
