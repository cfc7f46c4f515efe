// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice Who may do what with grants.
contract GrantProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
        _placeGrants();
    }

    /// @notice Only one of the two sides, or a court, revokes; and nothing is revoked to end later than it would.
    /// @dev Symbolic: storage, time, caller, grant.
    function check_OnlySidesAndCourtsRevoke(bytes32 grant) public {
        _anyTime();
        address caller = _anyone();
        uint64 by = _partyOf(caller);
        uint256 word = _grantWord(grant);
        bool side = by == word >> 192 || by == uint64(word >> 128);
        bool may = _acts(caller, Scope.REVOKE) && (side || _rolesOf(by) & Role.COURT != 0);
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.revoke, (GrantId.wrap(grant), Reason.BREACH)));
        vm.assume(done);
        assert(may && word != 0);
        uint256 end = _endIn(word);
        assert(end == 0 || _endIn(_grantWord(grant)) < end);
    }

    /// @notice Nothing but the meter debits receipts.
    /// @dev Symbolic: storage, time, caller, one debit.
    function check_OnlyTheMeterDebits(bytes32 grant, uint256 debit) public {
        _anyTime();
        address caller = svm.createAddress("caller");
        vm.prank(caller);
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantRegistry.debit, (abi.encodePacked(grant, debit), new bytes32[](0))));
        vm.assume(done);
        assert(caller == METER);
    }

    /// @notice Only the grantor, a regulator or a court suspends a grant.
    /// @dev Symbolic: storage, time, caller, grant, evidence.
    function check_OnlyGrantorsAndOfficesSuspend(bytes32 grant, bytes12 evidence) public {
        _anyTime();
        address caller = _anyone();
        uint64 by = _partyOf(caller);
        uint256 word = _grantWord(grant);
        bool office = _rolesOf(by) & (Role.REGULATOR | Role.COURT) != 0;
        bool may = _writes(caller, Scope.GRANT) && (by == word >> 192 || office);
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantOffice.suspend, (GrantId.wrap(grant), Reason.BREACH, evidence)));
        vm.assume(done);
        assert(may && word != 0);
    }

    /// @notice Only its maker ends a suspension; a court also, unless a court made it.
    /// @dev Symbolic: storage, time, caller, grant, index.
    function check_ResumingIsForMakersAndCourts(bytes32 grant, uint256 index) public {
        _anyTime();
        address caller = _anyone();
        uint64 by = _partyOf(caller);
        uint64 maker = _makerOf(grant, index);
        bool court = _rolesOf(by) & Role.COURT != 0 && _rolesOf(maker) & Role.COURT == 0;
        bool may = _writes(caller, Scope.GRANT) && (by == maker || court);
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantOffice.resume, (GrantId.wrap(grant), index)));
        vm.assume(done);
        assert(may);
    }
}
