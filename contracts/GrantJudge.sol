// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantJudge, Query} from "./interfaces/IGrantJudge.sol";
import {IGrantRegistry} from "./interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {Attenuation} from "./libraries/Attenuation.sol";
import {ClausesCodec} from "./libraries/ClausesCodec.sol";
import {GrantIds} from "./libraries/GrantIds.sol";
import {ProductStanding} from "./libraries/ProductStanding.sol";
import {UseRules} from "./libraries/UseRules.sol";
import {Clauses} from "./types/Clauses.sol";
import {GrantId, NO_GRANT} from "./types/GrantId.sol";
import {GrantWord, UNLIMITED} from "./types/GrantState.sol";
import {Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {Use, Verdict, forDescendants} from "./types/Verdict.sol";
import {Action} from "./types/Vocabulary.sol";

/// @title The implementation of `IGrantJudge`
contract GrantJudge is IGrantJudge {
    /* IMMUTABLES */

    IPartyRegistry private immutable parties;
    IProductRegistry private immutable products;

    /// @inheritdoc IGrantJudge
    IGrantRegistry public immutable grants;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param grants_ the registry of grants, which may be made after this contract
    constructor(IPartyRegistry parties_, IProductRegistry products_, IGrantRegistry grants_) {
        parties = parties_;
        products = products_;
        grants = grants_;
    }

    /* QUESTIONS */

    /// @inheritdoc IGrantJudge
    function check(bytes32[] calldata above, bytes calldata clauses, Use calldata use) external view returns (Verdict) {
        return _check(above, clauses, use);
    }

    /// @inheritdoc IGrantJudge
    function checkBatch(Query[] calldata queries) external view returns (Verdict[] memory verdicts) {
        verdicts = new Verdict[](queries.length);
        for (uint256 i = 0; i < queries.length; ++i) {
            verdicts[i] = _check(queries[i].above, queries[i].clauses, queries[i].use);
        }
    }

    /// @inheritdoc IGrantJudge
    function verdictOf(GrantId grant, uint40 time) external view returns (Verdict) {
        return _verdictOf(grants.wordOf(grant), _timeOf(time));
    }

    /// @inheritdoc IGrantJudge
    function derivable(bytes32[] calldata above, bytes calldata packed, PartyId by)
        external
        view
        returns (Verdict verdict, ProductId product)
    {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        (verdict,) = _deriving(above, clauses, by);
        product = clauses.scope.product();
    }

    /// @inheritdoc IGrantJudge
    function deriving(bytes32[] calldata above, bytes calldata packed, uint16 version, PartyId by)
        external
        view
        returns (Verdict verdict, ProductId product, GrantId grant, uint32 purposes)
    {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        (verdict, grant) = _deriving(above, clauses, by);
        product = clauses.scope.product();
        purposes = clauses.limits.purposes();
        uint16 granted = clauses.scope.version();
        if (verdict == Verdict.OK && granted != 0 && granted != version) verdict = Verdict.VERSION_NOT_GRANTED;
    }

    /// @inheritdoc IGrantJudge
    function idFrom(bytes32[] calldata lineage) external view returns (GrantId grant) {
        bytes32 separator = GrantIds.separatorOf(address(grants));
        for (uint256 i = 0; i < lineage.length; ++i) {
            grant = GrantIds.derive(separator, grant, lineage[i]);
        }
    }

    /// @inheritdoc IGrantJudge
    function requireNarrower(bytes calldata parent, bytes calldata child) external pure {
        Attenuation.requireNarrower(ClausesCodec.unpack(parent), parent, ClausesCodec.unpack(child), child);
    }

    /* INTERNAL */

    function _check(bytes32[] calldata above, bytes calldata packed, Use calldata use) private view returns (Verdict) {
        uint40 time = _timeOf(use.time);
        Clauses memory clauses = ClausesCodec.unpack(packed);
        (Verdict verdict, GrantId[] memory lineage) = _standing(above, clauses, time);
        if (verdict != Verdict.OK) return verdict;
        if (use.user != clauses.sides.grantee()) return Verdict.USER_NOT_GRANTEE;
        verdict = UseRules.ofVersion(clauses.scope, use.version, _head(clauses).latest());
        if (verdict != Verdict.OK) return verdict;
        verdict = UseRules.ofClauses(clauses, packed, use.action, use.purpose, use.environment, use.territory);
        if (verdict != Verdict.OK) return verdict;
        return _quotas(lineage, time, use.amount);
    }

    function _deriving(bytes32[] calldata above, Clauses memory clauses, PartyId by)
        private
        view
        returns (Verdict verdict, GrantId grant)
    {
        GrantId[] memory lineage;
        (verdict, lineage) = _standing(above, clauses, uint40(block.timestamp));
        grant = lineage[above.length];
        if (verdict != Verdict.OK) return (verdict, grant);
        if (by != clauses.sides.grantee()) return (Verdict.USER_NOT_GRANTEE, grant);
        if (clauses.limits.actions() & Action.DERIVE == 0) verdict = Verdict.ACTION_NOT_GRANTED;
    }

    /// @dev Whether there is anything to use: the grants down to this one, their parties, its start, the product.
    function _standing(bytes32[] calldata above, Clauses memory clauses, uint40 time)
        private
        view
        returns (Verdict verdict, GrantId[] memory lineage)
    {
        bytes32 separator = GrantIds.separatorOf(address(grants));
        lineage = new GrantId[](above.length + 1);
        GrantId last = NO_GRANT;
        for (uint256 i = 0; i < above.length; ++i) {
            lineage[i] = last = GrantIds.derive(separator, last, above[i]);
            verdict = _ancestorVerdict(grants.wordOf(last), time);
            if (verdict != Verdict.OK) return (verdict, lineage);
        }
        lineage[above.length] = last = GrantIds.derive(separator, last, ClausesCodec.hash(clauses));
        verdict = _verdictOf(grants.wordOf(last), time);
        if (verdict != Verdict.OK) return (verdict, lineage);
        if (time < clauses.limits.validFrom()) return (Verdict.NOT_STARTED, lineage);
        return (ProductStanding.verdict(_head(clauses), time), lineage);
    }

    /// @dev Its grantee is the grantor of the next one down, and looked at there.
    function _ancestorVerdict(GrantWord word, uint40 time) private view returns (Verdict verdict) {
        verdict = forDescendants(word.standing(time));
        if (verdict == Verdict.OK && !_active(word.grantor())) return Verdict.ANCESTOR_PARTY_SUSPENDED;
    }

    function _verdictOf(GrantWord word, uint40 time) private view returns (Verdict verdict) {
        verdict = word.standing(time);
        if (verdict != Verdict.OK) return verdict;
        if (!_active(word.grantor())) return Verdict.GRANTOR_SUSPENDED;
        if (!_active(word.grantee())) return Verdict.GRANTEE_SUSPENDED;
    }

    /// @dev The grant's own quota first, then those above from the top.
    function _quotas(GrantId[] memory lineage, uint40 time, uint64 amount) private view returns (Verdict verdict) {
        uint256 own = lineage.length - 1;
        verdict = _quota(lineage[own], time, amount);
        for (uint256 i = 0; i < own && verdict == Verdict.OK; ++i) {
            verdict = forDescendants(_quota(lineage[i], time, amount));
        }
    }

    function _quota(GrantId grant, uint40 time, uint64 amount) private view returns (Verdict) {
        GrantWord word = grants.wordOf(grant);
        if (word.remaining() != UNLIMITED && amount > word.remaining()) return Verdict.QUOTA_EXCEEDED;
        if (word.periodic() && !grants.periodOf(grant).allows(time, amount)) return Verdict.PERIOD_EXCEEDED;
        return Verdict.OK;
    }

    function _head(Clauses memory clauses) private view returns (ProductHead) {
        return products.headOf(clauses.scope.product());
    }

    function _active(PartyId party) private view returns (bool) {
        return parties.standingOf(party) == Standing.ACTIVE;
    }

    function _timeOf(uint40 time) private view returns (uint40) {
        uint40 blockTime = uint40(block.timestamp);
        if (time == 0) return blockTime;
        if (time < blockTime) revert IGrantRegistry.TimeBeforeBlock(time, blockTime);
        return time;
    }
}
