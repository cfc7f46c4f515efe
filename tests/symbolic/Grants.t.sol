// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {Approval, Path} from "../../contracts/types/Approval.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Usage} from "../../contracts/types/Usage.sol";
import {Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice Who may do what with grants.
contract GrantProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
        _placeGrants();
    }

    /// @notice Only the grantor that the clauses name issues a grant, with a key that may, to a party that is active.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses. Bounded: no optional parts.
    function check_OnlyTheGrantorIssues(uint256[3] memory head) public {
        _anyTime();
        address caller = _anyone();
        bool may = _writes(caller, Scope.GRANT) && _partyOf(caller) == head[1] >> 192;
        bool active = _standingOf(uint64(head[1] >> 128)) == ACTIVE;
        vm.prank(caller);
        (bool done, bytes memory said) = GRANTS.call(abi.encodeCall(IGrantRegistry.issue, (abi.encodePacked(head))));
        vm.assume(done);
        assert(may && active);
        assert(_grantWord(abi.decode(said, (bytes32))) >> 128 == head[1] >> 128);
    }

    /// @notice Only what stands is granted: a product in force, free of seizures, controls and disputes, and rights that
    /// its applicant, while none has moved, has.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses. Bounded: no optional parts;
    /// rights that have not moved.
    function check_OnlyWhatStandsIsGranted(uint256[3] memory head) public {
        uint256 time = _anyTime();
        uint256 product = _headOf(bytes20(uint160(head[0])));
        vm.assume((product >> 162) & 1 == 0);
        vm.prank(_anyone());
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.issue, (abi.encodePacked(head))));
        vm.assume(done);
        assert(_stateIn(product) == 1 && (product >> 44) & 0x3ffff == 0);
        uint256 end = uint40(product >> 62);
        assert(end == 0 || end > time);
        uint256 held = (product >> 163) & 7;
        assert(product >> 192 == head[1] >> 192 && uint8(head[0] >> 216) & ~held == 0);
        bool entrusted = uint8(head[0] >> 232) == 2;
        assert(held & (entrusted ? Rights.HOLD | Rights.USE : Rights.OPERATE) != 0);
        uint256 purposes = uint32(product >> 12);
        assert(purposes == 0 || uint32(head[2] >> 112) & ~purposes == 0);
    }

    /// @notice Only a grantee grants further, while what it was granted and all above that stand.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of both clauses, the ancestors. Bounded: no
    /// optional parts; one ancestor above the parent, see `check_EveryAncestorIsDebited` for the depth limit.
    function check_OnlyGranteesGrantFurther(uint256[3] memory above, uint256[3] memory head, bytes32 top) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        vm.assume(uint16(above[2]) == 0 && uint16(head[2]) == 0 && uint8(above[0] >> 208) == 2);
        bool may = _writes(caller, Scope.GRANT) && _partyOf(caller) == head[1] >> 192;
        Path memory path = Path({clauses: abi.encodePacked(above), above: new bytes32[](1)});
        path.above[0] = top;
        bytes32 first = _under(0, top);
        bytes32 parent = GrantId.unwrap(IGrantOffice(GRANTS).idOf(GrantId.wrap(first), path.clauses));
        uint256 word = _grantWord(parent);
        uint256 upper = _grantWord(first);
        Approval memory none;
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.issueUnder, (path, abi.encodePacked(head), none)));
        vm.assume(done);
        assert(may && uint64(word >> 128) == head[1] >> 192);
        assert(_stands(word, time) && _stands(upper, time));
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

    /// @notice Only a side or the service party records use, while both sides are active and the key acts for usage.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses and of the use. Bounded: the
    /// service party as the one optional part; no ancestors.
    function check_OnlySidesAndServicesRecord(uint256[3] memory head, uint64 service, uint256 usage) public {
        _anyTime();
        address caller = _anyone();
        vm.assume(uint16(head[2]) == 32);
        uint64 by = _partyOf(caller);
        (uint64 grantor, uint64 grantee) = (uint64(head[1] >> 192), uint64(head[1] >> 128));
        bool may = _writesInPause(caller, Scope.USAGE) && (by == grantor || by == grantee || by == service);
        // The key of a controller mirrors the standing of its party.
        bool active =
            (by == grantor || _standingOf(grantor) == ACTIVE) && (by == grantee || _standingOf(grantee) == ACTIVE);
        vm.prank(caller);
        (bool done,) = GRANTS.call(
            abi.encodeCall(
                IGrantRegistry.record, (new bytes32[](0), abi.encodePacked(head, service), Usage.wrap(usage))
            )
        );
        vm.assume(done);
        assert(may && active);
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

    /// @notice A grant is ended by agreement only by both its sides: one calls, a key of the other signed.
    /// @dev Symbolic: storage, time, caller, grant, times, signer, signature of 65 bytes.
    function check_EndingNeedsBothSides(bytes32 grant, uint40 end, uint40 deadline, address signer) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        _assumePerson(signer);
        uint256 word = _grantWord(grant);
        uint64 by = _partyOf(caller);
        uint64 other = _partyOf(signer);
        bool may = _acts(caller, Scope.REVOKE) && _acts(signer, Scope.REVOKE);
        Approval memory approval = Approval({signer: signer, signature: svm.createBytes(65, "signature")});
        vm.prank(caller);
        (bool done,) =
            GRANTS.call(abi.encodeCall(IGrantOffice.endByConsent, (GrantId.wrap(grant), end, deadline, approval)));
        vm.assume(done);
        (uint64 grantor, uint64 grantee) = (uint64(word >> 192), uint64(word >> 128));
        assert(may && ((by == grantor && other == grantee) || (by == grantee && other == grantor)));
        assert(deadline >= time && by != other);
    }

    /// @notice Only a side makes an offer void, and only one that no grant has come of.
    /// @dev Symbolic: storage, time, caller, every bit of the clauses, the parent. Bounded: no optional parts.
    function check_OnlySidesVoid(uint256[3] memory head, bytes32 parent) public {
        _anyTime();
        address caller = _anyone();
        vm.assume(uint16(head[2]) == 0);
        bytes memory packed = abi.encodePacked(head);
        bytes32 grant = GrantId.unwrap(IGrantOffice(GRANTS).idOf(GrantId.wrap(parent), packed));
        uint256 word = _grantWord(grant);
        uint64 by = _partyOf(caller);
        bool may = _acts(caller, Scope.REVOKE) && (by == head[1] >> 192 || by == uint64(head[1] >> 128));
        vm.prank(caller);
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantOffice.voidOffer, (GrantId.wrap(parent), packed)));
        vm.assume(done);
        assert(may && word == 0 && _stageIn(_grantWord(grant)) == 5);
    }

    /// @notice An agreement comes to be only of keys of both its sides that write for grants, whoever brings it in.
    /// @dev Symbolic: storage of all three contracts, time, caller, every bit of the clauses, both signers and signatures
    /// of 65 bytes. Bounded: no optional parts.
    function check_AgreementsNeedBothSides(uint256[3] memory head, address first, address second) public {
        _anyTime();
        vm.assume(uint16(head[2]) == 0 && uint8(head[0] >> 232) != 5);
        _assumePerson(first);
        _assumePerson(second);
        Approval memory grantor = Approval({signer: first, signature: svm.createBytes(65, "one")});
        Approval memory grantee = Approval({signer: second, signature: svm.createBytes(65, "other")});
        bool may = _writes(first, Scope.GRANT) && _writes(second, Scope.GRANT);
        vm.prank(_anyone());
        (bool done,) = GRANTS.call(abi.encodeCall(IGrantRegistry.agree, (abi.encodePacked(head), grantor, grantee)));
        vm.assume(done);
        assert(may && _partyOf(first) == head[1] >> 192 && _partyOf(second) == uint64(head[1] >> 128));
    }
}
