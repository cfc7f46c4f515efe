// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantOffice} from "../../contracts/GrantOffice.sol";
import {IGrantOffice} from "../../contracts/interfaces/IGrantOffice.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {ClausesCodec} from "../../contracts/libraries/ClausesCodec.sol";
import {Approval, Path} from "../../contracts/types/Approval.sol";
import {Clause} from "../../contracts/types/Clauses.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {GrantOrigin} from "../../contracts/types/GrantState.sol";
import {Usage} from "../../contracts/types/Usage.sol";
import {Use, Verdict} from "../../contracts/types/Verdict.sol";
import {
    Action,
    DerivedRights,
    Environment,
    Form,
    Obligation,
    Purpose,
    Reason,
    Rights,
    Template
} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice How far clauses may go, to the last value that is taken and the first that is not.
contract GrantBoundsTest is AgreementFixture {
    using Drafts for Draft;

    /* CLAUSES BY THEMSELVES */

    /// @notice All there is of actions, purposes and obligations is no fault: what is refused is what is unknown.
    function testFuzz_FullMasksAreKnown(uint8 derived) external {
        Draft memory d = _draft();
        (d.actions, d.purposes, d.obligations) = (Action.ALL, Purpose.ALL, Obligation.ALL);
        _issue(d);
        d.derivedRights = uint8(bound(derived, uint8(type(DerivedRights).max) + 1, 255));
        _expectInvalid(Clause.DERIVED_RIGHTS, d.derivedRights);
        _issue(d);
    }

    /// @notice Two sides agree on no right at all where one is entrusted by the other, and nowhere else.
    function testFuzz_EntrustedWithoutRights(uint8 template) external {
        Draft memory d = _agreed();
        d.rights = 0;
        d.template = uint8(bound(template, 0, uint8(Template.INTERMEDIARY)));
        bool entrusted = d.template == uint8(Template.ENTRUSTMENT);
        if (!entrusted) _expectInvalid(Clause.RIGHTS, 0);
        this.agreeAsSigned(d);
        if (entrusted) vm.assertTrue(grants.stateOf(d.idOf(address(grants))).origin == GrantOrigin.SIGNED);
        (d.rights, d.salt) = (Rights.USE, d.salt + 1);
        _agree(d);
    }

    /// @notice A territory that does not ascend is named by its place in the packed form, wherever it stands.
    function testFuzz_NamesTheTerritoryOutOfOrder(uint8 place) external {
        place = place % 16;
        Draft memory d = _draft();
        d.territory = new uint32[](16);
        for (uint32 i = 0; i < 16; ++i) {
            d.territory[i] = i + 1;
        }
        d.territory[place] = place;
        bytes memory packed = d.pack();
        uint256 offset = packed.length - 4 * (16 - uint256(place));
        vm.expectRevert(abi.encodeWithSelector(ClausesCodec.ClausesMalformed.selector, packed.length, offset));
        vm.prank(HOLDER);
        grants.issue(packed);
    }

    /// @notice A country, a province, a city and a district each cover their last code, and not the next.
    function testFuzz_TerritoriesEnd(uint8 country, uint8 province, uint8 city, uint8 district) external {
        Draft memory d = _draft();
        uint32 code = (1 + uint32(country)) * 1_000_000;
        _assertEnds(d, code, 1_000_000);
        code += (1 + uint32(province) % 99) * 10_000;
        _assertEnds(d, code, 10_000);
        code += (1 + uint32(city) % 99) * 100;
        _assertEnds(d, code, 100);
        _assertEnds(d, code + 1 + uint32(district) % 99, 1);
    }

    /* CLAUSES UNDER OTHERS */

    /// @notice A mode is passed on as it is; where the parent has none, it leaves it open.
    function testFuzz_ModesStay(uint8 above, uint8 below) external {
        Draft memory top = _top();
        top.mode = above % 4;
        Draft memory d = _below(_copy(top), 1);
        d.mode = below % 4;
        bool wider = top.mode != 0 && top.mode != d.mode;
        _requireNarrower(top, d, wider, Clause.MODE, top.mode, d.mode);
    }

    /// @notice Under an open end any end may stand; under an end only that one or an earlier one.
    function testFuzz_EndsUnderEnds(uint40 above, uint40 below) external {
        Draft memory top = _top();
        Draft memory d = _below(_copy(top), 1);
        (top.validUntil, d.validUntil) = (above % 4, below % 4);
        bool wider = top.validUntil != 0 && (d.validUntil == 0 || d.validUntil > top.validUntil);
        _requireNarrower(top, d, wider, Clause.VALID_UNTIL, top.validUntil, d.validUntil);
        (top.validUntil, d.validUntil) = (0, below);
        _requireNarrower(top, d, false, Clause.VALID_UNTIL, 0, 0);
    }

    /// @notice A sub-grant that one side issues says what may be done and what for, as every grant does.
    function testFuzz_SubGrantsSaySomething(bool actions, bool purposes) external {
        Draft[] memory drafts = _under();
        Draft memory d = drafts[1];
        if (!actions) d.actions = 0;
        if (!purposes) d.purposes = 0;
        Path memory path = _path(drafts, 1);
        bytes memory packed = d.pack();
        if (!actions) _expectInvalid(Clause.ACTIONS, 0);
        else if (!purposes) _expectInvalid(Clause.PURPOSES, 0);
        vm.prank(accounts[1]);
        grants.issueUnder(path, packed, _none());
    }

    /// @notice Two sides agree on a sub-grant in the form of two sides alone, and within the lapse of its offer.
    function testFuzz_AgreesUnderInItsForm(uint8 form) external {
        Draft[] memory drafts = _under();
        Draft memory d = drafts[1];
        d.form = form % 3;
        d.offerUntil = GENESIS + 1 days;
        if (d.form != uint8(Form.TWO_SIDED)) _expectInvalid(Clause.FORM, d.form);
        this.agreeUnderAsSigned(drafts);
        (d.form, d.offerUntil, d.salt) = (uint8(Form.TWO_SIDED), 0, d.salt + 1);
        _expectInvalid(Clause.OFFER_UNTIL, 0);
        this.agreeUnderAsSigned(drafts);
        d.offerUntil = GENESIS - 1;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OfferLapsed.selector, d.offerUntil, GENESIS));
        this.agreeUnderAsSigned(drafts);
    }

    /* USES */

    /// @notice A use is recorded where the grant names its environment, and refused where it declares another or none.
    function testFuzz_UsesDeclareTheirEnvironment(uint8 granted, uint8 declared) external {
        Draft memory d = _draft();
        d.environment = uint8(bound(granted, 1, Environment.ALL));
        GrantId grant = _issue(d);
        declared = declared % 32;
        bool covered = declared != 0 && declared & ~d.environment == 0;
        Usage usage = Usage.wrap(Usage.unwrap(_usage(3)) | uint256(declared) << 160);
        bytes memory packed = d.pack();
        if (!covered) {
            vm.expectRevert(
                abi.encodeWithSelector(IGrantRegistry.UsageRefused.selector, grant, Verdict.ENVIRONMENT_NOT_GRANTED)
            );
        }
        vm.prank(BUYER);
        grants.record(new bytes32[](0), packed, usage);
        vm.assertEq(grants.stateOf(grant).remaining, covered ? d.quotaTotal - 3 : d.quotaTotal);
    }

    /// @notice A use that names no version is of the latest, which a grant of one version covers while it is that one.
    function test_UsesOfTheLatestVersion() external {
        Draft memory d = _draft();
        d.version = 1;
        _issue(d);
        _assertVersion(d, 0, Verdict.OK);
        vm.prank(HOLDER);
        products.update(product, 1, "root", 0);
        _assertVersion(d, 0, Verdict.VERSION_NOT_GRANTED);
        _assertVersion(d, 1, Verdict.OK);
        (d.version, d.salt) = (2, d.salt + 1);
        _issue(d);
        _assertVersion(d, 0, Verdict.OK);
        _assertVersion(d, 1, Verdict.VERSION_NOT_GRANTED);
    }

    /* THE OFFICE */

    /// @notice Nothing that changes grants is done by the office where its own code lies.
    function test_TheOfficeWritesNothingOfItsOwn() external {
        GrantOffice office = GrantOffice(directory.addressOf("GrantOffice"));
        bytes memory refusal = abi.encodeWithSelector(IGrantOffice.RegistryOnly.selector, address(office));
        GrantId grant = GrantId.wrap("grant");
        vm.expectRevert(refusal);
        office.agreeJointly(new bytes[](0), new Approval[](0));
        vm.expectRevert(refusal);
        office.voidOffer(grant, "");
        vm.expectRevert(refusal);
        office.suspend(grant, Reason.RISK, 0);
        vm.expectRevert(refusal);
        office.resume(grant, 0);
        vm.expectRevert(refusal);
        office.endByConsent(grant, 0, 0, _none());
    }

    /* AIDS */

    function agreeAsSigned(Draft memory d) external {
        _agree(d);
    }

    /// @dev The second draft, under the first, by its own sides.
    function agreeUnderAsSigned(Draft[] memory drafts) external {
        GrantId grant = drafts[1].idUnder(address(grants), drafts[0].idOf(address(grants)));
        grants.agreeUnder(_path(drafts, 1), drafts[1].pack(), _signed(1, grant), _signed(2, grant), _none());
    }

    /// @dev The top grant, issued, and a draft of what its grantee may pass on.
    function _under() private returns (Draft[] memory drafts) {
        drafts = new Draft[](2);
        drafts[0] = _top();
        drafts[1] = _below(_copy(drafts[0]), 1);
        vm.prank(accounts[0]);
        grants.issue(drafts[0].pack());
    }

    /// @dev Issues the draft for this territory alone, and asks about the ends of it.
    function _assertEnds(Draft memory d, uint32 listed, uint32 span) private {
        d.territory[0] = listed;
        _issue(d);
        Use memory use = _use();
        use.territory = listed + span - 1;
        vm.assertTrue(grants.check(d.pack(), use) == Verdict.OK);
        use.territory = listed + span;
        vm.assertTrue(grants.check(d.pack(), use) == Verdict.TERRITORY_NOT_GRANTED);
    }

    function _assertVersion(Draft memory d, uint16 version, Verdict expected) private view {
        Use memory use = _use();
        use.version = version;
        vm.assertEq(uint256(grants.check(d.pack(), use)), uint256(expected));
    }

    function _requireNarrower(
        Draft memory top,
        Draft memory child,
        bool wider,
        Clause clause,
        uint256 above,
        uint256 below
    ) private {
        bytes memory one = top.pack();
        bytes memory two = child.pack();
        if (wider) vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseWider.selector, clause, above, below));
        grantJudge.requireNarrower(one, two);
    }

    function _expectInvalid(Clause clause, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, clause, value));
    }
}
// forge-lint: disable-end(unsafe-typecast)
