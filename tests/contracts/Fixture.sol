// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ApplicationJudge} from "../../contracts/ApplicationJudge.sol";
import {Authority} from "../../contracts/Authority.sol";
import {BatchAnchor} from "../../contracts/BatchAnchor.sol";
import {CertificateRegistry} from "../../contracts/CertificateRegistry.sol";
import {Directory} from "../../contracts/Directory.sol";
import {GrantJudge} from "../../contracts/GrantJudge.sol";
import {Lineage} from "../../contracts/Lineage.sol";
import {PartyRegistry} from "../../contracts/PartyRegistry.sol";
import {ProductRegistry} from "../../contracts/ProductRegistry.sol";
import {RegistrationDesk} from "../../contracts/RegistrationDesk.sol";
import {UsageMeter} from "../../contracts/UsageMeter.sol";
import {WorkCalendar} from "../../contracts/WorkCalendar.sol";
import {IGrants} from "../../contracts/interfaces/IGrants.sol";
import {Enrolment, IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Rights} from "../../contracts/types/Vocabulary.sol";
import {Calendars} from "./Calendars.sol";
import {codeOf, create, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice A deployment as the client makes it, with three enrolled parties beside the founder.
abstract contract Fixture {
    uint40 internal constant GENESIS = 1_800_000_000;

    address internal immutable founder = address(this);
    address internal constant HOLDER = address(0xA11CE);
    address internal constant BUYER = address(0xB0B);
    address internal constant OTHER = address(0xCA401);

    Directory internal directory;
    Authority internal authority;
    WorkCalendar internal calendar;
    PartyRegistry internal parties;
    ProductRegistry internal products;
    RegistrationDesk internal cases;
    ApplicationJudge internal judge;
    CertificateRegistry internal certificates;
    /// @dev The address of `cases`.
    address internal desk;
    IGrants internal grants;
    GrantJudge internal grantJudge;
    UsageMeter internal meter;
    Lineage internal lineage;
    BatchAnchor internal anchors;

    PartyId internal founding;
    PartyId internal holder;
    PartyId internal buyer;
    PartyId internal other;

    function setUp() public virtual {
        vm.warp(GENESIS);
        _deploy(Enrolment.OPEN);
        founding = parties.partyOf(founder);
        holder = _enrol(HOLDER);
        buyer = _enrol(BUYER);
        other = _enrol(OTHER);
    }

    function _deploy(Enrolment enrolment) internal {
        directory = Directory(create(codeOf("Directory"), abi.encode(1, address(0))));
        authority = Authority(directory.create("Authority", abi.encodePacked(codeOf("Authority"), abi.encode(founder))));
        desk = directory.predict("RegistrationDesk");
        parties = PartyRegistry(
            directory.create(
                "PartyRegistry",
                abi.encodePacked(
                    codeOf("PartyRegistry"),
                    abi.encode(
                        authority,
                        enrolment,
                        founder,
                        bytes32("founder"),
                        bytes3("001"),
                        directory.predict("WorkCalendar")
                    )
                )
            )
        );
        products = ProductRegistry(
            directory.create(
                "ProductRegistry",
                abi.encodePacked(
                    codeOf("ProductRegistry"),
                    abi.encode(parties, desk, directory.predict("Lineage"), directory.predict("BatchAnchor"))
                )
            )
        );
        bytes memory four =
            abi.encode(parties, products, directory.predict("GrantJudge"), directory.predict("UsageMeter"));
        bytes memory five = bytes.concat(four, abi.encode(directory.predict("GrantOffice")));
        grants = IGrants(directory.create("GrantRegistry", abi.encodePacked(codeOf("GrantRegistry"), five)));
        directory.create("GrantOffice", abi.encodePacked(codeOf("GrantOffice"), four));
        calendar = WorkCalendar(
            directory.create(
                "WorkCalendar",
                abi.encodePacked(
                    codeOf("WorkCalendar"),
                    abi.encode(authority, parties, Calendars.FIRST, Calendars.END, Calendars.words())
                )
            )
        );
        _deployDesk();
        bytes memory registries = abi.encode(parties, products, grants);
        grantJudge = GrantJudge(directory.create("GrantJudge", abi.encodePacked(codeOf("GrantJudge"), registries)));
        meter = UsageMeter(directory.create("UsageMeter", abi.encodePacked(codeOf("UsageMeter"), registries)));
        lineage = Lineage(
            directory.create("Lineage", abi.encodePacked(codeOf("Lineage"), abi.encode(parties, products, grantJudge)))
        );
        anchors = BatchAnchor(
            directory.create("BatchAnchor", abi.encodePacked(codeOf("BatchAnchor"), abi.encode(parties, products)))
        );
        directory.seal();
    }

    function _deployDesk() private {
        judge = ApplicationJudge(
            directory.create(
                "ApplicationJudge",
                abi.encodePacked(
                    codeOf("ApplicationJudge"), abi.encode(parties, products, grants, directory.predict("Lineage"))
                )
            )
        );
        certificates = CertificateRegistry(
            directory.create(
                "CertificateRegistry",
                abi.encodePacked(codeOf("CertificateRegistry"), abi.encode(parties, products, desk))
            )
        );
        cases = RegistrationDesk(
            directory.create(
                "RegistrationDesk",
                abi.encodePacked(
                    codeOf("RegistrationDesk"), abi.encode(parties, products, calendar, judge, certificates)
                )
            )
        );
    }

    function _enrol(address key) internal returns (PartyId) {
        vm.prank(key);
        return parties.enrol(keccak256(abi.encode(key)));
    }

    function _particulars(uint64 salt, uint8 rights, uint8 class) internal pure returns (Particulars) {
        return Particulars.wrap(uint256(salt) << 16 | uint256(rights) << 8 | class);
    }

    function _registration(bytes32 seed) internal pure returns (Registration memory) {
        return Registration({
            contentRoot: keccak256(abi.encode(seed, "content")),
            metadataHash: keccak256(abi.encode(seed, "metadata")),
            particulars: _particulars(uint64(uint256(seed)), Rights.ALL, 0)
        });
    }

    function _register(bytes32 seed) internal returns (ProductId) {
        return _registerBy(HOLDER, _registration(seed));
    }

    function _registerBy(address key, Registration memory registration) internal returns (ProductId) {
        vm.prank(key);
        return products.register(registration);
    }

    function _admitRegistrar(PartyId party, bytes3 seat) internal {
        _administer(address(parties), abi.encodeCall(IPartyRegistry.admitRegistrar, (party, seat)));
    }

    /// @dev A delayed operation of the authority, announced and carried out.
    function _administer(address target, bytes memory call) internal {
        authority.schedule(target, call, 0);
        vm.warp(block.timestamp + authority.SHORTEST_DELAY());
        authority.execute(target, call);
    }
}
// forge-lint: disable-end(unsafe-typecast)
