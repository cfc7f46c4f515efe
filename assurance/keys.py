"""Show that no secret comes out: plant some, run every command, look through all that is left."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT, Keep, Record, digest
from assurance.keys_world import KeysWorld
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES: Final = ("assurance", "cli", "registry")
_NONE: Final = Target(limit=0)
# They would stop the chain that the others need, or install something.
_LEFT_OUT: Final = frozenset({"chain.down", "chain.reset", "completion"})
_CATALOGUE: Final = ROOT / "registry" / "catalogue" / "en"
_EXAMPLES: Final = ".examples"
_HOW: Final = (
    "A home is made with two keys, two passwords, a mnemonic and a provider's token that are "
    "known. Every command is run at it: the main story, each example of every command's help, "
    "wrong passwords, secrets given where something else is asked for, prompts at a terminal, and "
    "processes that end in a crash, a fault or a traceback with all variables while a key is "
    "unlocked. What they print, every file they leave (journal, caches and temporary files "
    "included), every file they removed or wrote over, and what each started program was handed is "
    "searched for every secret in each form it might take: as it is, backwards, in halves, "
    "hexadecimal, decimal, Base64 at any place, UTF-16, as JSON or Python writes it."
)


def section(*, smallest: bool = False) -> Section:
    """Run the story, and of the examples at its smallest every fiftieth; count what was found.

    What was run before on the same sources is not run again, but for the story.
    """
    keep = Keep("keys", sources=digest(*_SOURCES), smallest=smallest)
    with TemporaryDirectory(prefix="dengji-keys-") as folder:
        world = KeysWorld(Path(folder))
        try:
            _story(world)
            _mistakes(world)
            _failures(world)
            _terminal(world)
            world.look_at_files()
            keep.append({"topic": "", "line": "", **world.taken()})
            _examples(world, keep, every=50 if smallest else 1)
        finally:
            world.run("chain", "down")
        world.look_at_files()
        keep.append({"topic": "", "line": "after all", **world.taken()})
        return _told({(one["topic"], one["line"]): one for one in keep}, len(world.search.needles))


def _told(found: dict[tuple[str, str], Record], forms: int) -> Section:
    leaks = [leak for one in found.values() for leak in one["leaks"]]
    outputs: Counter[str] = Counter()
    for one in found.values():
        outputs.update(one["outputs"])
    topics = {topic for topic, _ in found} - {""}
    counts = [
        ("commands run", _sum(found, "runs"), None),
        ("commands of the tree whose examples were run", len(topics), None),
        ("processes that crashed with a key unlocked", _sum(found, "crashes"), None),
        *((f"outputs searched: {kind}", count, None) for kind, count in sorted(outputs.items())),
        ("bytes searched", _sum(found, "bytes"), None),
        ("secrets planted", 6, None),
        ("forms of them searched for", forms, None),
        ("places where one was found", len(leaks), _NONE),
        ("core files", _sum(found, "cores"), _NONE),
    ]
    return Section(
        name="keys",
        title="Keys and passwords",
        how=_HOW,
        figures=tuple(
            Figure(name=name, samples=(float(count),), target=target)
            for name, count, target in counts
        ),
        remarks=tuple(f"Found: {leak}" for leak in leaks[:50]),
    )


def _sum(found: dict[tuple[str, str], Record], what: str) -> int:
    return sum(int(one[what]) for one in found.values())


def _story(world: KeysWorld) -> None:
    """Do the main job with the planted account, and refused things between."""
    signed = ("--password-file", str(world.aside / "word"))
    product = str(world.result("register", "data", *signed)["product"])
    party = str(world.result("party", "show")["id"])
    world.names |= {"PRODUCT": product, "SOURCE": product, "PARTY": party}
    world.run("register", "data", *signed, "--debug")
    world.run("product", "show", product, "--json")
    grant = ("grant", "issue", product, "--action", "READ", "--purpose", "RESEARCH")
    world.run(*grant, "--to", party, *signed, "--debug")
    world.run("product", "retire", product, "--password-file", str(world.aside / "guess"))
    world.run("product", "retire", product, "--debug", "--json")
    world.run("account", "list", "--json")
    world.run("config", "show", "--json", *signed)
    elsewhere = {"DENGJI_HOME": str(world.home / "other")}
    (kept,) = (world.aside / "keys").iterdir()
    world.run("account", "import", str(kept), *signed, **elsewhere)
    world.run("account", "import", str(kept), "--password-file", str(world.aside / "guess"))


def _mistakes(world: KeysWorld) -> None:
    """Give secrets where something else is asked for: nothing repeats them."""
    key, token = "0x" + world.planted.typed.hex(), world.planted.token
    # Which a person would have typed without the word that is missing.
    for words in (
        ("account", "show", key),
        ("register", key),
        ("account", "import", key),
        ("account", "import", world.planted.words),
        ("account", "list", "--account", key),
        ("check", key, "--grantee", key, "--action", "READ", "--purpose", "RESEARCH"),
        ("product", "list", "--rpc", f"https://me:{token}@127.0.0.1:9/v3/{token}"),
        ("product", "list", "--rpc", f"wss://node.invalid/{token}"),
    ):
        world.run(*words, "--debug")
        if words[0] == "account":
            world.run(*words, "--json")


def _failures(world: KeysWorld) -> None:
    """End processes in every bad way once they have signed."""
    word = str(world.aside / "word")
    for number, mode in enumerate(("abort", "raise", "locals")):
        data = world.folder / "work" / f"crash{number}.csv"
        data.write_text(f"{number}\n")
        arguments = ("register", data.name, "--password-file", word, "--debug")
        world.run(*arguments, mode=mode, PYTHONFAULTHANDLER="1", PYTHONDEVMODE="1")


def _terminal(world: KeysWorld) -> None:
    """Type secrets at prompts, rightly and wrongly."""
    planted = world.planted
    word, key, words = planted.password, planted.typed.hex(), planted.words
    home = ("--home", str(world.home / "typed"), "--lang", "en")
    world.typed(("account", "import", *home), (key, word, planted.guess, word, word))
    world.typed(("account", "import", *home), (f"{words} zoo",))
    world.typed(("product", "list", "--debug", *home), ())
    world.typed(("product", "retire", "product1x", *home), (planted.guess,))


def _examples(world: KeysWorld, keep: Keep, *, every: int) -> None:
    """Run the examples of every command's help, with a password, as people and as programs do."""
    signed = ("--password-file", str(world.aside / "word"))
    for number, (topic, line) in enumerate(examples()):
        if number % every or topic in _LEFT_OUT or keep.covers(topic=topic, line=line):
            continue
        words = shlex.split(Template(line).safe_substitute(world.names))[1:]
        if any(one in ("|", ">", "<", "&&") for one in words):
            continue
        world.run(*words, *signed)
        world.run(*words, *signed, "--json", "--debug")
        keep.append({"topic": topic, "line": line, **world.taken()})


def examples() -> Iterator[tuple[str, str]]:
    """Yield the examples of every command that is no group, each with the command's path."""
    said: dict[str, str] = {}
    for path in sorted(_CATALOGUE.glob("*.json")):
        said |= json.loads(path.read_bytes())
    topics = [
        name.removeprefix("cli.").removesuffix(_EXAMPLES)
        for name in said
        if name.endswith(_EXAMPLES)
    ]
    for topic in topics:
        if any(other.startswith(f"{topic}.") for other in topics) or topic == "dengji":
            continue
        for line in said[f"cli.{topic}{_EXAMPLES}"].splitlines():
            if line.startswith("dengji "):
                yield topic, line
