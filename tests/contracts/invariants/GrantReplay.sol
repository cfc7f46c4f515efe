// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {IUsageMeter} from "../../../contracts/interfaces/IUsageMeter.sol";
import {RecordedLog} from "../Vm.sol";
import {ReplayedWords} from "./ReplayedWords.sol";

/// @notice Rebuilds the words of grants and receipts from events.
abstract contract GrantReplay is ReplayedWords {
    uint256 private constant GRANTS_SLOT = 2;
    uint256 private constant PERIODS_SLOT = 3;
    uint256 private constant SUSPENSIONS_SLOT = 4;
    uint256 private constant SETTLED_SLOT = 2;
    uint256 private constant SUBJECTS_SLOT = 3;

    uint256 private constant STAGES = uint256(7) << 3;
    uint256 private constant ENDS = uint256(0xffffffff) << 64;

    address internal immutable grants;
    address internal immutable meter;

    mapping(uint256 grant => uint256 parent) private parents;
    mapping(uint256 grant => bytes) private terms;

    constructor(address grants_, address meter_) {
        (grants, meter) = (grants_, meter_);
    }

    function _grant(RecordedLog calldata log) internal {
        bytes32 topic = log.topics[0];
        if (topic == IGrantRegistry.GrantIssued.selector) _issued(log);
        else if (topic == IGrantRegistry.SubGrantIssued.selector) _issuedUnder(log);
        else if (topic == IGrantRegistry.GrantAgreed.selector) _agreed(log);
        else if (topic == IGrantRegistry.GrantReplaced.selector) _over(log, block.timestamp, 4);
        else if (topic == IGrantRegistry.OfferVoided.selector) _voided(log);
        else if (topic == IGrantRegistry.GrantSuspended.selector) _halted(log);
        else if (topic == IGrantRegistry.GrantResumed.selector) _restarted(log);
        else if (topic == IGrantRegistry.GrantRevoked.selector) _over(log, _first(log), 3);
        else if (topic == IGrantRegistry.GrantEnded.selector) _over(log, _first(log), 4);
        else if (topic == IGrantRegistry.UsageRecorded.selector) _used(log);
    }

    function _receipt(RecordedLog calldata log) internal {
        if (log.topics[0] != IUsageMeter.ReceiptSettled.selector) return;
        uint256 grant = uint256(log.topics[1]);
        uint256 receipt = _first(log);
        bytes32 slot = _at(grant, SETTLED_SLOT);
        uint256 before = words[meter][slot] >> 72;
        uint256 cumulative = receipt >> 136;
        _set(meter, slot, cumulative << 72 | ((receipt >> 104) & 0xffffffff) << 40 | receipt & 0xffffffffff);
        bytes memory clauses = terms[grant];
        uint256 masks = _number(clauses, 78, 4) << 64 | _number(clauses, 74, 4) << 32 | _number(clauses, 64, 5);
        _set(meter, _at(grant, SUBJECTS_SLOT), _number(clauses, 12, 20) << 96 | masks);
        _debited(grant, cumulative - before, receipt & 0xffffffffff);
    }

    /* MAKING */

    function _issued(RecordedLog calldata log) private {
        _made(uint256(log.topics[1]), 0, abi.decode(log.data, (bytes)), 0);
    }

    function _issuedUnder(RecordedLog calldata log) private {
        (uint256 parent,, bytes memory clauses) = abi.decode(log.data, (uint256, address, bytes));
        _made(uint256(log.topics[1]), parent, clauses, 2);
    }

    function _agreed(RecordedLog calldata log) private {
        (uint256 parent,,,, bytes memory clauses) = abi.decode(log.data, (uint256, address, address, address, bytes));
        _made(uint256(log.topics[1]), parent, clauses, parent == 0 ? 1 : 2);
    }

    function _made(uint256 grant, uint256 parent, bytes memory clauses, uint256 origin) private {
        uint256 quota = _number(clauses, 48, 8);
        uint256 periodic = (_number(clauses, 94, 2) >> 6) & 1;
        uint256 word = _number(clauses, 32, 16) << 128 | block.timestamp << 96 | _number(clauses, 69, 5) << 64
            | (quota == 0 ? 2 ** 52 - 1 : quota) << 12 | _number(clauses, 7, 1) << 6 | 1 << 3 | origin << 1 | periodic;
        _set(grants, _at(grant, GRANTS_SLOT), word);
        parents[grant] = parent;
        terms[grant] = clauses;
        if (periodic == 1) _setPeriod(grant, clauses);
    }

    /// @dev Where the period's part lies depends on which of the parts before it are there.
    function _setPeriod(uint256 grant, bytes memory clauses) private {
        uint256 options = _number(clauses, 94, 2);
        uint256 offset = 96;
        for (uint256 i = 0; i < 5; ++i) {
            if ((options >> i) & 1 == 1) offset += 32;
        }
        if (options & 32 != 0) offset += 8;
        uint256 from = _number(clauses, 64, 5);
        if (from < block.timestamp) from = block.timestamp;
        uint256 word = _number(clauses, offset, 8) << 168 | _number(clauses, offset + 8, 4) << 72 | from;
        _set(grants, _at(grant, PERIODS_SLOT), word);
    }

    function _voided(RecordedLog calldata log) private {
        (uint256 grantor, uint256 grantee) = abi.decode(log.data, (uint256, uint256));
        uint256 times = block.timestamp << 96 | block.timestamp << 64;
        _set(
            grants, _at(uint256(log.topics[1]), GRANTS_SLOT), grantor << 192 | grantee << 128 | times | 5 << 3 | 1 << 1
        );
    }

    /* ENDING AND SUSPENDING */

    /// @dev A suspended grant keeps that it is, three stages on: 3 becomes 6, 4 becomes 7.
    function _over(RecordedLog calldata log, uint256 end, uint256 stage) private {
        bytes32 slot = _at(uint256(log.topics[1]), GRANTS_SLOT);
        uint256 word = words[grants][slot];
        uint256 before = (word & STAGES) >> 3;
        if (before == 2 || before > 5) stage += 3;
        _set(grants, slot, word & ~(ENDS | STAGES) | end << 64 | stage << 3);
    }

    function _halted(RecordedLog calldata log) private {
        uint256 grant = uint256(log.topics[1]);
        (uint256 index, uint256 reason, uint256 evidence) = abi.decode(log.data, (uint256, uint256, uint256));
        bytes32 counts = _at(grant, SUSPENSIONS_SLOT);
        uint256 interval = block.timestamp << 216 | uint256(log.topics[2]) << 112 | reason << 96 | evidence >> 160;
        _set(grants, _at(index, uint256(counts) + 1), interval);
        if (words[grants][counts] >> 128 == 0) _moveStage(grant, true);
        _set(grants, counts, words[grants][counts] + (1 << 128) + 1);
    }

    function _restarted(RecordedLog calldata log) private {
        uint256 grant = uint256(log.topics[1]);
        bytes32 counts = _at(grant, SUSPENSIONS_SLOT);
        bytes32 slot = _at(_first(log), uint256(counts) + 1);
        _set(grants, slot, words[grants][slot] | block.timestamp << 176);
        _set(grants, counts, words[grants][counts] - (1 << 128));
        if (words[grants][counts] >> 128 == 0) _moveStage(grant, false);
    }

    function _moveStage(uint256 grant, bool halt) private {
        bytes32 slot = _at(grant, GRANTS_SLOT);
        uint256 word = words[grants][slot];
        uint256 stage = (word & STAGES) >> 3;
        if (halt) stage = stage == 1 ? 2 : stage + 3;
        else stage = stage == 2 ? 1 : stage - 3;
        _set(grants, slot, word & ~STAGES | stage << 3);
    }

    /* USING */

    function _used(RecordedLog calldata log) private {
        (, uint256 usage) = abi.decode(log.data, (uint256, uint256));
        _debited(uint256(log.topics[1]), usage & type(uint64).max, block.timestamp);
    }

    function _debited(uint256 grant, uint256 amount, uint256 time) private {
        for (; grant != 0; grant = parents[grant]) {
            bytes32 slot = _at(grant, GRANTS_SLOT);
            uint256 word = words[grants][slot];
            if ((word >> 12) & (2 ** 52 - 1) != 2 ** 52 - 1) _set(grants, slot, word - (amount << 12));
            if (word & 1 == 1) _count(grant, amount, time);
        }
    }

    function _count(uint256 grant, uint256 amount, uint256 time) private {
        bytes32 slot = _at(grant, PERIODS_SLOT);
        uint256 word = words[grants][slot];
        uint256 firstAt = word & 0xffffffffff;
        uint256 index = (word >> 40) & 0xffffffff;
        uint256 used = (word >> 104) & type(uint64).max;
        uint256 current = time < firstAt ? 0 : (time - firstAt) / ((word >> 72) & 0xffffffff);
        if (current > index) (index, used) = (current, 0);
        uint256 kept = word & ~(uint256(type(uint64).max) << 104 | uint256(0xffffffff) << 40);
        _set(grants, slot, kept | (used + amount) << 104 | index << 40);
    }

    /// @dev The first word of the data.
    function _first(RecordedLog calldata log) private pure returns (uint256) {
        return uint256(bytes32(log.data[:32]));
    }
}
