// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IApplicationJudge, Operation} from "./interfaces/IApplicationJudge.sol";
import {IGrants} from "./interfaces/IGrants.sol";
import {ILineage} from "./interfaces/ILineage.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry, Share} from "./interfaces/IProductRegistry.sol";
import {Application, Filing, IRegistrationDesk, Origin} from "./interfaces/IRegistrationDesk.sol";
import {CivilDate} from "./libraries/CivilDate.sol";
import {Pending} from "./libraries/Pending.sol";
import {RegistrationFlow} from "./libraries/RegistrationFlow.sol";
import {SourceRules} from "./libraries/SourceRules.sol";
import {ScopeClauses} from "./types/Clauses.sol";
import {CaseKind} from "./types/Flow.sol";
import {GrantId} from "./types/GrantId.sol";
import {GrantState} from "./types/GrantState.sol";
import {Holding} from "./types/Holding.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {ParticularFlags, Particulars, ProductHead, Profile} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {Verdict} from "./types/Verdict.sol";
import {AnnotationKind, Rights, Source, Template} from "./types/Vocabulary.sol";

/// @title The implementation of `IApplicationJudge`
contract ApplicationJudge is IApplicationJudge {
    /* CONSTANTS AND IMMUTABLES */

    uint256 private constant MOST_ORIGINS = 16;
    uint256 private constant MOST_SHARES = 16;

    /// @inheritdoc IApplicationJudge
    IPartyRegistry public immutable parties;

    /// @inheritdoc IApplicationJudge
    IProductRegistry public immutable products;

    /// @inheritdoc IApplicationJudge
    IGrants public immutable grants;

    /// @inheritdoc IApplicationJudge
    ILineage public immutable lineage;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param grants_ the registry of grants
    /// @param lineage_ the registry of derivations
    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrants grants_, ILineage lineage_) {
        parties = parties_;
        products = products_;
        grants = grants_;
        lineage = lineage_;
    }

    /* FIRST REGISTRATION */

    /// @inheritdoc IApplicationJudge
    function judge(bytes calldata encoded, PartyId by)
        external
        view
        returns (uint16 awaited, ProductId[] memory origins, Operation memory operation)
    {
        Application memory application = abi.decode(encoded, (Application));
        PartyId registrar = _requireStranger(application.registrar, by);
        for (uint256 i = 0; i < application.shares.length; ++i) {
            if (application.shares[i].party == registrar) revert IRegistrationDesk.RegistrarOwnData(registrar);
        }
        Particulars particulars = application.registration.particulars;
        awaited = _awaited(particulars, application.shares, by);
        origins = _origins(particulars, application.origins, by);
        bool operated = particulars.flags() & ParticularFlags.OPERATED != 0;
        if (application.operation.length != 0) {
            // Undeclared, the applicant could redevelop the product later as if it were not an operated one.
            if (!operated) revert IRegistrationDesk.OperationUncalled(by, CaseKind.INITIAL);
            operation = _operation(application.operation, by);
        } else if (operated && application.profile == Profile.PROPERTY) {
            revert IRegistrationDesk.OperationMissing(by);
        }
    }

    /// @dev Each holder but the applicant must agree, unless fused data is registered as the rule gives it to each.
    function _awaited(Particulars particulars, Share[] memory shares, PartyId applicant)
        private
        pure
        returns (uint16 missing)
    {
        if (shares.length > MOST_SHARES) revert IProductRegistry.SharesTooMany(shares.length, MOST_SHARES);
        bool fused = particulars.source() == Source.FUSED;
        if (fused) {
            if (particulars.flags() & ParticularFlags.AGREED_RIGHTS != 0) return 0;
            if (particulars.rights() & Rights.OPERATE == 0) return 0;
        }
        for (uint256 i = 0; i < shares.length; ++i) {
            // The bit of a place below sixteen.
            // forge-lint: disable-next-line(incorrect-shift, unsafe-typecast)
            if (shares[i].party != applicant) missing |= uint16(1 << i);
        }
        // Data fused from others' is nobody's alone, even where the applicant names itself as the one holder.
        if (fused && missing == 0) revert IProductRegistry.RightsBeyondSource(Source.FUSED, particulars.rights());
    }

    function _origins(Particulars particulars, Origin[] memory origins, PartyId by)
        private
        view
        returns (ProductId[] memory named)
    {
        if (origins.length == 0 && particulars.source() == Source.DERIVED) {
            revert IRegistrationDesk.OriginsMissing(by);
        }
        if (origins.length > MOST_ORIGINS) revert IRegistrationDesk.OriginsTooMany(origins.length, MOST_ORIGINS);
        named = new ProductId[](origins.length);
        for (uint256 i = 0; i < origins.length; ++i) {
            named[i] = origins[i].product;
            _judgeOrigin(origins[i], by);
        }
    }

    function _judgeOrigin(Origin memory origin, PartyId by) private view {
        ProductHead head = products.headOf(origin.product);
        SourceRules.requireFit(origin.product, head, by);
        if (origin.clauses.length == 0) {
            SourceRules.requireOwn(products, origin.product, head, by);
        } else {
            (Verdict verdict, ProductId granted) = grants.derivable(origin.above, origin.clauses, by);
            SourceRules.requireGranted(origin.product, granted, verdict);
        }
    }

    /// @dev The grant's end is kept as a day, since every validity ends with a day.
    function _operation(bytes memory clauses, PartyId by) private view returns (Operation memory operation) {
        GrantId grant = grants.idOf(GrantId.wrap(0), clauses);
        GrantState memory state = grants.stateOf(grant);
        Verdict verdict = grants.verdictOf(grant, 0);
        // The registry has judged the form of the clauses: their first word is there.
        // forge-lint: disable-next-line(unsafe-typecast)
        ScopeClauses scope = ScopeClauses.wrap(uint256(bytes32(clauses)));
        bool fits = scope.template() == uint8(Template.PUBLIC_OPERATION) && state.grantee == by;
        if (!fits || verdict != Verdict.OK) revert IRegistrationDesk.OperationUnfit(grant, state.grantee, verdict);
        ProductId basis = scope.product();
        ProductHead head = products.headOf(basis);
        if (head.profile() != Profile.PUBLIC || !head.inForce(block.timestamp)) {
            revert IRegistrationDesk.BasisUnfit(basis, head.profile(), head.state());
        }
        operation = Operation({grant: grant, basis: basis, end: CivilDate.dayOf(state.endsAt)});
    }

    /* LATER CASES */

    /// @inheritdoc IApplicationJudge
    function judgeFiling(ProductId product, ProductHead head, Filing calldata filing, PartyId by, uint8 held)
        external
        view
        returns (uint16 registrar, uint16 awaited, Operation memory operation)
    {
        registrar = _registrarFor(product, head.registrar(), filing.registrar);
        PartyId office = _requireStranger(registrar, by);
        if (products.rightsOf(product, office) != 0) revert IRegistrationDesk.RegistrarOwnData(office);
        CaseKind kind = filing.kind;
        if (kind == CaseKind.RENEWAL) _requireWindow(product, head);
        if (filing.operation.length != 0) {
            // It limits every validity to come, which is for the holder to change, when it asks for one.
            if (kind != CaseKind.RENEWAL) revert IRegistrationDesk.OperationUncalled(by, kind);
            operation = _operation(filing.operation, by);
        }
        if (kind == CaseKind.TRANSFER) {
            awaited = 1;
            _requireTransferable(product, head, filing.pending, by, held);
            (PartyId to,) = Pending.transferOf(filing.pending);
            parties.requireActive(to);
            _requireStranger(registrar, to);
        } else if ((kind == CaseKind.CHANGE || kind == CaseKind.CORRECTION) != (filing.pending != 0)) {
            revert IRegistrationDesk.PendingInvalid(product, kind, filing.pending);
        }
    }

    /// @dev The one that has the product, as long as it is a registrar.
    function _registrarFor(ProductId product, uint16 present, uint16 wanted) private view returns (uint16) {
        (PartyId party,) = parties.registrar(present);
        if (parties.rolesOf(party) & Role.REGISTRAR == 0) return wanted;
        if (wanted != 0 && wanted != present) revert IRegistrationDesk.RegistrarStays(product, present);
        return present;
    }

    function _requireWindow(ProductId product, ProductHead head) private view {
        (uint40 from, uint40 until) = RegistrationFlow.renewalWindow(head.profile(), head.until());
        if (block.timestamp >= from && block.timestamp < until) return;
        revert IRegistrationDesk.OutsideWindow(product, from, until);
    }

    function _requireTransferable(ProductId product, ProductHead head, bytes32 pending, PartyId by, uint8 held)
        private
        pure
    {
        (PartyId to, uint8 rights) = Pending.transferOf(pending);
        if (rights == 0 || pending != Pending.transfer(to, rights)) {
            revert IRegistrationDesk.PendingInvalid(product, CaseKind.TRANSFER, pending);
        }
        if (held & rights != rights) revert IProductRegistry.RightsMissing(product, by, held, rights);
        if (to == by) revert IProductRegistry.TransferToSelf(product, to);
        if (!head.encumbered()) return;
        revert IProductRegistry.ProductEncumbered(
            product,
            head.annotated(AnnotationKind.SEIZURE),
            head.annotated(AnnotationKind.CONTROL),
            head.annotated(AnnotationKind.DISPUTE)
        );
    }

    /* REGISTRATION */

    /// @inheritdoc IApplicationJudge
    function requireValidity(ProductId product, Profile profile, uint40 from, uint24 operationEnd, uint40 given)
        external
        view
    {
        uint40 most = RegistrationFlow.latestEnd(profile, from);
        if (operationEnd != 0 && CivilDate.startOf(operationEnd) < most) most = CivilDate.startOf(operationEnd);
        // A renewal may be decided so late that even the end of the old validity is past.
        uint40 least = from < block.timestamp ? uint40(block.timestamp) : from;
        bool midnight = CivilDate.startOf(CivilDate.dayOf(given)) == given;
        if (!midnight || given <= least || given > most) {
            revert IRegistrationDesk.ValidityOutOfRange(product, given, least, most);
        }
        if (products.headOf(product).derived() && lineage.derivationDigest(product, 1) == 0) {
            revert IProductRegistry.DerivationMissing(product, 1);
        }
    }

    /// @inheritdoc IApplicationJudge
    function holderAt(ProductId product, uint256 place) external view returns (PartyId party) {
        Holding[] memory page = products.holdings(product, place, 1);
        if (page.length != 0) party = page[0].party;
    }

    /// @inheritdoc IApplicationJudge
    function othersOf(ProductId product, PartyId applicant) external view returns (uint16 places) {
        Holding[] memory page = products.holdings(product, 0, MOST_SHARES);
        for (uint256 i = 0; i < page.length; ++i) {
            // The bit of a place below sixteen.
            // forge-lint: disable-next-line(incorrect-shift, unsafe-typecast)
            if (page[i].party != applicant) places |= uint16(1 << i);
        }
    }

    /* INTERNAL */

    /// @dev The registrar of this number, which must be one, and another party.
    function _requireStranger(uint16 registrar, PartyId by) private view returns (PartyId party) {
        (party,) = parties.registrar(registrar);
        if (party.isNone()) revert IRegistrationDesk.RegistrarUnknown(registrar);
        parties.requireRole(party, Role.REGISTRAR);
        if (party == by) revert IRegistrationDesk.RegistrarOwnData(party);
    }
}
