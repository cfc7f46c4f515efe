// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice The dead stay dead: whatever is done by whomever, what is over does not come back.
/// @dev Every property takes any grant that is over, revoked, ended, expired or void, and lets anybody make one call with
/// anything in it; by induction no sequence of calls helps either. A call may be about that grant or about another.
contract EndingProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
        _placeGrants();
    }

    /// @notice No revocation, suspension or resumption changes when a dead grant ended, or brings it back.
    /// @dev Symbolic: storage, time, caller, grant, which of the three, which grant it is about, what is given to it.
    function check_NoActRevives(bytes32 grant, bytes32 about, uint8 act, uint256 word) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        uint256 before = _grantWord(grant);
        vm.assume(_over(before, time) && act < 3);
        vm.prank(caller);
        (bool done,) = GRANTS.call(_call(about, act, word));
        vm.assume(done);
        uint256 later = _grantWord(grant);
        assert(_endIn(later) == _endIn(before) && later >> 96 == before >> 96);
        assert(!_stands(later, time));
    }

    /// @notice No grant takes the place of a dead one: its terms cannot be issued again.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses. Bounded: no optional parts.
    function check_NothingIsIssuedAnew(bytes32 grant, uint256[3] memory head) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        uint256 before = _grantWord(grant);
        vm.assume(_over(before, time));
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.issue, (abi.encodePacked(head))));
        vm.assume(done);
        assert(_grantWord(grant) == before);
    }

    /// @notice No agreement takes the place of a dead grant, or of an offer that was made void.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses, both signers and signatures
    /// of 65 bytes. Bounded: no optional parts.
    function check_NothingIsAgreedAnew(bytes32 grant, uint256[3] memory head, address first, address second) public {
        uint256 time = _anyTime();
        vm.assume(uint16(head[2]) == 0 && uint8(head[0] >> 232) != 5);
        _assumePerson(first);
        _assumePerson(second);
        Approval memory grantor = Approval({signer: first, signature: svm.createBytes(65, "one")});
        Approval memory grantee = Approval({signer: second, signature: svm.createBytes(65, "other")});
        uint256 before = _grantWord(grant);
        vm.assume(_over(before, time));
        vm.prank(_anyone());
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.agree, (abi.encodePacked(head), grantor, grantee)));
        vm.assume(done);
        assert(_grantWord(grant) == before);
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

    function _over(uint256 word, uint256 time) private pure returns (bool) {
        return _stageIn(word) != 0 && _endIn(word) != 0 && _endIn(word) <= time;
    }

    function _call(bytes32 about, uint8 act, uint256 word) private pure returns (bytes memory) {
        GrantId grant = GrantId.wrap(about);
        if (act == 0) return abi.encodeCall(IGrantRegistry.revoke, (grant, Reason.BREACH));
        if (act == 1) return abi.encodeCall(IGrantOffice.suspend, (grant, Reason.BREACH, bytes12(bytes32(word))));
        return abi.encodeCall(IGrantOffice.resume, (grant, word));
    }
}
