"""Take the steps that several stories have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.integration.stories.scene import Person, Scene

# Nobody listens there: who asks a node has none.
_NOWHERE: Final = "http://127.0.0.1:9"


def a_folder(person: Person, **files: bytes) -> str:
    """Return a folder of a person with files of these contents."""
    folder = person.home / "data"
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return str(folder)


def applied(person: Person, data: str, form: str, profile: str = "PROPERTY", *more: str) -> str:
    """Return the product that a person applies for."""
    filed = person.does("register", data, "--profile", profile, "--metadata", form, *more)
    assert filed["stage"] == "SUBMITTED"
    return str(filed["product"])


def registered(city: Scene, product: str, *, publicised: str, final: str, until: str = "") -> str:
    """Have the registrar take an application to its end and return the code."""
    registrar = city.registrar
    registrar.does("case", "accept", product)
    city.go_to(publicised)
    registrar.does("case", "publicise", product)
    city.go_to(final)
    evidence = registrar.file(f"{product[-6:]}.txt", f"evidence of {product}")
    end = ("--until", until) if until else ()
    done = registrar.does("case", "finalise", product, "--evidence", evidence, *end)
    assert done["stage"] == "REGISTERED"
    return str(done["code"])


def proposed(person: Person, name: str, *terms: str) -> str:
    """Have a person put terms forward and return the file with them."""
    file = person.home / "papers" / name
    file.parent.mkdir(exist_ok=True)
    person.does("grant", "propose", *terms, "--out", str(file))
    return str(file)


def agreed(file: str, *sides: Person) -> str:
    """Have all sides sign an offer, the last of them file it, and return the first grant."""
    for side in sides:
        side.does("grant", "sign", file, "--yes")
    return str(sides[-1].does("grant", "submit", file)["grants"][0]["id"])


def refusals(person: Person, grant: str) -> list[dict[str, Any]]:
    """Return the evidence that a person has of uses refused under a grant."""
    lines: list[dict[str, Any]] = person.does("usage", "list", "--refusals", "--grant", grant)[
        "items"
    ]
    return lines


def proved(city: Scene, person: Person, subject: str, *more: str) -> dict[str, Any]:
    """Return the facts that a person proves to somebody who has a block hash and no node."""
    file = str(person.home / f"{len(list(person.home.glob('*.proof.json')))}.proof.json")
    made = person.does("proof", "create", subject, *more, "--out", file)
    block = city.rpc.call("eth_getBlockByNumber", hex(made["block"]), False)  # noqa: FBT003
    stranger = replace(person, settings={**person.settings, "DENGJI_RPC": _NOWHERE})
    shown = stranger.does("proof", "verify", file, "--block-hash", block["hash"])
    assert shown["hash_given"]
    facts: dict[str, Any] = shown["facts"]
    # The same file is worth nothing with another hash.
    other = "0x" + bytes(32).hex()
    stranger.fails(
        "proof", "verify", file, "--block-hash", other, code="proof-refused", exit_code=5
    )
    return facts


def made_of(person: Person, product: str, *more: str) -> set[tuple[str, str | None]]:
    """Return what a product was made of, each source with the grant that it was used under."""
    edges = person.does("trace", product, *more)["edges"]
    return {(edge["source"], edge["grant"]) for edge in edges}


def flagged(person: Person, product: str) -> set[str]:
    """Return what somebody who asks where a product comes from is warned of."""
    return {flag["condition"] for flag in person.does("trace", product)["flags"]}
