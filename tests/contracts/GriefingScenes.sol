// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DerivedRegistration} from "../../contracts/interfaces/ILineage.sol";
import {Registration, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {CaseKind} from "../../contracts/types/Flow.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Form, Purpose, Reason, Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {LineageFixture} from "./LineageFixture.sol";
import {vm} from "./Vm.sol";

/// @notice One call that somebody is about to make.
struct Scene {
    address by;
    address target;
    bytes data;
    /// How many claims on content it makes.
    uint256 claims;
}

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice For each function that changes something and is open to more than one address: all that must be before it,
/// and the call.
abstract contract GriefingScenes is LineageFixture, DeskFixture {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    uint256 private constant SECRET = 0x5ecae7;
    uint40 private constant LATER = GENESIS + 20_000 days;
    bytes32 internal constant CONTENT = keccak256("content that all want");

    /// @dev The product whose case or rights the scene is of, and the grants that others may pass on.
    ProductId internal subject;
    Draft internal passed;
    GrantId internal passedId;

    function setUp() public virtual override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /* PRODUCTS */

    uint256 internal constant PRODUCT_SCENES = 10;

    function _productScene(uint256 which) internal returns (Scene memory s) {
        (s.by, s.target) = (HOLDER, address(products));
        subject = product;
        if (which == 0) {
            (s.data, s.claims) = (abi.encodeCall(products.register, (_wanted(0))), 1);
        } else if (which == 1) {
            Registration[] memory batch = new Registration[](3);
            for (uint64 i = 0; i < 3; ++i) {
                batch[i] = _wanted(i);
            }
            (s.data, s.claims) = (abi.encodeCall(products.registerBatch, (batch)), 3);
        } else if (which == 2) {
            s.data = abi.encodeCall(products.registerListed, (_wanted(0), product, "https://data.example.cn/a"));
            s.claims = 1;
        } else if (which == 3) {
            (s.data, s.claims) = (abi.encodeCall(products.update, (product, 1, CONTENT, "metadata")), 1);
        } else if (which == 4) {
            s.data = abi.encodeCall(products.retire, (product));
        } else if (which == 5) {
            s.data = abi.encodeCall(products.transfer, (product, buyer, Rights.USE));
        } else if (which == 6) {
            s.data = abi.encodeCall(products.annotate, (product, AnnotationKind.LIMIT, Reason.RISK, EVIDENCE));
        } else if (which == 7) {
            vm.prank(HOLDER);
            products.annotate(product, AnnotationKind.LIMIT, Reason.RISK, EVIDENCE);
            s.data = abi.encodeCall(products.release, (product, 0, EVIDENCE));
        } else {
            s.target = address(anchors);
            bytes32 root = anchors.leafOf(holder, _wanted(0));
            s.data = abi.encodeCall(anchors.anchor, (root, 1));
            if (which == 8) return s;
            vm.prank(HOLDER);
            anchors.anchor(root, 1);
            (s.data, s.claims) = (abi.encodeCall(anchors.promote, (root, 0, _wanted(0), new bytes32[](0))), 1);
        }
    }

    function _wanted(uint64 salt) internal pure returns (Registration memory) {
        return
            Registration({contentRoot: CONTENT, metadataHash: "wanted", particulars: _particulars(salt, Rights.ALL, 0)});
    }

    /* DERIVATIONS */

    uint256 internal constant LINEAGE_SCENES = 4;

    function _lineageScene(uint256 which) internal returns (Scene memory s) {
        (s.by, s.target, s.claims) = (HOLDER, address(lineage), 1);
        subject = product;
        if (which == 0) {
            s.data = abi.encodeCall(lineage.register, (_wanted(0), _of(_own(product, 1), Purpose.RESEARCH)));
        } else if (which == 1) {
            DerivedRegistration[] memory batch = new DerivedRegistration[](2);
            for (uint64 i = 0; i < 2; ++i) {
                batch[i].registration = _wanted(i);
                batch[i].derivation = _of(_own(product, 1), Purpose.RESEARCH);
            }
            (s.data, s.claims) = (abi.encodeCall(lineage.registerBatch, (batch)), 2);
        } else if (which == 2) {
            s.data = abi.encodeCall(lineage.update, (product, 1, CONTENT, "metadata", _of(_own(product, 1), 0)));
        } else {
            Application memory application = _application("derived", Profile.PROPERTY);
            _sourced(application, Source.GENERATED, 0, Rights.ALL);
            subject = _apply(application);
            s.data = abi.encodeCall(lineage.declare, (subject, _of(_own(product, 1), Purpose.RESEARCH)));
            s.claims = 0;
        }
    }

    /* GRANTS */

    uint256 internal constant GRANT_SCENES = 14;

    /// @dev A top grant that member 1 may pass on, and one below it that member 2 may.
    function _grantScene(uint256 which) internal returns (Scene memory s) {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(1);
        (passed, passedId, subject) = (drafts[1], ids[1], agreed);
        (s.by, s.target) = (accounts[0], address(grants));
        Draft memory d = _top();
        d.salt = 99;
        if (which == 0) {
            s.data = abi.encodeCall(grants.issue, (d.pack()));
        } else if (which == 1) {
            bytes[] memory batch = new bytes[](2);
            batch[0] = d.pack();
            d.salt = 98;
            batch[1] = d.pack();
            s.data = abi.encodeCall(grants.issueBatch, (batch));
        } else if (which == 2) {
            s.data = abi.encodeCall(grants.revoke, (ids[0], Reason.BREACH));
        } else if (which == 3) {
            GrantId[] memory one = new GrantId[](1);
            one[0] = ids[0];
            s.data = abi.encodeCall(grants.revokeBatch, (one, Reason.BREACH));
        } else if (which == 4) {
            s.data = abi.encodeCall(grants.record, (_above(drafts, 1), drafts[1].pack(), _usage(3)));
            s.by = accounts[1];
        } else if (which < 7) {
            s.data = abi.encodeCall(grants.suspend, (ids[0], Reason.DISPUTE, bytes12("evidence")));
            if (which == 5) return s;
            vm.prank(s.by);
            grants.suspend(ids[0], Reason.DISPUTE, "evidence");
            s.data = abi.encodeCall(grants.resume, (ids[0], 0));
        } else {
            return _signedScene(which, drafts, ids, s);
        }
    }

    function _signedScene(uint256 which, Draft[] memory drafts, GrantId[] memory ids, Scene memory s)
        private
        returns (Scene memory)
    {
        Draft memory d = _agreed();
        GrantId grant = d.idOf(address(grants));
        s.by = HOLDER;
        if (which == 7) {
            s.data = abi.encodeCall(grants.agree, (d.pack(), _signed(0, grant), _signed(1, grant)));
        } else if (which == 8) {
            s.data = abi.encodeCall(grants.voidOffer, (GrantId.wrap(0), d.pack()));
            s.by = accounts[0];
        } else if (which == 9) {
            uint40 end = uint40(block.timestamp) + 9;
            Approval memory other_ = _signed(1, _endingDigest(ids[0], end, LATER));
            s.data = abi.encodeCall(grants.endByConsent, (ids[0], end, LATER, other_));
            s.by = accounts[0];
        } else if (which < 12) {
            bool sided = which == 11;
            Draft memory child = _below(_copy(drafts[1]), 2);
            Draft[] memory three = new Draft[](3);
            (three[0], three[1], three[2]) = (drafts[0], drafts[1], child);
            if (sided) (child.form, child.offerUntil) = (uint8(Form.TWO_SIDED), uint40(block.timestamp) + 9);
            grant = child.idUnder(address(grants), ids[1]);
            s.data = sided
                ? abi.encodeCall(
                    grants.agreeUnder, (_path(three, 2), child.pack(), _signed(2, grant), _signed(3, grant), _none())
                )
                : abi.encodeCall(grants.issueUnder, (_path(three, 2), child.pack(), _none()));
            if (!sided) s.by = accounts[2];
        } else if (which == 12) {
            s.data = _jointly();
        } else {
            Settlement[] memory one = new Settlement[](1);
            (one[0].grant, one[0].receipt, one[0].clauses) = (ids[0], _receipt(5, 1), drafts[0].pack());
            bytes32 digest = _receiptDigest(ids[0], one[0].receipt);
            (one[0].grantor, one[0].grantee) = (_signed(0, digest), _signed(1, digest));
            (s.data, s.target) = (abi.encodeCall(meter.settle, (one)), address(meter));
        }
        return s;
    }

    /// @dev Two grants of one agreement, of member 0 to 1 and back.
    function _jointly() private returns (bytes memory) {
        Draft[] memory two = new Draft[](2);
        for (uint256 i = 0; i < 2; ++i) {
            two[i] = _agreed();
            (two[i].form, two[i].grantor, two[i].grantee) = (uint8(Form.JOINT), members[i], members[1 - i]);
        }
        two[1].product = _registerBy(accounts[1], _registration("joint"));
        if (two[0].hash() > two[1].hash()) (two[0], two[1]) = (two[1], two[0]);
        bytes32 agreement = keccak256(abi.encodePacked(two[0].hash(), two[1].hash()));
        bytes[] memory packed = new bytes[](2);
        for (uint256 i = 0; i < 2; ++i) {
            two[i].agreement = agreement;
            packed[i] = two[i].pack();
        }
        bytes32 kind = keccak256("Agreement(bytes32 agreement,uint40 offerUntil)");
        bytes32 digest = _digest(address(grants), keccak256(abi.encode(kind, agreement, two[0].offerUntil)));
        Approval[] memory approvals = new Approval[](2);
        (approvals[0], approvals[1]) = (_signed(0, digest), _signed(1, digest));
        return abi.encodeCall(grants.agreeJointly, (packed, approvals));
    }

    /* CASES */

    uint256 internal constant CASE_SCENES = 25;

    function _caseScene(uint256 which) internal returns (Scene memory s) {
        (s.by, s.target) = (founder, address(cases));
        if (which < 3) return _applyScene(which, s);
        if (which < 8) return _submittedScene(which, s);
        if (which < 14) return _acceptedScene(which, s);
        if (which < 18) return _publicisedScene(which, s);
        if (which > 22) return _awaitedScene(which, s);
        // The rules for public data alone have a revocation.
        subject = _registered("case", which == 20 ? Profile.PUBLIC : Profile.PROPERTY);
        if (which == 18) {
            (s.by, s.data) = (HOLDER, abi.encodeCall(cases.file, (subject, _filing(CaseKind.CANCELLATION, 0))));
        } else if (which == 19) {
            s.data = abi.encodeCall(cases.cancel, (subject, Reason.DATA_LOST, EVIDENCE));
        } else if (which == 20) {
            s.data = abi.encodeCall(cases.revoke, (subject, Reason.FALSEHOOD, EVIDENCE));
        } else if (which == 21) {
            s.data = abi.encodeCall(cases.executeAward, (subject, holder, buyer, Rights.USE, EVIDENCE));
        } else {
            (s.target, s.data) = (address(certificates), abi.encodeCall(certificates.certify, (subject, EVIDENCE)));
        }
    }

    function _applyScene(uint256 which, Scene memory s) private returns (Scene memory) {
        Application memory application = _application("case", Profile.PROPERTY);
        application.registration = _wanted(7);
        (s.by, s.claims) = (HOLDER, 1);
        if (which == 0) {
            s.data = abi.encodeCall(cases.submit, (application));
        } else if (which == 1) {
            s.data = abi.encodeCall(cases.draft, (application));
        } else {
            vm.prank(HOLDER);
            subject = cases.draft(application);
            (s.data, s.claims) = (abi.encodeCall(cases.submitDraft, (subject, EVIDENCE)), 0);
        }
        return s;
    }

    function _submittedScene(uint256 which, Scene memory s) private returns (Scene memory) {
        subject = _submit("case", Profile.PROPERTY);
        if (which == 3) {
            s.data = abi.encodeCall(cases.accept, (subject, 0));
        } else if (which == 4) {
            s.data = abi.encodeCall(cases.returnForCorrection, (subject, 0, 10, EVIDENCE));
        } else if (which == 5) {
            s.data = abi.encodeCall(cases.notAccept, (subject, 0, EVIDENCE));
        } else if (which == 6) {
            (s.by, s.data) = (HOLDER, abi.encodeCall(cases.withdraw, (subject, 0)));
        } else {
            cases.returnForCorrection(subject, 0, 10, EVIDENCE);
            (s.by, s.data) = (HOLDER, abi.encodeCall(cases.resubmit, (subject, 0, bytes32(0), EVIDENCE)));
        }
        return s;
    }

    function _acceptedScene(uint256 which, Scene memory s) private returns (Scene memory) {
        subject = _accepted("case", Profile.PROPERTY);
        if (which == 8) {
            s.data = abi.encodeCall(cases.extend, (subject, 0, 5, EVIDENCE));
        } else if (which == 9) {
            s.data = abi.encodeCall(cases.ask, (subject, 0, 10, EVIDENCE));
        } else if (which == 10) {
            s.data = abi.encodeCall(cases.publicise, (subject, 0));
        } else if (which == 11) {
            s.data = abi.encodeCall(cases.waive, (subject, 0, EVIDENCE));
        } else if (which == 12) {
            s.data = abi.encodeCall(cases.refuse, (subject, 0, EVIDENCE));
        } else {
            cases.ask(subject, 0, 10, EVIDENCE);
            (s.by, s.data) = (HOLDER, abi.encodeCall(cases.supplement, (subject, 0, bytes32(0), EVIDENCE)));
        }
        return s;
    }

    function _publicisedScene(uint256 which, Scene memory s) private returns (Scene memory) {
        subject = _publicised("case", Profile.PROPERTY);
        if (which == 14) {
            (s.by, s.data) = (BUYER, abi.encodeCall(cases.object, (subject, EVIDENCE)));
        } else if (which == 17) {
            vm.warp(_publicityEnd(Profile.PROPERTY, block.timestamp));
            s.data = abi.encodeCall(cases.register, (subject, 0, _entry(_years(5))));
        } else {
            vm.prank(BUYER);
            cases.object(subject, EVIDENCE);
            Outcome outcome = which == 15 ? Outcome.REJECTED : Outcome.UPHELD;
            s.data = abi.encodeCall(cases.decide, (subject, 0, outcome, EVIDENCE));
        }
        return s;
    }

    /// @dev A consent that is awaited, and a case that time has ended.
    function _awaitedScene(uint256 which, Scene memory s) private returns (Scene memory) {
        if (which == 23) {
            Application memory application = _application("case", Profile.PROPERTY);
            application.shares = new Share[](2);
            application.shares[0] = Share({party: holder, rights: Rights.ALL});
            application.shares[1] = Share({party: buyer, rights: Rights.USE});
            subject = _apply(application);
            (s.by, s.data) = (BUYER, abi.encodeCall(cases.concur, (subject, 0, 1)));
            return s;
        }
        subject = _submit("case", Profile.PROPERTY);
        cases.returnForCorrection(subject, 0, 10, EVIDENCE);
        vm.warp(block.timestamp + 60 days);
        (s.by, s.data) = (OTHER, abi.encodeCall(cases.lapse, (subject, 0)));
        return s;
    }

    /* PARTIES */

    uint256 internal constant PARTY_SCENES = 10;

    function _partyScene(uint256 which) internal returns (Scene memory s) {
        (s.by, s.target) = (HOLDER, address(parties));
        subject = product;
        address key = vm.addr(SECRET);
        if (which == 9) {
            (s.by, s.data) = (founder, abi.encodeCall(parties.admit, (key, "identity")));
        } else if (which == 0) {
            (s.by, s.data) = (key, abi.encodeCall(parties.enrol, ("identity")));
        } else if (which == 1) {
            Wanted memory wanted = KeyConsents.controller(holder, key, LATER);
            s.data = abi.encodeCall(parties.rotate, (key, LATER, wanted.sign(SECRET, address(parties))));
        } else if (which < 4) {
            Wanted memory wanted = KeyConsents.agent(holder, key, Scope.REGISTER, LATER, LATER);
            bytes memory consent = wanted.sign(SECRET, address(parties));
            s.data = abi.encodeCall(parties.appointAgent, (key, Scope.REGISTER, LATER, LATER, consent));
            if (which == 2) return s;
            vm.prank(HOLDER);
            parties.appointAgent(key, Scope.REGISTER, LATER, LATER, consent);
            s.data = abi.encodeCall(parties.dismissAgent, (key));
        } else if (which < 7) {
            (s.by, s.data) = (founder, abi.encodeCall(parties.announceRecovery, (holder, key, EVIDENCE)));
            if (which == 4) return s;
            parties.announceRecovery(holder, key, EVIDENCE);
            (s.by, s.data) = (HOLDER, abi.encodeCall(parties.cancelRecovery, (holder)));
            if (which == 5) return s;
            vm.warp(block.timestamp + 7 days);
            Wanted memory wanted = KeyConsents.controller(holder, key, LATER);
            s.data = abi.encodeCall(parties.recover, (holder, LATER, wanted.sign(SECRET, address(parties))));
        } else {
            (s.by, s.data) = (founder, abi.encodeCall(parties.suspend, (holder, Reason.RISK, bytes12("evidence"))));
            if (which == 7) return s;
            parties.suspend(holder, Reason.RISK, "evidence");
            s.data = abi.encodeCall(parties.resume, (holder, 0));
        }
    }
}
// forge-lint: disable-end(unsafe-typecast)
