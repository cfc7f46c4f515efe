// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificateRegistry} from "../../../contracts/interfaces/ICertificateRegistry.sol";
import {IRegistrationDesk} from "../../../contracts/interfaces/IRegistrationDesk.sol";
import {IWorkCalendar} from "../../../contracts/interfaces/IWorkCalendar.sol";
import {Calendars} from "../Calendars.sol";
import {RecordedLog, vm} from "../Vm.sol";

/// @notice Rebuilds the storage of desk, certificates and calendar from their events alone, word by word, at the slots
/// that the interfaces name, and compares it with what the chain holds.
contract DeskReplay {
    struct Place {
        address target;
        bytes32 slot;
    }

    address private immutable desk;
    address private immutable certificates;
    address private immutable calendar;

    Place[] private places;
    mapping(address target => mapping(bytes32 slot => bool)) private known;
    mapping(address target => mapping(bytes32 slot => uint256)) private words;

    constructor(address desk_, address certificates_, address calendar_) {
        (desk, certificates, calendar) = (desk_, certificates_, calendar_);
    }

    /// @notice Takes the events of one transaction of this block.
    function take(RecordedLog[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == desk) _case(logs[i]);
            if (logs[i].emitter == certificates) _certificate(logs[i]);
            if (logs[i].emitter == calendar) _day(logs[i]);
        }
    }

    /// @notice Fails unless every word told of stands in storage as told.
    function assertEqualsStorage() external view {
        for (uint256 i = 0; i < places.length; ++i) {
            Place memory place = places[i];
            vm.assertEq(vm.load(place.target, place.slot), bytes32(words[place.target][place.slot]));
        }
    }

    /// @notice Fails where one of these slots was written and no event told of it, or of another word.
    function assertTold(address target, bytes32[] calldata slots) external view {
        for (uint256 i = 0; i < slots.length; ++i) {
            vm.assertTrue(known[target][slots[i]], "a word that no event tells of");
            vm.assertEq(vm.load(target, slots[i]), bytes32(words[target][slots[i]]), "another word than events tell of");
        }
    }

    /* DESK */

    function _case(RecordedLog calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == IRegistrationDesk.CaseFiled.selector) _filed(log);
        else if (topic == IRegistrationDesk.CaseMoved.selector) _moved(log);
        else if (topic == IRegistrationDesk.PendingReplaced.selector) _replaced(log);
        else if (topic == IRegistrationDesk.ObjectionRaised.selector) _raised(log);
        else if (topic == IRegistrationDesk.ObjectionDecided.selector) _decided(log);
    }

    function _filed(RecordedLog calldata log) private {
        (uint256 index, uint256 pending,, uint256 word) = abi.decode(log.data, (uint256, uint256, bytes32, uint256));
        uint256 product = uint256(log.topics[1]);
        if (index != 0) _set(desk, _at(product, 0), index);
        if (pending != 0) _set(desk, _at(index, uint256(_at(product, 2))), pending);
        _set(desk, _at(index, uint256(_at(product, 1))), word);
    }

    function _moved(RecordedLog calldata log) private {
        (uint256 index,,,, uint256 word) = abi.decode(log.data, (uint256, uint256, bool, bytes32, uint256));
        _set(desk, _at(index, uint256(_at(uint256(log.topics[1]), 1))), word);
    }

    function _replaced(RecordedLog calldata log) private {
        (uint256 index, uint256 pending) = abi.decode(log.data, (uint256, uint256));
        _set(desk, _at(index, uint256(_at(uint256(log.topics[1]), 2))), pending);
    }

    function _raised(RecordedLog calldata log) private {
        (uint256 index, bool afterwards, uint256 evidence) = abi.decode(log.data, (uint256, bool, uint256));
        bytes32 counts = _at(uint256(log.topics[1]), 3);
        _set(desk, counts, words[desk][counts] + (1 << 128) + 1);
        uint256 word = block.timestamp << 216 | uint256(log.topics[2]) << 112 | evidence >> 160;
        _set(desk, _at(index, uint256(counts) + 1), afterwards ? word | 1 << 104 : word);
        _set(desk, _at(uint256(log.topics[2]), uint256(_at(uint256(log.topics[1]), 4))), index + 1);
    }

    function _decided(RecordedLog calldata log) private {
        (uint256 index, uint256 outcome,,) = abi.decode(log.data, (uint256, uint256, bool, bytes32));
        bytes32 counts = _at(uint256(log.topics[1]), 3);
        _set(desk, counts, words[desk][counts] - (1 << 128));
        bytes32 slot = _at(index, uint256(counts) + 1);
        _set(desk, slot, words[desk][slot] | outcome << 96 | block.timestamp << 176);
    }

    /* CERTIFICATES */

    function _certificate(RecordedLog calldata log) private {
        bytes32 topic = log.topics[0];
        uint256 product = uint256(log.topics[1]);
        bytes32 slot = _at(product, 0);
        if (topic == ICertificateRegistry.CodeGiven.selector) {
            _coded(log);
        } else if (topic == ICertificateRegistry.RecordAmended.selector) {
            _set(certificates, slot, _amended(words[certificates][slot]));
        } else if (topic == ICertificateRegistry.CertificateIssued.selector) {
            (uint256 number, uint256 digest, uint256 version) = abi.decode(log.data, (uint256, uint256, uint256));
            _set(certificates, slot, words[certificates][slot] + (1 << 64));
            bytes32 place = _at(number, uint256(_at(product, 3)));
            _set(certificates, place, digest >> 64 | block.timestamp << 192 | version << 232);
        }
    }

    function _coded(RecordedLog calldata log) private {
        (uint256 registrar, uint256 month, uint256 serial, uint256 profile) =
            abi.decode(log.data, (uint256, uint256, uint256, uint256));
        uint256 product = uint256(log.topics[1]);
        _set(certificates, _at(product, 0), _amended(registrar | month << 16 | serial << 40 | profile << 56));
        bytes32 serials = _at(month, uint256(_at(registrar, 1)));
        uint256 shift = profile == 3 ? 16 : 0;
        uint256 cleared = words[certificates][serials] & ~(uint256(0xffff) << shift);
        _set(certificates, serials, cleared | serial << shift);
        _set(certificates, _at(uint256(log.topics[2]), 2), product >> 96);
    }

    function _amended(uint256 word) private view returns (uint256) {
        return (word & ((1 << 80) - 1)) | block.timestamp << 80;
    }

    /* CALENDAR */

    function _day(RecordedLog calldata log) private {
        if (log.topics[0] == IWorkCalendar.DayCorrected.selector) _corrected(log);
        if (log.topics[0] != IWorkCalendar.DaysStopped.selector) return;
        (uint256 from, uint256 until) = abi.decode(log.data, (uint256, uint256));
        _set(calendar, bytes32(uint256(2)), uint256(Calendars.END) | from << 24 | until << 48);
        for (uint256 day = from; day < until; ++day) {
            _makeDay(day, false);
        }
    }

    function _corrected(RecordedLog calldata log) private {
        _makeDay(uint256(log.topics[1]), abi.decode(log.data, (bool)));
    }

    function _makeDay(uint256 day, bool working) private {
        bytes32 slot = _at(day / 256, 1);
        if (!known[calendar][slot]) _set(calendar, slot, Calendars.word(day / 256));
        bool weekday = (day + 3) % 7 < 5;
        bool excepted = (words[calendar][slot] >> (day % 256)) & 1 == 1;
        if ((weekday != excepted) != working) {
            _set(calendar, slot, words[calendar][slot] ^ (uint256(1) << (day % 256)));
        }
    }

    /* INTERNAL */

    function _at(uint256 key, uint256 slot) private pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }

    function _set(address target, bytes32 slot, uint256 word) private {
        if (!known[target][slot]) {
            known[target][slot] = true;
            places.push(Place({target: target, slot: slot}));
        }
        words[target][slot] = word;
    }
}
