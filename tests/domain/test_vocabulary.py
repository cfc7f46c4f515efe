"""Test the vocabulary: its files, what is generated of them, and its meanings."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry import messages
from registry.domain import vocabulary
from registry.domain.meanings import meaning, meanings
from registry.domain.vocabulary import Action, Purpose, Right, Template
from scripts import gen_vocabulary

SOURCE = Path(messages.__file__).with_name("vocabulary")
FILES = sorted(path for path in SOURCE.glob("*.json") if path.stem != "flow")

# The actions and left operands of ODRL 2.2's core and common vocabulary that the files refer to.
ODRL = {
    "Agreement",
    "acceptTracking",
    "aggregate",
    "annotate",
    "anonymize",
    "archive",
    "attribute",
    "compensate",
    "count",
    "delete",
    "derive",
    "display",
    "distribute",
    "execute",
    "extract",
    "grantUse",
    "index",
    "inform",
    "meteredTime",
    "modify",
    "nextPolicy",
    "obtainConsent",
    "payAmount",
    "read",
    "reproduce",
    "transform",
    "use",
    "watermark",
}


def read(path: Path) -> dict[str, Any]:
    """Return one vocabulary file."""
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_has_its_meaning_in_both_languages(path: Path) -> None:
    """Each word has a name and a sentence in each language, none twice, and a place in ODRL."""
    file = read(path)
    assert file["version"] == 1
    for field in ("en", "zh", "definition_en", "definition_zh"):
        said = [entry[field] for entry in file["entries"]]
        assert all(said)
        assert len(set(said)) == len(said)
    assert all(entry["definition_en"].endswith(".") for entry in file["entries"])
    assert all(entry["definition_zh"].endswith("。") for entry in file["entries"])
    terms = [entry["odrl"] for entry in file["entries"] if entry["odrl"] is not None]
    assert {term for term in terms if not term.startswith("dengji:")} <= ODRL
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_python_has_every_word_and_no_other(path: Path) -> None:
    """The generated classes have the names and numbers of the files."""
    file = read(path)
    kind = getattr(vocabulary, file["name"])
    if file["kind"] == "mask":
        numbers = {entry["code"]: 1 << entry["bit"] for entry in file["entries"]}
        assert kind["ALL"] == sum(numbers.values())
    else:
        numbers = {entry["code"]: entry["value"] for entry in file["entries"]}
    assert {member.name: member.value for member in kind} == numbers


def test_the_generated_files_are_fresh() -> None:
    """What is committed is what the generator writes."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.gen_vocabulary", "--check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=gen_vocabulary.ROOT,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file["entries"][1].update(bit=5), "must run from 0"),
        (lambda file: file["entries"][1].update(code="HOLD"), "occurs twice"),
        (lambda file: file.update(width=2), "more members than"),
    ],
    ids=["gap", "twice", "too-many"],
)
def test_the_generator_refuses_a_malformed_file(change: Any, said: str, tmp_path: Path) -> None:  # noqa: ANN401 (a lambda)
    """A gap, a code that occurs twice, or more bits than fit are refused."""
    file = read(SOURCE / "right.json")
    change(file)
    path = tmp_path / "right.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    with pytest.raises(gen_vocabulary.VocabularyMalformedError, match=said):
        gen_vocabulary.read(path)


def test_says_what_a_word_means() -> None:
    """A word is said in the language asked for, with its term in ODRL or none."""
    assert meaning(Right.OPERATE, "zh").name == "经营权"
    assert meaning(Action.ANONYMISE, "en").odrl == "anonymize"
    assert meaning(Purpose.RESALE, "en").odrl == "dengji:resale"
    assert meaning(Template.NONE, "en").odrl is None
    assert [found.value for found in meanings(Right, "en")] == [1, 2, 4]
