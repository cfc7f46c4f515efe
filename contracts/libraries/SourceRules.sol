// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IProductRegistry} from "../interfaces/IProductRegistry.sol";
import {IRegistrationDesk} from "../interfaces/IRegistrationDesk.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductHead} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {Verdict} from "../types/Verdict.sol";
import {AnnotationKind, Rights} from "../types/Vocabulary.sol";

/// @title What a party may make data of
/// @notice The rules on one source, the same for an application and for a derivation.
library SourceRules {
    /// @notice Reverts unless the source is registered and valid, and none that the party operates itself.
    function requireFit(ProductId source, ProductHead head, PartyId by) internal view {
        if (!head.inForce(block.timestamp)) revert IRegistrationDesk.OriginUnfit(source, head.state());
        if (head.operated() && head.applicant() == by) revert IRegistrationDesk.RedevelopmentForbidden(source);
    }

    /// @notice Reverts unless the party, which shows no grant, holds USE in the source, and neither a seizure nor a
    /// control of it stands.
    function requireOwn(IProductRegistry products, ProductId source, ProductHead head, PartyId by) internal view {
        uint8 held = head.applicant() == by ? head.rights() : 0;
        if (head.moved()) held = products.rightsOf(source, by);
        if (held & Rights.USE == 0) revert IProductRegistry.RightsMissing(source, by, held, Rights.USE);
        if (!head.frozen()) return;
        revert IProductRegistry.ProductEncumbered(
            source,
            head.annotated(AnnotationKind.SEIZURE),
            head.annotated(AnnotationKind.CONTROL),
            head.annotated(AnnotationKind.DISPUTE)
        );
    }

    /// @notice Reverts unless the grant shown is of the source and lets the party derive from it.
    /// @param granted of which product the grant is
    /// @param verdict what the judge of grants says of it
    function requireGranted(ProductId source, ProductId granted, Verdict verdict) internal pure {
        if (verdict == Verdict.OK && granted == source) return;
        revert IRegistrationDesk.OriginNotGranted(source, granted, verdict);
    }
}
