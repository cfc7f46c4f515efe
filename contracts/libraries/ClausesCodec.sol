// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clauses} from "../types/Clauses.sol";
import {GrantId} from "../types/GrantId.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductId} from "../types/ProductId.sol";

/// @notice The packed form of clauses, and their EIP-712 hash.
/// @dev Layout, big-endian. Three words are always there:
/// - word 0: layout 8, form 8, template 8, mode 8, rights 8, subDelegation 8, depth 8, noticeDays 8, environment 8,
///   quotaUnit 8, version 16, product 160
/// - word 1: grantor 64, grantee 64, quotaTotal 64, salt 64
/// - word 2: validFrom 40, validUntil 40, actions 32, purposes 32, obligations 32, offerUntil 40, acceptanceDays 16,
///   derivedRights 8, options 16
///
/// Then, for each bit of `options` from the lowest, the part it announces: text, agreement, replaces, scope, filing
/// (32 bytes each), serviceParty (8), period (quota 8, length 4), price (model 1, currency 2, unit 8, cap 8),
/// territory (count 1, then 4 for each code, ascending). A part is there exactly when it is not all zero, so that one
/// set of clauses has one packed form.
library ClausesCodec {
    /// @notice The bytes are no packed clauses: too short, too long, or not in canonical form.
    /// @param length how many bytes were given
    /// @param offset offset of the part that does not fit
    error ClausesMalformed(uint256 length, uint256 offset);

    uint8 internal constant LAYOUT = 1;
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

    uint256 private constant TEXT = 1 << 0;
    uint256 private constant AGREEMENT = 1 << 1;
    uint256 private constant REPLACES = 1 << 2;
    uint256 private constant SCOPE = 1 << 3;
    uint256 private constant FILING = 1 << 4;
    uint256 private constant SERVICE_PARTY = 1 << 5;
    uint256 private constant PERIOD = 1 << 6;
    uint256 private constant PRICE = 1 << 7;
    uint256 private constant TERRITORY = 1 << 8;
    uint256 private constant OPTIONS = 9;

    /// @notice Unpacks clauses, refusing any other than the canonical form.
    /// @param packed the packed clauses
    /// @return clauses the clauses
    /// @return territory where the list of territory codes begins in `packed`, its length for an empty list
    function unpack(bytes calldata packed) internal pure returns (Clauses memory clauses, uint256 territory) {
        if (packed.length < HEAD) revert ClausesMalformed(packed.length, 0);
        _unpackFirst(clauses, uint256(bytes32(packed[0:32])), packed.length);
        _unpackSecond(clauses, uint256(bytes32(packed[32:64])));
        uint256 options = _unpackThird(clauses, uint256(bytes32(packed[64:96])));
        territory = _unpackOptions(clauses, packed, options);
    }

    /// @notice The EIP-712 hash of the clauses.
    function hash(Clauses memory clauses) internal pure returns (bytes32) {
        // A struct of static fields is encoded by `abi.encode` exactly as EIP-712 encodes its data.
        return keccak256(abi.encode(CLAUSES_TYPEHASH, clauses));
    }

    /// @notice The EIP-712 hash of the terms: a parent and the hash of the clauses under it.
    function termsHash(GrantId parent, bytes32 clausesHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(TERMS_TYPEHASH, parent, clausesHash));
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

    function _unpackFirst(Clauses memory clauses, uint256 word, uint256 length) private pure {
        if (uint8(word >> 248) != LAYOUT) revert ClausesMalformed(length, 0);
        // Each cast keeps exactly the low bits of its field.
        clauses.form = uint8(word >> 240);
        clauses.template = uint8(word >> 232);
        clauses.mode = uint8(word >> 224);
        clauses.rights = uint8(word >> 216);
        clauses.subDelegation = uint8(word >> 208);
        clauses.depth = uint8(word >> 200);
        clauses.noticeDays = uint8(word >> 192);
        clauses.environment = uint8(word >> 184);
        clauses.quotaUnit = uint8(word >> 176);
        clauses.version = uint16(word >> 160);
        clauses.product = ProductId.wrap(bytes20(uint160(word)));
    }

    function _unpackSecond(Clauses memory clauses, uint256 word) private pure {
        clauses.grantor = PartyId.wrap(uint64(word >> 192));
        clauses.grantee = PartyId.wrap(uint64(word >> 128));
        clauses.quotaTotal = uint64(word >> 64);
        clauses.salt = uint64(word);
    }

    function _unpackThird(Clauses memory clauses, uint256 word) private pure returns (uint256 options) {
        clauses.validFrom = uint40(word >> 216);
        clauses.validUntil = uint40(word >> 176);
        clauses.actions = uint32(word >> 144);
        clauses.purposes = uint32(word >> 112);
        clauses.obligations = uint32(word >> 80);
        clauses.offerUntil = uint40(word >> 40);
        clauses.acceptanceDays = uint16(word >> 24);
        clauses.derivedRights = uint8(word >> 16);
        options = uint16(word);
    }

    function _unpackOptions(Clauses memory clauses, bytes calldata packed, uint256 options)
        private
        pure
        returns (uint256 offset)
    {
        offset = HEAD;
        if (options >> OPTIONS != 0) revert ClausesMalformed(packed.length, offset - 2);
        if (options == 0) {
            clauses.territory = EMPTY_LIST;
            if (offset != packed.length) revert ClausesMalformed(packed.length, offset);
            return offset;
        }
        uint256 part;
        if (options & TEXT != 0) {
            (part, offset) = _take(packed, offset, 32);
            clauses.text = bytes32(part);
        }
        if (options & AGREEMENT != 0) {
            (part, offset) = _take(packed, offset, 32);
            clauses.agreement = bytes32(part);
        }
        if (options & REPLACES != 0) {
            (part, offset) = _take(packed, offset, 32);
            clauses.replaces = GrantId.wrap(bytes32(part));
        }
        if (options & SCOPE != 0) {
            (part, offset) = _take(packed, offset, 32);
            clauses.scope = bytes32(part);
        }
        if (options & FILING != 0) {
            (part, offset) = _take(packed, offset, 32);
            clauses.filing = bytes32(part);
        }
        if (options & SERVICE_PARTY != 0) {
            (part, offset) = _take(packed, offset, 8);
            clauses.serviceParty = PartyId.wrap(uint64(part));
        }
        if (options & PERIOD != 0) {
            (part, offset) = _take(packed, offset, 12);
            clauses.periodQuota = uint64(part >> 32);
            clauses.periodLength = uint32(part);
        }
        if (options & PRICE != 0) {
            (part, offset) = _take(packed, offset, 19);
            clauses.priceModel = uint8(part >> 144);
            clauses.currency = uint16(part >> 128);
            clauses.unitPrice = uint64(part >> 64);
            clauses.capPrice = uint64(part);
        }
        uint256 count;
        if (options & TERRITORY != 0) (count, offset) = _take(packed, offset, 1);
        if (count > MAX_TERRITORIES || offset + 4 * count != packed.length) {
            revert ClausesMalformed(packed.length, offset);
        }
        clauses.territory = count == 0 ? EMPTY_LIST : _territoryHash(packed, offset, count);
    }

    /// @dev Hashes the list as EIP-712 encodes `uint32[]`, refusing codes that do not ascend.
    function _territoryHash(bytes calldata packed, uint256 offset, uint256 count) private pure returns (bytes32) {
        uint256[] memory codes = new uint256[](count);
        uint256 before;
        for (uint256 i = 0; i < count; ++i) {
            uint256 code = uint32(bytes4(packed[offset + 4 * i:offset + 4 * i + 4]));
            if (code <= before) revert ClausesMalformed(packed.length, offset + 4 * i);
            codes[i] = before = code;
        }
        return keccak256(abi.encodePacked(codes));
    }

    /// @dev Reads `size` bytes at `offset` as a number, refusing a part that is cut off or all zero.
    function _take(bytes calldata packed, uint256 offset, uint256 size)
        private
        pure
        returns (uint256 part, uint256 next)
    {
        next = offset + size;
        if (next > packed.length) revert ClausesMalformed(packed.length, offset);
        part = uint256(bytes32(packed[offset:next])) >> (256 - 8 * size);
        if (part == 0) revert ClausesMalformed(packed.length, offset);
    }
}
