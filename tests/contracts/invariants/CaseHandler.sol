// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CertificateRegistry} from "../../../contracts/CertificateRegistry.sol";
import {ProductRegistry} from "../../../contracts/ProductRegistry.sol";
import {RegistrationDesk} from "../../../contracts/RegistrationDesk.sol";
import {WorkCalendar} from "../../../contracts/WorkCalendar.sol";
import {IPartyRegistry} from "../../../contracts/interfaces/IPartyRegistry.sol";
import {Application, Entry, Filing} from "../../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../../contracts/libraries/CivilDate.sol";
import {Case, Outcome} from "../../../contracts/types/Case.sol";
import {Act, Actor, CaseKind, Stage} from "../../../contracts/types/Flow.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Particulars, Profile} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Reason, Rights} from "../../../contracts/types/Vocabulary.sol";
import {Rules} from "../Rules.sol";
import {RecordedLog, vm} from "../Vm.sol";
import {DeskReplay} from "./DeskReplay.sol";
import {EventReplay} from "./EventReplay.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Tries anything with cases, by anybody, at any time. What the desk lets pass must be what the rules, written
/// down apart, allow at that stage and that second; what it refuses must have changed nothing.
contract CaseHandler {
    bytes32 private constant EVIDENCE = "evidence";
    uint256 private constant MOST_PRODUCTS = 40;

    RegistrationDesk private immutable cases;
    CertificateRegistry private immutable certificates;
    ProductRegistry private immutable products;
    WorkCalendar private immutable calendar;
    address private immutable registrar;
    address private immutable parties;
    address[3] private keys;
    PartyId private receiver;
    DeskReplay private immutable replay;
    EventReplay private immutable ledger;

    ProductId[] public made;
    /// @notice How many acts of each kind the desk let pass.
    mapping(Act act => uint256) public passed;

    /// @dev Feeds the replays, and makes sure that no word was written that no event told of.
    modifier replayed() {
        vm.record();
        _;
        _feed();
    }

    constructor(
        RegistrationDesk cases_,
        WorkCalendar calendar_,
        address[3] memory keys_,
        PartyId receiver_,
        DeskReplay replay_,
        EventReplay ledger_
    ) {
        cases = cases_;
        certificates = CertificateRegistry(address(cases_.certificates()));
        products = ProductRegistry(address(cases_.products()));
        calendar = calendar_;
        parties = address(cases_.parties());
        registrar = msg.sender;
        (keys, receiver, replay, ledger) = (keys_, receiver_, replay_, ledger_);
    }

    function submit(bool open, bool drafted) external replayed {
        if (made.length == MOST_PRODUCTS) return;
        Application memory application;
        application.registration.contentRoot = keccak256(abi.encode(made.length));
        application.registration.particulars = Particulars.wrap(made.length << 16 | uint256(Rights.ALL) << 8);
        application.profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        application.registrar = 1;
        application.evidence = EVIDENCE;
        vm.prank(keys[0]);
        made.push(drafted ? cases.draft(application) : cases.submit(application));
    }

    function file(uint256 seed, uint8 kind, uint8 who) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        Filing memory filing;
        filing.kind = CaseKind(kind % 6);
        filing.evidence = EVIDENCE;
        if (filing.kind == CaseKind.TRANSFER) filing.pending = bytes32(uint256(PartyId.unwrap(receiver)) << 8 | 2);
        if (filing.kind == CaseKind.CHANGE || filing.kind == CaseKind.CORRECTION) {
            filing.pending = keccak256(abi.encode(bytes32("root"), bytes32("metadata")));
        }
        vm.prank(keys[who % 3]);
        (bool done,) = address(cases).call(abi.encodeCall(cases.file, (product, filing)));
        if (done) ++passed[Act.SUBMIT];
    }

    function act(uint256 seed, uint8 kind, uint8 who, uint8 days_) external replayed {
        if (made.length == 0) return;
        Act done = Act(kind % uint8(Act.SETTLE));
        if (done == Act.DRAFT || done == Act.OBJECT || done == Act.UPHOLD || done == Act.REJECT) return;
        // Registrars act more often than others, or little would come to an end.
        _try(made[seed % made.length], done, who % 2 == 0 ? registrar : keys[who / 2 % 3], days_ % 12 + 1);
    }

    /// @notice Does one of the things that the rules allow next, so that cases come to an end.
    function proceed(uint256 seed, uint256 choice, uint8 days_) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        for (uint256 i = 0; i < 60; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(choice, i)));
            uint8 actor = [Actor.REGISTRAR, Actor.APPLICANT, Actor.COUNTERPARTY][(drawn >> 8) % 3];
            Act done = Act(drawn % uint8(Act.SETTLE));
            if (_endsIll(done) && (drawn >> 16) % 8 != 0) continue;
            if (!_isNext(product, done, actor)) continue;
            _try(
                product,
                done,
                actor == Actor.REGISTRAR ? registrar : keys[actor == Actor.APPLICANT ? 0 : 1],
                days_ % 10 + 1
            );
            return;
        }
    }

    function object(uint256 seed, uint8 who) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        Case memory before = cases.caseRecord(product, 0);
        address key = keys[who % 3];
        bool objecting = _isObjecting(product, IPartyRegistry(parties).partyOf(key));
        vm.prank(key);
        (bool success,) = address(cases).call(abi.encodeCall(cases.object, (product, EVIDENCE)));
        if (!success) return;
        vm.assertFalse(objecting);
        ++passed[Act.OBJECT];
        if (before.stage == Stage.REGISTERED) return;
        vm.assertTrue(block.timestamp < _publicityEnd(before));
        vm.assertTrue(before.stage == Stage.PUBLICISED || before.stage == Stage.OBJECTED);
    }

    function _isObjecting(ProductId product, PartyId party) private view returns (bool) {
        Interval[] memory raised = cases.objections(product, 0, type(uint256).max);
        for (uint256 i = 0; i < raised.length; ++i) {
            if (raised[i].by == party && raised[i].to == 0) return true;
        }
        return false;
    }

    function decide(uint256 seed, uint256 index, uint8 outcome) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        (uint256 total,) = cases.objectionCount(product);
        if (total == 0) return;
        vm.prank(registrar);
        // Seldom upheld, or nothing contested would ever be registered.
        Outcome given = outcome % 8 == 0 ? Outcome.UPHELD : Outcome.REJECTED;
        (bool success,) = address(cases).call(abi.encodeCall(cases.decide, (product, index % total, given, EVIDENCE)));
        if (success) ++passed[given == Outcome.UPHELD ? Act.UPHOLD : Act.REJECT];
    }

    function ofOffice(uint256 seed, uint8 which) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        bytes memory call;
        if (which % 8 == 0) call = abi.encodeCall(cases.cancel, (product, Reason.DATA_LOST, EVIDENCE));
        else if (which % 8 == 1) call = abi.encodeCall(cases.revoke, (product, Reason.FALSEHOOD, EVIDENCE));
        if (call.length != 0) {
            vm.prank(registrar);
            (bool ended,) = address(cases).call(call);
            if (ended) ++passed[which % 8 == 0 ? Act.CANCEL : Act.REVOKE];
            return;
        }
        vm.prank(registrar);
        (bool done,) = address(certificates).call(abi.encodeCall(certificates.certify, (product, EVIDENCE)));
        done;
    }

    function lapse(uint256 seed) external replayed {
        if (made.length == 0) return;
        ProductId product = made[seed % made.length];
        uint16 index = cases.docketOf(product).laterCases;
        (Stage stage,) = cases.stageOf(product, index);
        bool written = cases.caseRecord(product, index).stage == Stage.LAPSED;
        (bool done,) = address(cases).call(abi.encodeCall(cases.lapse, (product, index)));
        vm.assertTrue(done == (stage == Stage.LAPSED && !written));
        if (done) ++passed[Act.LAPSE];
    }

    function stop(uint8 days_) external replayed {
        // Seldom, as a pause is.
        if (days_ % 8 != 0) return;
        uint24 today = CivilDate.dayOf(uint40(block.timestamp));
        vm.prank(parties);
        calendar.stop(today, today + days_ % 7 + 1);
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + time % 12 days);
    }

    /// @notice How many products there are.
    function count() external view returns (uint256) {
        return made.length;
    }

    function _isNext(ProductId product, Act done, uint8 actor) private view returns (bool allowed) {
        if (done == Act.DRAFT || done == Act.OBJECT || done == Act.UPHOLD || done == Act.REJECT) return false;
        uint16 index = cases.docketOf(product).laterCases;
        Case memory c = cases.caseRecord(product, index);
        (Stage stage,) = cases.stageOf(product, index);
        (allowed,) = Rules.follows(c.profile, c.kind, stage, done, actor);
    }

    /// @dev Seldom, or little would be registered.
    function _endsIll(Act done) private pure returns (bool) {
        return done == Act.REFUSE || done == Act.NOT_ACCEPT || done == Act.WITHDRAW;
    }

    function _try(ProductId product, Act done, address key, uint8 days_) private {
        uint16 index = cases.docketOf(product).laterCases;
        Case memory before = cases.caseRecord(product, index);
        (before.stage, before.since) = cases.stageOf(product, index);
        vm.prank(key);
        (bool success,) = address(cases).call(_call(done, product, index, before, days_));
        if (success) _assertAllowed(done, product, index, before, key);
        else _assertUntouched(product, index, before);
    }

    /* WHAT MUST HOLD */

    function _assertAllowed(Act done, ProductId product, uint16 index, Case memory before, address key) private {
        ++passed[done];
        bool allowed;
        Stage to;
        for (uint8 bit = 0; bit < 5 && !allowed; ++bit) {
            uint8 actor = uint8(1) << bit;
            if (actor == Actor.REGISTRAR && key != registrar) continue;
            if (actor == Actor.APPLICANT && key != keys[0]) continue;
            if (actor == Actor.COUNTERPARTY && key != keys[1]) continue;
            (allowed, to) = Rules.follows(before.profile, before.kind, before.stage, done, actor);
        }
        vm.assertTrue(allowed, "an act that the rules forbid");
        Case memory after_ = cases.caseRecord(product, index);
        vm.assertTrue(after_.stage == to, "a stage that does not follow");
        _assertInTime(done, before);
    }

    function _assertInTime(Act done, Case memory before) private view {
        bool turned = done == Act.RETURN || done == Act.NOT_ACCEPT;
        if (turned && before.profile == Profile.PROPERTY) {
            vm.assertTrue(block.timestamp < calendar.deadline(before.since, 3), "turned away too late");
        }
        if (done == Act.RESUBMIT || done == Act.SUPPLEMENT) {
            vm.assertTrue(block.timestamp < calendar.deadline(before.since, before.dueDays), "handed in too late");
        }
        if (done == Act.REGISTER && before.kind == CaseKind.INITIAL) {
            if (before.stage == Stage.PUBLICISED) vm.assertTrue(block.timestamp >= _publicityEnd(before), "too early");
            else vm.assertTrue(before.waived, "registered unseen");
            vm.assertEq(before.objections, 0);
        }
        if (done == Act.REGISTER) vm.assertEq(before.awaited, 0);
    }

    function _assertUntouched(ProductId product, uint16 index, Case memory before) private view {
        (Stage stage, uint40 since) = cases.stageOf(product, index);
        vm.assertTrue(stage == before.stage && since == before.since);
    }

    /* INTERNAL */

    function _call(Act done, ProductId product, uint16 index, Case memory c, uint8 days_)
        private
        view
        returns (bytes memory)
    {
        if (done == Act.SUBMIT) return abi.encodeCall(cases.submitDraft, (product, EVIDENCE));
        if (done == Act.ACCEPT) return abi.encodeCall(cases.accept, (product, index));
        if (done == Act.RETURN) return abi.encodeCall(cases.returnForCorrection, (product, index, days_, EVIDENCE));
        if (done == Act.NOT_ACCEPT) return abi.encodeCall(cases.notAccept, (product, index, EVIDENCE));
        if (done == Act.RESUBMIT) return abi.encodeCall(cases.resubmit, (product, index, 0, EVIDENCE));
        if (done == Act.WITHDRAW) return abi.encodeCall(cases.withdraw, (product, index));
        if (done == Act.EXTEND) return abi.encodeCall(cases.extend, (product, index, days_, EVIDENCE));
        if (done == Act.ASK) return abi.encodeCall(cases.ask, (product, index, days_, EVIDENCE));
        if (done == Act.SUPPLEMENT) return abi.encodeCall(cases.supplement, (product, index, 0, EVIDENCE));
        if (done == Act.PUBLICISE) return abi.encodeCall(cases.publicise, (product, index));
        if (done == Act.WAIVE) return abi.encodeCall(cases.waive, (product, index, EVIDENCE));
        if (done == Act.REFUSE) return abi.encodeCall(cases.refuse, (product, index, EVIDENCE));
        if (done == Act.CONCUR) return abi.encodeCall(cases.concur, (product, index, 0));
        return abi.encodeCall(cases.register, (product, index, _entry(c)));
    }

    function _entry(Case memory c) private view returns (Entry memory entry) {
        entry.evidence = EVIDENCE;
        uint24 today = CivilDate.dayOf(uint40(block.timestamp));
        if (c.kind == CaseKind.INITIAL) entry.validUntil = CivilDate.startOf(today + 200);
        if (c.kind == CaseKind.RENEWAL) entry.validUntil = CivilDate.startOf(today + 400);
        if (c.kind == CaseKind.CHANGE || c.kind == CaseKind.CORRECTION) {
            (entry.contentRoot, entry.metadataHash) = ("root", "metadata");
        }
    }

    function _publicityEnd(Case memory c) private view returns (uint40) {
        return calendar.deadline(c.publicisedAt, c.profile == Profile.PUBLIC ? 10 : 5);
    }

    function _feed() private {
        RecordedLog[] memory logs = vm.getRecordedLogs();
        replay.take(logs);
        ledger.take(logs);
        (, bytes32[] memory headed) = vm.accesses(address(products));
        ledger.assertTold(address(products), headed);
        address[3] memory targets = [address(cases), address(certificates), address(calendar)];
        for (uint256 i = 0; i < targets.length; ++i) {
            (, bytes32[] memory written) = vm.accesses(targets[i]);
            replay.assertTold(targets[i], written);
        }
    }
}
// forge-lint: disable-end(unsafe-typecast)
