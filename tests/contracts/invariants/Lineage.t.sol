// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Role} from "../../../contracts/types/Party.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Draft} from "../Draft.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {LineageHandler} from "./LineageHandler.sol";
import {ReplayFixture} from "./ReplayFixture.sol";

// The casts below are of numbers drawn for the test.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What holds of lineages whatever is done to sources, grants and parties. That nothing is derived without the
/// rights in all its sources, and nothing refused with them, the handler asserts of each call.
contract LineageInvariants is ReplayFixture {
    LineageHandler private handler;
    EventReplay private replay;

    function setUp() public override {
        super.setUp();
        _administer(
            address(parties), abi.encodeCall(parties.setRoles, (founding, Role.REGISTRAR | Role.REGULATOR | Role.COURT))
        );
        replay = _newReplay();
        handler = new LineageHandler(parties, products, grants, lineage, replay, founder);
        vm.recordLogs();
        address[] memory keys = new address[](3);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = address(uint160(0x11ea6e + i));
            _enrol(keys[i]);
        }
        replay.take(vm.getRecordedLogs());
        handler.begin(keys);
        for (uint256 i = 0; i < 3; ++i) {
            handler.register(i);
        }
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice All of them: forge runs a campaign for each function of this kind, and the same calls in each.
    function invariant_AllHold() external view {
        ruleSourcesAreOlder();
        ruleLimitsOnlyNarrow();
        ruleGrantsStayWithinTheirProducts();
    }

    /// @notice At the end of each run every word is compared, not just those that a call wrote.
    function afterInvariant() external view {
        ruleEventsRebuildStorage();
    }

    /// @notice What the events tell is what storage holds, word by word.
    function ruleEventsRebuildStorage() public view {
        replay.assertEqualsStorage();
    }

    /// @notice Every source is older than what was made of it: there are no cycles.
    function ruleSourcesAreOlder() public view {
        (,, uint256 count) = handler.counts();
        for (uint256 i = 0; i < count; ++i) {
            LineageHandler.Edge memory edge = handler.edge(i);
            uint256 born = handler.bornAt(edge.product, edge.version);
            uint256 before = handler.bornAt(edge.source, edge.sourceVersion);
            vm.assertTrue(before != 0 && before < born);
            vm.assertTrue(lineage.derivationDigest(edge.product, edge.version) != 0);
        }
    }

    /// @notice A product may be granted for no more than each of its sources.
    function ruleLimitsOnlyNarrow() public view {
        (,, uint256 count) = handler.counts();
        for (uint256 i = 0; i < count; ++i) {
            LineageHandler.Edge memory edge = handler.edge(i);
            _assertWithin(_limit(edge.product), _limit(edge.source));
        }
    }

    /// @notice No grant is for more than its product may be used for.
    function ruleGrantsStayWithinTheirProducts() public view {
        (, uint256 count,) = handler.counts();
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = handler.draft(i);
            _assertWithin(d.purposes, _limit(d.product));
        }
    }

    /// @notice The handler derives often and is refused often: what is said above is said of something.
    function test_TheHandlerReachesBoth() external {
        for (uint256 i = 0; i < 300; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("reach", i)));
            if (seed % 4 == 0) handler.issue(seed >> 2, uint32(seed >> 40), uint24(seed >> 80));
            else if (seed % 4 == 1) handler.derive(seed >> 2);
            else if (seed % 4 == 2) handler.extend(seed >> 2, seed >> 100);
            else handler.pass(uint24(seed >> 2));
        }
        (,, uint256 edges) = handler.counts();
        vm.assertLe(20, handler.derived());
        vm.assertLe(20, handler.refused());
        vm.assertLe(10, handler.granted());
        vm.assertLe(handler.derived(), edges);
        replay.assertEqualsStorage();
    }

    function _limit(ProductId product) private view returns (uint32) {
        return products.productRecord(product).purposes;
    }

    function _assertWithin(uint32 inner, uint32 outer) private pure {
        if (outer == 0) return;
        vm.assertTrue(inner != 0 && inner | outer == outer);
    }
}
// forge-lint: disable-end(unsafe-typecast)
