// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {vm} from "./Vm.sol";

/// @notice A deployment, and keys that can sign: successors, agents, thieves.
abstract contract KeyFixture is Fixture {
    using KeyConsents for Wanted;

    uint256 internal constant NEW_KEY = 0x5ec;
    uint256 internal constant AGENT_KEY = 0xa6e;
    uint40 internal constant LATER = GENESIS + 365 days;

    address internal successor;
    address internal agent;

    function setUp() public virtual override {
        super.setUp();
        (successor, agent) = (vm.addr(NEW_KEY), vm.addr(AGENT_KEY));
    }

    function _controllerConsent(PartyId party) internal view returns (bytes memory) {
        return KeyConsents.controller(party, successor, LATER).sign(NEW_KEY, address(parties));
    }

    function _agentConsent(PartyId party, uint16 scopes, uint40 until) internal view returns (bytes memory) {
        return KeyConsents.agent(party, agent, scopes, until, LATER).sign(AGENT_KEY, address(parties));
    }

    function _rotate() internal {
        bytes memory consent = _controllerConsent(holder);
        vm.prank(HOLDER);
        parties.rotate(successor, LATER, consent);
    }

    function _appoint(uint16 scopes, uint40 until) internal {
        bytes memory consent = _agentConsent(holder, scopes, until);
        vm.prank(HOLDER);
        parties.appointAgent(agent, scopes, until, LATER, consent);
    }

    function _expectClosed(address key, uint40 endedAt) internal {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyClosed.selector, key, endedAt));
    }

    /// @dev That a key can do nothing any more.
    function _assertClosed(address key, uint40 endedAt) internal {
        _expectClosed(key, endedAt);
        parties.writer(key, Scope.REGISTER);
        _expectClosed(key, endedAt);
        parties.actor(key, Scope.REVOKE);
        _expectClosed(key, endedAt);
        parties.writerTowards(key, Scope.GRANT, buyer);
    }

    function _expectInvalid(Wanted memory wanted) internal {
        bytes32 digest = wanted.digest(address(parties));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ConsentInvalid.selector, wanted.key, digest));
    }
}
