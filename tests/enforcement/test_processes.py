"""Two processes that share the file of receipts count each use once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from registry.domain.ids import Address, GrantId
from registry.domain.signing import UsageReceipt
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Purpose
from registry.receipts import Receipts

ROOT = Path(__file__).parents[2]
COUNT = 60
METER = Address(b"\x11" * 20)
GRANT = GrantId(b"\x22" * 32)
# A ledger that allows everything: what is tried is the counting, between processes.
_SERVICE = """
import json, sys
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.moment import Moment
from registry.domain.usage import Settled, SignedReceipt
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action
from registry.enforcement import Facts, Guard
from registry.errors import ReceiptNotNext, ReceiptSumWrong
from registry.receipts import Receipts
from pathlib import Path

product = ProductId(bytes(20))

class Book:
    chain_id = 1
    meter = Address(b"\\x11" * 20)
    def now(self):
        return Moment(block=1, time=1000, block_hash=bytes(32))
    def facts(self, question, total, ahead):
        return Facts(block=1, product=product, grantee=PartyId.of(1), speaks=True,
                     settled=Settled(), since=0, until=None, allowed=10**6,
                     verdict=Verdict.OK)
    def prove(self, signed):
        return self.meter
    def countersign(self, signed):
        return None
    def refused(self, *_):
        raise AssertionError

guard = Guard(Book(), Receipts(Path(sys.argv[1])), product, Action.QUERY)
sys.stdin.readline()
served = []
for line in Path(sys.argv[2]).read_text().splitlines():
    signed = SignedReceipt.parse(line)
    try:
        guard.admit(signed)
    except (ReceiptNotNext, ReceiptSumWrong):
        continue
    served.append(signed.receipt.sequence)
print(json.dumps(served))
"""


def test_two_processes_serve_each_receipt_once(tmp_path: Path) -> None:
    """Given the same receipts at once, no two processes serve the same one, and none is lost."""
    offered = [
        SignedReceipt(
            chain_id=1,
            meter=METER,
            receipt=UsageReceipt(
                grant=GRANT,
                cumulative=number,
                sequence=number,
                purpose=Purpose.RESEARCH,
                action=Action.QUERY,
                at=1000,
            ),
        )
        for number in range(1, COUNT + 1)
    ]
    listed = tmp_path / "offered"
    listed.write_text("\n".join(one.text() for one in offered))
    file = tmp_path / "receipts.sqlite3"
    Receipts(file).close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _SERVICE, str(file), str(listed)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    served = [json.loads(one.communicate(timeout=300)[0]) for one in running]
    both = sorted(served[0] + served[1])
    assert both == list(range(1, COUNT + 1))
    with Receipts(file) as receipts:
        kept = receipts.newest(1, METER, GRANT)
    assert kept is not None
    assert kept.receipt.receipt.cumulative == COUNT
