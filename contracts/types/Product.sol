// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";
import {AnnotationKind, Rights, SecurityClass, Source} from "./Vocabulary.sol";

/// @notice Which rule set a product is registered under.
enum Profile {
    NONE,
    OPEN,
    PROPERTY,
    PUBLIC
}

/// @notice Where a product stands. `OPEN` products are registered, then retired; in the other profiles a draft is
/// pending while its initial case runs, then registered or declined, and ends cancelled or revoked.
/// Expiry is no state: it is computed of the head's times.
enum ProductState {
    NONE,
    REGISTERED,
    RETIRED,
    DRAFT,
    PENDING,
    DECLINED,
    CANCELLED,
    REVOKED
}

/// @notice What a registration says beside its digests, in one word. Bits from high to low: spare 168, flags 4,
/// source 4, salt 64, rights 8, class 8. The salt tells registrations alike in all else apart; rights is the mask of
/// rights that are registered; class says how sensitive the data is, source where it comes from; the flags are named
/// in `ParticularFlags`.
type Particulars is uint256;

/// @notice What else is true of the data of a product, as bits of `Particulars.flags`.
library ParticularFlags {
    /// @dev A product of crawled data that does not replace its source.
    uint8 internal constant NON_SUBSTITUTING = 1 << 0;
    /// @dev An agreement on the rights is among the materials.
    uint8 internal constant AGREED_RIGHTS = 1 << 1;
    /// @dev Raw government data, which takes the `PUBLIC` profile only.
    uint8 internal constant RAW_PUBLIC = 1 << 2;
    /// @dev It comes from the operation of public data.
    uint8 internal constant OPERATED = 1 << 3;
    /// @dev All bits that have a meaning.
    uint8 internal constant ALL = uint8((1 << 4) - 1);
}

using ParticularsLibrary for Particulars global;

/// @notice Reading `Particulars`, and the rules on it that need nothing else.
library ParticularsLibrary {
    /// @dev All bits but the salt's, USE's, OPERATE's and the two lowest of the class.
    uint256 private constant FIXED =
        ~(uint256(type(uint64).max) << 16 | uint256(Rights.USE | Rights.OPERATE) << 8 | uint256(3));
    uint256 private constant RARE_SHIFT = 80;

    /// @notice Tells registrations alike in all else apart.
    function salt(Particulars word) internal pure returns (uint64) {
        return uint64(Particulars.unwrap(word) >> 16);
    }

    /// @notice The rights that are registered, a mask.
    function rights(Particulars word) internal pure returns (uint8) {
        return uint8(Particulars.unwrap(word) >> 8);
    }

    /// @notice How sensitive the data is, as a number.
    function class(Particulars word) internal pure returns (uint8) {
        return uint8(Particulars.unwrap(word));
    }

    /// @notice Where the data comes from. Reverts for a number that names no source.
    function source(Particulars word) internal pure returns (Source) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return Source(uint8(Particulars.unwrap(word) >> RARE_SHIFT) & 0xf);
    }

    /// @notice What else is true of the data, a mask of `ParticularFlags`.
    function flags(Particulars word) internal pure returns (uint8) {
        return uint8(Particulars.unwrap(word) >> 84) & 0xf;
    }

    /// @notice Whether it is valid and says nothing beyond salt, rights and class, so that no rule on sources concerns
    /// it.
    function isPlain(Particulars word) internal pure returns (bool) {
        return Particulars.unwrap(word) & FIXED == uint256(Rights.HOLD) << 8 && Particulars.unwrap(word) & 3 != 3;
    }

    /// @notice Whether the rights include HOLD and name no other than the three, class and source exist, and no bit
    /// beyond the flags is set.
    function valid(Particulars word) internal pure returns (bool) {
        uint256 bits = Particulars.unwrap(word);
        return bits >> 88 == 0 && (bits >> RARE_SHIFT) & 0xf <= uint8(type(Source).max)
            && (bits & FIXED) & type(uint16).max == uint256(Rights.HOLD) << 8 && word.class() & 3 != 3;
    }

    /// @notice Whether the profile takes such data: raw government data goes with `PUBLIC` alone.
    function fits(Particulars word, Profile profile) internal pure returns (bool) {
        return word.flags() & ParticularFlags.RAW_PUBLIC == 0 || profile == Profile.PUBLIC;
    }

    /// @notice Whether the rights are no wider than the source allows: OPERATE in crawled data needs a product that
    /// does not replace its source; whoever processed for another has nothing without an agreement.
    function withinSource(Particulars word) internal pure returns (bool) {
        Source from = word.source();
        if (from == Source.CRAWLED) {
            return word.rights() & Rights.OPERATE == 0 || word.flags() & ParticularFlags.NON_SUBSTITUTING != 0;
        }
        return from != Source.ENTRUSTED || word.flags() & ParticularFlags.AGREED_RIGHTS != 0;
    }
}

/// @notice The head of a product's record. Bits from high to low:
/// applicant 64, registrar 16, profile 4, state 6, rights 3, moved 1, class 2, operated 1, derived 1, latest 16,
/// since 40, until 40, seizures 6, controls 6, disputes 6, purposes 32, spare 12.
type ProductHead is uint256;

using ProductHeadLibrary for ProductHead global;

/// @notice Reading and changing a `ProductHead`.
library ProductHeadLibrary {
    uint256 private constant REGISTRAR_SHIFT = 176;
    uint256 private constant STATE_SHIFT = 166;
    uint256 private constant RIGHTS_SHIFT = 163;
    uint256 private constant MOVED_SHIFT = 162;
    uint256 private constant CLASS_SHIFT = 160;
    uint256 private constant OPERATED_SHIFT = 159;
    uint256 private constant DERIVED_SHIFT = 158;
    uint256 private constant LATEST_SHIFT = 142;
    uint256 private constant SINCE_SHIFT = 102;
    uint256 private constant UNTIL_SHIFT = 62;
    uint256 private constant SEIZURES_SHIFT = 56;
    uint256 private constant DISPUTES_SHIFT = 44;
    uint256 private constant PURPOSES_SHIFT = 12;
    uint256 private constant COUNT_BITS = 6;
    uint256 private constant MOST_COUNTED = 0x3f;
    /// @dev State, until, the three counts and the purposes.
    uint256 private constant STANDING =
        uint256(0x3f) << STATE_SHIFT | ((uint256(1) << 40 + 3 * COUNT_BITS + 32) - 1) << PURPOSES_SHIFT;
    /// @dev The applicant, and whether rights have moved.
    uint256 private constant APPLICATION = uint256(type(uint64).max) << 192 | uint256(1) << MOVED_SHIFT;

    /// @dev The blank head of a product registered under `OPEN`.
    ProductHead internal constant OPEN_BLANK =
        ProductHead.wrap(uint256(Profile.OPEN) << 172 | uint256(ProductState.REGISTERED) << STATE_SHIFT);

    /// @notice What a new head says of the rule set and the workflow.
    function blank(Profile profile_, ProductState state_, uint16 registrar_) internal pure returns (ProductHead) {
        return ProductHead.wrap(
            uint256(registrar_) << REGISTRAR_SHIFT | uint256(profile_) << 172 | uint256(state_) << STATE_SHIFT
        );
    }

    /// @notice A blank head, filled in for a product made at `since_`, at version 1.
    /// @dev That it comes from public-data operation is not among it, see `withOperated`: most do not.
    function filled(ProductHead head, PartyId applicant_, Particulars particulars, uint256 since_)
        internal
        pure
        returns (ProductHead)
    {
        return ProductHead.wrap(
            ProductHead.unwrap(head) | uint256(PartyId.unwrap(applicant_)) << 192 | uint256(particulars.rights())
                << RIGHTS_SHIFT | uint256(particulars.class()) << CLASS_SHIFT | uint256(1) << LATEST_SHIFT | since_
                << SINCE_SHIFT
        );
    }

    /// @notice Whether there is no such product.
    function isNone(ProductHead head) internal pure returns (bool) {
        return ProductHead.unwrap(head) == 0;
    }

    /// @notice The party that registered the product.
    function applicant(ProductHead head) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(ProductHead.unwrap(head) >> 192));
    }

    /// @notice The rule set it is registered under.
    function profile(ProductHead head) internal pure returns (Profile) {
        return Profile(_field(head, 172, 4));
    }

    /// @notice Where it stands.
    function state(ProductHead head) internal pure returns (ProductState) {
        return ProductState(_field(head, STATE_SHIFT, 6));
    }

    /// @notice The rights declared at registration. They are the applicant's own until the first move.
    function rights(ProductHead head) internal pure returns (uint8) {
        return uint8(_field(head, RIGHTS_SHIFT, 3));
    }

    /// @notice Whether rights have moved: then the holdings, not the head, say who holds what.
    function moved(ProductHead head) internal pure returns (bool) {
        return _field(head, MOVED_SHIFT, 1) == 1;
    }

    /// @notice How sensitive the data is.
    function class(ProductHead head) internal pure returns (SecurityClass) {
        return SecurityClass(_field(head, CLASS_SHIFT, 2));
    }

    /// @notice The number of its latest version.
    function latest(ProductHead head) internal pure returns (uint16) {
        return uint16(_field(head, LATEST_SHIFT, 16));
    }

    /// @notice Seconds since 1970 at which it was registered.
    function since(ProductHead head) internal pure returns (uint40) {
        return uint40(_field(head, SINCE_SHIFT, 40));
    }

    /// @notice Seconds since 1970 at which it ended or will end, 0 while that is open.
    function until(ProductHead head) internal pure returns (uint40) {
        return uint40(_field(head, UNTIL_SHIFT, 40));
    }

    /// @notice The number of the registrar that has it, 0 for none.
    function registrar(ProductHead head) internal pure returns (uint16) {
        return uint16(_field(head, REGISTRAR_SHIFT, 16));
    }

    /// @notice Whether it comes from the operation of public data.
    function operated(ProductHead head) internal pure returns (bool) {
        return _field(head, OPERATED_SHIFT, 1) == 1;
    }

    /// @notice Whether it says what it was made of, or has to before it is registered.
    function derived(ProductHead head) internal pure returns (bool) {
        return _field(head, DERIVED_SHIFT, 1) == 1;
    }

    /// @notice What it may be granted for at most, a mask of `Purpose`; 0 is without limit.
    function purposes(ProductHead head) internal pure returns (uint32) {
        return uint32(_field(head, PURPOSES_SHIFT, 32));
    }

    /// @notice How many annotations of a kind stand now; of limits, which block nothing, none are counted.
    function annotated(ProductHead head, AnnotationKind kind) internal pure returns (uint8) {
        if (kind == AnnotationKind.LIMIT) return 0;
        return uint8(_field(head, _countShift(kind), COUNT_BITS));
    }

    /// @notice Whether it is registered and, at `time`, in its validity.
    function inForce(ProductHead head, uint256 time) internal pure returns (bool) {
        return head.state() == ProductState.REGISTERED && !head.expired(time);
    }

    /// @notice Whether it is registered without an end, no annotation is counted and its purposes are not limited, so
    /// that nothing about it stands in the way of anything. One comparison answers for most products.
    function isClear(ProductHead head) internal pure returns (bool) {
        return ProductHead.unwrap(head) & STANDING == uint256(ProductState.REGISTERED) << STATE_SHIFT;
    }

    /// @notice Whether nothing stands in the way of anything and all registered rights are this party's still: it applied,
    /// and none has moved. One comparison again.
    function isClearAndOf(ProductHead head, PartyId party) internal pure returns (bool) {
        uint256 told = uint256(PartyId.unwrap(party)) << 192 | uint256(ProductState.REGISTERED) << STATE_SHIFT;
        return ProductHead.unwrap(head) & (APPLICATION | STANDING) == told;
    }

    /// @notice Whether its validity, or its record, has ended by `time`.
    function expired(ProductHead head, uint256 time) internal pure returns (bool) {
        uint40 end = head.until();
        return end != 0 && end <= time;
    }

    /// @notice Whether a seizure or an administrative control stands: no transfer, no retirement, no grant, no use.
    function frozen(ProductHead head) internal pure returns (bool) {
        return _field(head, DISPUTES_SHIFT + COUNT_BITS, 2 * COUNT_BITS) != 0;
    }

    /// @notice Whether a seizure, an administrative control or a dispute stands: no transfer and no grant.
    function encumbered(ProductHead head) internal pure returns (bool) {
        return _field(head, DISPUTES_SHIFT, 3 * COUNT_BITS) != 0;
    }

    /// @notice The same head, retired at `until_`.
    function retired(ProductHead head, uint40 until_) internal pure returns (ProductHead) {
        uint256 cleared = ProductHead.unwrap(head) & ~(uint256(0x3f) << STATE_SHIFT);
        return ProductHead.wrap(cleared | uint256(ProductState.RETIRED) << STATE_SHIFT | uint256(until_) << UNTIL_SHIFT);
    }

    /// @notice The same head, of a product from the operation of public data.
    function withOperated(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) | uint256(1) << OPERATED_SHIFT);
    }

    /// @notice The same head, of a product that says what it was made of.
    function withDerived(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) | uint256(1) << DERIVED_SHIFT);
    }

    /// @notice The same head, of a derived product that may be granted for these purposes at most. The caller limits it
    /// once.
    function limitedTo(ProductHead head, uint32 purposes_) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head.withDerived()) | uint256(purposes_) << PURPOSES_SHIFT);
    }

    /// @notice The same head, with this registrar.
    function withRegistrar(ProductHead head, uint16 registrar_) internal pure returns (ProductHead) {
        uint256 cleared = ProductHead.unwrap(head) & ~(uint256(type(uint16).max) << REGISTRAR_SHIFT);
        return ProductHead.wrap(cleared | uint256(registrar_) << REGISTRAR_SHIFT);
    }

    /// @notice The same head, in this state, from and until these times.
    function settled(ProductHead head, ProductState state_, uint40 since_, uint40 until_)
        internal
        pure
        returns (ProductHead)
    {
        uint256 times = uint256(type(uint40).max) << SINCE_SHIFT | uint256(type(uint40).max) << UNTIL_SHIFT;
        uint256 cleared = ProductHead.unwrap(head) & ~(times | uint256(0x3f) << STATE_SHIFT);
        return ProductHead.wrap(
            cleared | uint256(state_) << STATE_SHIFT | uint256(since_) << SINCE_SHIFT | uint256(until_) << UNTIL_SHIFT
        );
    }

    /// @notice Whether no further annotation of this kind can be counted.
    function full(ProductHead head, AnnotationKind kind) internal pure returns (bool) {
        return head.annotated(kind) == MOST_COUNTED;
    }

    /// @notice The same head with one more annotation of a kind. The caller makes sure that it is not full.
    function noted(ProductHead head, AnnotationKind kind) internal pure returns (ProductHead) {
        if (kind == AnnotationKind.LIMIT) return head;
        return ProductHead.wrap(ProductHead.unwrap(head) + (uint256(1) << _countShift(kind)));
    }

    /// @notice The same head with one annotation of a kind less. The caller has ended one that was counted.
    function freed(ProductHead head, AnnotationKind kind) internal pure returns (ProductHead) {
        if (kind == AnnotationKind.LIMIT) return head;
        return ProductHead.wrap(ProductHead.unwrap(head) - (uint256(1) << _countShift(kind)));
    }

    /// @notice The same head, one version on. The caller keeps `latest` below its maximum.
    function advanced(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) + (uint256(1) << LATEST_SHIFT));
    }

    /// @notice The same head, marked as having moved rights.
    function withMoved(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) | uint256(1) << MOVED_SHIFT);
    }

    /// @dev Seizures, controls and disputes lie beside each other, in the order of their kinds.
    function _countShift(AnnotationKind kind) private pure returns (uint256) {
        return SEIZURES_SHIFT - COUNT_BITS * uint256(kind);
    }

    function _field(ProductHead head, uint256 shift, uint256 width) private pure returns (uint256) {
        return (ProductHead.unwrap(head) >> shift) & ((uint256(1) << width) - 1);
    }
}
