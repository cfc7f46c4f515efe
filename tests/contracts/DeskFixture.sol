// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Application, Entry, Filing} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {CaseKind} from "../../contracts/types/Flow.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Source} from "../../contracts/types/Vocabulary.sol";
import {Calendars} from "./Calendars.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Cases at any stage. The founder is registrar 1, the holder applies, the buyer is who rights move to.
abstract contract DeskFixture is Fixture {
    bytes32 internal constant EVIDENCE = "evidence";
    uint16 internal constant REGISTRAR = 1;

    function _application(bytes32 seed, Profile profile) internal pure returns (Application memory application) {
        application.registration = _registration(seed);
        application.profile = profile;
        application.registrar = REGISTRAR;
        application.evidence = EVIDENCE;
    }

    function _sourced(Application memory application, Source source, uint8 flags, uint8 rights) internal pure {
        uint256 word = Particulars.unwrap(application.registration.particulars) & ~uint256(0xff << 8);
        application.registration.particulars =
            Particulars.wrap(word | uint256(rights) << 8 | uint256(source) << 80 | uint256(flags) << 84);
    }

    function _apply(Application memory application) internal returns (ProductId) {
        vm.prank(HOLDER);
        return cases.submit(application);
    }

    function _submit(bytes32 seed, Profile profile) internal returns (ProductId) {
        return _apply(_application(seed, profile));
    }

    function _accepted(bytes32 seed, Profile profile) internal returns (ProductId product) {
        product = _submit(seed, profile);
        cases.accept(product, 0);
    }

    function _publicised(bytes32 seed, Profile profile) internal returns (ProductId product) {
        product = _accepted(seed, profile);
        cases.publicise(product, 0);
    }

    function _registered(bytes32 seed, Profile profile) internal returns (ProductId product) {
        product = _publicised(seed, profile);
        vm.warp(_publicityEnd(profile, block.timestamp));
        cases.register(product, 0, _entry(_years(profile == Profile.PUBLIC ? 3 : 5)));
    }

    function _publicityEnd(Profile profile, uint256 from) internal pure returns (uint256) {
        return Calendars.deadline(from, profile == Profile.PUBLIC ? 10 : 5);
    }

    function _entry(uint40 validUntil) internal pure returns (Entry memory entry) {
        (entry.evidence, entry.validUntil) = (EVIDENCE, validUntil);
    }

    function _filing(CaseKind kind, bytes32 pending) internal pure returns (Filing memory filing) {
        (filing.kind, filing.pending, filing.evidence) = (kind, pending, EVIDENCE);
    }

    function _file(ProductId product, CaseKind kind, bytes32 pending) internal returns (uint16 index) {
        vm.prank(HOLDER);
        return cases.file(product, _filing(kind, pending));
    }

    /// @dev The key of another party for each number, enrolled when it is first asked for.
    function _objector(uint256 number) internal returns (address key) {
        key = address(uint160(uint256(keccak256(abi.encode("objector", number)))));
        if (parties.partyOf(key).isNone()) _enrol(key);
    }

    function _objectAs(address key, ProductId product) internal returns (uint256 index) {
        vm.prank(key);
        return cases.object(product, EVIDENCE);
    }

    /// @dev 00:00 of the same day of the month so many years on.
    function _years(uint256 count) internal view returns (uint40) {
        return CivilDate.startOf(CivilDate.addMonths(CivilDate.dayOf(uint40(block.timestamp)), 12 * count));
    }

    function _transfer(PartyId to, uint8 rights) internal pure returns (bytes32) {
        return bytes32(uint256(PartyId.unwrap(to)) << 8 | rights);
    }

    function _stateOf(ProductId product) internal view returns (ProductState) {
        return products.productRecord(product).state;
    }
}
// forge-lint: disable-end(unsafe-typecast)
