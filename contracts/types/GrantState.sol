// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clauses, Option, SideClauses} from "./Clauses.sol";
import {PartyId} from "./PartyId.sol";

/// @notice What was last done to a grant.
enum GrantStage {
    NONE,
    ISSUED,
    SUSPENDED,
    REVOKED,
    ENDED,
    VOIDED,
    PENDING
}

/// @notice How a grant came about.
enum GrantOrigin {
    ONE_SIDED,
    SIGNED,
    SUB_GRANT
}

/// @notice The state of a grant, without its clauses.
/// @param grantor who granted
/// @param grantee who may use
/// @param since seconds since 1970 at which it was issued
/// @param endsAt seconds since 1970 at which it ends or ended, 0 while that is open
/// @param remaining units left of its quota, `UNLIMITED` without one
/// @param noticeDays days between revocation and its effect
/// @param stage what was last done to it
/// @param origin how it came about
/// @param periodic whether a quota for each period is kept in a word of its own
struct GrantState {
    PartyId grantor;
    PartyId grantee;
    uint32 since;
    uint32 endsAt;
    uint64 remaining;
    uint8 noticeDays;
    GrantStage stage;
    GrantOrigin origin;
    bool periodic;
}

/// @dev What `remaining` holds for a grant without a quota: 2^52 - 1.
uint64 constant UNLIMITED = (1 << 52) - 1;

/// @notice A `GrantState` in one storage word. Bits from high to low:
/// grantor 64, grantee 64, since 32, endsAt 32, remaining 52, noticeDays 6, stage 3, origin 2, periodic 1.
type GrantWord is uint256;

using GrantWordLibrary for GrantWord global;

/// @notice Packing of `GrantState`.
library GrantWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    uint256 private constant ENDS_SHIFT = 64;
    uint256 private constant STAGE_SHIFT = 3;

    /// @notice The state of a grant issued at `time` of the grantor's own accord.
    /// @dev The rules have kept the ends in 32 bits, the quota in 52 and the notice in 6; `time` fits until 2106.
    function issued(Clauses memory clauses, uint256 time) internal pure returns (GrantWord) {
        SideClauses sides = clauses.sides;
        uint64 quota = sides.quotaTotal();
        bool periodic = clauses.limits.options() & Option.PERIOD != 0;
        return GrantWord.wrap(
            uint256(PartyId.unwrap(sides.grantor())) << 192 | uint256(PartyId.unwrap(sides.grantee())) << 128 | time
                << 96 | uint256(clauses.limits.validUntil()) << ENDS_SHIFT | uint256(quota == 0 ? UNLIMITED : quota)
                << 12 | uint256(clauses.scope.noticeDays()) << 6 | uint256(GrantStage.ISSUED) << STAGE_SHIFT
                | (periodic ? 1 : 0)
        );
    }

    /// @notice Unpacks a state.
    function unpack(GrantWord word) internal pure returns (GrantState memory state) {
        uint256 bits = GrantWord.unwrap(word);
        state.grantor = word.grantor();
        state.grantee = word.grantee();
        state.since = uint32(bits >> 96);
        state.endsAt = uint32(word.endsAt());
        state.remaining = word.remaining();
        state.noticeDays = word.noticeDays();
        state.stage = word.stage();
        state.origin = GrantOrigin(uint8(bits >> 1) & 3);
        state.periodic = bits & 1 == 1;
    }

    /// @notice Whether there is no such grant.
    function isNone(GrantWord word) internal pure returns (bool) {
        return GrantWord.unwrap(word) == 0;
    }

    /// @notice Who granted.
    function grantor(GrantWord word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(GrantWord.unwrap(word) >> 192));
    }

    /// @notice Who may use.
    function grantee(GrantWord word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(GrantWord.unwrap(word) >> 128));
    }

    /// @notice Seconds since 1970 at which it ends or ended, 0 while that is open.
    function endsAt(GrantWord word) internal pure returns (uint40) {
        return uint40(uint32(GrantWord.unwrap(word) >> ENDS_SHIFT));
    }

    /// @notice Units left, `UNLIMITED` without a quota.
    function remaining(GrantWord word) internal pure returns (uint64) {
        return uint64(GrantWord.unwrap(word) >> 12) & UNLIMITED;
    }

    /// @notice Days between revocation and its effect.
    function noticeDays(GrantWord word) internal pure returns (uint8) {
        return uint8(GrantWord.unwrap(word) >> 6) & 0x3f;
    }

    /// @notice What was last done to it.
    function stage(GrantWord word) internal pure returns (GrantStage) {
        return GrantStage(uint8(GrantWord.unwrap(word) >> STAGE_SHIFT) & 7);
    }

    /// @notice Whether it is over at `time`.
    function endedBy(GrantWord word, uint256 time) internal pure returns (bool) {
        // An open end, 0, wraps to the last of all times: one comparison serves both.
        unchecked {
            return uint256(word.endsAt()) - 1 < time;
        }
    }

    /// @notice The same grant, revoked with effect at `end`, which fits 32 bits.
    function revoked(GrantWord word, uint256 end) internal pure returns (GrantWord) {
        uint256 cleared =
            GrantWord.unwrap(word) & ~(uint256(type(uint32).max) << ENDS_SHIFT | uint256(7) << STAGE_SHIFT);
        return GrantWord.wrap(cleared | end << ENDS_SHIFT | uint256(GrantStage.REVOKED) << STAGE_SHIFT);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
