// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice A quota is never exceeded, whoever of those above it is asked.
contract QuotaProofs is World {
    uint256 private constant UNLIMITED = (1 << 52) - 1;

    function setUp() public {
        _placeGrants();
    }

    /// @notice A receipt takes from a grant exactly what it says, of what is left, or nothing at all.
    /// @dev Symbolic: storage, time, grant, every bit of the debit. Bounded: a grant that rests on no other, without a
    /// quota for each period.
    function check_DebitsTakeWhatIsLeft(bytes32 grant, uint256 debit) public {
        _anyTime();
        uint256 word = _grantWord(grant);
        vm.assume(word & 1 == 0 && uint24(debit >> 104) == 0);
        vm.prank(METER);
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantRegistry.debit, (abi.encodePacked(grant, debit), new bytes32[](0))));
        vm.assume(done);
        uint256 left = _leftIn(word);
        uint256 amount = uint64(debit);
        uint256 later = _grantWord(grant);
        assert(left == UNLIMITED ? later == word : amount <= left && later == word - (amount << 12));
        assert(_stands(word, uint40(debit >> 64)) && word >> 128 == debit >> 128);
    }

    /// @notice Three receipts together take no more than was left before them.
    /// @dev Symbolic: storage, time, grant, amounts and times of use. Bounded: three receipts, a grant that rests on no
    /// other, without a quota for each period.
    function check_ReceiptsTogetherStayWithinTheQuota(bytes32 grant, uint64[3] memory amounts) public {
        uint256 time = _anyTime();
        uint256 word = _grantWord(grant);
        vm.assume(word & 1 == 0 && _leftIn(word) != UNLIMITED);
        uint256 sum = 0;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 debit = (word >> 128) << 128 | time << 64 | amounts[i];
            vm.prank(METER);
            (bool done,) =
                GRANTS.call(abi.encodeCall(IGrantRegistry.debit, (abi.encodePacked(grant, debit), new bytes32[](0))));
            if (done) sum += amounts[i];
        }
        assert(sum <= _leftIn(word) && _leftIn(_grantWord(grant)) == _leftIn(word) - sum);
    }

    /// @notice A sub-grant is not debited without those that it rests on.
    /// @dev Symbolic: storage, time, grant, every bit of the debit.
    function check_NoAncestorIsLeftOut(bytes32 grant, uint256 debit) public {
        _anyTime();
        uint256 word = _grantWord(grant);
        vm.assume(uint24(debit >> 104) == 0);
        vm.prank(METER);
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantRegistry.debit, (abi.encodePacked(grant, debit), new bytes32[](0))));
        vm.assume(done);
        assert((word >> 1) & 3 != 2);
    }

    /// @notice What is used of a period stays within its limit, and in all within the quota.
    /// @dev Symbolic: storage, time, grant, every bit of the debit. Bounded: periods of a day, since division by a symbol
    /// is beyond the solver.
    function check_PeriodsAreKept(bytes32 grant, uint256 debit) public {
        _anyTime();
        uint256 word = _grantWord(grant);
        uint256 period = _periodWord(grant);
        vm.assume(word & 1 == 1 && uint24(debit >> 104) == 0 && uint32(period >> 72) == 1 days);
        vm.prank(METER);
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantRegistry.debit, (abi.encodePacked(grant, debit), new bytes32[](0))));
        vm.assume(done);
        uint256 later = _periodWord(grant);
        assert(uint64(later >> 104) <= uint64(later >> 168) && uint64(later >> 104) >= uint64(debit));
        assert(later >> 168 == period >> 168 && uint32(later >> 40) >= uint32(period >> 40));
        assert(_leftIn(word) == UNLIMITED || uint64(debit) <= _leftIn(word));
    }
}
