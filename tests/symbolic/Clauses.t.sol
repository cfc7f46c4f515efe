// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PeriodWord} from "../../contracts/types/Period.sol";
import {Form, Template} from "../../contracts/types/Vocabulary.sol";
import {ClausesProven} from "./Clauses.sol";
import {place, vm} from "./Svm.sol";

/// @notice What clauses are let through fits where it is kept, and is kept as it was agreed.
contract ClauseProofs {
    ClausesProven private constant clauses = ClausesProven(address(0xC1A));

    function setUp() public {
        place(address(clauses), type(ClausesProven).creationCode);
    }

    /// @notice No part can be announced and left out, and none be there without being announced.
    /// @dev Symbolic: every bit of the packed form. Bounded: 96 bytes, and 128.
    function check_NothingIsLeftOutOrOver(uint256[3] memory head, uint256 part) public view {
        (bool short,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.encoded, (abi.encodePacked(head))));
        if (short) assert(uint16(head[2]) == 0);
        bytes memory longer = abi.encodePacked(head, part);
        (bool done,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.encoded, (longer)));
        if (done) assert(uint16(head[2]) != 0);
        assert(!(done && short));
    }

    /// @notice What one side may grant fits its storage: times 32 bits, quota 52, notice 6, depth 8 levels; and lasts.
    /// @dev Symbolic: every bit, the time. Bounded: no optional parts.
    function check_OneSidedFits(uint256[3] memory head, uint32 time) public view {
        bytes memory packed = abi.encodePacked(head);
        (bool done,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.requireOneSided, (packed, time)));
        vm.assume(done && uint16(head[2]) == 0);
        assert(uint8(head[0] >> 240) == 0);
        _requireFits(head, time);
    }

    /// @notice The same for what one side grants further.
    /// @dev Symbolic: every bit, the time. Bounded: no optional parts.
    function check_OneSidedUnderFits(uint256[3] memory head, uint32 time) public view {
        bytes memory packed = abi.encodePacked(head);
        (bool done,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.requireOneSidedUnder, (packed, time)));
        vm.assume(done && uint16(head[2]) == 0);
        assert(uint8(head[0] >> 240) == 0);
        _requireFits(head, time);
    }

    /// @notice The same for what two sides sign, further or not; and an offer that lapsed is none.
    /// @dev Symbolic: every bit, the time, whether it is a sub-grant. Bounded: no optional parts, and so no agreement of
    /// several grants.
    function check_SignedFits(uint256[3] memory head, uint32 time, bool under) public view {
        // The operation of public data reckons with months, see `CivilDate` and its own tests.
        vm.assume(uint8(head[0] >> 232) != uint8(Template.PUBLIC_OPERATION));
        bytes memory packed = abi.encodePacked(head);
        (bool done,) = address(clauses)
            .staticcall(abi.encodeCall(ClausesProven.requireSigned, (packed, Form.TWO_SIDED, under, time)));
        vm.assume(done && uint16(head[2]) == 0);
        assert(uint8(head[0] >> 240) == uint8(Form.TWO_SIDED));
        assert(uint40(head[2] >> 40) > time);
        _requireFits(head, time);
    }

    /// @notice The word that is kept of a grant says what was agreed, and not a bit more.
    /// @dev Symbolic: every bit, the time. Bounded: no optional parts.
    function check_WordsSayWhatWasAgreed(uint256[3] memory head, uint32 time) public view {
        bytes memory packed = abi.encodePacked(head);
        (bool done,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.requireOneSided, (packed, time)));
        vm.assume(done && uint16(head[2]) == 0);
        (bool made, bytes memory said) =
            address(clauses).staticcall(abi.encodeCall(ClausesProven.issued, (packed, time)));
        assert(made);
        uint256 word = abi.decode(said, (uint256));
        assert(word >> 128 == head[1] >> 128);
        assert(uint32(word >> 96) == time && uint32(word >> 64) == uint40(head[2] >> 176));
        uint256 quota = uint64(head[1] >> 64);
        assert((word >> 12) & ((1 << 52) - 1) == (quota == 0 ? (1 << 52) - 1 : quota));
        assert((word >> 6) & 63 == uint8(head[0] >> 192));
        assert(word & 63 == 1 << 3);
    }

    /// @notice A use that a period allows leaves it within its limit, and moves neither limit, length nor start.
    /// @dev Symbolic: the word, time and amount. Bounded: times until 2106, as everywhere in the registry.
    function check_PeriodsStayWithinLimits(uint256 word, uint32 time, uint64 amount) public pure {
        vm.assume(uint32(word >> 72) != 0);
        PeriodWord period = PeriodWord.wrap(word);
        vm.assume(clauses.allows(period, time, amount));
        uint256 later = PeriodWord.unwrap(clauses.debited(period, time, amount));
        assert(uint64(later >> 104) <= uint64(later >> 168));
        uint256 counted = uint256(type(uint64).max) << 104 | uint256(type(uint32).max) << 40;
        assert(later & ~counted == word & ~counted);
        assert(uint32(later >> 40) >= uint32(word >> 40));
        // Of the same period nothing is forgotten.
        bool same = uint32(later >> 40) == uint32(word >> 40);
        assert(uint64(later >> 104) == amount + (same ? uint64(word >> 104) : 0));
    }

    /// @notice Three uses of the same period, at any times and in any order, stay within its limit together.
    /// @dev Symbolic: limit, start, the times within the period, the amounts. Bounded: three uses; periods of a day, which
    /// is one of the lengths, since division by a symbol is beyond the solver.
    function check_OnePeriodTakesItsLimit(uint64 limit, uint32 from, uint32[3] memory times, uint64[3] memory amounts)
        public
        pure
    {
        uint256 word = uint256(limit) << 168 | uint256(1 days) << 72 | from;
        uint256 sum = 0;
        for (uint256 i = 0; i < 3; ++i) {
            vm.assume(times[i] >= from && (times[i] - from) / 1 days == (times[0] - from) / 1 days);
            PeriodWord period = PeriodWord.wrap(word);
            if (!clauses.allows(period, times[i], amounts[i])) continue;
            word = PeriodWord.unwrap(clauses.debited(period, times[i], amounts[i]));
            sum += amounts[i];
        }
        assert(sum <= limit);
    }

    function _requireFits(uint256[3] memory head, uint32 time) private pure {
        assert(uint40(head[2] >> 216) <= type(uint32).max);
        uint256 end = uint40(head[2] >> 176);
        assert(end == 0 || (end <= type(uint32).max && end > time && end > uint40(head[2] >> 216)));
        assert(uint64(head[1] >> 64) < (1 << 52) - 1);
        assert((uint64(head[1] >> 64) != 0) == (uint8(head[0] >> 176) != 0));
        assert(uint8(head[0] >> 192) <= 63 && uint8(head[0] >> 200) <= 8);
        assert((uint8(head[0] >> 208) == 0) == (uint8(head[0] >> 200) == 0));
        assert(uint32(head[2] >> 144) != 0 && uint32(head[2] >> 112) != 0);
    }
}
