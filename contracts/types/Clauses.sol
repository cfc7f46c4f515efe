// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "./GrantId.sol";
import {PartyId} from "./PartyId.sol";
import {ProductId} from "./ProductId.sol";

/// @notice The clauses of a grant, in the field order of their EIP-712 type. Enumerations and masks are given as
/// plain integers whose values `Vocabulary.sol` names; `ClausesCodec` refuses values outside it.
/// @param form one-sided, by both signatures, or one of several under one agreement
/// @param template the model contract it follows
/// @param mode whole, by field, or by scenario
/// @param rights the rights granted, a mask
/// @param subDelegation whether the grantee may grant further
/// @param depth how many levels below this grant may be granted
/// @param noticeDays days between revocation and its effect
/// @param environment where the use may run, a mask; 0 is anywhere
/// @param quotaUnit what the quota counts; none is without limit
/// @param version the version granted, 0 for all
/// @param product the product
/// @param grantor who grants
/// @param grantee who may use
/// @param quotaTotal how many units in all
/// @param salt tells grants alike in all else apart
/// @param validFrom seconds since 1970 from which it may be used, 0 for at once
/// @param validUntil seconds since 1970 at which it ends, 0 for open
/// @param actions what may be done, a mask
/// @param purposes what for, a mask
/// @param obligations what the grantee owes, a mask
/// @param offerUntil seconds since 1970 until which an offer of it stands
/// @param acceptanceDays days of inspection after which silence accepts
/// @param derivedRights whose the results are
/// @param text salted hash of the full text
/// @param agreement hash shared by all grants of one agreement
/// @param replaces the grant it renews
/// @param scope the field or scenario, as a hash or a code
/// @param filing the export filing it refers to
/// @param serviceParty the intermediary or processor
/// @param periodQuota how many units in each period
/// @param periodLength seconds of a period
/// @param priceModel how it is paid
/// @param currency ISO 4217 numeric code
/// @param unitPrice price of one unit, in minor units of the currency
/// @param capPrice highest price, in minor units of the currency
/// @param territory hash of the list of territory codes, as EIP-712 encodes `uint32[]`
struct Clauses {
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
    bytes32 territory;
}

/// @notice Names one clause, so that a refusal can say which.
enum Clause {
    LAYOUT,
    FORM,
    TEMPLATE,
    MODE,
    RIGHTS,
    SUB_DELEGATION,
    DEPTH,
    NOTICE_DAYS,
    ENVIRONMENT,
    QUOTA_UNIT,
    VERSION,
    PRODUCT,
    GRANTOR,
    GRANTEE,
    QUOTA_TOTAL,
    SALT,
    VALID_FROM,
    VALID_UNTIL,
    ACTIONS,
    PURPOSES,
    OBLIGATIONS,
    OFFER_UNTIL,
    ACCEPTANCE_DAYS,
    DERIVED_RIGHTS,
    OPTIONS,
    TEXT,
    AGREEMENT,
    REPLACES,
    SCOPE,
    FILING,
    SERVICE_PARTY,
    PERIOD,
    PRICE,
    TERRITORY
}
