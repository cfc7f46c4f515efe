// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILineage} from "../../../contracts/interfaces/ILineage.sol";
import {IPartyRegistry} from "../../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Share} from "../../../contracts/interfaces/IProductRegistry.sol";
import {Source} from "../../../contracts/types/Derivation.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {RecordedLog, vm} from "../Vm.sol";
import {AnchorReplay} from "./AnchorReplay.sol";
import {GrantReplay} from "./GrantReplay.sol";

/// @notice Rebuilds the storage of the registries from their events alone, word by word, at the slots that the
/// interfaces name, and compares it with what the chain holds.
contract EventReplay is GrantReplay, AnchorReplay {
    uint256 private constant OPEN_PROFILE = 1;
    uint256 private constant DERIVED = 4;
    uint256 private constant KEYS = 3;
    uint256 private constant PARTIES = 4;
    uint256 private constant IDENTITIES = 5;
    uint256 private constant SUSPENSIONS = 6;
    uint256 private constant ADMISSIONS = 7;
    uint256 private constant PAUSE = 8;
    uint256 private constant RECOVERIES = 9;
    uint256 private constant REGISTRARS = 10;
    uint256 private constant NUMBERS = 11;
    uint256 private constant SEATS = 12;
    uint256 private constant REGISTRAR_COUNT = 13;

    address private immutable parties;
    address private immutable lineage;

    /// @notice How often an event of this kind was told.
    mapping(bytes32 topic => uint256) public told;

    constructor(
        address parties_,
        address products_,
        address grants_,
        address meter_,
        address lineage_,
        address anchors_
    ) GrantReplay(grants_, meter_) AnchorReplay(products_, anchors_) {
        (parties, lineage) = (parties_, lineage_);
    }

    /// @notice Takes the events of one transaction of this block.
    function take(RecordedLog[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == parties) _party(logs[i]);
            if (logs[i].emitter == products) _product(logs[i]);
            if (logs[i].emitter == grants) _grant(logs[i]);
            if (logs[i].emitter == meter) _receipt(logs[i]);
            if (logs[i].emitter == lineage) _derivation(logs[i]);
            if (logs[i].emitter == anchors) _anchor(logs[i]);
            ++told[logs[i].topics[0]];
        }
    }

    /// @notice How many words the events have told of.
    function count() external view returns (uint256) {
        return places.length;
    }

    /// @notice Fails unless every word told of stands in storage as told.
    function assertEqualsStorage() external view {
        for (uint256 i = 0; i < places.length; ++i) {
            Place memory place = places[i];
            vm.assertEq(vm.load(place.target, place.slot), bytes32(words[place.target][place.slot]));
        }
    }

    /// @notice The same of one contract alone.
    function assertEqualsStorage(address target) external view {
        for (uint256 i = 0; i < places.length; ++i) {
            Place memory place = places[i];
            if (place.target != target) continue;
            vm.assertEq(vm.load(target, place.slot), bytes32(words[target][place.slot]));
        }
    }

    /// @notice Fails where one of these slots was written and no event told of it, or of another word.
    function assertTold(address target, bytes32[] calldata slots) external view {
        for (uint256 i = 0; i < slots.length; ++i) {
            vm.assertTrue(known[target][slots[i]], "a word that no event tells of");
            vm.assertEq(vm.load(target, slots[i]), bytes32(words[target][slots[i]]), "another word than events tell of");
        }
    }

    /* PARTIES */

    function _party(RecordedLog calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == IPartyRegistry.PartyEnrolled.selector) _enrolled(log);
        else if (topic == IPartyRegistry.RolesChanged.selector) _rolesChanged(log);
        else if (topic == IPartyRegistry.RegistrarAdmitted.selector) _seated(log);
        else if (topic == IPartyRegistry.PartySuspended.selector) _suspended(log);
        else if (topic == IPartyRegistry.PartyResumed.selector) _resumed(log);
        else if (topic == IPartyRegistry.WritesPaused.selector) _paused(log);
        else if (topic == IPartyRegistry.KeyAdmitted.selector) _admitted(log);
        else _key(log);
    }

    function _key(RecordedLog calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == IPartyRegistry.KeyRotated.selector) {
            _replaced(log);
        } else if (topic == IPartyRegistry.PartyRecovered.selector) {
            _recovered(log);
        } else if (topic == IPartyRegistry.AgentAppointed.selector) {
            _appointed(log);
        } else if (topic == IPartyRegistry.AgentDismissed.selector) {
            _keyClosed(uint256(log.topics[2]));
        } else if (topic == IPartyRegistry.RecoveryAnnounced.selector) {
            _announced(log);
        } else if (topic == IPartyRegistry.RecoveryCancelled.selector) {
            _set(parties, _at(uint256(log.topics[1]), RECOVERIES), 0);
        }
    }

    function _replaced(RecordedLog calldata log) private {
        (uint256 party, uint256 to) = (uint256(log.topics[1]), uint256(log.topics[3]));
        _keyClosed(uint256(log.topics[2]));
        bytes32 slot = _at(party, PARTIES);
        uint256 standing = (words[parties][slot] >> 88) & 0xff;
        _keyOpened(party, to, 1, standing, 0xffff, 0);
        _set(parties, slot, words[parties][slot] & type(uint96).max | to << 96);
    }

    function _recovered(RecordedLog calldata log) private {
        _replaced(log);
        bytes32 slot = _at(uint256(log.topics[1]), PARTIES);
        _set(parties, slot, words[parties][slot] & ~uint256(type(uint32).max) | block.timestamp);
        _set(parties, _at(uint256(log.topics[1]), RECOVERIES), 0);
    }

    function _appointed(RecordedLog calldata log) private {
        (uint256 scopes, uint256 until) = abi.decode(log.data, (uint256, uint256));
        _keyOpened(uint256(log.topics[1]), uint256(log.topics[2]), 2, 1, scopes, until);
    }

    function _announced(RecordedLog calldata log) private {
        (uint256 effectiveAt,) = abi.decode(log.data, (uint256, bytes32));
        uint256 word = uint256(log.topics[2]) << 96 | uint256(log.topics[3]) << 32 | effectiveAt;
        _set(parties, _at(uint256(log.topics[1]), RECOVERIES), word);
    }

    function _keyOpened(uint256 party, uint256 key, uint256 kind, uint256 standing, uint256 scopes, uint256 until)
        private
    {
        uint256 word = party << 192 | kind << 184 | standing << 176 | scopes << 160;
        _set(parties, _at(key, KEYS), word | block.timestamp << 120 | until << 80 | block.number << 40);
    }

    function _keyClosed(uint256 key) private {
        bytes32 slot = _at(key, KEYS);
        uint256 kept = words[parties][slot] & ~(uint256(0xff) << 176 | uint256(type(uint40).max) << 80);
        _set(parties, slot, kept | 3 << 176 | block.timestamp << 80 | block.number);
    }

    function _enrolled(RecordedLog calldata log) private {
        (uint256 party, uint256 key) = (uint256(log.topics[1]), uint256(log.topics[2]));
        _keyOpened(party, key, 1, 1, 0xffff, 0);
        _set(parties, _at(party, PARTIES), key << 96 | 1 << 88 | block.timestamp << 32);
        _set(parties, _at(party, IDENTITIES), abi.decode(log.data, (uint256)));
    }

    function _rolesChanged(RecordedLog calldata log) private {
        bytes32 slot = _at(uint256(log.topics[1]), PARTIES);
        uint256 cleared = words[parties][slot] & ~(uint256(0xffff) << 72);
        _set(parties, slot, cleared | abi.decode(log.data, (uint256)) << 72);
    }

    function _seated(RecordedLog calldata log) private {
        (uint256 party, uint256 number) = (uint256(log.topics[1]), uint256(log.topics[2]));
        bytes32 seat = abi.decode(log.data, (bytes32));
        _set(parties, _at(number, REGISTRARS), uint256(seat) >> 232 << 64 | party);
        _set(parties, _at(party, NUMBERS), number);
        _set(parties, _at(uint256(seat), SEATS), number);
        _set(parties, bytes32(REGISTRAR_COUNT), number);
    }

    function _suspended(RecordedLog calldata log) private {
        (uint256 party, uint256 by) = (uint256(log.topics[1]), uint256(log.topics[2]));
        (uint256 index, uint256 reason, uint256 evidence) = abi.decode(log.data, (uint256, uint256, uint256));
        uint256 word = block.timestamp << 216 | by << 112 | reason << 96 | evidence >> 160;
        bytes32 counts = _at(party, SUSPENSIONS);
        _set(parties, _at(index, uint256(counts) + 1), word);
        _set(parties, counts, words[parties][counts] + (1 << 128) + 1);
        _standing(party, 2);
    }

    function _resumed(RecordedLog calldata log) private {
        uint256 party = uint256(log.topics[1]);
        bytes32 counts = _at(party, SUSPENSIONS);
        bytes32 slot = _at(abi.decode(log.data, (uint256)), uint256(counts) + 1);
        _set(parties, slot, words[parties][slot] | block.timestamp << 176);
        uint256 left = words[parties][counts] - (1 << 128);
        _set(parties, counts, left);
        if (left >> 128 == 0) _standing(party, 1);
    }

    function _admitted(RecordedLog calldata log) private {
        _set(parties, _at(uint256(log.topics[1]), ADMISSIONS), abi.decode(log.data, (uint256)));
    }

    function _paused(RecordedLog calldata log) private {
        _set(parties, bytes32(PAUSE), abi.decode(log.data, (uint256)));
    }

    function _standing(uint256 party, uint256 standing) private {
        bytes32 slot = _at(party, PARTIES);
        uint256 word = words[parties][slot];
        _set(parties, slot, (word & ~(uint256(0xff) << 88)) | standing << 88);
        bytes32 key = _at(word >> 96, KEYS);
        _set(parties, key, (words[parties][key] & ~(uint256(0xff) << 176)) | standing << 176);
    }

    /* PRODUCTS */

    function _product(RecordedLog calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == IProductRegistry.ProductRegistered.selector) _registered(log);
        else if (topic == IProductRegistry.ProductUpdated.selector) _updated(log);
        else if (topic == IProductRegistry.RightsTransferred.selector) _transferred(log);
        else if (topic == IProductRegistry.ProductRetired.selector) _retired(log);
        else if (topic == IProductRegistry.ProductOpened.selector) _productOpened(log);
        else if (topic == IProductRegistry.HoldersNamed.selector) _holdersNamed(log);
        else if (topic == IProductRegistry.ProductSettled.selector) _settled(log);
        else if (topic == IProductRegistry.ProductAnnotated.selector) _annotated(log);
        else if (topic == IProductRegistry.AnnotationReleased.selector) _released(log);
    }

    function _registered(RecordedLog calldata log) private {
        (bytes32 root,, uint256 particulars) = abi.decode(log.data, (bytes32, bytes32, uint256));
        uint256 head = OPEN_PROFILE << 172 | 1 << 166 | _newHead(uint256(log.topics[2]), particulars);
        _set(products, _at(uint256(log.topics[1]), 0), head);
        _claimed(root, log.topics[1], 1);
    }

    function _productOpened(RecordedLog calldata log) private {
        (uint256 profile, uint256 state, uint256 registrar, bytes32 root,, uint256 particulars) =
            abi.decode(log.data, (uint256, uint256, uint256, bytes32, bytes32, uint256));
        uint256 head = registrar << 176 | profile << 172 | state << 166 | _newHead(uint256(log.topics[2]), particulars);
        _set(products, _at(uint256(log.topics[1]), 0), head);
        _claimed(root, log.topics[1], 1);
    }

    function _newHead(uint256 applicant, uint256 particulars) private view returns (uint256) {
        return applicant << 192 | ((particulars >> 8) & 0xff) << 163 | (particulars & 0xff) << 160
            | ((particulars >> 87) & 1) << 159 | ((particulars >> 80) & 0xf == DERIVED ? 1 : 0) << 158 | 1 << 142
            | block.timestamp << 102;
    }

    function _holdersNamed(RecordedLog calldata log) private {
        uint256 product = uint256(log.topics[1]);
        bytes32 slot = _at(product, 0);
        _set(products, slot, words[products][slot] | 1 << 162);
        Share[] memory shares = abi.decode(log.data, (Share[]));
        for (uint256 i = 0; i < shares.length; ++i) {
            _opened(product, PartyId.unwrap(shares[i].party), shares[i].rights, block.timestamp);
        }
    }

    function _settled(RecordedLog calldata log) private {
        (uint256 state, uint256 registrar, uint256 since, uint256 until) =
            abi.decode(log.data, (uint256, uint256, uint256, uint256));
        bytes32 slot = _at(uint256(log.topics[1]), 0);
        uint256 times = uint256(type(uint40).max) << 102 | uint256(type(uint40).max) << 62;
        uint256 kept = words[products][slot] & ~(times | uint256(0xffff) << 176 | uint256(0x3f) << 166);
        _set(products, slot, kept | registrar << 176 | state << 166 | since << 102 | until << 62);
    }

    function _updated(RecordedLog calldata log) private {
        (uint256 version, bytes32 root, bytes32 metadata) = abi.decode(log.data, (uint256, bytes32, bytes32));
        uint256 product = uint256(log.topics[1]);
        bytes32 slot = _at(product, 0);
        _set(products, slot, words[products][slot] + (1 << 142));
        uint256 all = uint256(_at(product, 2));
        uint256 before = version == 2 ? product : words[products][_at(version - 1, all)];
        _set(products, _at(version, all), uint256(keccak256(abi.encode(root, metadata, before))));
        _claimed(root, log.topics[1], version);
    }

    function _claimed(bytes32 root, bytes32 product, uint256 version) private {
        uint256 claim = uint256(product) | version << 80 | block.timestamp << 40;
        bytes32 first = _at(uint256(root), 1);
        if (version == 1) firstClaims[uint256(product)] = first;
        uint256 index = words[products][first] & type(uint40).max;
        if (index == 0) {
            _set(products, first, claim + 1);
        } else {
            _set(products, first, words[products][first] + 1);
            bytes32 place = _at(index, uint256(first) + 1);
            if (version == 1) firstClaims[uint256(product)] = place;
            _set(products, place, claim);
        }
    }

    function _transferred(RecordedLog calldata log) private {
        uint256 product = uint256(log.topics[1]);
        uint256 rights = abi.decode(log.data, (uint256));
        bytes32 slot = _at(product, 0);
        uint256 head = words[products][slot];
        if ((head >> 162) & 1 == 0) {
            _set(products, slot, head | 1 << 162);
            _opened(product, head >> 192, (head >> 163) & 7, (head >> 102) & type(uint40).max);
        }
        (uint256 from, uint256 to) = (uint256(log.topics[2]), uint256(log.topics[3]));
        _held(product, from, _closed(product, from) & ~rights);
        _held(product, to, _closed(product, to) | rights);
    }

    function _closed(uint256 product, uint256 party) private returns (uint256 rights) {
        bytes32 place = _at(party, uint256(_at(product, 5)));
        uint256 index = words[products][place];
        if (index == 0) return 0;
        bytes32 slot = _at(index - 1, uint256(_at(product, 3)));
        rights = (words[products][slot] >> 80) & 7;
        _set(products, slot, words[products][slot] | block.timestamp);
        _set(products, place, 0);
    }

    function _held(uint256 product, uint256 party, uint256 rights) private {
        if (rights != 0) _opened(product, party, rights, block.timestamp);
    }

    function _opened(uint256 product, uint256 party, uint256 rights, uint256 from) private {
        bytes32 counter = _at(product, 4);
        uint256 index = words[products][counter];
        _set(products, counter, index + 1);
        _set(products, _at(index, uint256(_at(product, 3))), party << 192 | rights << 80 | from << 40);
        _set(products, _at(party, uint256(_at(product, 5))), index + 1);
    }

    function _annotated(RecordedLog calldata log) private {
        uint256 product = uint256(log.topics[1]);
        (uint256 index, uint256 kind, uint256 reason, bytes32 evidence) =
            abi.decode(log.data, (uint256, uint256, uint256, bytes32));
        bytes32 counts = _at(product, 6);
        _set(products, counts, words[products][counts] + (1 << 128) + 1);
        uint256 word = block.timestamp << 216 | uint256(log.topics[2]) << 112 | kind << 104 | reason << 96;
        _set(products, _at(index, uint256(counts) + 1), word | uint256(evidence) >> 160);
        _counted(product, kind, 1);
    }

    function _released(RecordedLog calldata log) private {
        uint256 product = uint256(log.topics[1]);
        (uint256 index,) = abi.decode(log.data, (uint256, bytes32));
        bytes32 counts = _at(product, 6);
        _set(products, counts, words[products][counts] - (1 << 128));
        bytes32 slot = _at(index, uint256(counts) + 1);
        _set(products, slot, words[products][slot] | block.timestamp << 176);
        _counted(product, (words[products][slot] >> 104) & 0xff, type(uint256).max);
    }

    function _counted(uint256 product, uint256 kind, uint256 change) private {
        if (kind == 3) return;
        bytes32 slot = _at(product, 0);
        unchecked {
            _set(products, slot, words[products][slot] + (change << (56 - 6 * kind)));
        }
    }

    function _retired(RecordedLog calldata log) private {
        bytes32 slot = _at(uint256(log.topics[1]), 0);
        uint256 cleared = words[products][slot] & ~(uint256(0x3f) << 166);
        _set(products, slot, cleared | 2 << 166 | block.timestamp << 62);
    }

    /* DERIVATIONS */

    /// @dev The digest, and what it means for the head of the product: the first version limits what it is granted for.
    function _derivation(RecordedLog calldata log) private {
        if (log.topics[0] != ILineage.ProductDerived.selector) return;
        (
            uint256 version,
            uint256 activity,
            uint256 purposes,
            bytes32 method,
            uint256[] memory agents,
            Source[] memory sources
        ) = abi.decode(log.data, (uint256, uint256, uint256, bytes32, uint256[], Source[]));
        bytes memory about = abi.encode(log.topics[1], version, log.topics[2], block.timestamp, activity, purposes);
        bytes memory rest = abi.encode(method, keccak256(abi.encode(agents)), keccak256(abi.encode(sources)));
        uint256 product = uint256(log.topics[1]);
        _set(lineage, _at(version, uint256(_at(product, 0))), uint256(keccak256(bytes.concat(about, rest))));
        bytes32 slot = _at(product, 0);
        _set(products, slot, words[products][slot] | 1 << 158 | (version == 1 ? purposes << 12 : 0));
    }
}
