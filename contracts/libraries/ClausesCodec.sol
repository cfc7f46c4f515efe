// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clauses, Field, LimitClauses, Option, ScopeClauses, SideClauses} from "../types/Clauses.sol";
import {GrantId} from "../types/GrantId.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductId} from "../types/ProductId.sol";
import {WordBuffer, Words} from "./Words.sol";

/// @notice The packed form of clauses, and their EIP-712 hash.
/// @dev Three words are always there, see `ScopeClauses`, `SideClauses`, `LimitClauses`. Then, for each bit of
/// `options` from the lowest, the part it announces, big-endian: text, agreement, replaces, scope, filing (32 bytes
/// each), serviceParty (8), period (quota 8, length 4), price (model 1, currency 2, unit 8, cap 8), territory (count
/// 1, then 4 for each code, ascending). A part is there exactly when it is not all zero, so that one set of clauses
/// has one packed form.
library ClausesCodec {
    /// @notice The bytes are no packed clauses: too short, too long, or not in canonical form.
    /// @param length how many bytes were given
    /// @param offset offset of the part that does not fit
    error ClausesMalformed(uint256 length, uint256 offset);

    uint256 internal constant LAYOUT = 1;
    uint256 internal constant HEAD = 96;
    uint256 internal constant MAX_TERRITORIES = 16;

    bytes32 internal constant CLAUSES_TYPEHASH = keccak256(
        "Clauses(uint8 form,uint8 template,uint8 mode,uint8 rights,uint8 subDelegation,uint8 depth,uint8 noticeDays,uint8 environment,uint8 quotaUnit,uint16 version,bytes20 product,uint64 grantor,uint64 grantee,uint64 quotaTotal,uint64 salt,uint40 validFrom,uint40 validUntil,uint32 actions,uint32 purposes,uint32 obligations,uint40 offerUntil,uint16 acceptanceDays,uint8 derivedRights,bytes32 text,bytes32 agreement,bytes32 replaces,bytes32 scope,bytes32 filing,uint64 serviceParty,uint64 periodQuota,uint32 periodLength,uint8 priceModel,uint16 currency,uint64 unitPrice,uint64 capPrice,uint32[] territory)"
    );
    bytes32 internal constant TERMS_TYPEHASH = keccak256(
        "Terms(bytes32 parent,Clauses clauses)Clauses(uint8 form,uint8 template,uint8 mode,uint8 rights,uint8 subDelegation,uint8 depth,uint8 noticeDays,uint8 environment,uint8 quotaUnit,uint16 version,bytes20 product,uint64 grantor,uint64 grantee,uint64 quotaTotal,uint64 salt,uint40 validFrom,uint40 validUntil,uint32 actions,uint32 purposes,uint32 obligations,uint40 offerUntil,uint16 acceptanceDays,uint8 derivedRights,bytes32 text,bytes32 agreement,bytes32 replaces,bytes32 scope,bytes32 filing,uint64 serviceParty,uint64 periodQuota,uint32 periodLength,uint8 priceModel,uint16 currency,uint64 unitPrice,uint64 capPrice,uint32[] territory)"
    );

    /// @dev keccak256 of nothing: how EIP-712 encodes an empty list.
    bytes32 private constant EMPTY_LIST = keccak256("");

    /// @dev The options that most grants have none of.
    uint256 private constant RARE = Option.ALL & ~(Option.TEXT | Option.TERRITORY);

    /// @notice Unpacks clauses, refusing any other than the canonical form.
    function unpack(bytes calldata packed) internal pure returns (Clauses memory clauses) {
        if (packed.length < HEAD) revert ClausesMalformed(packed.length, 0);
        (uint256 first, uint256 second, uint256 third) = abi.decode(packed, (uint256, uint256, uint256));
        if (first >> 248 != LAYOUT) revert ClausesMalformed(packed.length, 0);
        WordBuffer encoded = Words.allocate(Field.COUNT);
        encoded.put(Field.TYPE, uint256(CLAUSES_TYPEHASH));
        _putScope(encoded, clauses.scope = ScopeClauses.wrap(first));
        _putSides(encoded, clauses.sides = SideClauses.wrap(second));
        LimitClauses limits = clauses.limits = LimitClauses.wrap(third);
        _putLimits(encoded, limits);
        clauses.encoded = encoded;
        clauses.territories = _putOptions(encoded, packed, limits.options());
    }

    /// @notice The EIP-712 hash of the clauses.
    function hash(Clauses memory clauses) internal pure returns (bytes32) {
        return clauses.encoded.hash();
    }

    /// @notice The EIP-712 hash of the terms: a parent and the hash of the clauses under it.
    /// @dev Assembly, at the free end of memory, which is not moved: a way down takes one such hash for each ancestor.
    function termsHash(GrantId parent, bytes32 clausesHash) internal pure returns (bytes32 digest) {
        bytes32 typehash = TERMS_TYPEHASH;
        assembly ("memory-safe") {
            let space := mload(0x40)
            mstore(space, typehash)
            mstore(add(space, 0x20), parent)
            mstore(add(space, 0x40), clausesHash)
            digest := keccak256(space, 0x60)
        }
    }

    /// @notice Tells whether the territory list that begins at `start` covers `code`. An empty list covers all.
    /// @dev A listed code covers every code that begins with its digits, where pairs of trailing zeros (six for a
    /// country) stand for all.
    function covers(bytes calldata packed, uint256 start, uint32 code) internal pure returns (bool) {
        if (start == packed.length) return true;
        for (uint256 offset = start; offset < packed.length; offset += 4) {
            uint32 listed = uint32(bytes4(packed[offset:offset + 4]));
            uint32 span = territorySpan(listed);
            if (code >= listed && code - listed < span) return true;
        }
        return false;
    }

    /// @notice How many codes a territory code stands for: 1,000,000 for a country, 10,000 for a province, 100 for a
    /// city, 1 for a district.
    function territorySpan(uint32 code) internal pure returns (uint32) {
        if (code % 1_000_000 == 0) return 1_000_000;
        if (code % 10_000 == 0) return 10_000;
        return code % 100 == 0 ? 100 : 1;
    }

    function _putScope(WordBuffer encoded, ScopeClauses scope) private pure {
        encoded.put(Field.FORM, scope.form());
        encoded.put(Field.TEMPLATE, scope.template());
        encoded.put(Field.MODE, scope.mode());
        encoded.put(Field.RIGHTS, scope.rights());
        encoded.put(Field.SUB_DELEGATION, scope.subDelegation());
        encoded.put(Field.DEPTH, scope.depth());
        encoded.put(Field.NOTICE_DAYS, scope.noticeDays());
        encoded.put(Field.ENVIRONMENT, scope.environment());
        encoded.put(Field.QUOTA_UNIT, scope.quotaUnit());
        encoded.put(Field.VERSION, scope.version());
        encoded.put(Field.PRODUCT, uint256(bytes32(ProductId.unwrap(scope.product()))));
    }

    function _putSides(WordBuffer encoded, SideClauses sides) private pure {
        encoded.put(Field.GRANTOR, PartyId.unwrap(sides.grantor()));
        encoded.put(Field.GRANTEE, PartyId.unwrap(sides.grantee()));
        encoded.put(Field.QUOTA_TOTAL, sides.quotaTotal());
        encoded.put(Field.SALT, sides.salt());
    }

    function _putLimits(WordBuffer encoded, LimitClauses limits) private pure {
        encoded.put(Field.VALID_FROM, limits.validFrom());
        encoded.put(Field.VALID_UNTIL, limits.validUntil());
        encoded.put(Field.ACTIONS, limits.actions());
        encoded.put(Field.PURPOSES, limits.purposes());
        encoded.put(Field.OBLIGATIONS, limits.obligations());
        encoded.put(Field.OFFER_UNTIL, limits.offerUntil());
        encoded.put(Field.ACCEPTANCE_DAYS, limits.acceptanceDays());
        encoded.put(Field.DERIVED_RIGHTS, limits.derivedRights());
    }

    /// @dev What is left out is zero, as the buffer is from the start.
    function _putOptions(WordBuffer encoded, bytes calldata packed, uint256 options)
        private
        pure
        returns (uint256 offset)
    {
        offset = HEAD;
        if (options & ~uint256(Option.ALL) != 0) revert ClausesMalformed(packed.length, HEAD - 2);
        if (options & Option.TEXT != 0) offset = _put(encoded, Field.TEXT, packed, offset);
        if (options & RARE != 0) offset = _putRare(encoded, packed, options, offset);
        if (options & Option.TERRITORY != 0) return _putTerritory(encoded, packed, offset);
        if (offset != packed.length) revert ClausesMalformed(packed.length, offset);
        encoded.put(Field.TERRITORY, uint256(EMPTY_LIST));
    }

    function _putRare(WordBuffer encoded, bytes calldata packed, uint256 options, uint256 offset)
        private
        pure
        returns (uint256)
    {
        if (options & Option.AGREEMENT != 0) {
            offset = _put(encoded, Field.AGREEMENT, packed, offset);
        }
        if (options & Option.REPLACES != 0) offset = _put(encoded, Field.REPLACES, packed, offset);
        if (options & Option.SCOPE != 0) offset = _put(encoded, Field.SCOPE, packed, offset);
        if (options & Option.FILING != 0) offset = _put(encoded, Field.FILING, packed, offset);
        uint256 part;
        if (options & Option.SERVICE_PARTY != 0) {
            (part, offset) = _take(packed, offset, 8);
            encoded.put(Field.SERVICE_PARTY, part);
        }
        // Each cast keeps exactly the bits of its field.
        // forge-lint: disable-start(unsafe-typecast)
        if (options & Option.PERIOD != 0) {
            (part, offset) = _take(packed, offset, 12);
            encoded.put(Field.PERIOD_QUOTA, part >> 32);
            encoded.put(Field.PERIOD_LENGTH, uint32(part));
        }
        if (options & Option.PRICE != 0) {
            (part, offset) = _take(packed, offset, 19);
            encoded.put(Field.PRICE_MODEL, part >> 144);
            encoded.put(Field.CURRENCY, uint16(part >> 128));
            encoded.put(Field.UNIT_PRICE, uint64(part >> 64));
            encoded.put(Field.CAP_PRICE, uint64(part));
        }
        // forge-lint: disable-end(unsafe-typecast)
        return offset;
    }

    /// @dev Puts the hash of the list as EIP-712 encodes `uint32[]`, refusing codes that do not ascend.
    /// @return start where the list begins
    function _putTerritory(WordBuffer encoded, bytes calldata packed, uint256 offset)
        private
        pure
        returns (uint256 start)
    {
        if (offset >= packed.length) revert ClausesMalformed(packed.length, offset);
        // The offset lies within the packed form and the count is one byte: nothing overflows.
        unchecked {
            uint256 count = Words.read(packed, offset) >> 248;
            start = offset + 1;
            if (count == 0 || count > MAX_TERRITORIES || start + 4 * count != packed.length) {
                revert ClausesMalformed(packed.length, offset);
            }
            WordBuffer codes = Words.allocate(count);
            uint256 before;
            for (uint256 i = 0; i < count; ++i) {
                uint256 code = Words.read(packed, start + 4 * i) >> 224;
                if (code <= before) revert ClausesMalformed(packed.length, start + 4 * i);
                codes.put(i, before = code);
            }
            encoded.put(Field.TERRITORY, uint256(codes.hash()));
        }
    }

    function _put(WordBuffer encoded, uint256 field, bytes calldata packed, uint256 offset)
        private
        pure
        returns (uint256 next)
    {
        uint256 part;
        (part, next) = _take(packed, offset, 32);
        encoded.put(field, part);
    }

    /// @dev Reads `size` bytes at `offset` as a number, refusing a part that is cut off or all zero.
    function _take(bytes calldata packed, uint256 offset, uint256 size)
        private
        pure
        returns (uint256 part, uint256 next)
    {
        next = offset + size;
        if (next > packed.length) revert ClausesMalformed(packed.length, offset);
        part = Words.read(packed, offset) >> (256 - 8 * size);
        if (part == 0) revert ClausesMalformed(packed.length, offset);
    }
}
