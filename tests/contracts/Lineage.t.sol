// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {DerivedRegistration, ILineage} from "../../contracts/interfaces/ILineage.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Basis, Derivation, Source} from "../../contracts/types/Derivation.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ParticularFlags, Particulars, ProductState} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Action, Activity, AnnotationKind, Purpose, Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {LineageFixture} from "./LineageFixture.sol";
import {RecordedLog, bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What may be made of what, and what is kept of it.
contract LineageTest is LineageFixture {
    using Drafts for Draft;

    uint32 private constant GRANTED = Purpose.RESEARCH | Purpose.AGRICULTURE;

    /* WHAT IS KEPT */

    /// @notice A derived product is registered like any other, and what it was made of is told and kept as a digest.
    function testFuzz_KeepsWhatWasMadeOfWhat(uint8 activity, bytes32 method, uint8 agents, uint40 later) external {
        vm.warp(GENESIS + bound(later, 0, 300 days));
        Draft memory d = _deriving();
        GrantId grant = _issue(d);
        Derivation memory made = _of(_granted(d), Purpose.RESEARCH);
        made.activity = Activity(activity % (uint8(type(Activity).max) + 1));
        made.method = method;
        made.agents = new PartyId[](agents % 12);
        for (uint256 i = 0; i < made.agents.length; ++i) {
            made.agents[i] = members[i % members.length];
        }
        ProductId id = _expectDerived(buyer, made, _ids(grant));
        vm.assertTrue(_derive(BUYER, "made", made) == id);

        vm.assertEq(lineage.derivationDigest(id, 1), _digestOf(id, 1, buyer, made, _ids(grant)));
        vm.assertEq(lineage.derivationDigest(id, 2), 0);
        Product memory record = products.productRecord(id);
        vm.assertTrue(record.derived && record.applicant == buyer);
        vm.assertEq(record.purposes, Purpose.RESEARCH);
    }

    function _expectDerived(PartyId by, Derivation memory made, GrantId[] memory under) private returns (ProductId id) {
        Registration memory r = _derivedRegistration("made");
        id = products.idOf(by, r.contentRoot, r.metadataHash, r.particulars.salt());
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductRegistered(id, by, r.contentRoot, r.metadataHash, r.particulars);
        vm.expectEmit(address(lineage));
        emit ILineage.ProductDerived(
            id, by, 1, made.activity, made.purposes, made.method, made.agents, _sourcesOf(made, under)
        );
        vm.expectEmit(address(lineage));
        emit ILineage.SourceUsed(made.sources[0].product, id, made.sources[0].version, 1, under[0]);
    }

    /// @notice Digests lie where the interface says.
    function test_DigestsLieInSlotZero() external {
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), 0));
        bytes32 versions = keccak256(abi.encode(ProductId.unwrap(made), uint256(0)));
        bytes32 stored = vm.load(address(lineage), keccak256(abi.encode(uint256(1), versions)));
        vm.assertEq(stored, lineage.derivationDigest(made, 1));
        vm.assertTrue(stored != 0);
    }

    /// @notice What was not derived has no digest, and no limit.
    function test_OthersAreNotDerived() external view {
        Product memory record = products.productRecord(product);
        vm.assertFalse(record.derived);
        vm.assertEq(record.purposes, 0);
        vm.assertEq(lineage.derivationDigest(product, 1), 0);
    }

    /// @notice Up to sixteen sources go in, each with an event of its own; none or more are refused.
    function testFuzz_CountsSources(uint8 given) external {
        uint256 count = given % 19;
        Derivation memory made = _of(_ownSources(count), 0);
        if (count == 0 || count > 16) {
            vm.expectRevert(abi.encodeWithSelector(ILineage.SourcesOutOfRange.selector, count, 16));
            _derive(HOLDER, "made", made);
            return;
        }
        vm.recordLogs();
        ProductId id = _derive(HOLDER, "made", made);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, count + 2);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(logs[i + 2].topics[0], ILineage.SourceUsed.selector);
            vm.assertEq(logs[i + 2].topics[1], bytes32(ProductId.unwrap(made.sources[i].product)));
            vm.assertEq(logs[i + 2].topics[2], bytes32(ProductId.unwrap(id)));
            vm.assertEq(logs[i + 2].data, abi.encode(1, 1, 0));
        }
        vm.assertEq(lineage.derivationDigest(id, 1), _digestOf(id, 1, holder, made, new GrantId[](count)));
    }

    /// @notice Sources come in ascending order of product and version, so that none is named twice.
    function testFuzz_RefusesDisorder(uint8 count, uint8 left, uint8 right) external {
        Basis[] memory sources = _ownSources(2 + count % 6);
        (uint256 i, uint256 j) = (left % sources.length, right % sources.length);
        if (i == j) {
            j = (i + 1) % sources.length;
            sources[j] = sources[i];
        } else {
            (sources[i], sources[j]) = (sources[j], sources[i]);
        }
        uint256 index;
        while (_place(sources[index + 1]) > _place(sources[index])) {
            ++index;
        }
        vm.expectRevert(abi.encodeWithSelector(ILineage.SourcesUnordered.selector, index + 1));
        _derive(HOLDER, "made", _of(sources, 0));
    }

    /// @notice Two versions of one product may both go in, the earlier first.
    function test_TakesTwoVersionsOfOneProduct() external {
        vm.prank(HOLDER);
        products.update(product, 1, "root", "metadata");
        Basis[] memory sources = new Basis[](2);
        (sources[0], sources[1]) = (_own(product, 2), _own(product, 1));
        vm.expectRevert(abi.encodeWithSelector(ILineage.SourcesUnordered.selector, 1));
        _derive(HOLDER, "made", _of(sources, 0));
        (sources[0], sources[1]) = (sources[1], sources[0]);
        _derive(HOLDER, "made", _of(sources, 0));
    }

    /// @notice Those who carried it out are parties, sixteen at most.
    function test_AgentsAreParties() external {
        Derivation memory made = _of(_own(product, 1), 0);
        made.agents = new PartyId[](17);
        vm.expectRevert(abi.encodeWithSelector(ILineage.AgentsTooMany.selector, 17, 16));
        _derive(HOLDER, "made", made);
        made.agents = new PartyId[](2);
        (made.agents[0], made.agents[1]) = (buyer, PartyId.wrap(77));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, made.agents[1]));
        _derive(HOLDER, "made", made);
    }

    /* VERSIONS */

    /// @notice A source is a version that exists.
    function testFuzz_SourcesExist(uint16 version) external {
        vm.prank(HOLDER);
        products.update(product, 1, "root", "metadata");
        if (version == 0 || version > 2) {
            vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.VersionUnknown.selector, product, version, 2));
        }
        _derive(HOLDER, "made", _of(_own(product, version), 0));
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.OriginUnfit.selector, bytes20("nothing"), ProductState.NONE)
        );
        _derive(HOLDER, "other", _of(_own(ProductId.wrap("nothing"), version), 0));
    }

    /// @notice A grant of one version is none of another; a grant of all is one of each.
    function testFuzz_GrantsCoverVersions(bool all, bool second) external {
        vm.prank(HOLDER);
        products.update(product, 1, "root", "metadata");
        Draft memory d = _deriving();
        if (!all) d.version = 1;
        _issue(d);
        Basis memory basis = _granted(d);
        if (second) basis.version = 2;
        if (!all && second) _expectNotGranted(product, product, Verdict.VERSION_NOT_GRANTED);
        _derive(BUYER, "made", _of(basis, Purpose.RESEARCH));
    }

    /* PURPOSES */

    /// @notice What is declared lies within what every grant allows; nothing declared would be without limit.
    function testFuzz_PurposesStayWithinGrants(uint32 first, uint32 second, uint32 declared) external {
        first = uint32(bound(first, 1, Purpose.ALL));
        second = uint32(bound(second, 1, Purpose.ALL));
        declared = declared % 3 == 0 ? first & second : uint32(bound(declared, 0, Purpose.ALL));
        Draft memory one = _issuedFor("one", first);
        Draft memory two = _issuedFor("two", second);
        Derivation memory made = _of(_granted(one), _granted(two), declared);
        Draft memory named = made.sources[0].product == one.product ? one : two;
        if (declared != 0 && declared & ~named.purposes == 0) {
            named = named.product == one.product ? two : one;
        }
        if (declared == 0 || declared & ~named.purposes != 0) {
            vm.expectRevert(
                abi.encodeWithSelector(ILineage.PurposesBeyondSources.selector, named.product, named.purposes, declared)
            );
        }
        _derive(BUYER, "made", made);
    }

    /// @notice What is made of a limited product, though one's own, is limited no less.
    function testFuzz_LimitsAreInherited(uint32 declared) external {
        declared = uint32(bound(declared, 0, Purpose.ALL));
        Draft memory d = _deriving();
        _issue(d);
        ProductId first = _derive(BUYER, "first", _of(_granted(d), Purpose.AGRICULTURE));
        if (declared != Purpose.AGRICULTURE) {
            vm.expectRevert(
                abi.encodeWithSelector(ILineage.PurposesBeyondSources.selector, first, Purpose.AGRICULTURE, declared)
            );
        }
        _derive(BUYER, "second", _of(_own(first, 1), declared));
    }

    /// @notice Where no source is limited, the product may be limited or not.
    function testFuzz_OwnSourcesLimitNothing(uint32 declared) external {
        if (declared > Purpose.ALL) {
            vm.expectRevert(abi.encodeWithSelector(ILineage.PurposesUnknown.selector, declared));
            _derive(HOLDER, "made", _of(_own(product, 1), declared));
            return;
        }
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), declared));
        vm.assertEq(products.productRecord(made).purposes, declared);
    }

    /// @notice A product is granted for no more than it may be used for, whichever way the grant comes about.
    function testFuzz_GrantsStayWithinTheProduct(uint32 limit, uint32 wanted) external {
        limit = uint32(bound(limit, 1, Purpose.ALL));
        wanted = uint32(bound(wanted, 1, Purpose.ALL));
        Draft memory d = _draft();
        d.product = _derive(HOLDER, "made", _of(_own(product, 1), limit));
        d.purposes = wanted;
        bytes memory packed = d.pack();
        bytes memory refusal =
            abi.encodeWithSelector(IGrantRegistry.PurposesBeyondProduct.selector, d.product, limit, wanted);
        vm.prank(HOLDER);
        if (wanted & ~limit != 0) vm.expectRevert(refusal);
        grants.issue(packed);

        d = _agreed();
        d.product = _derive(accounts[0], "agreed upon", _of(_own(agreed, 1), limit));
        d.purposes = wanted;
        _agreeOrRefuse(d, limit);
    }

    function _agreeOrRefuse(Draft memory d, uint32 limit) private {
        GrantId id = d.idOf(address(grants));
        bytes memory packed = d.pack();
        (Approval memory grantor, Approval memory grantee) = (_signed(0, id), _signed(1, id));
        if (d.purposes & ~limit != 0) {
            vm.expectRevert(
                abi.encodeWithSelector(IGrantRegistry.PurposesBeyondProduct.selector, d.product, limit, d.purposes)
            );
        }
        grants.agree(packed, grantor, grantee);
    }

    /* RIGHTS IN SOURCES */

    /// @notice Without a grant one needs USE, whoever registered the source.
    function testFuzz_OwnSourcesNeedUse(uint8 rights) external {
        rights = uint8(bound(rights, 1, Rights.ALL));
        vm.prank(HOLDER);
        products.transfer(product, buyer, rights);
        bool moved = rights & Rights.USE != 0;
        (address user, address poor) = moved ? (BUYER, HOLDER) : (HOLDER, BUYER);
        PartyId party = moved ? holder : buyer;
        uint8 held = products.rightsOf(product, party);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, party, held, Rights.USE)
        );
        _derive(poor, "refused", _of(_own(product, 1), 0));
        _derive(user, "made", _of(_own(product, 1), 0));
    }

    /// @notice What is seized or controlled is made into nothing, by its holder or under a grant; a dispute hinders none.
    function testFuzz_FrozenSourcesAreRefused(uint8 kind, bool own) external {
        AnnotationKind sort = AnnotationKind(kind % 4);
        Draft memory d = _deriving();
        _issue(d);
        _administer(
            address(parties), abi.encodeCall(parties.setRoles, (founding, Role.REGISTRAR | Role.REGULATOR | Role.COURT))
        );
        products.annotate(product, sort, Reason.DISPUTE, "evidence");
        bool frozen = sort == AnnotationKind.SEIZURE || sort == AnnotationKind.CONTROL;
        if (frozen && own) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IProductRegistry.ProductEncumbered.selector,
                    product,
                    sort == AnnotationKind.SEIZURE ? 1 : 0,
                    sort == AnnotationKind.CONTROL ? 1 : 0,
                    0
                )
            );
        } else if (frozen) {
            Verdict verdict = sort == AnnotationKind.SEIZURE ? Verdict.PRODUCT_SEIZED : Verdict.PRODUCT_CONTROLLED;
            _expectNotGranted(product, product, verdict);
        }
        if (own) _derive(HOLDER, "made", _of(_own(product, 1), 0));
        else _derive(BUYER, "made", _of(_granted(d), Purpose.RESEARCH));
    }

    /// @notice A source that was retired is none, own or granted.
    function test_RetiredSourcesAreRefused() external {
        Draft memory d = _deriving();
        _issue(d);
        vm.prank(HOLDER);
        products.retire(product);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistrationDesk.OriginUnfit.selector, product, ProductState.RETIRED);
        vm.expectRevert(refusal);
        _derive(HOLDER, "made", _of(_own(product, 1), 0));
        vm.expectRevert(refusal);
        _derive(BUYER, "made", _of(_granted(d), Purpose.RESEARCH));
    }

    /// @notice Whoever operates public data makes no further product of the operated one; another may, by grant.
    function test_RefusesRedevelopment() external {
        Registration memory registration = _registration("operated");
        uint256 word = Particulars.unwrap(registration.particulars);
        registration.particulars = Particulars.wrap(word | uint256(ParticularFlags.OPERATED) << 84);
        Draft memory d = _deriving();
        d.product = _registerBy(HOLDER, registration);
        _issue(d);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RedevelopmentForbidden.selector, d.product));
        _derive(HOLDER, "made", _of(_own(d.product, 1), 0));
        _derive(BUYER, "made", _of(_granted(d), Purpose.RESEARCH));
    }

    /* GRANTS */

    /// @notice The grant shown must be of the source, to the party, with the action.
    function test_GrantsMustFit() external {
        Draft memory d = _draft();
        d.salt = 9;
        _issue(d);
        Basis memory barren = _granted(d);
        _expectNotGranted(product, product, Verdict.ACTION_NOT_GRANTED);
        _derive(BUYER, "made", _of(barren, Purpose.RESEARCH));
        d = _deriving();
        _issue(d);
        Basis memory basis = _granted(d);
        _expectNotGranted(product, product, Verdict.USER_NOT_GRANTEE);
        _derive(OTHER, "made", _of(basis, Purpose.RESEARCH));
        basis.product = _register("elsewhere");
        _expectNotGranted(basis.product, product, Verdict.OK);
        _derive(BUYER, "made", _of(basis, Purpose.RESEARCH));
        d.salt = 1000;
        _expectNotGranted(product, product, Verdict.GRANT_UNKNOWN);
        _derive(BUYER, "made", _of(_granted(d), Purpose.RESEARCH));
    }

    /// @notice A grant carries only from its start to its end, and not while it, or its grantor, is suspended.
    function testFuzz_GrantsMustLive(uint40 from, uint40 until, uint40 time) external {
        Draft memory d = _deriving();
        d.validFrom = GENESIS + uint40(bound(from, 0, 100 days));
        d.validUntil = d.validFrom + uint40(bound(until, 1, 200 days));
        _issue(d);
        vm.warp(GENESIS + bound(time, 0, 400 days));
        if (block.timestamp >= d.validUntil) _expectNotGranted(product, product, Verdict.GRANT_ENDED);
        else if (block.timestamp < d.validFrom) _expectNotGranted(product, product, Verdict.NOT_STARTED);
        _derive(BUYER, "made", _of(_granted(d), Purpose.RESEARCH));
    }

    /// @notice A suspended grant, or grantor, or a revoked grant carries nothing; what was made before stays.
    function test_EndedGrantsCarryNothing() external {
        Draft memory d = _deriving();
        GrantId grant = _issue(d);
        Derivation memory made = _of(_granted(d), Purpose.RESEARCH);
        ProductId before = _derive(BUYER, "before", made);
        bytes32 digest = lineage.derivationDigest(before, 1);
        parties.suspend(holder, Reason.RISK, "evidence");
        _expectNotGranted(product, product, Verdict.GRANTOR_SUSPENDED);
        _derive(BUYER, "made", made);
        parties.resume(holder, 0);
        vm.prank(HOLDER);
        grants.suspend(grant, Reason.RISK, "evidence");
        _expectNotGranted(product, product, Verdict.GRANT_SUSPENDED);
        _derive(BUYER, "made", made);
        vm.prank(HOLDER);
        grants.resume(grant, 0);
        _derive(BUYER, "between", made);
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
        _expectNotGranted(product, product, Verdict.GRANT_REVOKED);
        _derive(BUYER, "made", made);
        vm.assertEq(lineage.derivationDigest(before, 1), digest);
        vm.assertTrue(products.productRecord(before).state == ProductState.REGISTERED);
    }

    /// @notice A sub-grant carries as long as all above it stands, at whatever depth.
    function testFuzz_SubGrantsCarry(uint8 depth, uint8 cut) external {
        uint256 level = bound(depth, 1, 6);
        Draft[] memory drafts = new Draft[](level + 1);
        GrantId[] memory ids = new GrantId[](level + 1);
        drafts[0] = _top();
        drafts[0].actions |= Action.DERIVE;
        vm.prank(accounts[0]);
        ids[0] = grants.issue(drafts[0].pack());
        for (uint256 i = 1; i <= level; ++i) {
            drafts[i] = _below(_copy(drafts[i - 1]), i);
            ids[i] = _issueUnder(drafts, i);
        }
        Basis memory basis = _granted(drafts[level]);
        basis.above = _above(drafts, level);
        ProductId made = _derive(accounts[level + 1], "made", _of(basis, Purpose.RESEARCH));
        bytes32 digest = _digestOf(made, 1, members[level + 1], _of(basis, Purpose.RESEARCH), _ids(ids[level]));
        vm.assertEq(lineage.derivationDigest(made, 1), digest);

        uint256 revoked = cut % (level + 1);
        vm.prank(accounts[revoked]);
        grants.revoke(ids[revoked], Reason.BREACH);
        Verdict verdict = revoked == level ? Verdict.GRANT_REVOKED : Verdict.ANCESTOR_REVOKED;
        _expectNotGranted(agreed, agreed, verdict);
        _derive(accounts[level + 1], "later", _of(basis, Purpose.RESEARCH));
    }

    /* ASKING */

    /// @notice Who asks gets the sources as they would be kept, or the refusal.
    function test_JudgesWithoutDoing() external {
        Draft memory d = _deriving();
        GrantId grant = _issue(d);
        Derivation memory made = _of(_granted(d), Purpose.RESEARCH);
        Source[] memory sources = lineage.judge(buyer, made);
        vm.assertEq(abi.encode(sources), abi.encode(_sourcesOf(made, _ids(grant))));
        _expectNotGranted(product, product, Verdict.USER_NOT_GRANTEE);
        lineage.judge(other, made);
        made.purposes = Purpose.MARKETING;
        vm.expectRevert(
            abi.encodeWithSelector(ILineage.PurposesBeyondSources.selector, product, GRANTED, Purpose.MARKETING)
        );
        lineage.judge(buyer, made);
    }

    /* SEVERAL AT ONCE */

    /// @notice Of several registered together one may be made of another before it; where one fails, none is.
    function testFuzz_RegistersSeveral(uint8 count, uint8 bad) external {
        uint256 length = 1 + count % 8;
        DerivedRegistration[] memory items = new DerivedRegistration[](length);
        ProductId last = product;
        for (uint256 i = 0; i < length; ++i) {
            Registration memory one = _derivedRegistration(keccak256(abi.encode(i)));
            items[i] = DerivedRegistration({registration: one, derivation: _of(_own(last, 1), 0)});
            last = products.idOf(holder, one.contentRoot, one.metadataHash, one.particulars.salt());
        }
        uint256 snapshot = vm.snapshotState();
        items[bad % length].derivation.sources[0].version = 2;
        ProductId refused = items[bad % length].derivation.sources[0].product;
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.VersionUnknown.selector, refused, 2, 1));
        lineage.registerBatch(items);
        vm.assertTrue(products.headOf(last).isNone());
        vm.revertToState(snapshot);
        items[bad % length].derivation.sources[0].version = 1;
        vm.prank(HOLDER);
        lineage.registerBatch(items);
        vm.assertTrue(lineage.derivationDigest(last, 1) != 0);
        vm.assertTrue(products.productRecord(last).derived);
    }

    function _expectNotGranted(ProductId source, ProductId granted, Verdict verdict) private {
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginNotGranted.selector, source, granted, verdict));
    }
}
// forge-lint: disable-end(unsafe-typecast)
