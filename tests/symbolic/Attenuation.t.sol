// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClausesProven} from "./Clauses.sol";
import {place, vm} from "./Svm.sol";

/// @notice No child exceeds a parent in any clause.
/// @dev What is narrower is said here anew for each clause, on the bits of the packed words, beside the library that is
/// judged. Whatever is called wider below means: the library lets it pass and it should not.
contract AttenuationProofs {
    ClausesProven private constant clauses = ClausesProven(address(0xC1A));

    function setUp() public {
        place(address(clauses), type(ClausesProven).creationCode);
    }

    /// @notice A sub-grant is of the same product and version, and has no right, action, purpose or environment more.
    /// @dev Symbolic: every bit of both. Bounded: no optional parts.
    function check_SubjectAndMasksNarrow(uint256[3] memory above, uint256[3] memory below) public view {
        _mayRest(above, below);
        assert(uint160(above[0]) == uint160(below[0]));
        uint256 version = uint16(above[0] >> 160);
        assert(version == 0 || version == uint16(below[0] >> 160));
        assert(uint8(below[0] >> 216) & ~uint8(above[0] >> 216) == 0);
        assert(uint32(below[2] >> 144) & ~uint32(above[2] >> 144) == 0);
        assert(uint32(below[2] >> 112) & ~uint32(above[2] >> 112) == 0);
        uint8 places = uint8(above[0] >> 184);
        uint8 used = uint8(below[0] >> 184);
        assert(places == 0 || (used != 0 && used & ~places == 0));
    }

    /// @notice A sub-grant begins no sooner, ends no later, and promises nothing less.
    /// @dev Symbolic: every bit of both. Bounded: no optional parts.
    function check_WindowAndDutiesNarrow(uint256[3] memory above, uint256[3] memory below) public view {
        _mayRest(above, below);
        assert(uint40(below[2] >> 216) >= uint40(above[2] >> 216));
        uint40 end = uint40(above[2] >> 176);
        assert(end == 0 || (uint40(below[2] >> 176) != 0 && uint40(below[2] >> 176) <= end));
        assert(uint32(above[2] >> 80) & ~uint32(below[2] >> 80) == 0);
        uint8 results = uint8(above[2] >> 16);
        assert(results == 0 || results == uint8(below[2] >> 16));
    }

    /// @notice A sub-grant has no larger quota, in the same unit, and may be granted on less deep and no more freely.
    /// @dev Symbolic: every bit of both. Bounded: no optional parts.
    function check_QuotaAndDepthNarrow(uint256[3] memory above, uint256[3] memory below) public view {
        _mayRest(above, below);
        uint8 unit = uint8(above[0] >> 176);
        assert(unit == 0 || unit == uint8(below[0] >> 176));
        assert(unit == 0 || uint64(below[1] >> 64) <= uint64(above[1] >> 64));
        assert(uint8(below[0] >> 200) < uint8(above[0] >> 200));
        uint8 kind = uint8(above[0] >> 208);
        assert(kind != 0 && uint8(below[0] >> 208) <= kind);
        uint8 mode = uint8(above[0] >> 224);
        assert(mode == 0 || mode == uint8(below[0] >> 224));
    }

    /// @notice Where the parent has a quota for each period, so has the child: no larger, over no shorter period.
    /// @dev Symbolic: every bit of both, and of both periods. Bounded: no other optional part.
    function check_PeriodsNarrow(uint256[3] memory above, uint256[3] memory below, uint96 wide, uint96 narrow)
        public
        view
    {
        vm.assume(uint16(above[2]) == 64 && uint16(below[2]) == 64);
        bytes memory parent = abi.encodePacked(above, wide);
        bytes memory child = abi.encodePacked(below, narrow);
        vm.assume(_passes(parent, child) && uint8(above[0] >> 176) != 0);
        assert(narrow >> 32 <= wide >> 32 && uint32(narrow) >= uint32(wide));
    }

    /// @notice A child without a period rests on no parent with one.
    /// @dev Symbolic: every bit of both, and of the parent's period.
    function check_PeriodsAreNotDropped(uint256[3] memory above, uint256[3] memory below, uint96 wide) public view {
        vm.assume(uint16(above[2]) == 64 && uint16(below[2]) == 0 && uint8(above[0] >> 176) != 0);
        bool passes = _passes(abi.encodePacked(above, wide), abi.encodePacked(below));
        assert(!passes);
    }

    /// @notice A child's field or scenario is the parent's.
    /// @dev Symbolic: every bit of both, and of both fields.
    function check_FieldsAreKept(uint256[3] memory above, uint256[3] memory below, uint256 field, uint256 own)
        public
        view
    {
        vm.assume(uint16(above[2]) == 8 && uint16(below[2]) == 8);
        vm.assume(_passes(abi.encodePacked(above, field), abi.encodePacked(below, own)));
        assert(field == own);
    }

    /// @notice Every use that a child's clauses cover, the parent's cover as well.
    /// @dev Symbolic: every bit of both, and the use. Bounded: no optional parts.
    function check_UsesNarrow(
        uint256[3] memory above,
        uint256[3] memory below,
        uint32 action,
        uint32 purpose,
        uint8 environment
    ) public view {
        _mayRest(above, below);
        vm.assume(clauses.covers(abi.encodePacked(below), action, purpose, environment, 0));
        assert(clauses.covers(abi.encodePacked(above), action, purpose, environment, 0));
    }

    function _mayRest(uint256[3] memory above, uint256[3] memory below) private view {
        vm.assume(uint16(above[2]) == 0 && uint16(below[2]) == 0);
        vm.assume(_passes(abi.encodePacked(above), abi.encodePacked(below)));
    }

    function _passes(bytes memory parent, bytes memory child) private view returns (bool passes) {
        (passes,) = address(clauses).staticcall(abi.encodeCall(ClausesProven.requireNarrower, (parent, child)));
    }
}
