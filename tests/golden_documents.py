"""Write the golden documents: `python -m tests.golden_documents`.

They are what exports, credentials, drawings and sentences of made-up records come to. Others read
such documents by their names and order, so that each change of one is to be seen and meant: the
files are compared byte for byte, and written anew only where the change is one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain import lineage_drawing, lineage_svg, proof_wording, wording
from registry.domain.exports.credentials import Granted, of_certificate, of_grant, of_product
from registry.domain.exports.dcat import to_dcat
from registry.domain.exports.openlineage import to_openlineage
from registry.domain.exports.packages import to_croissant, to_datapackage
from registry.domain.exports.prov import to_prov
from registry.domain.ids import Address, GrantId, PartyId
from registry.domain.lineage import Pin
from registry.domain.lineage_graph import Direction, graph
from registry.domain.manifest import Entry
from registry.domain.proof_check import check
from registry.domain.refusal import Refusal
from registry.domain.terms import SigningDomain
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose
from tests.certificates import PUBLIC, SAMPLE
from tests.golden_refusals import REFUSALS
from tests.golden_terms import PLAIN, RICH
from tests.lineage_world import facts, lineage, product_id
from tests.recorded import FARM, FULL, GRANT, LEAST, START, digest, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.clauses import Clauses
    from registry.domain.proof import Shown

FIXTURES: Final = Path(__file__).parent / "fixtures"
FOLDER: Final = FIXTURES / "documents"
FILES: Final = (
    Entry(path="plots/a.csv", size=1_500_000, digest=digest("a"), further=(digest("sha a"),)),
    Entry(path="readme", size=12, digest=digest("b"), further=(digest("sha b"),)),
)
URL: Final = "https://data.example/wheat"


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _granted(clauses: Clauses, *, parent: GrantId | None, until: int | None) -> str:
    place, moment = record().place, record().moment
    granted = Granted(
        place=place,
        moment=moment,
        grant=GRANT,
        parent=parent,
        clauses=clauses,
        since=START - 7,
        until=until,
        block=9,
        transaction=digest("transaction of the grant"),
    )
    return _json(of_grant(granted))


def _refusal() -> str:
    refused = Refusal(
        grant=GRANT,
        user=FARM,
        purpose=Purpose.RESEARCH | Purpose.INSURANCE,
        action=Action.READ,
        amount=7,
        verdict=Verdict.NOT_STARTED,
        block=12,
        block_hash=digest("block"),
        at=START,
    )
    domain = SigningDomain(chain_id=31_337, verifying_contract=Address(digest("grants")[:20]))
    return _json(refused.statement(domain, Address(digest("signer")[:20]), digest("signature")))


def _drawn(lang: str, draw: Callable[[Any, str], str], *, down: bool = False) -> str:
    shown = graph([Pin(product_id(1), 1)], Direction.DOWN, facts()) if down else lineage()
    return draw(shown, lang) + "\n"


def _tree(shown: Any, lang: str) -> str:  # noqa: ANN401 (a graph)
    lines = chain(lineage_drawing.head(shown, lang), lineage_drawing.tree(shown, lang))
    return "\n".join(lines)


def _halted(shown: Shown) -> Shown:
    """Return a proof with a party and a grant that were suspended, once for good."""
    once = {"from": "2026-01-01T00:00:02Z", "to": None, "kind": 0, "reason": "RISK"}
    by = {"by": str(PartyId.of(9)), "evidence": "0x00"}
    told = [{**once, **by}, {**once, **by, "to": "2026-01-02T00:00:02Z"}]
    parties = [{**one, "suspensions": told} for one in shown.facts["parties"]]
    against: list[Any] = []
    return replace(shown, asked=None, facts={**shown.facts, "parties": parties, "against": against})


def _proved(name: str, *, halted: bool = False) -> str:
    """Say a golden proof in each language, known and not known to be of the right ledger."""
    path = FIXTURES / "proofs" / name
    block_hash = bytes.fromhex(path.with_suffix(".hash").read_text("utf-8").strip()[2:])
    shown = check(path.with_suffix(".proof.json").read_bytes(), block_hash=block_hash)
    shown = _halted(shown) if halted else shown
    said = (
        proof_wording.sentences(shown, lang, expected=expected, local=not expected)
        for lang in messages.LANGUAGES
        for expected in (True, False)
    )
    return "\n".join(chain.from_iterable(said)) + "\n"


def _worded(clauses: Clauses, parent: GrantId | None) -> str:
    said = (
        (one.text, *(f"  {item}" for item in one.items))
        for lang in messages.LANGUAGES
        for one in wording.sentences(clauses, lang, parent=parent)
    )
    return "\n".join(chain.from_iterable(said)) + "\n"


def _drawings() -> dict[str, Callable[[], str]]:
    found: dict[str, Callable[[], str]] = {}
    for lang in messages.LANGUAGES:
        found |= {
            f"lineage.{lang}.svg": partial(_drawn, lang, lineage_svg.drawing),
            f"lineage.{lang}.dot": partial(_drawn, lang, lineage_drawing.dot),
            f"lineage.{lang}.mmd": partial(_drawn, lang, lineage_drawing.mermaid),
            f"lineage.{lang}.txt": partial(_drawn, lang, _tree),
            f"lineage-down.{lang}.svg": partial(_drawn, lang, lineage_svg.drawing, down=True),
            f"lineage-down.{lang}.txt": partial(_drawn, lang, _tree, down=True),
        }
    return found


DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "dcat.json": lambda: _json(to_dcat(record(), FULL, access_url=URL)),
    "dcat-least.json": lambda: _json(to_dcat(record(LEAST), LEAST)),
    "dcat-derived.json": lambda: _json(to_dcat(record(versions=2), FULL)),
    "prov.json": lambda: _json(to_prov(record())),
    "openlineage.json": lambda: _json(to_openlineage(record())),
    "datapackage.json": lambda: _json(to_datapackage(record(), FULL, FILES, ("sha256",))),
    "datapackage-least.json": lambda: _json(to_datapackage(record(LEAST), LEAST, (), ())),
    "croissant.json": lambda: _json(to_croissant(record(), FULL, FILES, ("sha256",))),
    "croissant-least.json": lambda: _json(to_croissant(record(LEAST), LEAST, (), ())),
    "credential-product.json": lambda: _json(of_product(record(), FULL)),
    "credential-bare.json": lambda: _json(of_product(record(None), None)),
    "credential-grant.json": lambda: _granted(RICH, parent=GrantId(digest("above")), until=START),
    "credential-open-grant.json": lambda: _granted(PLAIN, parent=None, until=None),
    "credential-certificate.json": lambda: _json(of_certificate(SAMPLE)),
    "credential-voucher.json": lambda: _json(of_certificate(replace(PUBLIC, valid_until=None))),
    "certificate.json": lambda: _json(SAMPLE.to_mapping()),
    "refusal.json": _refusal,
    "terms-plain.txt": partial(_worded, PLAIN, None),
    "terms-rich.txt": partial(_worded, RICH, GRANT),
    "proof-grant.txt": partial(_proved, "1/grant"),
    "proof-halted.txt": partial(_proved, "1/grant", halted=True),
    "proof-product.txt": partial(_proved, "1/product"),
    "proof-derived.txt": partial(_proved, "2/derived"),
    "proof-no-grant.txt": partial(_proved, "1/no-grant"),
    "proof-no-content.txt": partial(_proved, "1/no-content"),
    **_drawings(),
    **REFUSALS,
}
"""What writes each document, by the name of its file."""


def main() -> None:
    """Write every document."""
    FOLDER.mkdir(exist_ok=True)
    for name, write in DOCUMENTS.items():
        (FOLDER / name).write_text(write(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
