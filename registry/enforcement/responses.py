"""Say in HTTP what a guard decided: the headers, the status for each refusal, and its body.

A request carries its receipt in the header `Dengji-Receipt`; the answer carries it back with what
the provider countersigned. A refusal is JSON, as the command line writes its errors:

    400  the receipt is missing, malformed, or for something else
    401  whoever signed it does not speak for the grantee
    403  the ledger says no; the field `verdict` says why
    409  its number or sum is not the next one; the fields say what the last one was; or it leaves
         out what was done before, which the fields name
    503  nothing can be said now: the node or the file of receipts is in trouble

Whatever else goes wrong is a 503 too, and says nothing of itself to the outside: nothing is served
that was not allowed and counted.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from registry import messages
from registry.domain.usage import SignedReceipt
from registry.errors import (
    InvalidInputError,
    ReceiptMissing,
    ReceiptNarrowed,
    ReceiptNotNext,
    ReceiptSignerWrong,
    ReceiptSumWrong,
    RegistryError,
    SignatureMalformed,
    SignatureWrong,
    UseRefused,
    UseUndecidable,
)
from registry.records import dataclass
from registry.reverts import GrantUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.enforcement.guard import Guard

HEADER: Final = "Dengji-Receipt"
_log: Final = logging.getLogger(__name__)
_UNAUTHORIZED: Final = (ReceiptSignerWrong, SignatureMalformed, SignatureWrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Hold the answer to a request that is not let through."""

    status: HTTPStatus
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Return the headers; a refusal is never to be remembered."""
        return [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(self.body))),
            ("Cache-Control", "no-store"),
        ]


def decide(
    guard: Guard, word: str | None, amount: Callable[[], int], languages: str
) -> SignedReceipt | Refusal:
    """Let a request through and return its receipt, or return the refusal.

    :param word: what its receipt's header says, None where it has none.
    :param amount: returns what it costs, in units of the quota.
    :param languages: its `Accept-Language`.
    """
    try:
        return guard.admit(_given(word), amount())
    except RegistryError as error:
        status = _status(error)
        shown = _undecided(error) if status is HTTPStatus.SERVICE_UNAVAILABLE else error
    except Exception as error:  # noqa: BLE001 (the border of the guard: it fails closed)
        _log.error("a use was refused for a fault of the guard: %s", type(error).__name__)
        status, shown = HTTPStatus.SERVICE_UNAVAILABLE, _undecided(error)
    return Refusal(status=status, body=_body(shown, _language(languages)))


def _given(word: str | None) -> SignedReceipt:
    if word is None:
        raise ReceiptMissing(header=HEADER)
    return SignedReceipt.parse(word)


def _status(error: RegistryError) -> HTTPStatus:
    if isinstance(error, _UNAUTHORIZED):
        return HTTPStatus.UNAUTHORIZED
    if isinstance(error, (ReceiptNarrowed, ReceiptNotNext, ReceiptSumWrong)):
        return HTTPStatus.CONFLICT
    if isinstance(error, (UseRefused, GrantUnknown)):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, InvalidInputError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.SERVICE_UNAVAILABLE


def _undecided(error: Exception) -> UseUndecidable:
    """Return what the outside is told of a fault within: neither addresses nor files."""
    grant = getattr(error, "grant", "")
    return UseUndecidable(grant=str(grant), reason=getattr(error, "code", "internal"))


def _language(accepted: str) -> str:
    """Return the first of the two languages that a header names, by its order alone."""
    named = (one.split(";")[0].strip().lower()[:2] for one in accepted.split(","))
    return next((lang for lang in named if lang in messages.LANGUAGES), messages.LANGUAGES[0])


def _body(error: RegistryError, lang: str) -> bytes:
    told = {
        "code": error.code,
        "fields": error.fields,
        "message": messages.render(error, lang),
        "hint": messages.hint(error, lang),
    }
    text = json.dumps({"ok": False, "error": told}, ensure_ascii=False)
    # Half a character, which has no bytes, is written as JSON escapes it.
    return text.encode(errors="backslashreplace") + b"\n"
