// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Certificate, CodeRecord} from "../types/Certificate.sol";
import {PartyId} from "../types/PartyId.sol";
import {Profile} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry} from "./IProductRegistry.sol";

/// @title Codes and certificates of registrations
/// @notice Gives each registration its code (`RegistrationCode`), finds products by it, and records the certificates
/// that registrars hand out.
/// @dev Storage, for proofs: slot 0 `codeRecords` (product → word, see `Certificate.sol`), slot 1 `serials` (registrar →
/// month → last serial numbers, of PROPERTY in the lowest 16 bits, of PUBLIC in the next), slot 2 `codes` (code,
/// left-aligned → product, in the lowest 160 bits), slot 3 `certificates` (product → number → word, see
/// `Certificate.sol`).
/// @dev Warning: a certificate is the registrar's document about the record. What stands in the record counts, whatever
/// a document says.
interface ICertificateRegistry {
    /// @notice A registration has its code.
    event CodeGiven(
        ProductId indexed product, bytes15 indexed code, uint16 registrar, uint24 month, uint16 serial, Profile profile
    );

    /// @notice What a certificate says has changed: those handed out before are out of date.
    event RecordAmended(ProductId indexed product);

    /// @notice A certificate was handed out; earlier ones no longer count.
    event CertificateIssued(
        ProductId indexed product, PartyId indexed by, uint16 number, bytes32 digest, uint16 version
    );

    /// @notice The registrar has given all the codes of this month.
    error CodesExhausted(uint16 registrar, uint24 month);

    /// @notice A certificate is recorded by the digest of the document.
    error DigestMissing(ProductId product);

    /// @notice Gives a registration its code. For the registration desk alone.
    function enter(ProductId product, uint16 registrar, Profile profile) external returns (bytes15 code);

    /// @notice Puts the certificates handed out so far out of date. For the registration desk alone.
    function amend(ProductId product) external;

    /// @notice Records a certificate; earlier ones no longer count. For the registrar of the product, while it is
    /// registered.
    /// @param digest SHA-256 of the document
    /// @return number of the certificate, from 1
    function certify(ProductId product, bytes32 digest) external returns (uint16 number);

    /// @notice What is kept of a registration.
    function codeRecord(ProductId product) external view returns (CodeRecord memory);

    /// @notice The code of a registration, zero without one.
    function codeOf(ProductId product) external view returns (bytes15);

    /// @notice The product with this code, zero for none.
    function productOf(bytes15 code) external view returns (ProductId);

    /// @notice The last serial number that a registrar gave in a month under a profile.
    function serialOf(uint16 registrar, uint24 month, Profile profile) external view returns (uint16);

    /// @notice A certificate by its number from 1 on, all zero for none.
    function certificate(ProductId product, uint16 number) external view returns (Certificate memory);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The registration desk, which alone gives codes.
    function desk() external view returns (address);
}
