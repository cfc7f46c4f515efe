"""Every reader of outside input is known, and keeps its promises under hostile input."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from random import Random

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assurance.inputs import inventory
from assurance.inputs.catalogue import targets
from assurance.inputs.mutations import TOKENS, mutated
from assurance.inputs.trial import PromiseBrokenError, Target, Trial
from cli.tree import root
from registry.errors import RegistryError

NAMES = sorted(targets())
ENDLESS = 40_000
"""Bytes of what repeats: where time grows with the square, minutes; else thousandths."""


@cache
def trial(name: str) -> Trial:
    """Return what tries a target, its seeds read."""
    return Trial(targets()[name])


def test_every_function_that_reads_is_listed() -> None:
    """Whatever calls a parser stands in the list, with a target or a reason, and nothing else."""
    assert sorted(inventory.listed()) == list(inventory.found())
    assert set(inventory.through().values()) <= set(NAMES)


def test_every_file_that_a_command_takes_is_listed() -> None:
    """Each option or argument for a file names the target that reads such a file."""
    listed = inventory.options()
    taken = set(_files(root, click.Context(root), ()))
    known = {key for keys in taken for key in keys}
    assert [keys for keys in taken if not set(keys) & set(listed)] == []
    assert [key for key in listed if key not in known] == []


def _files(
    command: click.Command, context: click.Context, path: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield each parameter for a file by its name alone, and with its command."""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            below = click.Context(inner, parent=context, info_name=name)
            yield from _files(inner, below, (*path, name))
        return
    for one in command.params:
        if isinstance(one.type, click.Path) or "FILE" in (one.metavar or ""):
            name = one.opts[0] if isinstance(one, click.Option) else str(one.name)
            if not (one.metavar or "").startswith("PROFILE"):
                yield name, " ".join((*path, name))


@pytest.mark.parametrize("name", NAMES)
def test_changed_documents(name: str) -> None:
    """Documents that were changed are refused in our own words, or read for what they say."""
    target = targets()[name]
    tried = trial(name)

    # The drawn number is all: shrinking it makes no simpler document.
    @settings(max_examples=min(25, target.piece // 100), deadline=None, derandomize=True)
    @given(st.integers(0, 2**64 - 1))
    def run(number: int) -> None:
        given_bytes = mutated(Random(number), tried.seeds, target.shape, target.longest)
        tried.run(given_bytes, measure=number % 8 == 0)

    run()


@pytest.mark.parametrize("name", NAMES)
def test_what_repeats_without_end(name: str) -> None:
    """Time and memory grow with the length of what is given, whatever it repeats and where."""
    tried = trial(name)
    # Each reader meets half of them, its neighbour the other half.
    for place, token in enumerate(ENDLESS_TOKENS[NAMES.index(name) % 2 :: 2]):
        endless = token * (ENDLESS // len(token))
        seed = tried.seeds[place % len(tried.seeds)]
        middle = len(seed) // 2
        tried.run(endless, measure=place % 8 == 0)
        tried.run(seed[:middle] + endless + seed[middle:])


ENDLESS_TOKENS = (
    *(b"a", b"0", b" ", b"\n", b"\x00", b'"', b'\\"', b"[", b"{", b"<", b"a.", b"a:", b"'\n"),
    *(b'{"":', b"<a ", b"&", b"</a", b"<!--", b"\xff", b"\xe2\x80\xae"),
)


def test_the_same_seed_gives_the_same_input() -> None:
    """A piece of a campaign is the same wherever it is run."""
    seeds = trial("ending").seeds
    made = [mutated(Random(7), seeds, "json", 1 << 16) for _ in range(2)]
    assert made[0] == made[1]
    assert len({mutated(Random(n), seeds, "json", 1 << 16) for n in range(100)}) > 80
    assert len(TOKENS) > 60


# ---- the trial itself finds what is broken -------------------------------------------------------


def broken(read: object, *, write: object = None, given_bytes: bytes = b"x") -> str:
    """Return which promise a reader breaks."""
    target = Target(name="x", read=read, seeds=lambda: [b"seed"], write=write)  # type: ignore[arg-type]
    with pytest.raises(PromiseBrokenError) as caught:
        Trial(target, seconds=0.2).run(given_bytes, measure=True)
    return caught.value.promise


def test_a_traceback_is_noticed() -> None:
    """An error of Python's own breaks the promise."""

    def read(given_bytes: bytes) -> object:
        return given_bytes if given_bytes == b"seed" else int(given_bytes)

    assert broken(read) == "raises its own errors alone"


def test_a_hang_is_noticed() -> None:
    """A reader that goes on and on is interrupted."""

    def read(given_bytes: bytes) -> object:
        started = time.monotonic()
        while given_bytes != b"seed" and time.monotonic() - started < 60:
            pass
        return given_bytes

    assert broken(read) == "ends in time"


def test_a_bomb_is_noticed() -> None:
    """Memory beyond all measure breaks the promise."""

    def read(given_bytes: bytes) -> object:
        return given_bytes if given_bytes == b"seed" else len(bytes(1 << 26))

    assert broken(read) == "keeps within memory"


def test_accepted_garbage_is_noticed() -> None:
    """A value that does not come back equal breaks the promise."""
    assert broken(lambda given_bytes: given_bytes, write=lambda value: value + b"!") == (
        "reads what it wrote"
    )


def test_an_error_without_a_sentence_is_noticed() -> None:
    """An error that the catalogue does not tell breaks the promise."""

    class UntoldError(RegistryError):
        code = "untold-error"

    def read(given_bytes: bytes) -> object:
        if given_bytes != b"seed":
            raise UntoldError
        return given_bytes

    assert broken(read) == "errors are in the catalogue"
