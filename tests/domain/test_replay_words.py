"""Words that single events come to: fields are named as the contracts pack them, none is lost."""

from __future__ import annotations

from typing import Any

import pytest

from registry.domain import case_events, replay_cases, replay_grants
from registry.domain import events as told
from registry.domain import replay_products as products
from registry.domain.case import Outcome
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import Event
from registry.domain.grant import GrantStage
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.product import ParticularFlag, Share, first_digest, next_digest
from registry.domain.replay import constants, replay
from registry.domain.replayed import Book, ShelfInMemory
from registry.domain.vocabulary import (
    Action,
    AnnotationKind,
    Environment,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SecurityClass,
    Source,
)

PRODUCT, GRANT = ProductId.of(5), GrantId.of(7)
A, B, C = PartyId.of(1), PartyId.of(2), PartyId.of(3)
START = 1_795_276_800
HOUR = 3_600
ROOTS = tuple(bytes([number]) * 32 for number in range(1, 5))
DESK, PRODUCTS, GRANTS, METER = "RegistrationDesk", "ProductRegistry", "GrantRegistry", "UsageMeter"


def new() -> Book:
    """Return a book that nothing was told yet."""
    return Book(ShelfInMemory())


def tell(book: Book, contract: str, kind: type[Event], after: int = 0, /, **fields: Any) -> bool:  # noqa: ANN401 (fields of any event)
    """Tell of an event so many seconds after the start, and return whether it fits."""
    event = kind(block=1, log_index=0, transaction=bytes(32), time=START + after, **fields)
    return replay(book, contract, event)


def registered(book: Book, product: ProductId = PRODUCT, root: bytes = ROOTS[0]) -> None:
    """Tell of a product of A's with all rights."""
    assert tell(
        book,
        PRODUCTS,
        told.ProductRegistered,
        product=product,
        applicant=A,
        content_root=root,
        metadata_hash=ROOTS[1],
        salt=0,
        rights=Right.ALL,
        security_class=SecurityClass.GENERAL,
        source=Source.GENERATED,
        flags=ParticularFlag(0),
    )


def granted(book: Book, **clauses: Any) -> None:  # noqa: ANN401 (fields of Clauses)
    """Tell of a grant that A gave to B."""
    given = Clauses(
        product=PRODUCT,
        grantor=A,
        grantee=B,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        **clauses,
    )
    assert tell(
        book,
        GRANTS,
        told.GrantIssued,
        grant=GRANT,
        product=PRODUCT,
        grantee=B,
        clauses=given.pack(),
    )


def used(book: Book, amount: int, after: int) -> None:
    """Tell of a use under the grant."""
    assert tell(
        book,
        METER,
        told.UsageRecorded,
        after,
        grant=GRANT,
        by=B,
        environment=Environment(0),
        purpose=Purpose.RESEARCH,
        action=Action.READ,
        territory=0,
        amount=amount,
    )


def test_an_objection_is_kept_with_who_raised_it_and_what_became_of_it() -> None:
    """The word says by whom, since when and of which kind; decided, it says how and until when."""
    book = new()
    evidence = bytes(range(32))
    assert tell(
        book,
        DESK,
        case_events.ObjectionRaised,
        product=PRODUCT,
        by=B,
        index=0,
        after_registration=True,
        evidence=evidence,
    )
    raised = {"by": int(B), "kind": 1, "from": START, "evidence": int.from_bytes(evidence[:12])}
    word = book.fields(replay_cases.OBJECTIONS, PRODUCT, 0)
    assert word == {**raised, "to": 0, "reason": 0}
    assert book.value(replay_cases.LAST_OBJECTIONS, PRODUCT, B) == 1
    assert tell(
        book,
        DESK,
        case_events.ObjectionDecided,
        9,
        product=PRODUCT,
        by=C,
        index=0,
        outcome=Outcome.UPHELD,
        overdue=False,
        reasons=bytes(32),
    )
    word = book.fields(replay_cases.OBJECTIONS, PRODUCT, 0)
    assert word == {**raised, "to": START + 9, "reason": Outcome.UPHELD}
    assert book.fields(replay_cases.OBJECTION_COUNTS, PRODUCT)["live"] == 0


def test_holders_that_are_named_have_their_rights_from_the_start() -> None:
    """Each share is a holding of its own, and the product says that the applicant's are past."""
    book = new()
    registered(book)
    shares = (Share(party=A, rights=Right.HOLD), Share(party=B, rights=Right.USE))
    assert tell(book, PRODUCTS, told.HoldersNamed, product=PRODUCT, shares=shares)
    assert book.fields(products.HEADS, PRODUCT)["moved"] == 1
    kept = [book.fields(products.HOLDINGS, PRODUCT, index) for index in range(2)]
    assert kept == [
        {"party": int(one.party), "rights": one.rights, "from": START, "to": 0} for one in shares
    ]
    assert book.value(products.HOLDING_COUNTS, PRODUCT) == 2


def test_who_gives_all_rights_away_holds_nothing() -> None:
    """The applicant's holding ends with the transfer, and no empty one follows it."""
    book = new()
    registered(book)
    moved = {"product": PRODUCT, "from_": A, "to": B, "rights": Right.ALL}
    assert tell(book, PRODUCTS, told.RightsTransferred, 9, **moved)
    assert book.value(products.HOLDING_COUNTS, PRODUCT) == 2
    assert book.value(products.OPEN_HOLDINGS, PRODUCT, A) == 0
    first, second = (book.fields(products.HOLDINGS, PRODUCT, index) for index in range(2))
    assert (first["party"], first["to"]) == (int(A), START + 9)
    assert (second["party"], second["rights"], second["to"]) == (int(B), Right.ALL, 0)


def test_each_version_rests_on_the_one_before() -> None:
    """The second one's digest is made of the id, the third one's of the second one's digest."""
    book = new()
    registered(book)
    for version in (2, 3):
        new_version = {"product": PRODUCT, "by": A, "version": version}
        hashes = {"content_root": ROOTS[version], "metadata_hash": ROOTS[1]}
        assert tell(book, PRODUCTS, told.ProductUpdated, version, **new_version, **hashes)
    second = next_digest(ROOTS[2], ROOTS[1], first_digest(PRODUCT))
    assert book.raw(products.VERSIONS, PRODUCT, 2) == second
    assert book.raw(products.VERSIONS, PRODUCT, 3) == next_digest(ROOTS[3], ROOTS[1], second)
    assert book.fields(products.HEADS, PRODUCT)["latest"] == 3


def test_whoever_claims_the_same_content_later_is_counted_after_the_first() -> None:
    """The first claim stays as it was but for its count, and the second has a word of its own."""
    book = new()
    registered(book)
    registered(book, ProductId.of(6))
    first = book.fields(products.FIRST_CLAIMS, ROOTS[0])
    assert first == {"product": int(PRODUCT), "version": 1, "firstAt": START, "count": 2}
    second = book.fields(products.CLAIMS, ROOTS[0], 1)
    assert (second["product"], second["version"]) == (int(ProductId.of(6)), 1)


@pytest.mark.parametrize(
    ("kind", "name"), [(AnnotationKind.SEIZURE, "seizures"), (AnnotationKind.DISPUTE, "disputes")]
)
def test_a_released_annotation_counts_no_longer(kind: AnnotationKind, name: str) -> None:
    """Of two that stand one is left, so that the product is not free before both are gone."""
    book = new()
    registered(book)
    for index in range(2):
        made = {"product": PRODUCT, "by": C, "index": index, "evidence": bytes(32)}
        assert tell(
            book, PRODUCTS, told.ProductAnnotated, kind=kind, reason=Reason.AUTHORITY, **made
        )
    released = {"product": PRODUCT, "by": C, "index": 0, "evidence": bytes(32)}
    assert tell(book, PRODUCTS, told.AnnotationReleased, 9, **released)
    assert book.fields(products.HEADS, PRODUCT)[name] == 1
    assert book.fields(products.COUNTS, PRODUCT)["live"] == 1


def test_uses_of_one_period_add_up_and_those_of_the_next_begin_anew() -> None:
    """A late use, told of a time before the window, counts in the latest period as well."""
    book = new()
    quota = Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=HOUR)
    granted(book, quota=quota)
    counted = []
    for amount, after in ((3, 1), (4, HOUR - 1), (2, HOUR), (5, 2 * HOUR - 1), (1, -HOUR)):
        used(book, amount, after)
        word = book.fields(replay_grants.PERIODS, GRANT)
        counted.append((word["index"], word["used"]))
    assert counted == [(0, 3), (0, 7), (1, 2), (1, 7), (1, 8)]
    assert book.fields(replay_grants.GRANTS, GRANT)["remaining"] == 85


def test_a_receipt_debits_what_it_says_more_than_the_one_before() -> None:
    """What was settled is kept with its number and time, and only the difference is debited."""
    book = new()
    granted(book, quota=Quota(unit=QuotaUnit.CALL, total=100), window=Window(start=START))
    settled = replay_grants.SETTLED
    for sequence, cumulative, left in ((1, 10, 90), (2, 25, 75)):
        assert tell(
            book,
            METER,
            told.ReceiptSettled,
            sequence,
            grant=GRANT,
            cumulative=cumulative,
            sequence=sequence,
            purpose=Purpose.RESEARCH,
            action=Action.READ,
            at=START + sequence,
            grantor_signer=Address.of(1),
            grantee_signer=Address.of(2),
        )
        assert book.fields(replay_grants.GRANTS, GRANT)["remaining"] == left
        kept = {"cumulative": cumulative, "sequence": sequence, "usedAt": START + sequence}
        assert book.fields(settled, GRANT) == kept
    subject = book.fields(replay_grants.SUBJECTS, GRANT)
    assert (subject["product"], subject["validFrom"]) == (int(PRODUCT), START)


def test_a_grant_is_halted_and_restarted_and_stays_halted_when_it_ends() -> None:
    """The last suspension to be lifted restarts it; an end does not lift one."""
    book = new()
    granted(book)
    stages = []

    def note(kind: type[Event], **fields: Any) -> None:  # noqa: ANN401 (fields of any event)
        assert tell(book, GRANTS, kind, 9, grant=GRANT, by=A, **fields)
        stages.append(GrantStage(book.fields(replay_grants.GRANTS, GRANT)["stage"]))

    halt = {"reason": Reason.AUTHORITY, "evidence": bytes(12)}
    note(told.GrantSuspended, index=0, **halt)
    note(told.GrantSuspended, index=1, **halt)
    note(told.GrantResumed, index=0)
    note(told.GrantResumed, index=1)
    note(told.GrantSuspended, index=2, **halt)
    note(told.GrantRevoked, ends_at=START + 99, reason=Reason.AUTHORITY)
    note(told.GrantResumed, index=2)
    assert stages == [
        *(GrantStage.SUSPENDED, GrantStage.SUSPENDED, GrantStage.SUSPENDED, GrantStage.ISSUED),
        *(GrantStage.SUSPENDED, GrantStage.REVOKED_SUSPENDED, GrantStage.REVOKED),
    ]


def test_a_shelf_is_told_the_name_and_the_keys_of_each_word() -> None:
    """An audit can say which word it is: its variable, and its keys as words one after another."""
    shelf = ShelfInMemory()
    Book(shelf).put(replay_cases.SERIALS, 3, 202_607, public=4)
    ((word, name, keys),) = shelf.words.values()
    assert replay_cases.SERIALS.word.unpack(word)["public"] == 4
    assert (name, keys) == ("serials", (3).to_bytes(32) + (202_607).to_bytes(32))


def test_only_words_that_no_event_tells_of_are_constants() -> None:
    """They are the texts of signing domains, kept in the code, and what is being carried out."""
    named = {(one.contract, one.name) for one in constants()}
    assert {name for _, name in named} == {"nameFallback", "versionFallback", "executionId"}
    assert len(named) == len(list(constants()))


def test_what_a_contract_never_tells_does_not_fit() -> None:
    """An event of another contract is refused and changes no word."""
    book = new()
    paused = {"until": START}
    assert not tell(book, "Lineage", told.WritesPaused, **paused)
    assert not tell(book, "Elsewhere", told.WritesPaused, **paused)
    assert tell(book, "PartyRegistry", told.WritesPaused, **paused)
