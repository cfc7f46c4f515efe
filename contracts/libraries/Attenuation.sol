// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../interfaces/IGrantRegistry.sol";
import {Clause, Clauses, Field, LimitClauses, Option, ScopeClauses} from "../types/Clauses.sol";
import {ProductId} from "../types/ProductId.sol";
import {DerivedRights, Mode, QuotaUnit, SubDelegation} from "../types/Vocabulary.sol";
import {ClausesCodec} from "./ClausesCodec.sol";
import {WordBuffer} from "./Words.sol";

/// @notice What a sub-grant may not be wider in than the grant it rests on. Each clause has one rule; those without
/// one (price, notice, text, …) are the two sides' own affair. `registry/domain/attenuation.py` is the same.
/// @dev The clauses are looked at in one order, so that what is named is the first that is wider: product, version,
/// rights, actions, purposes, environment, window, quota, territory, obligations, sub-delegation, mode, scope, derived
/// rights.
library Attenuation {
    /// @notice Refuses a sub-grant that is wider than its parent, naming the first such clause with both values; of a
    /// period the units, of a territory the parent's first code and the child's code that is not covered, 0 for none.
    /// @param parent the clauses above
    /// @param parentPacked their packed form
    /// @param child the clauses below
    /// @param childPacked their packed form
    function requireNarrower(
        Clauses memory parent,
        bytes calldata parentPacked,
        Clauses memory child,
        bytes calldata childPacked
    ) internal pure {
        ScopeClauses above = parent.scope;
        ScopeClauses below = child.scope;
        _requireSubject(above, below);
        _requireLimits(parent.limits, child.limits, above, below);
        _requireQuota(parent, child);
        _requireTerritory(parent.territories, parentPacked, child.territories, childPacked);
        uint32 owed = parent.limits.obligations();
        uint32 kept = child.limits.obligations();
        _require(owed & ~kept == 0, Clause.OBLIGATIONS, owed, kept);
        _requireDelegation(above, below);
        _requirePublic(parent, child);
    }

    function _requireSubject(ScopeClauses above, ScopeClauses below) private pure {
        if (above.product() != below.product()) {
            revert IGrantRegistry.ClauseWider(Clause.PRODUCT, _number(above.product()), _number(below.product()));
        }
        uint16 version = above.version();
        _require(version == 0 || version == below.version(), Clause.VERSION, version, below.version());
        _require(below.rights() & ~above.rights() == 0, Clause.RIGHTS, above.rights(), below.rights());
    }

    function _requireLimits(LimitClauses parent, LimitClauses child, ScopeClauses above, ScopeClauses below)
        private
        pure
    {
        _require(child.actions() & ~parent.actions() == 0, Clause.ACTIONS, parent.actions(), child.actions());
        _require(child.purposes() & ~parent.purposes() == 0, Clause.PURPOSES, parent.purposes(), child.purposes());
        uint8 places = above.environment();
        uint8 used = below.environment();
        // No environment at all is every environment.
        _require(places == 0 || (used != 0 && used & ~places == 0), Clause.ENVIRONMENT, places, used);
        _require(child.validFrom() >= parent.validFrom(), Clause.VALID_FROM, parent.validFrom(), child.validFrom());
        uint40 limit = parent.validUntil();
        uint40 until = child.validUntil();
        _require(limit == 0 || (until != 0 && until <= limit), Clause.VALID_UNTIL, limit, until);
    }

    function _requireQuota(Clauses memory parent, Clauses memory child) private pure {
        uint8 unit = parent.scope.quotaUnit();
        if (unit == uint8(QuotaUnit.NONE)) return;
        uint8 childUnit = child.scope.quotaUnit();
        _require(unit == childUnit, Clause.QUOTA_UNIT, unit, childUnit);
        uint64 total = parent.sides.quotaTotal();
        _require(child.sides.quotaTotal() <= total, Clause.QUOTA_TOTAL, total, child.sides.quotaTotal());
        if (parent.limits.options() & Option.PERIOD != 0) _requirePeriod(parent.encoded, child.encoded);
    }

    /// @dev The same amount over a shorter time, or more of it, would be a faster use than was granted.
    function _requirePeriod(WordBuffer parent, WordBuffer child) private pure {
        uint256 most = parent.get(Field.PERIOD_QUOTA);
        uint256 asked = child.get(Field.PERIOD_QUOTA);
        bool slower = child.get(Field.PERIOD_LENGTH) >= parent.get(Field.PERIOD_LENGTH);
        _require(asked != 0 && asked <= most && slower, Clause.PERIOD, most, asked);
    }

    /// @dev A code that another covers is never wider than it: codes are nested by their digits.
    function _requireTerritory(uint256 above, bytes calldata parentPacked, uint256 below, bytes calldata childPacked)
        private
        pure
    {
        if (above == parentPacked.length) return;
        uint32 first = uint32(bytes4(parentPacked[above:above + 4]));
        _require(below != childPacked.length, Clause.TERRITORY, first, 0);
        for (uint256 offset = below; offset < childPacked.length; offset += 4) {
            uint32 code = uint32(bytes4(childPacked[offset:offset + 4]));
            _require(ClausesCodec.covers(parentPacked, above, code), Clause.TERRITORY, first, code);
        }
    }

    function _requireDelegation(ScopeClauses above, ScopeClauses below) private pure {
        uint8 kind = above.subDelegation();
        bool allowed = kind != uint8(SubDelegation.NONE) && below.subDelegation() <= kind;
        _require(allowed, Clause.SUB_DELEGATION, kind, below.subDelegation());
        _require(below.depth() < above.depth(), Clause.DEPTH, above.depth(), below.depth());
    }

    function _requirePublic(Clauses memory parent, Clauses memory child) private pure {
        uint8 mode = parent.scope.mode();
        _require(mode == uint8(Mode.NONE) || mode == child.scope.mode(), Clause.MODE, mode, child.scope.mode());
        uint256 scope = parent.encoded.get(Field.SCOPE);
        uint256 childScope = child.encoded.get(Field.SCOPE);
        _require(scope == 0 || scope == childScope, Clause.SCOPE, scope, childScope);
        uint8 derived = parent.limits.derivedRights();
        bool same = derived == uint8(DerivedRights.NONE) || derived == child.limits.derivedRights();
        _require(same, Clause.DERIVED_RIGHTS, derived, child.limits.derivedRights());
    }

    function _number(ProductId product) private pure returns (uint256) {
        return uint160(ProductId.unwrap(product));
    }

    function _require(bool narrower, Clause clause, uint256 parent, uint256 child) private pure {
        if (!narrower) revert IGrantRegistry.ClauseWider(clause, parent, child);
    }
}
