"""Test the descriptors that tell wallets how to show what is signed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from registry.domain.signing import STRUCTS, Struct
from scripts import gen_erc7730

FORMATS = {"raw", "enum", "date", "duration", "addressName"}
TYPE = re.compile(r"([A-Z]\w*)\(([^)]*)\)")


def leaves(encoded: str) -> set[str]:
    """Return the paths of all fields of a type, read from its encoding alone."""
    structs = {
        name: [f.split(" ") for f in inner.split(",")] for name, inner in TYPE.findall(encoded)
    }
    first = encoded[: encoded.index("(")]

    def walk(name: str, before: str) -> set[str]:
        found = set()
        for kind, field in structs[name]:
            if kind in structs:
                found |= walk(kind, f"{before}{field}.")
            else:
                found.add(f"{before}{field}" + (".[]" if kind.endswith("[]") else ""))
        return found

    return walk(first, "")


@pytest.fixture(params=STRUCTS, ids=lambda struct: str(struct.name))
def read(request: pytest.FixtureRequest) -> tuple[Struct, dict[str, Any]]:
    """Return a message's type and the descriptor that is committed for it."""
    struct: Struct = request.param
    path = gen_erc7730.TARGET / f"{struct.name.lower()}.json"
    return struct, json.loads(path.read_bytes())


def test_every_field_is_shown(read: tuple[Struct, dict[str, Any]]) -> None:
    """Each field of a message has one display format; none is hidden, none is invented."""
    struct, descriptor = read
    ((key, shown),) = descriptor["display"]["formats"].items()
    assert key == struct.encoded
    paths = [field["path"] for field in shown["fields"]]
    assert len(set(paths)) == len(paths)
    assert set(paths) == leaves(key)
    assert all(field.get("visible", "always") == "always" for field in shown["fields"])


def test_has_the_form_of_the_standard(read: tuple[Struct, dict[str, Any]]) -> None:
    """A descriptor has the sections, formats and parameters that ERC-7730 knows, and no other."""
    _, descriptor = read
    assert set(descriptor) == {"$schema", "context", "metadata", "display"}
    domain = {"name": "Dengji", "version": "1"}
    assert descriptor["context"] == {"eip712": {"domain": domain}}
    assert set(descriptor["metadata"]) == {"owner", "enums"}
    (shown,) = descriptor["display"]["formats"].values()
    assert set(shown) == {"intent", "fields"}
    assert shown["intent"]
    for field in shown["fields"]:
        assert {"path", "label", "format"} <= set(field) <= {"path", "label", "format", "params"}
        assert field["format"] in FORMATS
        assert field["label"]
        if field["format"] == "date":
            assert field["params"] == {"encoding": "timestamp"}
        if field["format"] == "enum":
            name = field["params"]["$ref"].removeprefix("$.metadata.enums.")
            assert descriptor["metadata"]["enums"][name]


def test_numbers_of_an_enumeration_are_the_vocabularys() -> None:
    """A wallet shows the words for the numbers that the contracts use."""
    enums = gen_erc7730.descriptor(STRUCTS[0])["metadata"]["enums"]
    assert enums["form"]["1"].startswith("two-sided: ")
    assert enums["priceModel"]["3"].startswith("by use: ")


def test_what_is_committed_is_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` is content with what is committed, and names what differs or is left over."""
    assert gen_erc7730.main(["--check"]) == 0
    monkeypatch.setattr(gen_erc7730, "TARGET", tmp_path)
    monkeypatch.setattr(gen_erc7730, "ROOT", tmp_path)
    gen_erc7730.main([])
    assert gen_erc7730.main(["--check"]) == 0
    (tmp_path / "terms.json").write_text("{}")
    (tmp_path / "old.json").write_text("{}")
    assert gen_erc7730.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "terms.json is stale" in said
    assert "old.json is stale" in said
