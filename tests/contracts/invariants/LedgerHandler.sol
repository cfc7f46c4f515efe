// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyRegistry} from "../../../contracts/PartyRegistry.sol";
import {ProductRegistry} from "../../../contracts/ProductRegistry.sol";
import {IGrants} from "../../../contracts/interfaces/IGrants.sol";
import {Registration} from "../../../contracts/interfaces/IProductRegistry.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {Scope, Standing} from "../../../contracts/types/Key.sol";
import {Party} from "../../../contracts/types/Party.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Particulars, ProductState} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Recovery} from "../../../contracts/types/Recovery.sol";
import {AnnotationKind, Reason, Rights} from "../../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "../Draft.sol";
import {KeyConsents, Wanted} from "../KeyConsents.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";

/// @notice Drives parties, products and grants with calls that must succeed, and feeds their events to the replay.
/// It keeps lists of what was made, never what state it is in.
contract LedgerHandler {
    using Drafts for Draft;

    using KeyConsents for Wanted;

    uint256 private constant MOST_PARTIES = 6;
    uint256 private constant MOST_KEYS = 40;

    PartyRegistry private immutable parties;
    ProductRegistry private immutable products;
    IGrants private immutable grants;
    address private immutable founder;
    EventReplay public immutable replay;

    /// @dev The controllers, each in its party's place.
    address[] public keys;
    /// @dev Every key that was ever a party's, and the party.
    address[] public everyKey;
    mapping(address key => PartyId) public firstParty;
    /// @notice What a controller signs with.
    mapping(address key => uint256) public secretOf;
    address[] private agents;
    uint256 private made;
    ProductId[] public registered;
    bytes32[] public roots;
    uint256 public claimed;
    Draft[] private drafts;
    GrantId[] public issued;
    GrantId[] public revoked;

    /// @dev Feeds the replay after each call, and makes sure that no word was written that no event told of.
    modifier replayed() {
        vm.record();
        _;
        replay.take(vm.getRecordedLogs());
        _assertTold(address(parties));
        _assertTold(address(products));
        _assertTold(address(grants));
    }

    constructor(PartyRegistry parties_, ProductRegistry products_, IGrants grants_, EventReplay replay_) {
        (parties, products, grants, replay) = (parties_, products_, grants_, replay_);
        founder = msg.sender;
    }

    function enrol(bytes32 identity) external replayed {
        if (keys.length == MOST_PARTIES) return;
        address key = vm.addr(keys.length + 1);
        secretOf[key] = keys.length + 1;
        keys.push(key);
        vm.prank(key);
        parties.enrol(identity);
        _remember(key);
    }

    function rotate(uint256 seed) external replayed {
        (address key, PartyId party) = activeKey(seed);
        if (key == address(0) || everyKey.length >= MOST_KEYS || seed % 4 != 0) return;
        (address successor, bytes memory consent) = _newController(party);
        vm.prank(key);
        parties.rotate(successor, type(uint40).max, consent);
        _succeed(key, successor);
    }

    function appoint(uint256 seed, uint16 scopes, uint32 lasts) external replayed {
        (address key, PartyId party) = activeKey(seed);
        if (key == address(0) || everyKey.length >= MOST_KEYS) return;
        (Party memory record,) = parties.partyRecord(party);
        if (record.agentsSince == block.timestamp) return;
        scopes = scopes % Scope.ALL + 1;
        uint40 until = uint40(block.timestamp) + lasts % 30 days + 1;
        uint256 secret = 5000 + made++;
        address agent = vm.addr(secret);
        bytes memory consent =
            KeyConsents.agent(party, agent, scopes, until, type(uint40).max).sign(secret, address(parties));
        vm.prank(key);
        parties.appointAgent(agent, scopes, until, type(uint40).max, consent);
        agents.push(agent);
        _remember(agent);
    }

    function dismiss(uint256 seed, bool byItself) external replayed {
        if (agents.length == 0 || seed % 3 != 0) return;
        address agent = agents[seed / 3 % agents.length];
        if (!acts(agent)) return;
        address by = byItself ? agent : keyOf(parties.partyOf(agent));
        vm.prank(by);
        parties.dismissAgent(agent);
    }

    function announceRecovery(uint256 seed, bytes32 evidence) external replayed {
        if (keys.length == 0) return;
        PartyId party = parties.partyOf(keys[seed % keys.length]);
        uint32 before = parties.recovery(party).effectiveAt;
        if (before != 0 && block.timestamp < before + 30 days) return;
        uint256 secret = 5000 + made++;
        secretOf[vm.addr(secret)] = secret;
        vm.prank(founder);
        parties.announceRecovery(party, vm.addr(secret), evidence);
    }

    function cancelRecovery(uint256 seed, bool byController) external replayed {
        if (keys.length == 0 || seed % 4 != 0) return;
        address key = keys[seed / 4 % keys.length];
        PartyId party = parties.partyOf(key);
        uint32 due = parties.recovery(party).effectiveAt;
        if (due == 0 || block.timestamp >= due + 30 days) return;
        vm.prank(byController && parties.standingOf(party) == Standing.ACTIVE ? key : founder);
        parties.cancelRecovery(party);
    }

    function recover(uint256 seed, bool wait) external replayed {
        if (keys.length == 0) return;
        address key = keys[seed % keys.length];
        PartyId party = parties.partyOf(key);
        Recovery memory announced = parties.recovery(party);
        uint256 due = announced.effectiveAt;
        if (due == 0 || block.timestamp >= due + 30 days) return;
        if (block.timestamp < due) {
            if (!wait) return;
            vm.warp(due);
        }
        Wanted memory wanted = KeyConsents.controller(party, announced.key, type(uint40).max);
        bytes memory consent = wanted.sign(secretOf[announced.key], address(parties));
        parties.recover(party, type(uint40).max, consent);
        _succeed(key, announced.key);
    }

    function admit(uint256 seed, bytes32 identity) external replayed {
        // Keys that never enrol.
        address key = vm.addr(1000 + seed % 10);
        vm.prank(founder);
        parties.admit(key, identity);
    }

    function register(uint256 seed, uint8 rights, uint8 class) external replayed {
        (address key,) = activeKey(seed);
        if (key == address(0)) return;
        // Few roots, so that claims meet.
        bytes32 root = keccak256(abi.encode(seed % 3));
        Particulars particulars =
            Particulars.wrap(registered.length << 16 | uint256(rights & Rights.ALL | Rights.HOLD) << 8 | class % 3);
        vm.prank(key);
        registered.push(
            products.register(Registration({contentRoot: root, metadataHash: bytes32(seed), particulars: particulars}))
        );
        _claimed(root);
    }

    function update(uint256 seed, bytes32 metadata) external replayed {
        (ProductId product, address key) = _heldProduct(seed, Rights.HOLD);
        if (key == address(0)) return;
        bytes32 root = keccak256(abi.encode(seed % 3));
        uint16 latest = products.productRecord(product).latest;
        vm.prank(key);
        products.update(product, latest, root, metadata);
        _claimed(root);
    }

    function transfer(uint256 seed, uint8 rights, uint256 to) external replayed {
        (ProductId product, address key) = _heldProduct(seed, 0);
        (address receiver, PartyId party) = activeKey(to);
        if (key == address(0) || receiver == key) return;
        rights = rights & products.rightsOf(product, parties.partyOf(key));
        if (rights == 0 || products.headOf(product).encumbered()) return;
        vm.prank(key);
        products.transfer(product, party, rights);
    }

    function retire(uint256 seed) external replayed {
        // Seldom, so that grants live a while.
        if (seed % 4 != 0) return;
        (ProductId product, address key) = _heldProduct(seed / 4, Rights.HOLD);
        if (key == address(0) || products.headOf(product).frozen()) return;
        vm.prank(key);
        products.retire(product);
    }

    function annotate(uint256 seed, uint8 kind, uint8 reason, bytes32 evidence) external replayed {
        if (registered.length == 0 || seed % 3 != 0) return;
        ProductId product = registered[seed % registered.length];
        AnnotationKind sort = AnnotationKind(kind % 4);
        if (products.headOf(product).annotated(sort) == 63) return;
        // The founder is registrar, regulator and court.
        vm.prank(founder);
        products.annotate(product, sort, Reason(reason % (uint8(type(Reason).max) + 1)), evidence);
    }

    function release(uint256 seed, bytes32 evidence) external replayed {
        if (registered.length == 0) return;
        ProductId product = registered[seed % registered.length];
        Interval[] memory all = products.annotations(product, 0, type(uint256).max);
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].to != 0) continue;
            vm.prank(founder);
            products.release(product, i, evidence);
            return;
        }
    }

    function issue(uint256 seed, uint256 to, uint64 quota, uint8 notice, uint32 lasts) external replayed {
        (ProductId product, address key) = _heldProduct(seed, Rights.OPERATE | Rights.HOLD);
        (, PartyId grantee) = activeKey(to);
        if (key == address(0) || grantee == parties.partyOf(key) || products.headOf(product).encumbered()) return;
        Draft memory d;
        d.rights = Rights.OPERATE;
        d.product = product;
        d.grantor = parties.partyOf(key);
        d.grantee = grantee;
        d.environment = 1;
        d.quotaTotal = quota % 1_000_000;
        if (d.quotaTotal != 0) d.quotaUnit = 1;
        d.salt = uint64(issued.length);
        d.validUntil = lasts == 0 ? 0 : uint40(block.timestamp) + lasts % 365 days + 1;
        d.noticeDays = notice % 64;
        d.actions = 1;
        d.purposes = 1;
        if (quota % 3 == 0 && d.quotaTotal != 0) (d.periodQuota, d.periodLength) = (1, 1 days);
        bytes memory packed = d.pack();
        vm.prank(key);
        issued.push(grants.issue(packed));
        drafts.push(d);
    }

    function revoke(uint256 seed, bool byGrantor, uint8 reason) external replayed {
        if (issued.length == 0) return;
        uint256 place = seed % issued.length;
        Draft memory d = drafts[place];
        uint256 end = block.timestamp + (byGrantor ? uint256(d.noticeDays) * 1 days : 0);
        uint256 endsAt = grants.stateOf(issued[place]).endsAt;
        if (endsAt != 0 && endsAt <= end) return;
        address key = keyOf(byGrantor ? d.grantor : d.grantee);
        vm.prank(key);
        grants.revoke(issued[place], Reason(reason % (uint8(type(Reason).max) + 1)));
        revoked.push(issued[place]);
    }

    function suspend(uint256 seed, bytes12 evidence) external replayed {
        if (keys.length == 0 || seed % 3 != 0) return;
        PartyId party = parties.partyOf(keys[seed % keys.length]);
        vm.prank(founder);
        parties.suspend(party, Reason.RISK, evidence);
    }

    function resume(uint256 seed) external replayed {
        if (keys.length == 0) return;
        PartyId party = parties.partyOf(keys[seed % keys.length]);
        (uint256 total,) = parties.suspensionCount(party);
        for (uint256 i = 0; i < total; ++i) {
            Interval memory interval = parties.suspension(party, i);
            if (interval.to != 0 || interval.from == block.timestamp) continue;
            vm.prank(founder);
            parties.resume(party, i);
            return;
        }
    }

    function pass(uint24 time, uint8 blocks) external {
        vm.warp(block.timestamp + time);
        vm.roll(block.number + blocks);
    }

    /* WHAT THE INVARIANTS ASK */

    function counts()
        external
        view
        returns (uint256 parties_, uint256 products_, uint256 roots_, uint256 grants_, uint256 revoked_)
    {
        return (keys.length, registered.length, roots.length, issued.length, revoked.length);
    }

    function draft(uint256 index) external view returns (Draft memory) {
        return drafts[index];
    }

    function keyCount() external view returns (uint256) {
        return everyKey.length;
    }

    /// @notice Whether a key may still revoke for its party.
    function acts(address key) public view returns (bool) {
        try parties.actor(key, Scope.ALL) returns (PartyId) {
            return true;
        } catch {
            return false;
        }
    }

    /// @notice A party that may write, and its key; none where none may.
    function activeKey(uint256 seed) public view returns (address, PartyId) {
        for (uint256 i = 0; i < keys.length; ++i) {
            address key = keys[(seed % keys.length + i) % keys.length];
            PartyId party = parties.partyOf(key);
            if (parties.standingOf(party) == Standing.ACTIVE) return (key, party);
        }
        return (address(0), PartyId.wrap(0));
    }

    /// @notice The controller of one of the parties.
    function keyOf(PartyId party) public view returns (address) {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (parties.partyOf(keys[i]) == party) return keys[i];
        }
        return address(0);
    }

    /* INTERNAL */

    function _newController(PartyId party) private returns (address key, bytes memory consent) {
        uint256 secret = 5000 + made++;
        key = vm.addr(secret);
        secretOf[key] = secret;
        consent = KeyConsents.controller(party, key, type(uint40).max).sign(secret, address(parties));
    }

    function _succeed(address before, address successor) private {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == before) keys[i] = successor;
        }
        _remember(successor);
    }

    function _remember(address key) private {
        everyKey.push(key);
        firstParty[key] = parties.partyOf(key);
    }

    function _assertTold(address target) private view {
        (, bytes32[] memory written) = vm.accesses(target);
        replay.assertTold(target, written);
    }

    function _claimed(bytes32 root) private {
        ++claimed;
        for (uint256 i = 0; i < roots.length; ++i) {
            if (roots[i] == root) return;
        }
        roots.push(root);
    }

    function _heldProduct(uint256 seed, uint8 needed) private view returns (ProductId, address) {
        if (registered.length == 0) return (ProductId.wrap(0), address(0));
        ProductId product = registered[seed % registered.length];
        if (products.productRecord(product).state != ProductState.REGISTERED) {
            return (product, address(0));
        }
        for (uint256 i = 0; i < keys.length; ++i) {
            PartyId party = parties.partyOf(keys[i]);
            uint8 held = products.rightsOf(product, party);
            if (held == 0 || held & needed != needed) continue;
            if (parties.standingOf(party) == Standing.ACTIVE) return (product, keys[i]);
        }
        return (product, address(0));
    }
}
