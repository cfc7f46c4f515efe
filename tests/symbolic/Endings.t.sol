// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice What ends does not end later than it was to.
contract EndingProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
        _placeGrants();
    }

    /// @notice The end of a grant only comes nearer, by agreement of both sides too.
    /// @dev Symbolic: storage, time, caller, grant, times, signer, signature of 65 bytes.
    function check_EndsOnlyComeNearer(bytes32 grant, uint40 end, uint40 deadline, address signer) public {
        uint256 time = _anyTime();
        _assumePerson(signer);
        uint256 before = _grantWord(grant);
        Approval memory approval = Approval({signer: signer, signature: svm.createBytes(65, "signature")});
        vm.prank(_anyone());
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantOffice.endByConsent, (GrantId.wrap(grant), end, deadline, approval)));
        vm.assume(done);
        uint256 later = _grantWord(grant);
        assert(_endIn(later) >= time && (_endIn(before) == 0 || _endIn(later) < _endIn(before)));
        assert(later >> 96 == before >> 96 && _leftIn(later) == _leftIn(before));
    }
}
