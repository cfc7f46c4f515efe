"""Rebuild the words of the registry of products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import events as told
from registry.domain.layout import variable
from registry.domain.product import (
    ParticularFlag,
    ProductState,
    Profile,
    first_digest,
    next_digest,
)
from registry.domain.replay_intervals import closed, happened, opened
from registry.domain.vocabulary import AnnotationKind, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.replayed import Book

_NAME: Final = "ProductRegistry"
HEADS: Final = variable(_NAME, "heads")
FIRST_CLAIMS: Final = variable(_NAME, "firstClaims")
CLAIMS: Final = variable(_NAME, "claims")
VERSIONS: Final = variable(_NAME, "versions")
HOLDINGS: Final = variable(_NAME, "holdings")
HOLDING_COUNTS: Final = variable(_NAME, "holdingCounts")
OPEN_HOLDINGS: Final = variable(_NAME, "openHoldings")
COUNTS: Final = variable(_NAME, "annotationCounts")
ANNOTATIONS: Final = variable(_NAME, "annotations")
_SECOND: Final = 2
_NEWEST: Final = b"newest product"
_COUNTED: Final = {
    AnnotationKind.SEIZURE: "seizures",
    AnnotationKind.CONTROL: "controls",
    AnnotationKind.DISPUTE: "disputes",
}


def _registered(book: Book, event: told.ProductRegistered) -> None:
    _made(book, event, profile=Profile.OPEN, state=ProductState.REGISTERED, registrar=0)


def _opened(book: Book, event: told.ProductOpened) -> None:
    _made(book, event, profile=event.profile, state=event.state, registrar=event.registrar)


def _made(
    book: Book,
    event: told.ProductRegistered | told.ProductOpened,
    *,
    profile: Profile,
    state: ProductState,
    registrar: int,
) -> None:
    fields = {
        "applicant": int(event.applicant),
        "registrar": registrar,
        "profile": profile,
        "state": state,
        "rights": event.rights,
        "class": event.security_class,
        "operated": int(ParticularFlag.OPERATED in event.flags),
        # What else is derived, the registry of derivations tells.
        "derived": int(event.source is Source.DERIVED),
        "latest": 1,
        "since": happened(event),
    }
    book.put(HEADS, event.product, **fields)
    _claimed(book, event, event.product, event.content_root, 1)
    # Whether it was promoted, and is older, the event that follows tells: by the product alone.
    book.shelf.keep(_NEWEST, event.product.raw + event.content_root)


def backdated(book: Book, product: ProductId, since: int) -> None:
    """Give the product that was registered last, and its claim, an earlier time.

    :raises ValueError: where another was registered last.
    """
    newest = book.shelf.note(_NEWEST) or b""
    if newest[: len(product.raw)] != product.raw:
        raise ValueError(f"{product} was not registered last")
    book.change(HEADS, product, fields={"since": since})
    root = newest[len(product.raw) :]
    last = book.fields(FIRST_CLAIMS, root)["count"] - 1
    if last:
        book.change(CLAIMS, root, last, fields={"firstAt": since})
    else:
        book.change(FIRST_CLAIMS, root, fields={"firstAt": since})


def _listed(book: Book, event: told.ProductListed) -> None:
    """Change nothing: where a product is described is told, not kept."""
    del book, event


def _claimed(book: Book, event: Event, product: ProductId, root: bytes, version: int) -> None:
    claim = {"product": int(product), "version": version, "firstAt": happened(event)}
    first = book.fields(FIRST_CLAIMS, root)
    count = first["count"]
    if count == 0:
        book.put(FIRST_CLAIMS, root, **claim, count=1)
    else:
        book.put(FIRST_CLAIMS, root, **{**first, "count": count + 1})
        book.put(CLAIMS, root, count, **claim)


def _updated(book: Book, event: told.ProductUpdated) -> None:
    product, version = event.product, event.version
    book.change(HEADS, product, fields={"latest": book.fields(HEADS, product)["latest"] + 1})
    before = first_digest(product)
    if version > _SECOND:
        before = book.raw(VERSIONS, product, version - 1)
    digest = next_digest(event.content_root, event.metadata_hash, before)
    book.write(VERSIONS, product, version, word=digest)
    _claimed(book, event, product, event.content_root, version)


def _holders(book: Book, event: told.HoldersNamed) -> None:
    book.change(HEADS, event.product, fields={"moved": 1})
    for share in event.shares:
        _held(book, event.product, share.party, share.rights, happened(event))


def _transferred(book: Book, event: told.RightsTransferred) -> None:
    product, rights, time = event.product, event.rights, happened(event)
    head = book.fields(HEADS, product)
    if not head["moved"]:
        book.change(HEADS, product, fields={"moved": 1})
        _held(book, product, head["applicant"], head["rights"], head["since"])
    kept = _released(book, product, event.from_, time) & ~rights
    _held(book, product, event.from_, kept, time)
    gained = _released(book, product, event.to, time) | rights
    _held(book, product, event.to, gained, time)


def _held(book: Book, product: ProductId, party: PartyId | int, rights: int, since: int) -> None:
    """Begin a holding of some rights, none of no rights."""
    if not rights:
        return
    index = book.value(HOLDING_COUNTS, product)
    book.put(HOLDING_COUNTS, product, value=index + 1)
    book.put(HOLDINGS, product, index, **{"party": int(party), "rights": rights, "from": since})
    book.put(OPEN_HOLDINGS, product, int(party), value=index + 1)


def _released(book: Book, product: ProductId, party: PartyId, time: int) -> int:
    """End the holding of a party, and return of which rights it was."""
    place = book.value(OPEN_HOLDINGS, product, int(party))
    if place == 0:
        return 0
    book.change(HOLDINGS, product, place - 1, fields={"to": time})
    book.put(OPEN_HOLDINGS, product, int(party))
    return book.fields(HOLDINGS, product, place - 1)["rights"]


def _settled(book: Book, event: told.ProductSettled) -> None:
    fields = {
        "state": event.state,
        "registrar": event.registrar,
        "since": event.since,
        "until": event.until,
    }
    book.change(HEADS, event.product, fields=fields)


def _retired(book: Book, event: told.ProductRetired) -> None:
    ended = {"state": ProductState.RETIRED, "until": happened(event)}
    book.change(HEADS, event.product, fields=ended)


def _annotated(book: Book, event: told.ProductAnnotated) -> None:
    fields = {"by": int(event.by), "kind": event.kind, "reason": event.reason}
    product = event.product
    opened(book, ANNOTATIONS, COUNTS, event, product, evidence=event.evidence, fields=fields)
    _counted(book, product, event.kind, 1)


def _annotation_released(book: Book, event: told.AnnotationReleased) -> None:
    closed(book, ANNOTATIONS, COUNTS, event, event.product)
    kind = book.fields(ANNOTATIONS, event.product, event.index)["kind"]
    _counted(book, event.product, AnnotationKind(kind), -1)


def _counted(book: Book, product: ProductId, kind: AnnotationKind, change: int) -> None:
    name = _COUNTED.get(kind)
    if name is not None:
        book.change(HEADS, product, fields={name: book.fields(HEADS, product)[name] + change})


HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    told.ProductRegistered: _registered,
    told.ProductListed: _listed,
    told.ProductOpened: _opened,
    told.ProductUpdated: _updated,
    told.HoldersNamed: _holders,
    told.RightsTransferred: _transferred,
    told.ProductSettled: _settled,
    told.ProductRetired: _retired,
    told.ProductAnnotated: _annotated,
    told.AnnotationReleased: _annotation_released,
}
"""What each event of the registry of products does to its words."""
