// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice Who may do what with parties and their keys.
contract PartyProofs is World {
    IPartyRegistry private constant parties = IPartyRegistry(PARTIES);

    function setUp() public {
        _placeParties();
    }

    /// @notice A key writes exactly if it is a controller's of an active party, or an agent's in its time and scope, and
    /// nothing is paused.
    /// @dev Symbolic: storage, time, key, scope. Nothing is bounded.
    function check_WritersAreOpenAndActive(address key, uint120 scope) public {
        _anyTime();
        _assumePerson(key);
        bool writes = _writes(key, scope);
        (bool done, bytes memory said) = PARTIES.call(abi.encodeCall(IPartyRegistry.writer, (key, scope)));
        assert(done == writes);
        if (done) assert(abi.decode(said, (uint64)) == _partyOf(key));
    }

    /// @notice A key acts exactly if it is open: for an agent, in its time and scope.
    /// @dev Symbolic: storage, time, key, scope. Nothing is bounded.
    function check_ActorsAreOpen(address key, uint240 scope) public {
        _anyTime();
        _assumePerson(key);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.actor, (key, scope)));
        assert(done == _acts(key, scope));
    }

    /// @notice Only the controller of an active party rotates its key, outside pauses, to a key that is free.
    /// @dev Symbolic: storage, time, caller, successor, signature of 65 bytes.
    function check_OnlyControllersRotate(address successor, uint40 deadline) public {
        _anyTime();
        address caller = _anyone();
        _assumePerson(successor);
        uint256 before = _keyWord(caller);
        uint256 there = _keyWord(successor);
        bytes memory consent = svm.createBytes(65, "consent");
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.rotate, (successor, deadline, consent)));
        vm.assume(done);
        assert((before >> 176) & 0xffff == CONTROLLER << 8 | ACTIVE && _pausedUntil() <= block.timestamp);
        assert(there >> 192 == 0 && deadline >= block.timestamp);
        assert(_partyOf(successor) == before >> 192);
    }

    /// @notice Only the controller of an active party appoints agents, outside pauses, with scopes there are.
    /// @dev Symbolic: storage, time, caller, agent, scopes, times, signature of 65 bytes.
    function check_OnlyControllersAppoint(address key, uint16 scopes, uint40 until, uint40 deadline) public {
        _anyTime();
        address caller = _anyone();
        _assumePerson(key);
        uint256 before = _keyWord(caller);
        uint256 there = _keyWord(key);
        bytes memory consent = svm.createBytes(65, "consent");
        vm.prank(caller);
        (bool done,) =
            PARTIES.call(abi.encodeCall(IPartyRegistry.appointAgent, (key, scopes, until, deadline, consent)));
        vm.assume(done);
        assert((before >> 176) & 0xffff == CONTROLLER << 8 | ACTIVE && _pausedUntil() <= block.timestamp);
        assert(there >> 192 == 0 && _partyOf(key) == before >> 192);
        assert((_keyWord(key) >> 184) & 0xff == AGENT && scopes & ~Scope.ALL == 0 && scopes != 0);
    }

    /// @notice An agent is dismissed by itself or by a controller of its own party, and is closed then.
    /// @dev Symbolic: storage, time, caller, agent.
    function check_DismissalIsOfOnesOwn(address key) public {
        _anyTime();
        address caller = _anyone();
        uint256 mine = _keyWord(caller);
        uint256 word = _keyWord(key);
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.dismissAgent, (key)));
        vm.assume(done);
        assert(mine >> 192 == word >> 192 && (word >> 184) & 0xff == AGENT);
        assert(caller == key || (mine >> 184) & 0xff == CONTROLLER);
        assert((_keyWord(key) >> 176) & 0xff == CLOSED);
    }

    /// @notice Only a registrar that is active admits keys, and only keys that are free.
    /// @dev Symbolic: storage, time, caller, key, identity.
    function check_OnlyRegistrarsAdmit(address key, bytes32 identity) public {
        _anyTime();
        address caller = _anyone();
        bool may = _writes(caller, Scope.DECIDE) && _rolesOf(_partyOf(caller)) & Role.REGISTRAR != 0;
        uint256 there = _keyWord(key);
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.admit, (key, identity)));
        vm.assume(done);
        assert(may && there >> 192 == 0);
    }

    /// @notice Only an office suspends: a registrar or regulator a party without a role, a regulator any.
    /// @dev Symbolic: storage, time, caller, party, evidence; one reason stands for all, none is looked at.
    function check_OnlyOfficesSuspend(uint64 party, bytes12 evidence) public {
        _anyTime();
        address caller = _anyone();
        bool may = _writes(caller, Scope.DECIDE) && _hasOffice(_partyOf(caller), party);
        vm.prank(caller);
        (bool done,) =
            PARTIES.call(abi.encodeCall(IPartyRegistry.suspend, (PartyId.wrap(party), Reason.BREACH, evidence)));
        vm.assume(done);
        assert(may && _standingOf(party) != ACTIVE);
    }

    /// @notice Only the party that suspended, or a regulator, resumes.
    /// @dev Symbolic: storage, time, caller, party, index.
    function check_ResumingIsForMakersAndRegulators(uint64 party, uint256 index) public {
        _anyTime();
        address caller = _anyone();
        uint64 maker = PartyId.unwrap(parties.suspension(PartyId.wrap(party), index).by);
        uint64 by = _partyOf(caller);
        bool may = _writes(caller, Scope.DECIDE) && (by == maker || _rolesOf(by) & Role.REGULATOR != 0);
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.resume, (PartyId.wrap(party), index)));
        vm.assume(done);
        assert(may);
    }

    /// @notice Only an office announces a recovery, of another party than its own, a week ahead.
    /// @dev Symbolic: storage, time, caller, party, key, evidence.
    function check_OnlyOfficesAnnounceRecoveries(uint64 party, address key, bytes32 evidence) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        uint64 by = _partyOf(caller);
        bool may = _writes(caller, Scope.DECIDE) && by != party && _hasOffice(by, party);
        vm.prank(caller);
        (bool done, bytes memory said) =
            PARTIES.call(abi.encodeCall(IPartyRegistry.announceRecovery, (PartyId.wrap(party), key, evidence)));
        vm.assume(done);
        assert(may && abi.decode(said, (uint40)) == time + 7 days);
    }

    /// @notice A party is recovered a week after an office announced it and not more than thirty days later, to the key
    /// that was announced, while that office is one still and is active, outside pauses; whoever calls.
    /// @dev Symbolic: storage, time, caller, party, deadline, signature of 65 bytes.
    function check_RecoveriesWaitAWeek(uint64 party, uint40 deadline) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        uint256 kept = uint256(vm.load(PARTIES, keccak256(abi.encode(party, uint256(9)))));
        (address key, uint64 by, uint256 from) = (address(uint160(kept >> 96)), uint64(kept >> 32), uint32(kept));
        _assumePerson(key);
        bool may = _hasOffice(by, party) && _standingOf(by) == ACTIVE && _pausedUntil() <= time;
        uint256 there = _keyWord(key);
        bytes memory consent = svm.createBytes(65, "consent");
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.recover, (PartyId.wrap(party), deadline, consent)));
        vm.assume(done);
        assert(may && from <= time && time < from + 30 days && from != 0);
        assert(there >> 192 == 0 && _partyOf(key) == party);
    }

    /// @notice A recovery is cancelled by the controller of the party, by who announced it, or by a regulator.
    /// @dev Symbolic: storage, time, caller, party.
    function check_CancellingIsForFew(uint64 party) public {
        _anyTime();
        address caller = _anyone();
        uint256 kept = uint256(vm.load(PARTIES, keccak256(abi.encode(party, uint256(9)))));
        uint256 word = _keyWord(caller);
        uint64 by = uint64(word >> 192);
        bool controls = by == party && (word >> 176) & 0xffff == CONTROLLER << 8 | ACTIVE;
        bool office = by == uint64(kept >> 32) || _rolesOf(by) & Role.REGULATOR != 0;
        bool may = controls || (_writes(caller, Scope.DECIDE) && by != party && office);
        vm.prank(caller);
        (bool done,) = PARTIES.call(abi.encodeCall(IPartyRegistry.cancelRecovery, (PartyId.wrap(party))));
        vm.assume(done);
        assert(may);
    }

    function _hasOffice(uint64 by, uint64 party) private view returns (bool) {
        uint256 needed = _rolesOf(party) == 0 ? Role.REGISTRAR | Role.REGULATOR : Role.REGULATOR;
        return _rolesOf(by) & needed != 0;
    }
}
