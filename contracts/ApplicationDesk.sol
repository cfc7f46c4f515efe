// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CaseBook} from "./CaseBook.sol";
import {Operation} from "./interfaces/IApplicationJudge.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {Application, Filing, IRegistrationDesk} from "./interfaces/IRegistrationDesk.sol";
import {RegistrationFlow} from "./libraries/RegistrationFlow.sol";
import {Case} from "./types/Case.sol";
import {Act, Actor, CaseKind} from "./types/Flow.sol";
import {Scope} from "./types/Key.sol";
import {ProductHead, ProductState, Profile} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {Rights} from "./types/Vocabulary.sol";

/// @title What applicants do
/// @notice Takes applications and later cases, and what applicants do until they are decided. What they rest on is
/// judged by `IApplicationJudge`.
abstract contract ApplicationDesk is CaseBook {
    /* FIRST REGISTRATION */

    /// @inheritdoc IRegistrationDesk
    function draft(Application calldata application) external returns (ProductId) {
        Deed memory d;
        d.act = Act.DRAFT;
        return _apply(application, d);
    }

    /// @inheritdoc IRegistrationDesk
    function submit(Application calldata application) external returns (ProductId) {
        Deed memory d;
        d.act = Act.SUBMIT;
        return _apply(application, d);
    }

    /// @inheritdoc IRegistrationDesk
    function submitDraft(ProductId product, bytes32 evidence) external {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.SUBMIT, evidence);
        _applicantActs(d);
        if (d.c.profile == Profile.PUBLIC) _requireEvidence(d);
        d.c.submittedAt = _now();
        _move(d);
        _record(d);
        _settle(product, ProductState.PENDING, d.c.registrar, _now(), 0);
    }

    function _apply(Application calldata application, Deed memory d) private returns (ProductId product) {
        bool drafted = d.act == Act.DRAFT;
        d.evidence = application.evidence;
        Case memory c = d.c;
        d.by = c.filer = _writer(Scope.REGISTER);
        (c.profile, c.registrar) = (application.profile, application.registrar);
        _requireAllowed(d, _actors(d));
        if (!drafted && c.profile == Profile.PUBLIC) _requireEvidence(d);
        ProductId[] memory origins;
        Operation memory operation;
        (c.awaited, origins, operation) = judge.judge(msg.data[4:], c.filer);
        c.joint = c.awaited != 0;
        product = products.open(
            c.filer,
            application.registration,
            c.profile,
            c.registrar,
            drafted ? ProductState.DRAFT : ProductState.PENDING,
            application.shares
        );
        d.product = product;
        if (!drafted) c.submittedAt = _now();
        _file(d, 0, operation);
        if (origins.length != 0) emit OriginsNamed(product, origins);
    }

    /* LATER CASES */

    /// @inheritdoc IRegistrationDesk
    function file(ProductId product, Filing calldata filing) external returns (uint16 index) {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.SUBMIT, filing.evidence);
        Case memory c = d.c;
        bool transfer = filing.kind == CaseKind.TRANSFER;
        d.by = c.filer = _writer(transfer ? Scope.TRANSFER : Scope.REGISTER);
        ProductHead head = _head(product);
        if (head.isNone()) revert IProductRegistry.ProductUnknown(product);
        (c.kind, c.profile) = (filing.kind, head.profile());
        uint8 held = products.rightsOf(product, d.by);
        // Whoever transfers needs what it transfers, the others need to hold the data.
        bool holds = held & (transfer ? Rights.ALL : Rights.HOLD) != 0;
        _requireAllowed(d, holds ? Actor.ANYONE | Actor.HOLDER : Actor.ANYONE);
        index = d.index = _nextCase(product);
        if (!head.inForce(block.timestamp)) _refuseState(product, head);
        if (c.profile == Profile.PUBLIC) _requireEvidence(d);
        Operation memory operation;
        (c.registrar, c.awaited, operation) = judge.judgeFiling(product, head, filing, d.by, held);
        c.submittedAt = _now();
        if (filing.pending != 0) _pending[product][index] = filing.pending;
        _dockets[product].laterCases = index;
        _file(d, filing.pending, operation);
    }

    function _file(Deed memory d, bytes32 pending, Operation memory operation) private {
        _move(d);
        emit CaseFiled(d.product, d.by, d.index, pending, d.evidence, _store(d));
        if (operation.end == 0) return;
        _dockets[d.product].operationEnd = operation.end;
        emit OperationNamed(d.product, operation.basis, operation.grant, operation.end);
    }

    /// @dev A product of the two profiles has had its first case, whose index is 0.
    function _nextCase(ProductId product) private view returns (uint16) {
        uint16 latest = _dockets[product].laterCases;
        if (!RegistrationFlow.ended(_caseNow(product, latest).stage)) revert CaseOpen(product, latest);
        return latest + 1;
    }

    /* UNTIL IT IS DECIDED */

    /// @inheritdoc IRegistrationDesk
    function resubmit(ProductId product, uint16 index, bytes32 pending, bytes32 evidence) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.RESUBMIT, evidence);
        _handIn(d, pending);
    }

    /// @inheritdoc IRegistrationDesk
    function supplement(ProductId product, uint16 index, bytes32 pending, bytes32 evidence) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.SUPPLEMENT, evidence);
        _handIn(d, pending);
    }

    /// @inheritdoc IRegistrationDesk
    function withdraw(ProductId product, uint16 index) external {
        Deed memory d = _deed(product, index);
        d.act = Act.WITHDRAW;
        _applicantActs(d);
        _move(d);
        _record(d);
        _decline(d);
    }

    /// @inheritdoc IRegistrationDesk
    function concur(ProductId product, uint16 index, uint8 place) external {
        Deed memory d = _deed(product, index);
        d.act = Act.CONCUR;
        d.by = _writer(Scope.REGISTER);
        d.c = _caseNow(product, index);
        bool counterparty = place < 16 && _consenter(product, index, d.c, place) == d.by;
        _requireAllowed(d, counterparty ? _actors(d) | Actor.COUNTERPARTY : _actors(d));
        // The bit of a place; one beyond the sixteenth is none.
        // forge-lint: disable-next-line(incorrect-shift, unsafe-typecast)
        uint16 bit = uint16(1 << place);
        if (d.c.awaited & bit == 0) revert ConsentNotAwaited(product, d.by);
        d.c.awaited ^= bit;
        _record(d);
    }

    /* INTERNAL */

    function _applicantActs(Deed memory d) private view {
        d.by = _writer(Scope.REGISTER);
        d.c = _caseNow(d.product, d.index);
        _requireAllowed(d, _actors(d));
    }

    /// @dev A first registration may be corrected as well: what is registered is its second version then, to which the
    /// other holders have not agreed yet.
    function _handIn(Deed memory d, bytes32 pending) private {
        _applicantActs(d);
        if (pending != 0) {
            if (!_isContent(d.c.kind)) revert PendingInvalid(d.product, d.c.kind, pending);
            _pending[d.product][d.index] = pending;
            if (d.c.joint) d.c.awaited = judge.othersOf(d.product, d.c.filer);
            emit PendingReplaced(d.product, d.index, pending);
        }
        _move(d);
        _record(d);
    }
}
