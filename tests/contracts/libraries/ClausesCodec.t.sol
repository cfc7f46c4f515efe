// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClausesCodec} from "../../../contracts/libraries/ClausesCodec.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Draft, Drafts} from "../Draft.sol";
import {bound, vm} from "../Vm.sol";
import {ClausesHarness} from "./ClausesHarness.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
contract ClausesCodecTest {
    using Drafts for Draft;

    ClausesHarness private harness = new ClausesHarness();

    /// @notice Any clauses hash as EIP-712 says, by an implementation of its own.
    function testFuzz_Hashes(Draft memory d) external view {
        _order(d);
        vm.assertEq(harness.hash(d.pack()), d.hash());
    }

    /// @notice Whatever parts are left out, the rest is read at its place.
    function testFuzz_HashesWithoutParts(Draft memory d, uint16 absent) external view {
        _order(d);
        _leaveOut(d, absent);
        bytes memory packed = d.pack();
        vm.assertEq(harness.hash(packed), d.hash());
        vm.assertEq(harness.territories(packed), packed.length - 4 * d.territory.length);
    }

    /// @notice Clauses cut off anywhere are refused.
    function testFuzz_RefusesShort(Draft memory d, uint256 length) external view {
        _order(d);
        bytes memory packed = d.pack();
        length = bound(length, 0, packed.length - 1);
        bytes memory short = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            short[i] = packed[i];
        }
        _assertMalformed(short);
    }

    /// @notice Clauses with anything behind them are refused.
    function testFuzz_RefusesLong(Draft memory d, bytes memory tail) external view {
        vm.assume(tail.length != 0);
        _order(d);
        _assertMalformed(bytes.concat(d.pack(), tail));
    }

    /// @notice An option that has no meaning is refused.
    function testFuzz_RefusesUnknownOptions(Draft memory d, uint16 bits) external {
        bits = bits | uint16(1) << uint16(9 + bits % 7);
        _order(d);
        _leaveOut(d, type(uint16).max);
        bytes memory packed = d.pack();
        packed[94] = bytes1(uint8(bits >> 8));
        vm.expectRevert(_malformed(packed.length, 94));
        harness.hash(packed);
    }

    /// @notice Another layout than the one known is refused.
    function testFuzz_RefusesUnknownLayout(Draft memory d, uint8 other) external {
        vm.assume(other != 1);
        _order(d);
        bytes memory packed = d.pack();
        packed[0] = bytes1(other);
        vm.expectRevert(_malformed(packed.length, 0));
        harness.hash(packed);
    }

    /// @notice A part that is announced and all zero is refused: it should have been left out.
    function testFuzz_RefusesZeroParts(Draft memory d, uint8 which) external {
        _order(d);
        _leaveOut(d, type(uint16).max);
        which = uint8(bound(which, 0, 8));
        uint256[9] memory sizes = [uint256(32), 32, 32, 32, 32, 8, 12, 19, 1];
        bytes memory packed = bytes.concat(d.pack(), new bytes(sizes[which]));
        uint256 bits = uint256(1) << which;
        packed[94] = bytes1(uint8(bits >> 8));
        packed[95] = bytes1(uint8(bits));
        vm.expectRevert(_malformed(packed.length, 96));
        harness.hash(packed);
    }

    /// @notice What follows the last part that is announced is refused, and a list that is announced and not there.
    function testFuzz_RefusesWhatIsNotAnnounced(Draft memory d, uint8 more) external {
        _order(d);
        _leaveOut(d, type(uint16).max);
        bytes memory packed = bytes.concat(d.pack(), new bytes(1 + uint256(more)));
        vm.expectRevert(_malformed(packed.length, 96));
        harness.hash(packed);
        packed = d.pack();
        packed[94] = 0x01;
        vm.expectRevert(_malformed(96, 96));
        harness.hash(packed);
    }

    /// @notice Territories that do not ascend, or are more than sixteen, are refused.
    function testFuzz_RefusesUnorderedTerritories(Draft memory d, uint32 first, uint32 second) external {
        _order(d);
        _leaveOut(d, type(uint16).max);
        d.territory = new uint32[](2);
        (d.territory[0], d.territory[1]) = first > second ? (first, second) : (second, first);
        vm.expectRevert(_malformed(105, d.territory[0] == 0 ? 97 : 101));
        harness.hash(d.pack());
        d.territory = new uint32[](17);
        for (uint32 i = 0; i < 17; ++i) {
            d.territory[i] = i + 1;
        }
        vm.expectRevert(_malformed(96 + 1 + 17 * 4, 96));
        harness.hash(d.pack());
    }

    function _assertMalformed(bytes memory packed) private view {
        try harness.hash(packed) {
            vm.assertTrue(false, "accepted");
        } catch (bytes memory refusal) {
            vm.assertEq(bytes32(bytes4(refusal)), bytes32(ClausesCodec.ClausesMalformed.selector));
        }
    }

    function _malformed(uint256 length, uint256 offset) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ClausesCodec.ClausesMalformed.selector, length, offset);
    }

    /// @dev At most sixteen codes, ascending from the first, none zero.
    function _order(Draft memory d) private pure {
        uint256 count = d.territory.length > 16 ? 16 : d.territory.length;
        uint32[] memory codes = new uint32[](count);
        uint32 before;
        for (uint256 i = 0; i < count; ++i) {
            before += 1 + d.territory[i] % 1000;
            codes[i] = before;
        }
        d.territory = codes;
    }

    function _leaveOut(Draft memory d, uint16 absent) private pure {
        if (absent & 1 != 0) d.text = 0;
        if (absent & 2 != 0) d.agreement = 0;
        if (absent & 4 != 0) d.replaces = GrantId.wrap(0);
        if (absent & 8 != 0) d.scope = 0;
        if (absent & 16 != 0) d.filing = 0;
        if (absent & 32 != 0) d.serviceParty = PartyId.wrap(0);
        if (absent & 64 != 0) (d.periodQuota, d.periodLength) = (0, 0);
        if (absent & 128 != 0) {
            (d.priceModel, d.currency, d.unitPrice, d.capPrice) = (0, 0, 0, 0);
        }
        if (absent & 256 != 0) d.territory = new uint32[](0);
    }
}
// forge-lint: disable-end(unsafe-typecast)
