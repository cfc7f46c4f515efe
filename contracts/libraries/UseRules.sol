// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clauses, ScopeClauses} from "../types/Clauses.sol";
import {Verdict} from "../types/Verdict.sol";
import {ClausesCodec} from "./ClausesCodec.sol";

/// @notice What a use is measured against apart from the state of grants and of the product.
library UseRules {
    /// @notice Whether a version is granted.
    /// @param version the version used, 0 for the latest
    /// @param latest the product's latest version
    function ofVersion(ScopeClauses scope, uint16 version, uint16 latest) internal pure returns (Verdict) {
        uint16 used = version == 0 ? latest : version;
        bool granted = used <= latest && (scope.version() == 0 || scope.version() == used);
        return granted ? Verdict.OK : Verdict.VERSION_NOT_GRANTED;
    }

    /// @notice Whether the clauses cover what a use declares of itself. Where they name environments or territories, a
    /// use that declares none is not covered.
    function ofClauses(
        Clauses memory clauses,
        bytes calldata packed,
        uint32 action,
        uint32 purpose,
        uint8 environment,
        uint32 territory
    ) internal pure returns (Verdict) {
        if (action == 0 || action & ~clauses.limits.actions() != 0) {
            return Verdict.ACTION_NOT_GRANTED;
        }
        if (purpose == 0 || purpose & ~clauses.limits.purposes() != 0) return Verdict.PURPOSE_NOT_GRANTED;
        uint8 allowed = clauses.scope.environment();
        if (allowed != 0 && (environment == 0 || environment & ~allowed != 0)) return Verdict.ENVIRONMENT_NOT_GRANTED;
        bool covered = ClausesCodec.covers(packed, clauses.territories, territory);
        return covered ? Verdict.OK : Verdict.TERRITORY_NOT_GRANTED;
    }
}
