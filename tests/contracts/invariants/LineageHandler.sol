// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Lineage} from "../../../contracts/Lineage.sol";
import {PartyRegistry} from "../../../contracts/PartyRegistry.sol";
import {ProductRegistry} from "../../../contracts/ProductRegistry.sol";
import {IGrants} from "../../../contracts/interfaces/IGrants.sol";
import {Product, Registration} from "../../../contracts/interfaces/IProductRegistry.sol";
import {Basis, Derivation} from "../../../contracts/types/Derivation.sol";
import {GrantStage, GrantState} from "../../../contracts/types/GrantState.sol";
import {Standing} from "../../../contracts/types/Key.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Particulars, ProductState} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Action, Activity, AnnotationKind, Purpose, Reason, Rights} from "../../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "../Draft.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Derives anything of anything, under any grant or none, and grants, revokes, suspends, notes and retires in
/// between. Whether a derivation may pass is reckoned here a second time, of what the registries' views say, and what
/// the contract does must be that.
contract LineageHandler {
    using Drafts for Draft;

    /// @dev One source of one version made.
    struct Edge {
        ProductId product;
        uint16 version;
        ProductId source;
        uint16 sourceVersion;
    }

    uint256 private constant MOST_PRODUCTS = 24;
    uint32 private constant SOME = Purpose.RESEARCH | Purpose.STATISTICS | Purpose.CREDIT;

    PartyRegistry private immutable parties;
    ProductRegistry private immutable products;
    IGrants private immutable grants;
    Lineage private immutable lineage;
    EventReplay public immutable replay;
    address private immutable court;

    address[] private keys;
    ProductId[] public made;
    Draft[] private drafts;
    Edge[] private edges;
    /// @dev When each version came to be, counted by the calls that made one.
    mapping(ProductId product => mapping(uint256 version => uint256)) public bornAt;
    uint256 private births;
    uint256 public derived;
    uint256 public refused;
    /// @dev Sources that a grant gave the right to.
    uint256 public granted;

    constructor(
        PartyRegistry parties_,
        ProductRegistry products_,
        IGrants grants_,
        Lineage lineage_,
        EventReplay replay_,
        address court_
    ) {
        (parties, products, grants, lineage) = (parties_, products_, grants_, lineage_);
        (replay, court) = (replay_, court_);
    }

    /// @notice Takes the parties to play with.
    function begin(address[] calldata keys_) external {
        if (keys.length == 0) keys = keys_;
    }

    /* WHAT IS DONE */

    function register(uint256 seed) external {
        if (made.length >= MOST_PRODUCTS) return;
        vm.prank(_key(seed));
        try products.register(_registration(0)) returns (ProductId product) {
            _born(product, 1);
        } catch {}
        _replay();
    }

    function update(uint256 seed) external {
        if (made.length == 0) return;
        ProductId product = _product(seed >> 8);
        uint16 latest = products.headOf(product).latest();
        vm.prank(_key(seed));
        try products.update(product, latest, bytes32(seed | 1), "metadata") {
            vm.assertFalse(products.headOf(product).derived());
            _born(product, latest + 1);
        } catch {}
        _replay();
    }

    function derive(uint256 seed) external {
        if (made.length == 0 || made.length >= MOST_PRODUCTS) return;
        vm.record();
        (address key, Derivation memory d, bool allowed) = _attempt(seed);
        vm.prank(key);
        try lineage.register(_registration(seed % 2 == 0 ? 4 : 0), d) returns (ProductId product) {
            vm.assertTrue(allowed, "a derivation without a right");
            _born(product, 1);
            _keep(product, 1, d);
        } catch {
            ++refused;
            vm.assertTrue(!allowed, "a derivation refused without a reason");
        }
        _replayTold(allowed);
    }

    function extend(uint256 seed, uint256 which) external {
        if (made.length == 0) return;
        vm.record();
        (address key, Derivation memory d, bool allowed) = _attempt(seed);
        ProductId product = _product(which);
        Product memory record = products.productRecord(product);
        uint8 held = products.rightsOf(product, parties.partyOf(key));
        allowed = allowed && record.state == ProductState.REGISTERED && held & Rights.HOLD != 0
            && _within(record.purposes, d.purposes);
        vm.prank(key);
        try lineage.update(product, record.latest, bytes32(seed | 1), "metadata", d) returns (uint16 version) {
            vm.assertTrue(allowed, "a version without a right");
            _born(product, version);
            _keep(product, version, d);
        } catch {
            ++refused;
            vm.assertTrue(!allowed, "a version refused without a reason");
        }
        _replayTold(allowed);
    }

    function issue(uint256 seed, uint32 purposes, uint24 lasts) external {
        if (made.length == 0) return;
        Draft memory d;
        (address key, address to) = (_key(seed), _key(seed >> 8));
        d.product = _product(seed >> 16);
        (d.grantor, d.grantee) = (parties.partyOf(key), parties.partyOf(to));
        (d.rights, d.salt) = (Rights.USE, uint64(drafts.length));
        d.actions = seed >> 24 & 7 == 0 ? Action.READ : Action.READ | Action.DERIVE;
        d.purposes = purposes & SOME == 0 ? SOME : purposes & SOME;
        if (seed >> 28 & 3 == 0) d.version = 1;
        if (lasts % 3 == 0) d.validUntil = uint40(block.timestamp) + lasts + 1;
        if (lasts % 5 == 0) d.validFrom = uint40(block.timestamp) + lasts % 3 days;
        bytes memory packed = d.pack();
        uint32 limit = products.headOf(d.product).purposes();
        vm.prank(key);
        try grants.issue(packed) {
            vm.assertTrue(_within(d.purposes, limit), "a grant beyond its product");
            drafts.push(d);
        } catch {}
        _replay();
    }

    function revoke(uint256 seed) external {
        // Seldom, so that there are grants to derive under.
        if (drafts.length == 0 || seed % 3 != 0) return;
        Draft memory d = drafts[seed / 3 % drafts.length];
        vm.prank(_keyOf(d.grantor));
        try grants.revoke(d.idOf(address(grants)), Reason.BREACH) {} catch {}
        _replay();
    }

    function annotate(uint256 seed, bool releases) external {
        if (made.length == 0 || seed % 3 != 0) return;
        ProductId product = _product(seed / 3);
        vm.prank(court);
        if (releases) {
            try products.release(product, seed >> 8 & 3, 0) {} catch {}
        } else {
            AnnotationKind kind = seed >> 8 & 1 == 0 ? AnnotationKind.SEIZURE : AnnotationKind.DISPUTE;
            try products.annotate(product, kind, Reason.DISPUTE, 0) {} catch {}
        }
        _replay();
    }

    function transfer(uint256 seed, uint8 rights) external {
        if (made.length == 0 || seed % 2 != 0) return;
        ProductId product = _product(seed / 2);
        PartyId to = parties.partyOf(_key(seed >> 16));
        vm.prank(_key(seed >> 8));
        try products.transfer(product, to, rights & Rights.ALL) {} catch {}
        _replay();
    }

    function retire(uint256 seed) external {
        if (made.length == 0 || seed % 8 != 0) return;
        ProductId product = _product(seed / 8);
        vm.prank(_key(seed >> 8));
        try products.retire(product) {} catch {}
        _replay();
    }

    function suspend(uint256 seed) external {
        if (seed % 4 != 0) return;
        PartyId party = parties.partyOf(_key(seed / 4));
        (uint256 total, uint256 live) = parties.suspensionCount(party);
        vm.prank(court);
        if (live == 0) parties.suspend(party, Reason.RISK, "");
        else parties.resume(party, total - 1);
        _replay();
    }

    function pass(uint24 time) external {
        vm.warp(block.timestamp + time % 2 days);
        vm.roll(block.number + 1);
    }

    /* WHAT THE INVARIANTS ASK */

    function counts() external view returns (uint256 products_, uint256 grants_, uint256 edges_) {
        return (made.length, drafts.length, edges.length);
    }

    function draft(uint256 index) external view returns (Draft memory) {
        return drafts[index];
    }

    function edge(uint256 index) external view returns (Edge memory) {
        return edges[index];
    }

    /* WHETHER IT MAY BE */

    /// @dev One to three sources, mostly in order and mostly with a right, for purposes that mostly fit.
    function _attempt(uint256 seed) private view returns (address key, Derivation memory d, bool allowed) {
        key = _key(seed >> 4);
        PartyId by = parties.partyOf(key);
        d.activity = Activity(seed >> 12 & 7);
        d.sources = new Basis[](1 + (seed >> 20) % 3);
        for (uint256 i = 0; i < d.sources.length; ++i) {
            d.sources[i] = _source(uint256(keccak256(abi.encode(seed, i))), by);
        }
        if (seed >> 60 & 7 != 0) _sort(d.sources);
        allowed = parties.standingOf(by) == Standing.ACTIVE;
        uint32 limit;
        for (uint256 i = 0; i < d.sources.length; ++i) {
            (bool mayBe, uint32 most) = _mayUse(d.sources[i], by);
            allowed = allowed && mayBe && (i == 0 || _place(d.sources[i]) > _place(d.sources[i - 1]));
            // Bit 31 stands for limits that have nothing in common.
            if (most != 0) limit = limit == 0 ? most : (limit & most == 0 ? 1 << 31 : limit & most);
        }
        d.purposes = seed >> 40 & 7 == 0 ? SOME & uint32(seed >> 48) : limit & Purpose.ALL;
        allowed = allowed && limit != 1 << 31 && _within(d.purposes, limit);
    }

    /// @dev Mostly what the party has a right in, if there is something.
    function _source(uint256 seed, PartyId by) private view returns (Basis memory basis) {
        bool careless = seed >> 8 & 7 == 0;
        uint256 start = seed >> 16 & type(uint64).max;
        bool shown = drafts.length != 0 && seed & 1 == 0;
        for (uint256 i = 0; shown && i < drafts.length; ++i) {
            Draft memory d = drafts[(start + i) % drafts.length];
            if (!careless && !_carries(d, by, 1)) continue;
            (basis.product, basis.clauses) = (seed >> 12 & 15 == 0 ? _product(start) : d.product, d.pack());
            break;
        }
        for (uint256 i = 0; basis.clauses.length == 0 && i < made.length; ++i) {
            basis.product = made[(start + i) % made.length];
            if (careless || _uses(basis.product, by)) break;
        }
        uint16 latest = products.headOf(basis.product).latest();
        basis.version = seed >> 96 & 15 == 0 ? latest + 1 : uint16(1 + (seed >> 100) % latest);
    }

    function _mayUse(Basis memory basis, PartyId by) private view returns (bool allowed, uint32 most) {
        Product memory record = products.productRecord(basis.product);
        allowed = record.state == ProductState.REGISTERED && record.seizures == 0 && record.controls == 0
            && basis.version <= record.latest;
        if (basis.clauses.length == 0) return (allowed && _uses(basis.product, by), record.purposes);
        Draft memory d = _draftOf(basis.clauses);
        return (allowed && basis.product == d.product && _carries(d, by, basis.version), d.purposes);
    }

    function _draftOf(bytes memory clauses) private view returns (Draft memory d) {
        for (uint256 i = 0; i < drafts.length; ++i) {
            d = drafts[i];
            if (keccak256(d.pack()) == keccak256(clauses)) return d;
        }
    }

    function _sort(Basis[] memory sources) private pure {
        for (uint256 i = 1; i < sources.length; ++i) {
            for (uint256 j = i; j > 0 && _place(sources[j]) < _place(sources[j - 1]); --j) {
                (sources[j], sources[j - 1]) = (sources[j - 1], sources[j]);
            }
        }
    }

    function _place(Basis memory basis) private pure returns (uint256) {
        return uint256(uint160(ProductId.unwrap(basis.product))) << 16 | basis.version;
    }

    function _uses(ProductId product, PartyId by) private view returns (bool) {
        return products.rightsOf(product, by) & Rights.USE != 0;
    }

    function _carries(Draft memory d, PartyId by, uint16 version) private view returns (bool) {
        GrantState memory state = grants.stateOf(d.idOf(address(grants)));
        bool over = state.endsAt != 0 && state.endsAt <= block.timestamp;
        bool live = state.stage == GrantStage.ISSUED && !over && d.validFrom <= block.timestamp;
        bool sides =
            parties.standingOf(d.grantor) == Standing.ACTIVE && parties.standingOf(d.grantee) == Standing.ACTIVE;
        bool fits = d.grantee == by && d.actions & Action.DERIVE != 0 && (d.version == 0 || d.version == version);
        return live && sides && fits;
    }

    function _within(uint32 inner, uint32 outer) private pure returns (bool) {
        if (outer == 0) return true;
        return inner != 0 && inner | outer == outer;
    }

    /* INTERNAL */

    function _keep(ProductId product, uint16 version, Derivation memory d) private {
        for (uint256 i = 0; i < d.sources.length; ++i) {
            if (d.sources[i].clauses.length != 0) ++granted;
            edges.push(
                Edge({
                    product: product,
                    version: version,
                    source: d.sources[i].product,
                    sourceVersion: d.sources[i].version
                })
            );
        }
    }

    function _born(ProductId product, uint16 version) private {
        if (version == 1) made.push(product);
        bornAt[product][version] = ++births;
    }

    /// @dev No word was written that no event told of. What a refused call wrote and told was taken back.
    function _replayTold(bool landed) private {
        if (!landed) {
            vm.getRecordedLogs();
            return;
        }
        ++derived;
        _replay();
        (, bytes32[] memory written) = vm.accesses(address(lineage));
        replay.assertTold(address(lineage), written);
        (, written) = vm.accesses(address(products));
        replay.assertTold(address(products), written);
    }

    function _replay() private {
        replay.take(vm.getRecordedLogs());
    }

    function _registration(uint256 source) private view returns (Registration memory) {
        uint256 word = (births + 1) << 16 | uint256(Rights.ALL) << 8 | source << 80;
        return Registration({
            contentRoot: keccak256(abi.encode(births)), metadataHash: "metadata", particulars: Particulars.wrap(word)
        });
    }

    function _key(uint256 seed) private view returns (address) {
        return keys[seed % keys.length];
    }

    function _keyOf(PartyId party) private view returns (address key) {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (parties.partyOf(keys[i]) == party) key = keys[i];
        }
    }

    function _product(uint256 seed) private view returns (ProductId) {
        return made[seed % made.length];
    }
}
// forge-lint: disable-end(unsafe-typecast)
