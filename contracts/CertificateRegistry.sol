// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {IRegistrationDesk} from "./interfaces/IRegistrationDesk.sol";
import {CivilDate} from "./libraries/CivilDate.sol";
import {RegistrationCode} from "./libraries/RegistrationCode.sol";
import {Certificate, CodeRecord} from "./types/Certificate.sol";
import {Scope} from "./types/Key.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead, ProductState, Profile} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";

/// @title The implementation of `ICertificateRegistry`
contract CertificateRegistry is ICertificateRegistry {
    /* IMMUTABLES */

    /// @inheritdoc ICertificateRegistry
    IPartyRegistry public immutable parties;

    /// @inheritdoc ICertificateRegistry
    IProductRegistry public immutable products;

    /// @inheritdoc ICertificateRegistry
    address public immutable desk;

    /* STORAGE */

    mapping(ProductId product => CodeRecord) private _codeRecords;
    mapping(uint16 registrar => mapping(uint24 month => uint256)) private _serials;
    mapping(bytes15 code => ProductId) private _codes;
    mapping(ProductId product => mapping(uint16 number => Certificate)) private _certificates;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products
    /// @param desk_ the registration desk, which alone gives codes
    constructor(IPartyRegistry parties_, IProductRegistry products_, address desk_) {
        parties = parties_;
        products = products_;
        desk = desk_;
    }

    /* FOR THE DESK */

    /// @inheritdoc ICertificateRegistry
    function enter(ProductId product, uint16 registrar, Profile profile) external returns (bytes15 code) {
        _requireDesk();
        uint24 month = CivilDate.yearMonth(CivilDate.dayOf(uint40(block.timestamp)));
        // One more in the field of the profile.
        // forge-lint: disable-next-line(incorrect-shift)
        uint256 serials = _serials[registrar][month] + (1 << _shift(profile));
        uint16 serial = _serial(serials, profile);
        if (serial > RegistrationCode.MOST) revert CodesExhausted(registrar, month);
        (, bytes3 seat) = parties.registrar(registrar);
        code = RegistrationCode.write(profile, seat, month, serial);
        _serials[registrar][month] = serials;
        _codes[code] = product;
        _codeRecords[product] = CodeRecord({
            registrar: registrar,
            month: month,
            serial: serial,
            profile: profile,
            certificateCount: 0,
            amendedAt: uint40(block.timestamp)
        });
        emit CodeGiven(product, code, registrar, month, serial, profile);
    }

    /// @inheritdoc ICertificateRegistry
    function amend(ProductId product) external {
        _requireDesk();
        _codeRecords[product].amendedAt = uint40(block.timestamp);
        emit RecordAmended(product);
    }

    /* CERTIFICATES */

    /// @inheritdoc ICertificateRegistry
    function certify(ProductId product, bytes32 digest) external returns (uint16 number) {
        PartyId by = parties.writer(msg.sender, Scope.DECIDE);
        ProductHead head = products.headOf(product);
        (PartyId registrar,) = parties.registrar(head.registrar());
        if (registrar != by) revert IRegistrationDesk.NotRegistrar(product, by, head.registrar());
        parties.requireRole(by, Role.REGISTRAR);
        if (head.state() != ProductState.REGISTERED) {
            revert IProductRegistry.ProductNotInForce(product, head.state());
        }
        if (digest == 0) revert DigestMissing(product);

        number = ++_codeRecords[product].certificateCount;
        _certificates[product][number] =
        // Its first 24 bytes are kept.
        // forge-lint: disable-next-line(unsafe-typecast)
        Certificate({digest: bytes24(digest), issuedAt: uint40(block.timestamp), version: head.latest()});
        emit CertificateIssued(product, by, number, digest, head.latest());
    }

    /* VIEWS */

    /// @inheritdoc ICertificateRegistry
    function codeRecord(ProductId product) external view returns (CodeRecord memory) {
        return _codeRecords[product];
    }

    /// @inheritdoc ICertificateRegistry
    function codeOf(ProductId product) external view returns (bytes15) {
        CodeRecord memory record = _codeRecords[product];
        if (record.registrar == 0) return 0;
        (, bytes3 seat) = parties.registrar(record.registrar);
        return RegistrationCode.write(record.profile, seat, record.month, record.serial);
    }

    /// @inheritdoc ICertificateRegistry
    function productOf(bytes15 code) external view returns (ProductId) {
        return _codes[code];
    }

    /// @inheritdoc ICertificateRegistry
    function serialOf(uint16 registrar, uint24 month, Profile profile) external view returns (uint16) {
        return _serial(_serials[registrar][month], profile);
    }

    /// @inheritdoc ICertificateRegistry
    function certificate(ProductId product, uint16 number) external view returns (Certificate memory) {
        return _certificates[product][number];
    }

    /* INTERNAL */

    function _requireDesk() private view {
        if (msg.sender != desk) revert IProductRegistry.DeskOnly(msg.sender);
    }

    function _shift(Profile profile) private pure returns (uint256) {
        return profile == Profile.PUBLIC ? 16 : 0;
    }

    function _serial(uint256 serials, Profile profile) private pure returns (uint16) {
        // The field's own bits; its neighbour is out of reach, since a serial stops at four digits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint16(serials >> _shift(profile));
    }
}
