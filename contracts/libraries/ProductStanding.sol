// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../interfaces/IGrantRegistry.sol";
import {IProductRegistry} from "../interfaces/IProductRegistry.sol";
import {ProductHead, ProductState} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {Verdict} from "../types/Verdict.sol";
import {AnnotationKind} from "../types/Vocabulary.sol";

/// @title What a product's head means for grants of it
library ProductStanding {
    /// @notice Reverts unless a grant of the product for these purposes may come to be at `time`: it exists, is in force,
    /// no seizure, control or dispute stands, and the purposes are within its own.
    function requireGrantable(ProductId product, ProductHead head, uint32 wanted, uint256 time) internal pure {
        if (head.isClear()) return;
        ProductState state = head.state();
        if (state == ProductState.NONE) revert IProductRegistry.ProductUnknown(product);
        if (state != ProductState.REGISTERED) revert IProductRegistry.ProductNotInForce(product, state);
        if (head.expired(time)) revert IProductRegistry.ProductExpired(product, head.until());
        if (head.encumbered()) {
            revert IProductRegistry.ProductEncumbered(
                product,
                head.annotated(AnnotationKind.SEIZURE),
                head.annotated(AnnotationKind.CONTROL),
                head.annotated(AnnotationKind.DISPUTE)
            );
        }
        uint32 allowed = head.purposes();
        if (allowed != 0 && wanted & ~allowed != 0) {
            revert IGrantRegistry.PurposesBeyondProduct(product, allowed, wanted);
        }
    }

    /// @notice Whether the product may be used under a grant at `time`, as far as it itself is concerned. A dispute does
    /// not stand in the way of what was granted before it.
    function verdict(ProductHead head, uint256 time) internal pure returns (Verdict) {
        if (head.isClear()) return Verdict.OK;
        if (head.state() != ProductState.REGISTERED) return Verdict.PRODUCT_NOT_IN_FORCE;
        if (head.expired(time)) return Verdict.PRODUCT_EXPIRED;
        if (head.annotated(AnnotationKind.SEIZURE) != 0) return Verdict.PRODUCT_SEIZED;
        return head.annotated(AnnotationKind.CONTROL) == 0 ? Verdict.OK : Verdict.PRODUCT_CONTROLLED;
    }
}
