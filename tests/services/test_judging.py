"""What a use of a source was when it was made: later and earlier facts do not break it.

What the contracts refuse is on no ledger that is whole. Here one is asked that tells otherwise of
what it holds, as one would that had taken what it should have refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain.lineage import Pin
from registry.domain.lineage_check import Fault
from registry.domain.vocabulary import Action, AnnotationKind, Purpose, Right
from registry.services.deriving import Made, Wanted
from registry.services.provenance import Outcome
from tests.services.conftest import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from registry.client import Dengji
    from registry.domain.ids import GrantId, ProductId
    from registry.services.provenance import Verification
    from registry.testing import MemoryLedger


def a_file(tmp_path: Path, text: str) -> Path:
    """Return a file with a text of its own."""
    path = tmp_path / f"{text}.csv"
    path.write_text(text)
    return path


@pytest.fixture
def plots(holder: Dengji, tmp_path: Path) -> ProductId:
    """Return a product of the holder."""
    return holder.products.register(a_file(tmp_path, "plots")).product.id


@pytest.fixture
def grant(holder: Dengji, buyer: Dengji, plots: ProductId) -> GrantId:
    """Return the buyer's grant to derive from the product."""
    to = buyer.parties.mine().id
    return holder.grants.issue(
        product=plots, to=to, actions=Action.DERIVE, purposes=Purpose.RESEARCH
    ).id


def derive(client: Dengji, path: Path, source: ProductId, ledger: MemoryLedger) -> Pin:
    """Register a file as made of a product, with days before and after it."""
    ledger.advance(DAY)
    made = Made(sources=(Wanted(product=source),))
    registered = client.products.register(path, made=made)
    ledger.advance(DAY)
    return Pin(registered.product.id, 1)


def told(found: Verification) -> list[tuple[Pin, Pin, tuple[Fault, ...]]]:
    """Return what is broken: the source, what was made of it, and why."""
    return [(one.source, one.product, one.faults) for one in found.breaks]


def twisted(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch, answer: str, **to: object
) -> None:
    """Have the ledger answer one question with each of its values changed so."""
    honest = getattr(ledger, answer)

    def asked(*about: Any, **more: Any) -> tuple[Any, ...]:  # noqa: ANN401 (whatever is asked)
        return tuple(replace(one, **to) for one in honest(*about, **more))

    monkeypatch.setattr(type(ledger), answer, lambda _, *about, **more: asked(*about, **more))


def test_a_seizure_before_or_after_breaks_nothing(
    holder: Dengji,
    court: Dengji,
    ledger: MemoryLedger,
    plots: ProductId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Released before the use, or made after it, it breaks nothing; over it, it does."""
    court.products.annotate(plots, AnnotationKind.SEIZURE, evidence=b"\x01" * 32)
    ledger.advance(DAY)
    court.products.release(plots, 0)
    path = a_file(tmp_path, "index")
    made = derive(holder, path, plots, ledger)
    court.products.annotate(plots, AnnotationKind.SEIZURE, evidence=b"\x02" * 32)
    ledger.advance(DAY)
    found = holder.provenance.verify(path)
    assert (found.outcome, told(found)) == (Outcome.IN_FORCE, [])
    twisted(ledger, monkeypatch, "annotations", until=None)
    found = holder.provenance.verify(path)
    assert told(found) == [(Pin(plots, 1), made, (Fault.SOURCE_FROZEN,))]
    twisted(ledger, monkeypatch, "annotations", kind=AnnotationKind.DISPUTE)
    assert told(holder.provenance.verify(path)) == []


def test_a_suspension_before_or_after_breaks_nothing(
    holder: Dengji,
    buyer: Dengji,
    ledger: MemoryLedger,
    plots: ProductId,
    grant: GrantId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A grant that was suspended and resumed bears what is made afterwards, and before the next."""
    holder.agreements.suspend(grant)
    ledger.advance(DAY)
    holder.agreements.resume(grant, 0)
    path = a_file(tmp_path, "index")
    made = derive(buyer, path, plots, ledger)
    holder.agreements.suspend(grant)
    ledger.advance(DAY)
    assert told(buyer.provenance.verify(path)) == []
    twisted(ledger, monkeypatch, "grant_suspensions", until=None)
    found = buyer.provenance.verify(path)
    assert told(found) == [(Pin(plots, 1), made, (Fault.GRANT_SUSPENDED,))]


def test_rights_that_moved_later_break_nothing(
    holder: Dengji,
    buyer: Dengji,
    ledger: MemoryLedger,
    plots: ProductId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one's own data was used for stands once one's right to use it is another's."""
    path = a_file(tmp_path, "index")
    made = derive(holder, path, plots, ledger)
    holder.products.transfer(plots, buyer.parties.mine().id, Right.USE)
    ledger.advance(DAY)
    assert told(holder.provenance.verify(path)) == []
    ours = derive(buyer, a_file(tmp_path, "theirs"), plots, ledger)
    assert told(buyer.provenance.verify(tmp_path / "theirs.csv")) == []
    twisted(ledger, monkeypatch, "holdings", rights=Right.HOLD)
    for client, file, pin in ((holder, path, made), (buyer, tmp_path / "theirs.csv", ours)):
        found = client.provenance.verify(file)
        assert told(found) == [(Pin(plots, 1), pin, (Fault.RIGHTS_MISSING,))]


def test_a_later_version_is_used_once_it_is_there(
    holder: Dengji,
    ledger: MemoryLedger,
    plots: ProductId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second version of a source is judged by its own time, not by the product's."""
    holder.products.update(plots, a_file(tmp_path, "corrected"))
    path = a_file(tmp_path, "index")
    made = derive(holder, path, plots, ledger)
    assert told(holder.provenance.verify(path)) == []
    twisted(ledger, monkeypatch, "versions", time=ledger.now + DAY)
    found = holder.provenance.verify(path)
    assert told(found) == [(Pin(plots, 2), made, (Fault.VERSION_LATER,))]
