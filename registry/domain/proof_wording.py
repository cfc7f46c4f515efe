"""Say in plain sentences what a proof shows, what it rests on, and what it does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import messages
from registry.domain.times import show_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.proof import Shown


def sentences(shown: Shown, lang: str, *, expected: bool, local: bool = False) -> tuple[str, ...]:
    """Return what is shown, in the order of its weight, then what it rests on.

    :param expected: whether the directory was compared with the one that is meant.
    :param local: whether the chain is one of this machine alone.
    """
    return tuple(_Speaker(shown, lang).all(expected=expected, local=local))


class _Speaker:
    """Say one proof in one language."""

    def __init__(self, shown: Shown, lang: str) -> None:
        self._shown = shown
        self._facts = shown.facts
        self._lang = lang

    def all(self, *, expected: bool, local: bool) -> Iterator[str]:
        """Yield every sentence."""
        yield self._when()
        if "absent" in self._facts:
            absent = self._facts["absent"]
            yield self._say(f"absent.{absent['kind']}", id=absent["id"])
        else:
            yield from self._grants()
            yield from self._product()
            yield from self._parties()
        yield from self._limits(expected=expected, local=local)

    def _when(self) -> str:
        shown = self._shown
        told = {"block": shown.block, "time": show_time(shown.block_time)}
        if shown.asked is None:
            return self._say("block", **told)
        return self._say("asked", asked=show_time(shown.asked), **told)

    def _grants(self) -> Iterator[str]:
        for one in self._facts.get("grants", ()):
            key = "grant.root" if one["parent"] is None else "grant.below"
            yield self._say(key, **self._ended(one))
            yield self._say("grant.standing", id=one["id"], verdict=one["standing"])
            for halted in one["suspensions"]:
                yield self._say("suspended", **self._ended({**halted, "id": one["id"]}))
        if "clauses" not in self._facts:
            return
        clauses = self._facts["clauses"]
        yield self._say(
            "clauses",
            actions="|".join(clauses["actions"]),
            purposes="|".join(clauses["purposes"]),
            start=clauses["valid_from"] or self._facts["grants"][-1]["since"],
            until=clauses["valid_until"] or self._say("no-end"),
        )
        for one in self._facts["against"]:
            yield self._say("against", verdict=one["verdict"], subject=one["subject"])
        if not self._facts["against"]:
            yield self._say("nothing-against")

    def _product(self) -> Iterator[str]:
        product = self._facts["product"]
        yield self._say("product", **self._ended(product))
        yield self._say("in-force" if product["inForce"] else "not-in-force", id=product["id"])
        for one in self._facts["versions"]:
            yield self._say("version", **one)
            made = one["derivation"]
            if made is not None:
                sources = [f"{source['product']}@{source['version']}" for source in made["sources"]]
                told = {"by": made["by"], "activity": made["activity"], "sources": sources}
                yield self._say("derivation", number=one["number"], **told)
        for one in self._facts["holdings"]:
            rights = "|".join(one["rights"])
            yield self._say("holding", **self._ended({**one, "rights": rights}))
        for one in self._facts["annotations"]:
            yield self._say("annotation", **self._ended(one))

    def _parties(self) -> Iterator[str]:
        for one in self._facts["parties"]:
            yield self._say("party", **one)
            for halted in one["suspensions"]:
                yield self._say("suspended", **self._ended({**halted, "id": one["id"]}))

    def _limits(self, *, expected: bool, local: bool) -> Iterator[str]:
        shown = self._shown
        place = {"directory": str(shown.directory), "chain": shown.chain_id}
        yield self._say("rests", hash="0x" + shown.rests_on.hex())
        yield self._say("directory" if expected else "directory-unknown", **place)
        yield self._say("not-shown")
        if local:
            yield self._say("local")

    def _ended(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """Return what has a beginning with its end in words, where it has none."""
        ends = ("to", "endsAt", "until")
        return {**one, **{name: one[name] or self._say("no-end") for name in ends if name in one}}

    def _say(self, key: str, **fields: object) -> str:
        return messages.text(f"proof.says.{key}", self._lang, **fields)
