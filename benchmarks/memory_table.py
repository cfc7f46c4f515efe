"""Have the command line register a table, as the client whose memory is measured.

The process is `dengji register --from-table`, with a home, a keystore and a table of its own; what
it did is read from its answer and from the results that it wrote.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.nodes import HOLDER
from registry.chain.keystore import LIGHT, Keystore
from registry.domain.ids import ProductId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.ledger import Deployment
    from registry.domain.operations import Register

_PASSWORD: Final = "of a benchmark"  # noqa: S105 (guards nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableClient:
    """Hold the command that registers a table, and the environment it needs."""

    command: tuple[str, ...]
    environ: dict[str, str]
    results: Path

    def said(self, told: str) -> dict[str, int]:
        """Return how many rows the command says it registered, and the sum of their ids.

        :param told: its answer.
        """
        registered = json.loads(told)["result"]["registered"]
        with self.results.open(encoding="ascii", newline="") as file:
            ids = (ProductId.parse(row["product"]).raw for row in csv.DictReader(file))
            return {"registrations": registered, "ids": sum(map(int.from_bytes, ids))}


@contextmanager
def table_client(
    url: str, deployment: Deployment, items: Iterable[Register]
) -> Iterator[TableClient]:
    """Write a table of these registrations and a home with the holder's key; both end with it.

    The keystore is a light one: to open one as people have them takes 300 MB, whatever the table.
    """
    with tempfile.TemporaryDirectory(prefix="dengji-table-") as folder:
        table, results = Path(folder, "products.csv"), Path(folder, "results.csv")
        _write(table, items)
        home, password = Path(folder, "home"), Path(folder, "password")
        home.mkdir(mode=0o700)
        password.touch(0o600)
        password.write_text(_PASSWORD)
        account = Keystore(home / "keystore").import_key(HOLDER.hex(), _PASSWORD, cost=LIGHT)
        given = {
            "HOME": str(home),
            "RPC": url,
            "CHAIN_ID": str(deployment.chain_id),
            "DIRECTORY": deployment.directory.hex,
            "ACCOUNT": account.hex,
            "PASSWORD_FILE": str(password),
            "LANG": "en",
        }
        kept = {name: one for name, one in os.environ.items() if not name.startswith("DENGJI_")}
        options = ("--from-table", str(table), "--out", str(results), "--route", "batches")
        yield TableClient(
            command=(sys.executable, "-m", "cli", "register", *options, "--yes", "--json"),
            environ=kept | {f"DENGJI_{name}": one for name, one in given.items()},
            results=results,
        )


def _write(table: Path, items: Iterable[Register]) -> None:
    with table.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("content_root", "metadata_hash"))
        writer.writerows((one.content_root.hex(), one.metadata_hash.hex()) for one in items)
