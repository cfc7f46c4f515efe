// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";

/// @notice Clauses as a plain struct, in the field order of the EIP-712 type, the list last.
struct Draft {
    uint8 form;
    uint8 template;
    uint8 mode;
    uint8 rights;
    uint8 subDelegation;
    uint8 depth;
    uint8 noticeDays;
    uint8 environment;
    uint8 quotaUnit;
    uint16 version;
    ProductId product;
    PartyId grantor;
    PartyId grantee;
    uint64 quotaTotal;
    uint64 salt;
    uint40 validFrom;
    uint40 validUntil;
    uint32 actions;
    uint32 purposes;
    uint32 obligations;
    uint40 offerUntil;
    uint16 acceptanceDays;
    uint8 derivedRights;
    bytes32 text;
    bytes32 agreement;
    GrantId replaces;
    bytes32 scope;
    bytes32 filing;
    PartyId serviceParty;
    uint64 periodQuota;
    uint32 periodLength;
    uint8 priceModel;
    uint16 currency;
    uint64 unitPrice;
    uint64 capPrice;
    uint32[] territory;
}

/// @notice An implementation of the packed form and of the EIP-712 hash apart from the one under test: it goes from
/// fields to bytes, by concatenation.
library Drafts {
    string internal constant CLAUSES_TYPE =
        "Clauses(uint8 form,uint8 template,uint8 mode,uint8 rights,uint8 subDelegation,uint8 depth,uint8 noticeDays,uint8 environment,uint8 quotaUnit,uint16 version,bytes20 product,uint64 grantor,uint64 grantee,uint64 quotaTotal,uint64 salt,uint40 validFrom,uint40 validUntil,uint32 actions,uint32 purposes,uint32 obligations,uint40 offerUntil,uint16 acceptanceDays,uint8 derivedRights,bytes32 text,bytes32 agreement,bytes32 replaces,bytes32 scope,bytes32 filing,uint64 serviceParty,uint64 periodQuota,uint32 periodLength,uint8 priceModel,uint16 currency,uint64 unitPrice,uint64 capPrice,uint32[] territory)";

    function pack(Draft memory d) internal pure returns (bytes memory) {
        return bytes.concat(_first(d), _second(d), _third(d), _hashes(d), _numbers(d), _territory(d));
    }

    /// @notice The EIP-712 hash of the clauses.
    function hash(Draft memory d) internal pure returns (bytes32) {
        bytes memory list;
        for (uint256 i = 0; i < d.territory.length; ++i) {
            list = bytes.concat(list, abi.encode(d.territory[i]));
        }
        return
            keccak256(bytes.concat(_encodedFirst(d), _encodedSecond(d), _encodedThird(d), abi.encode(keccak256(list))));
    }

    /// @notice The grant's id at a registry of this chain.
    function idOf(Draft memory d, address registry) internal view returns (GrantId) {
        return idUnder(d, registry, GrantId.wrap(0));
    }

    /// @notice The id under a parent.
    function idUnder(Draft memory d, address registry, GrantId parent) internal view returns (GrantId) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Dengji"),
                keccak256("1"),
                block.chainid,
                registry
            )
        );
        bytes32 terms = keccak256(
            abi.encode(
                keccak256(bytes.concat("Terms(bytes32 parent,Clauses clauses)", bytes(CLAUSES_TYPE))), parent, hash(d)
            )
        );
        return GrantId.wrap(keccak256(bytes.concat(hex"1901", domain, terms)));
    }

    function options(Draft memory d) internal pure returns (uint16 bits) {
        if (d.text != 0) bits |= 1;
        if (d.agreement != 0) bits |= 2;
        if (GrantId.unwrap(d.replaces) != 0) bits |= 4;
        if (d.scope != 0) bits |= 8;
        if (d.filing != 0) bits |= 16;
        if (PartyId.unwrap(d.serviceParty) != 0) bits |= 32;
        if (d.periodQuota != 0 || d.periodLength != 0) bits |= 64;
        if (d.priceModel != 0 || d.currency != 0 || d.unitPrice != 0 || d.capPrice != 0) bits |= 128;
        if (d.territory.length != 0) bits |= 256;
    }

    function _first(Draft memory d) private pure returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(uint8(1), d.form, d.template, d.mode, d.rights, d.subDelegation),
            abi.encodePacked(d.depth, d.noticeDays, d.environment, d.quotaUnit, d.version, d.product)
        );
    }

    function _second(Draft memory d) private pure returns (bytes memory) {
        return abi.encodePacked(d.grantor, d.grantee, d.quotaTotal, d.salt);
    }

    function _third(Draft memory d) private pure returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(d.validFrom, d.validUntil, d.actions, d.purposes, d.obligations),
            abi.encodePacked(d.offerUntil, d.acceptanceDays, d.derivedRights, options(d))
        );
    }

    function _hashes(Draft memory d) private pure returns (bytes memory out) {
        if (d.text != 0) out = bytes.concat(out, d.text);
        if (d.agreement != 0) out = bytes.concat(out, d.agreement);
        if (GrantId.unwrap(d.replaces) != 0) out = bytes.concat(out, GrantId.unwrap(d.replaces));
        if (d.scope != 0) out = bytes.concat(out, d.scope);
        if (d.filing != 0) out = bytes.concat(out, d.filing);
    }

    function _numbers(Draft memory d) private pure returns (bytes memory out) {
        uint16 bits = options(d);
        if (bits & 32 != 0) out = abi.encodePacked(d.serviceParty);
        if (bits & 64 != 0) out = bytes.concat(out, abi.encodePacked(d.periodQuota, d.periodLength));
        if (bits & 128 != 0) {
            out = bytes.concat(out, abi.encodePacked(d.priceModel, d.currency, d.unitPrice, d.capPrice));
        }
    }

    function _territory(Draft memory d) private pure returns (bytes memory out) {
        if (d.territory.length == 0) return out;
        // The tests draft at most 255 codes.
        out = abi.encodePacked(uint8(d.territory.length));
        for (uint256 i = 0; i < d.territory.length; ++i) {
            out = bytes.concat(out, abi.encodePacked(d.territory[i]));
        }
    }

    function _encodedFirst(Draft memory d) private pure returns (bytes memory) {
        return bytes.concat(
            abi.encode(keccak256(bytes(CLAUSES_TYPE)), d.form, d.template, d.mode, d.rights),
            abi.encode(d.subDelegation, d.depth, d.noticeDays, d.environment, d.quotaUnit),
            abi.encode(d.version, d.product, d.grantor, d.grantee, d.quotaTotal, d.salt)
        );
    }

    function _encodedSecond(Draft memory d) private pure returns (bytes memory) {
        return bytes.concat(
            abi.encode(d.validFrom, d.validUntil, d.actions, d.purposes, d.obligations),
            abi.encode(d.offerUntil, d.acceptanceDays, d.derivedRights)
        );
    }

    function _encodedThird(Draft memory d) private pure returns (bytes memory) {
        return bytes.concat(
            abi.encode(d.text, d.agreement, d.replaces, d.scope, d.filing, d.serviceParty),
            abi.encode(d.periodQuota, d.periodLength, d.priceModel, d.currency),
            abi.encode(d.unitPrice, d.capPrice)
        );
    }
}
