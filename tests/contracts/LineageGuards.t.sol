// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {ILineage} from "../../contracts/interfaces/ILineage.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Origin} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Derivation} from "../../contracts/types/Derivation.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope, Standing} from "../../contracts/types/Key.sol";
import {ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Purpose, Reason, Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {LineageFixture} from "./LineageFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Who may derive, update and declare, and what someone dishonest would try.
contract LineageGuardsTest is LineageFixture, DeskFixture {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    function setUp() public override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /* WHO MAY CALL */

    /// @notice Nobody but the registry of derivations makes, extends or limits a derived product.
    function testFuzz_EntriesAreOpenToLineageAlone(address caller) external {
        vm.assume(caller != address(lineage));
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.LineageOnly.selector, caller);
        Registration memory registration = _derivedRegistration("made");
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        products.derive(holder, registration, 0);
        vm.expectRevert(refusal);
        products.extend(product, holder, 1, "root", "metadata");
        vm.expectRevert(refusal);
        products.confine(product, 1);
        vm.stopPrank();
    }

    /// @notice The desk itself has no way in there, nor the registry of derivations one into the desk's entries.
    function test_DeskAndLineageAreApart() external {
        vm.prank(desk);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.LineageOnly.selector, desk));
        products.confine(product, 1);
        vm.prank(address(lineage));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.DeskOnly.selector, address(lineage)));
        products.advance(product, holder, "root", "metadata");
    }

    /// @notice Only a key that may register for an active party derives, and not while writes are paused.
    function test_WritersAlone() external {
        Derivation memory made = _of(_own(product, 1), 0);
        address stranger = address(0x57a9);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger));
        _derive(stranger, "made", made);
        address agent = _agent(Scope.GRANT);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, Scope.GRANT, Scope.REGISTER)
        );
        _derive(agent, "made", made);
        vm.prank(agent);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, Scope.GRANT, Scope.REGISTER)
        );
        lineage.update(product, 1, "root", "metadata", made);
        vm.prank(agent);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, Scope.GRANT, Scope.REGISTER)
        );
        lineage.declare(product, made);
        parties.suspend(holder, Reason.RISK, "evidence");
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED));
        _derive(HOLDER, "made", made);
        parties.resume(holder, 0);
        uint40 until = uint40(block.timestamp) + authority.SHORTEST_DELAY() + 1 days;
        _administer(address(parties), abi.encodeCall(parties.pauseWrites, (until)));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until));
        _derive(HOLDER, "made", made);
    }

    /// @notice An agent that may register derives in its party's name.
    function test_AgentsDerive() external {
        ProductId made = _derive(_agent(Scope.REGISTER), "made", _of(_own(product, 1), 0));
        vm.assertTrue(products.productRecord(made).applicant == holder);
    }

    function _agent(uint16 scopes) private returns (address agent) {
        uint256 secret = 0xa9e27;
        agent = vm.addr(secret);
        uint40 until = uint40(block.timestamp + 30 days);
        bytes memory consent =
            KeyConsents.agent(holder, agent, scopes, until, type(uint40).max).sign(secret, address(parties));
        vm.prank(HOLDER);
        parties.appointAgent(agent, scopes, until, type(uint40).max, consent);
    }

    /* PLAIN REGISTRATION */

    /// @notice Derived data does not register without its sources, alone or among others.
    function testFuzz_DerivedDataNamesItsSources(bytes32 seed) external {
        Registration memory r = _derivedRegistration(keccak256(abi.encode(seed)));
        ProductId id = products.idOf(holder, r.contentRoot, r.metadataHash, r.particulars.salt());
        bytes memory refusal = abi.encodeWithSelector(IProductRegistry.DerivationMissing.selector, id, 1);
        vm.prank(HOLDER);
        vm.expectRevert(refusal);
        products.register(r);
        Registration[] memory batch = new Registration[](2);
        (batch[0], batch[1]) = (_registration("plain"), r);
        vm.prank(HOLDER);
        vm.expectRevert(refusal);
        products.registerBatch(batch);
        vm.assertEq(products.claimCount(r.contentRoot), 0);
    }

    /// @notice Data of any source may name what it was made of, and is derived from then on.
    function test_OthersMayNameTheirSources() external {
        Registration memory registration = _registration("made");
        vm.prank(HOLDER);
        ProductId made = lineage.register(registration, _of(_own(product, 1), 0));
        vm.assertTrue(products.productRecord(made).derived);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.DerivationMissing.selector, made, 2));
        products.update(made, 1, "root", "metadata");
    }

    /// @notice The same product is not registered twice, whichever way came first.
    function test_RefusesWhatIsRegistered() external {
        Derivation memory made = _of(_own(product, 1), 0);
        ProductId id = _derive(HOLDER, "made", made);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, id));
        _derive(HOLDER, "made", made);
        Registration memory plain = _registration("granted");
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, product));
        lineage.register(plain, made);
    }

    /* LATER VERSIONS */

    /// @notice A later version names its sources too, an earlier version of its own among them.
    function test_UpdatesNameTheirSources() external {
        Derivation memory made = _of(_own(product, 1), 0);
        ProductId id = _derive(HOLDER, "made", made);
        Derivation memory next = _of(_own(product, 1), _own(id, 1), 0);
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductUpdated(id, holder, 2, "root", "metadata");
        vm.expectEmit(address(lineage));
        emit ILineage.ProductDerived(
            id, holder, 2, next.activity, 0, next.method, next.agents, _sourcesOf(next, new GrantId[](2))
        );
        vm.prank(HOLDER);
        vm.assertEq(lineage.update(id, 1, "root", "metadata", next), 2);
        vm.assertEq(lineage.derivationDigest(id, 2), _digestOf(id, 2, holder, next, new GrantId[](2)));
        vm.assertEq(lineage.derivationDigest(id, 1), _digestOf(id, 1, holder, made, new GrantId[](1)));
    }

    /// @notice A version is never made of itself, nor of one to come.
    function testFuzz_NeverOfItself(uint16 version) external {
        version = uint16(bound(version, 2, type(uint16).max));
        Derivation memory made = _of(_own(product, version), 0);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.VersionUnknown.selector, product, version, 1));
        lineage.update(product, 1, "root", "metadata", made);
    }

    /// @notice What an update needs of the product is what a plain one needs.
    function test_UpdatesNeedTheProduct() external {
        ProductId source = _registerBy(BUYER, _registration("buyer's"));
        Derivation memory made = _of(_own(source, 1), 0);
        vm.startPrank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, buyer, 0, Rights.HOLD));
        lineage.update(product, 1, "root", "metadata", made);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.VersionStale.selector, source, 2, 1));
        lineage.update(source, 2, "root", "metadata", made);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ContentRootMissing.selector, bytes32("metadata")));
        lineage.update(source, 1, 0, "metadata", made);
        ProductId nothing = ProductId.wrap("nothing");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, nothing));
        lineage.update(nothing, 1, "root", "metadata", made);
        vm.stopPrank();
        ProductId pending = _submit("case", Profile.PROPERTY);
        Derivation memory own = _of(_own(product, 1), 0);
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProfileNeedsCase.selector, pending, Profile.PROPERTY));
        lineage.update(pending, 1, "root", "metadata", own);
        ProductId retired = products.register(_registration("retired"));
        products.retire(retired);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, retired, ProductState.RETIRED)
        );
        lineage.update(retired, 1, "root", "metadata", own);
        vm.stopPrank();
    }

    /// @notice A later version allows all that the product may be granted for, which stays as it is.
    function testFuzz_UpdatesNarrowNothing(uint32 first, uint32 second) external {
        (first, second) = (uint32(bound(first, 0, Purpose.ALL)), uint32(bound(second, 0, Purpose.ALL)));
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), first));
        bool narrower = second != 0 && (first == 0 || first & ~second != 0);
        Derivation memory next = _of(_own(product, 1), second);
        vm.prank(HOLDER);
        if (narrower) {
            vm.expectRevert(abi.encodeWithSelector(ILineage.PurposesNarrowed.selector, made, first, second));
        }
        lineage.update(made, 1, "root", "metadata", next);
        Product memory record = products.productRecord(made);
        vm.assertEq(record.purposes, first);
        vm.assertEq(record.latest, narrower ? 1 : 2);
    }

    /// @notice Rights in a derived product move, and whoever holds it then may go on with it.
    function test_SuccessorsGoOn() external {
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), Purpose.RESEARCH));
        vm.prank(HOLDER);
        products.transfer(made, buyer, Rights.ALL);
        Derivation memory next = _of(_own(made, 1), Purpose.RESEARCH);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, made, holder, 0, Rights.USE));
        lineage.update(made, 1, "root", "metadata", next);
        vm.prank(BUYER);
        lineage.update(made, 1, "root", "metadata", next);
        Product memory record = products.productRecord(made);
        vm.assertTrue(record.derived && record.moved);
        vm.assertEq(record.purposes, Purpose.RESEARCH);
    }

    /* DECLARATIONS */

    /// @notice Derived data is not entered before it was declared of what; then it is, and limited so.
    function testFuzz_EntersOnlyWhatIsDeclared(bool public_, bool drafted, uint32 purposes) external {
        purposes = uint32(bound(purposes, 0, Purpose.ALL));
        Application memory application = _derivedApplication(public_ ? Profile.PUBLIC : Profile.PROPERTY);
        vm.prank(HOLDER);
        ProductId made = drafted ? cases.draft(application) : cases.submit(application);
        vm.assertTrue(products.productRecord(made).derived);
        Derivation memory what = _of(_own(product, 1), purposes);
        if (drafted) {
            vm.prank(HOLDER);
            lineage.declare(made, what);
            vm.prank(HOLDER);
            cases.submitDraft(made, EVIDENCE);
        }
        cases.accept(made, 0);
        cases.publicise(made, 0);
        vm.warp(_publicityEnd(application.profile, block.timestamp));
        uint40 until = _years(3);
        if (!drafted) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.DerivationMissing.selector, made, 1));
            cases.register(made, 0, _entry(until));
            vm.prank(HOLDER);
            lineage.declare(made, what);
            vm.assertEq(lineage.derivationDigest(made, 1), _digestOf(made, 1, holder, what, new GrantId[](1)));
        }
        cases.register(made, 0, _entry(until));
        Product memory record = products.productRecord(made);
        vm.assertTrue(record.state == ProductState.REGISTERED && record.derived);
        vm.assertEq(record.purposes, purposes);
        vm.assertTrue(lineage.derivationDigest(made, 1) != 0);
    }

    /// @notice A declaration is made once, by the applicant, before the decision.
    function test_DeclaresOnce() external {
        Application memory application = _derivedApplication(Profile.PROPERTY);
        ProductId made = _apply(application);
        Derivation memory what = _of(_own(product, 1), 0);
        vm.expectRevert(abi.encodeWithSelector(ILineage.ApplicantOnly.selector, made, buyer));
        _declare(BUYER, made, what);
        _declare(HOLDER, made, what);
        vm.expectRevert(abi.encodeWithSelector(ILineage.DerivationTaken.selector, made, 1));
        _declare(HOLDER, made, what);
        vm.prank(HOLDER);
        cases.withdraw(made, 0);
        vm.expectRevert(abi.encodeWithSelector(ILineage.DeclarationClosed.selector, made, ProductState.DECLINED));
        _declare(HOLDER, made, what);
        vm.expectRevert(abi.encodeWithSelector(ILineage.DeclarationClosed.selector, product, ProductState.REGISTERED));
        _declare(HOLDER, product, what);
        ProductId nothing = ProductId.wrap("nothing");
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, nothing));
        _declare(HOLDER, nothing, what);
    }

    /// @notice An applicant that keeps no right in the data, its holders being others, declares all the same.
    function test_ApplicantsOfOthersDeclare() external {
        Application memory application = _derivedApplication(Profile.PROPERTY);
        application.shares = new Share[](1);
        application.shares[0] = Share({party: buyer, rights: Rights.ALL});
        ProductId made = _apply(application);
        vm.expectRevert(abi.encodeWithSelector(ILineage.ApplicantOnly.selector, made, buyer));
        _declare(BUYER, made, _of(_own(product, 1), 0));
        _declare(HOLDER, made, _of(_own(product, 1), 0));
        vm.assertTrue(lineage.derivationDigest(made, 1) != 0);
    }

    /// @notice Sources are judged when they are declared, whatever the application said of its origins.
    function test_DeclarationsAreJudged() external {
        ProductId made = _apply(_derivedApplication(Profile.PROPERTY));
        ProductId foreign = _registerBy(BUYER, _registration("foreign"));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, foreign, holder, 0, Rights.USE));
        _declare(HOLDER, made, _of(_own(foreign, 1), 0));
    }

    /// @notice What is only applied for is no source, so that nothing comes to rest on itself.
    function test_ApplicationsAreNoSources() external {
        ProductId made = _apply(_derivedApplication(Profile.PROPERTY));
        bytes memory refusal = abi.encodeWithSignature("OriginUnfit(bytes20,uint8)", made, ProductState.PENDING);
        vm.expectRevert(refusal);
        _declare(HOLDER, made, _of(_own(made, 1), 0));
        vm.expectRevert(refusal);
        _derive(HOLDER, "made", _of(_own(made, 1), 0));
    }

    /// @notice Once the registration is decided nothing is declared any more.
    function test_DeclaresBeforeTheDecision() external {
        ProductId made = _apply(_derivedApplication(Profile.PROPERTY));
        _declare(HOLDER, made, _of(_own(product, 1), 0));
        cases.accept(made, 0);
        cases.waive(made, 0, "cause");
        cases.register(made, 0, _entry(_years(5)));
        vm.assertTrue(_stateOf(made) == ProductState.REGISTERED);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(ILineage.DeclarationClosed.selector, made, ProductState.REGISTERED));
        lineage.declare(made, _of(_own(product, 1), 0));
    }

    function _derivedApplication(Profile profile) private view returns (Application memory application) {
        application = _application("derived", profile);
        _sourced(application, Source.DERIVED, 0, Rights.ALL);
        application.origins = new Origin[](1);
        application.origins[0].product = product;
    }

    function _declare(address key, ProductId made, Derivation memory what) private {
        vm.prank(key);
        lineage.declare(made, what);
    }
}
// forge-lint: disable-end(unsafe-typecast)
