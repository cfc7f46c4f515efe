// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clauses, Option, SideClauses} from "./Clauses.sol";
import {PartyId} from "./PartyId.sol";
import {Verdict} from "./Verdict.sol";

/// @notice What was last done to a grant. The last two are of grants that are suspended while the time runs until a
/// revocation or an agreed end takes effect; a voided one never began.
enum GrantStage {
    NONE,
    ISSUED,
    SUSPENDED,
    REVOKED,
    ENDED,
    VOIDED,
    REVOKED_SUSPENDED,
    ENDED_SUSPENDED
}

/// @notice How a grant came about.
enum GrantOrigin {
    ONE_SIDED,
    SIGNED,
    SUB_GRANT
}

/// @notice The state of a grant, without its clauses. Whatever rests on an ancestor that is over or suspended is as dead
/// as that, and says nothing of it here.
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

    uint256 private constant SINCE_SHIFT = 96;
    uint256 private constant ENDS_SHIFT = 64;
    uint256 private constant REMAINING_SHIFT = 12;
    uint256 private constant STAGE_SHIFT = 3;
    uint256 private constant ORIGIN_SHIFT = 1;

    /// @dev The stages of a grant that can be used until its end, a bit each.
    uint256 private constant USABLE = uint256(1) << uint8(GrantStage.ISSUED) | uint256(1) << uint8(GrantStage.REVOKED)
        | uint256(1) << uint8(GrantStage.ENDED);

    /// @dev The stages of a suspended grant, a bit each.
    uint256 private constant HALTED = uint256(1) << uint8(GrantStage.SUSPENDED) | uint256(1)
        << uint8(GrantStage.REVOKED_SUSPENDED) | uint256(1) << uint8(GrantStage.ENDED_SUSPENDED);

    /// @notice The state of a grant that comes to be at `time`, of its grantor's own accord.
    /// @dev The rules have kept the ends in 32 bits, the quota in 52 and the notice in 6; `time` fits until 2106.
    function issued(Clauses memory clauses, uint256 time) internal pure returns (GrantWord) {
        SideClauses sides = clauses.sides;
        uint64 quota = sides.quotaTotal();
        bool counted = clauses.limits.options() & Option.PERIOD != 0;
        return GrantWord.wrap(
            uint256(PartyId.unwrap(sides.grantor())) << 192 | uint256(PartyId.unwrap(sides.grantee())) << 128 | time
                << SINCE_SHIFT | uint256(clauses.limits.validUntil()) << ENDS_SHIFT
                | uint256(quota == 0 ? UNLIMITED : quota) << REMAINING_SHIFT | uint256(clauses.scope.noticeDays()) << 6
                | uint256(GrantStage.ISSUED) << STAGE_SHIFT | (counted ? 1 : 0)
        );
    }

    /// @notice The state of an offer that one of its sides made void at `time`, so that it can never come to be.
    function voided(SideClauses sides, uint256 time) internal pure returns (GrantWord) {
        return GrantWord.wrap(
            uint256(PartyId.unwrap(sides.grantor())) << 192 | uint256(PartyId.unwrap(sides.grantee())) << 128 | time
                << SINCE_SHIFT | time << ENDS_SHIFT | uint256(GrantStage.VOIDED) << STAGE_SHIFT
                | uint256(GrantOrigin.SIGNED) << ORIGIN_SHIFT
        );
    }

    /// @notice The same grant, issued as it was, with another origin.
    function withOrigin(GrantWord word, GrantOrigin origin_) internal pure returns (GrantWord) {
        return GrantWord.wrap(GrantWord.unwrap(word) | uint256(origin_) << ORIGIN_SHIFT);
    }

    /// @notice Unpacks a state.
    function unpack(GrantWord word) internal pure returns (GrantState memory state) {
        uint256 bits = GrantWord.unwrap(word);
        state.grantor = word.grantor();
        state.grantee = word.grantee();
        state.since = uint32(bits >> SINCE_SHIFT);
        state.endsAt = uint32(word.endsAt());
        state.remaining = word.remaining();
        state.noticeDays = word.noticeDays();
        state.stage = word.stage();
        state.origin = word.origin();
        state.periodic = word.periodic();
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

    /// @notice Seconds since 1970 at which it was issued.
    function since(GrantWord word) internal pure returns (uint40) {
        return uint40(uint32(GrantWord.unwrap(word) >> SINCE_SHIFT));
    }

    /// @notice Seconds since 1970 at which it ends or ended, 0 while that is open.
    function endsAt(GrantWord word) internal pure returns (uint40) {
        return uint40(uint32(GrantWord.unwrap(word) >> ENDS_SHIFT));
    }

    /// @notice Units left, `UNLIMITED` without a quota.
    function remaining(GrantWord word) internal pure returns (uint64) {
        return uint64(GrantWord.unwrap(word) >> REMAINING_SHIFT) & UNLIMITED;
    }

    /// @notice Days between revocation and its effect.
    function noticeDays(GrantWord word) internal pure returns (uint8) {
        return uint8(GrantWord.unwrap(word) >> 6) & 0x3f;
    }

    /// @notice What was last done to it.
    function stage(GrantWord word) internal pure returns (GrantStage) {
        return GrantStage(uint8(GrantWord.unwrap(word) >> STAGE_SHIFT) & 7);
    }

    /// @notice How it came about.
    function origin(GrantWord word) internal pure returns (GrantOrigin) {
        return GrantOrigin(uint8(GrantWord.unwrap(word) >> ORIGIN_SHIFT) & 3);
    }

    /// @notice Whether it rests on another grant.
    function isSubGrant(GrantWord word) internal pure returns (bool) {
        return (GrantWord.unwrap(word) >> ORIGIN_SHIFT) & 3 == uint256(GrantOrigin.SUB_GRANT);
    }

    /// @notice Its grantor and its grantee, beside each other.
    function parties(GrantWord word) internal pure returns (uint256) {
        return GrantWord.unwrap(word) >> 128;
    }

    /// @notice Whether a quota for each period is kept in a word of its own.
    function periodic(GrantWord word) internal pure returns (bool) {
        return GrantWord.unwrap(word) & 1 == 1;
    }

    /// @notice Whether it is over at `time`.
    function endedBy(GrantWord word, uint256 time) internal pure returns (bool) {
        // An open end, 0, wraps to the last of all times: one comparison serves both.
        unchecked {
            return uint256(word.endsAt()) - 1 < time;
        }
    }

    /// @notice Whether a suspension of it lasts.
    function suspended(GrantWord word) internal pure returns (bool) {
        return HALTED >> _stage(word) & 1 == 1;
    }

    /// @notice Whether by its own word it can be used at `time`: it is there, not over and not suspended.
    function stands(GrantWord word, uint256 time) internal pure returns (bool) {
        return USABLE >> _stage(word) & 1 == 1 && !word.endedBy(time);
    }

    /// @notice What its own word says of it at `time`: `OK`, or why it cannot be used.
    function standing(GrantWord word, uint256 time) internal pure returns (Verdict) {
        if (word.stands(time)) return Verdict.OK;
        if (word.isNone()) return Verdict.GRANT_UNKNOWN;
        if (!word.endedBy(time)) return Verdict.GRANT_SUSPENDED;
        GrantStage stage_ = word.stage();
        if (stage_ == GrantStage.VOIDED) return Verdict.GRANT_VOIDED;
        bool revoked_ = stage_ == GrantStage.REVOKED || stage_ == GrantStage.REVOKED_SUSPENDED;
        return revoked_ ? Verdict.GRANT_REVOKED : Verdict.GRANT_ENDED;
    }

    /// @notice The same grant, revoked with effect at `end`, which fits 32 bits.
    function revoked(GrantWord word, uint256 end) internal pure returns (GrantWord) {
        // One path with a stage chosen is cheaper than two.
        uint256 stage_ = uint256(GrantStage.REVOKED);
        if (word.suspended()) stage_ = uint256(GrantStage.REVOKED_SUSPENDED);
        uint256 kept = GrantWord.unwrap(word) & ~(uint256(type(uint32).max) << ENDS_SHIFT | uint256(7) << STAGE_SHIFT);
        return GrantWord.wrap(kept | end << ENDS_SHIFT | stage_ << STAGE_SHIFT);
    }

    /// @notice The same grant, ended by agreement with effect at `end`, which fits 32 bits.
    function ended(GrantWord word, uint256 end) internal pure returns (GrantWord) {
        return _over(word, end, word.suspended() ? GrantStage.ENDED_SUSPENDED : GrantStage.ENDED);
    }

    /// @notice The same grant, suspended. It must not be suspended yet, nor over.
    function halted(GrantWord word) internal pure returns (GrantWord) {
        GrantStage stage_ = word.stage();
        if (stage_ == GrantStage.REVOKED) return _at(word, GrantStage.REVOKED_SUSPENDED);
        return _at(word, stage_ == GrantStage.ENDED ? GrantStage.ENDED_SUSPENDED : GrantStage.SUSPENDED);
    }

    /// @notice The same grant, no longer suspended. It must be.
    function resumed(GrantWord word) internal pure returns (GrantWord) {
        GrantStage stage_ = word.stage();
        if (stage_ == GrantStage.REVOKED_SUSPENDED) return _at(word, GrantStage.REVOKED);
        return _at(word, stage_ == GrantStage.ENDED_SUSPENDED ? GrantStage.ENDED : GrantStage.ISSUED);
    }

    /// @notice The same grant with `amount` less left, which must be left.
    function debited(GrantWord word, uint256 amount) internal pure returns (GrantWord) {
        // What is left is no less, so that nothing is borrowed from the bits above.
        unchecked {
            return GrantWord.wrap(GrantWord.unwrap(word) - (amount << REMAINING_SHIFT));
        }
    }

    function _stage(GrantWord word) private pure returns (uint256) {
        return (GrantWord.unwrap(word) >> STAGE_SHIFT) & 7;
    }

    function _over(GrantWord word, uint256 end, GrantStage stage_) private pure returns (GrantWord) {
        uint256 cleared =
            GrantWord.unwrap(word) & ~(uint256(type(uint32).max) << ENDS_SHIFT | uint256(7) << STAGE_SHIFT);
        return GrantWord.wrap(cleared | end << ENDS_SHIFT | uint256(stage_) << STAGE_SHIFT);
    }

    function _at(GrantWord word, GrantStage stage_) private pure returns (GrantWord) {
        uint256 cleared = GrantWord.unwrap(word) & ~(uint256(7) << STAGE_SHIFT);
        return GrantWord.wrap(cleared | uint256(stage_) << STAGE_SHIFT);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
