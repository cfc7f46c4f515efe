"""Serve the rows of a CSV file to those whom its grants allow, and count each call."""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import make_server

from registry.client import Dengji
from registry.domain.ids import ProductId
from registry.domain.vocabulary import Action, Environment
from registry.enforcement import Guard, GuardedWsgi
from registry.enforcement.ledger_book import LedgerBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def rows_of(path: Path) -> Application:
    """Return a plain WSGI application that serves `/rows/N`; it knows nothing of grants."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        number = _row(environ)
        if number is None or number >= len(rows):
            return _nothing(start_response)
        start_response("200 OK", [("Content-Type", "application/json; charset=utf-8")])
        return [json.dumps(rows[number], ensure_ascii=False).encode() + b"\n"]

    return serve


def guarded(application: Application, client: Dengji, product: ProductId) -> Application:
    """Put a guard before an application: QUERY on a product, through an interface.

    What is no path of a row is answered before it: nobody pays for that. Which rows there are is
    said of the data, behind it.
    """
    book = LedgerBook(client, environment=Environment.API)
    guard = GuardedWsgi(application, Guard(book, client.usages.receipts, product, Action.QUERY))

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return _nothing(start_response) if _row(environ) is None else guard(environ, start_response)

    return serve


def _row(environ: dict[str, Any]) -> int | None:
    """Return the number of the row that a request names, None for any other path."""
    named = re.fullmatch(r"/rows/([0-9]{1,18})", environ.get("PATH_INFO", ""))
    return None if named is None else int(named[1])


def _nothing(start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "application/json")])
    return [b'{"error": "there is no such row"}\n']


def main() -> None:
    """Serve until interrupted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("product", type=ProductId.parse)
    asked.add_argument("--port", type=int, default=8080)
    given = asked.parse_args()
    with Dengji.connect() as client:
        application = guarded(rows_of(given.file), client, given.product)
        with make_server("127.0.0.1", given.port, application) as server:
            server.serve_forever()


if __name__ == "__main__":
    main()
