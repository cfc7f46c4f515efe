// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars} from "../../contracts/types/Product.sol";
import {placeDeployed, svm, vm} from "./Svm.sol";

/// @notice The contracts as they are deployed, at fixed places, and what their storage says, read bit by bit.
/// @dev The code is the deployed one, its constructors ran. The storage is whatever it may be: every slot is a symbol.
/// Words are taken apart here by hand, not by the contracts' own libraries, which are part of what is judged.
abstract contract World {
    address internal constant AUTHORITY = address(0xD0001);
    address internal constant PARTIES = address(0xD0002);
    address internal constant PRODUCTS = address(0xD0003);
    address internal constant GRANTS = address(0xD0004);
    address internal constant OFFICE = address(0xD0005);
    address internal constant METER = address(0xD0006);
    address internal constant ANCHORS = address(0xD0007);
    address internal constant DESK = address(0xD0008);
    address internal constant LINEAGE = address(0xD0009);
    address internal constant JUDGE = address(0xD000A);
    address internal constant CALENDAR = address(0xD000B);
    address internal constant CERTIFICATES = address(0xD000C);
    address internal constant GRANT_JUDGE = address(0xD000D);
    address internal constant ADMINISTRATOR = address(0xAD414);

    // Where the contracts keep what, as snapshots/storage.json has it.
    uint256 private constant KEYS = 3;
    uint256 private constant PARTY_WORDS = 4;
    uint256 private constant PAUSE = 8;
    uint256 private constant HEADS = 0;
    uint256 private constant GRANT_WORDS = 2;
    uint256 private constant PERIODS = 3;
    uint256 private constant SUSPENSIONS = 4;

    uint256 internal constant CONTROLLER = 1;
    uint256 internal constant AGENT = 2;
    uint256 internal constant ACTIVE = 1;
    uint256 internal constant CLOSED = 3;

    /// @dev Times of a block: after 1970, and while 32 bits hold them and a notice.
    function _anyTime() internal returns (uint256 time) {
        time = svm.createUint(32, "time");
        vm.assume(time > 1 days && time < type(uint32).max - 64 days);
        vm.warp(time);
        vm.roll(svm.createUint(39, "block"));
    }

    /// @dev Anybody but a contract of the deployment.
    function _anyone() internal view returns (address caller) {
        caller = svm.createAddress("caller");
        _assumePerson(caller);
    }

    /// @dev Is no contract of the deployment, and its key is none or one that the registry could have written: of a party,
    /// of a kind and a standing that there are. That it writes no others is a property of its own.
    function _assumePerson(address key) internal view {
        vm.assume(uint160(key) >> 4 != 0xD000 && _formed(_keyWord(key)));
    }

    function _formed(uint256 word) internal pure returns (bool) {
        uint256 kind = (word >> 184) & 0xff;
        uint256 standing = (word >> 176) & 0xff;
        return word == 0 || (word >> 192 != 0 && (kind == 1 || kind == 2) && standing != 0 && standing <= CLOSED);
    }

    /* DEPLOYING */

    function _placeParties() internal {
        // Whoever may enrol, the rest is the same.
        placeDeployed(
            PARTIES,
            "PartyRegistry",
            abi.encode(AUTHORITY, uint8(1), ADMINISTRATOR, bytes32("founder"), bytes3("001"), CALENDAR)
        );
        svm.enableSymbolicStorage(PARTIES);
    }

    function _placeProducts() internal {
        placeDeployed(PRODUCTS, "ProductRegistry", abi.encode(PARTIES, DESK, LINEAGE, ANCHORS));
        svm.enableSymbolicStorage(PRODUCTS);
    }

    function _placeGrants() internal {
        placeDeployed(GRANTS, "GrantRegistry", abi.encode(PARTIES, PRODUCTS, GRANT_JUDGE, METER, OFFICE));
        placeDeployed(OFFICE, "GrantOffice", abi.encode(PARTIES, PRODUCTS, GRANT_JUDGE, METER));
        svm.enableSymbolicStorage(GRANTS);
    }

    /* WHAT PARTIES KEEP */

    function _keyWord(address key) internal view returns (uint256) {
        return uint256(vm.load(PARTIES, keccak256(abi.encode(key, KEYS))));
    }

    function _partyWord(uint64 party) internal view returns (uint256) {
        return uint256(vm.load(PARTIES, keccak256(abi.encode(party, PARTY_WORDS))));
    }

    function _pausedUntil() internal view returns (uint256) {
        return uint40(uint256(vm.load(PARTIES, bytes32(PAUSE))));
    }

    function _partyOf(address key) internal view returns (uint64) {
        return uint64(_keyWord(key) >> 192);
    }

    function _rolesOf(uint64 party) internal view returns (uint256) {
        return (_partyWord(party) >> 72) & 0xffff;
    }

    function _standingOf(uint64 party) internal view returns (uint256) {
        return (_partyWord(party) >> 88) & 0xff;
    }

    /// @dev A key that acts for its party at all: not closed, and for an agent in its time, not older than the last
    /// recovery, and with the scope.
    function _acts(address key, uint256 scope) internal view returns (bool) {
        uint256 word = _keyWord(key);
        if (word >> 192 == 0 || (word >> 176) & 0xff == CLOSED) return false;
        if ((word >> 184) & 0xff != AGENT) return true;
        uint256 since = uint32(_partyWord(uint64(word >> 192)));
        return uint40(word >> 80) > block.timestamp && uint40(word >> 120) > since && uint16(word >> 160) & scope != 0;
    }

    /// @dev A key that writes for its party: it acts, its party is active, and there is no pause. The key of a
    /// controller mirrors the standing of its party.
    function _writes(address key, uint256 scope) internal view returns (bool) {
        return _writesInPause(key, scope) && _pausedUntil() <= block.timestamp;
    }

    function _writesInPause(address key, uint256 scope) internal view returns (bool) {
        uint256 word = _keyWord(key);
        bool controls = (word >> 176) & 0xffff == CONTROLLER << 8 | ACTIVE;
        return controls || (_acts(key, scope) && _standingOf(uint64(word >> 192)) == ACTIVE);
    }

    /* WHAT PRODUCTS AND GRANTS KEEP */

    function _headOf(bytes20 product) internal view returns (uint256) {
        return uint256(vm.load(PRODUCTS, keccak256(abi.encode(product, HEADS))));
    }

    function _stateIn(uint256 head) internal pure returns (uint256) {
        return (head >> 166) & 0x3f;
    }

    function _grantSlot(bytes32 grant) internal pure returns (bytes32) {
        return keccak256(abi.encode(grant, GRANT_WORDS));
    }

    function _grantWord(bytes32 grant) internal view returns (uint256) {
        return uint256(vm.load(GRANTS, _grantSlot(grant)));
    }

    function _periodSlot(bytes32 grant) internal pure returns (bytes32) {
        return keccak256(abi.encode(grant, PERIODS));
    }

    function _periodWord(bytes32 grant) internal view returns (uint256) {
        return uint256(vm.load(GRANTS, _periodSlot(grant)));
    }

    function _stageIn(uint256 word) internal pure returns (uint256) {
        return (word >> 3) & 7;
    }

    function _endIn(uint256 word) internal pure returns (uint256) {
        return uint32(word >> 64);
    }

    /// @dev Whether it can be used by its own word: issued, revoked or ended, in this order, and the end is to come.
    function _stands(uint256 word, uint256 time) internal pure returns (bool) {
        uint256 stage = _stageIn(word);
        bool usable = stage == 1 || stage == 3 || stage == 4;
        return usable && (_endIn(word) == 0 || _endIn(word) > time);
    }

    function _makerOf(bytes32 grant, uint256 index) internal view returns (uint64) {
        bytes32 log = keccak256(abi.encode(grant, SUSPENSIONS));
        uint256 word = uint256(vm.load(GRANTS, keccak256(abi.encode(index, uint256(log) + 1))));
        return uint64(word >> 112);
    }

    function _leftIn(uint256 word) internal pure returns (uint256) {
        return (word >> 12) & ((1 << 52) - 1);
    }

    /* VALUES */

    function _party(uint64 number) internal pure returns (PartyId) {
        return PartyId.wrap(number);
    }

    function _anyRegistration() internal pure returns (Registration memory) {
        return Registration({
            contentRoot: svm.createBytes32("contentRoot"),
            metadataHash: svm.createBytes32("metadataHash"),
            particulars: Particulars.wrap(svm.createUint256("particulars"))
        });
    }
}
