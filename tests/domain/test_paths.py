"""The rules of paths."""

import unicodedata

import pytest

from registry.domain.paths import Offences, Refusal, folded, normal, path_problem
from registry.errors import PathsRefused

NFC = unicodedata.normalize("NFC", "é")
NFD = unicodedata.normalize("NFD", "é")


def test_normal_form_is_composed() -> None:
    """A decomposed name becomes the composed one, and a composed one stays."""
    assert NFC != NFD
    assert normal(NFD) == normal(NFC) == NFC


@pytest.mark.parametrize(
    ("one", "other"),
    [("Data", "dATA"), (NFC, NFD), ("Straße", "STRASSE"), ("\u212a", "k"), (NFD.upper(), NFC)],
)
def test_names_that_file_systems_mix_up_fold_alike(one: str, other: str) -> None:
    """Names that differ in case or Unicode form alone have one folded form."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("é", "e"), ("ﬁ", "f"), ("数据", "數據")])
def test_names_that_differ_fold_apart(one: str, other: str) -> None:
    """Names that no file system mixes up keep apart."""
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    "path",
    ["a", "a/b/c.csv", ".hidden", "...", "a b", "a\\b", "a\nb", "数/表", "x" * 4096, "C:/x", NFC],
)
def test_paths_that_may_stand(path: str) -> None:
    """Any relative path in normal form may stand in a manifest."""
    assert path_problem(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "../a",
        "./a",
        "a/.",
        "a\0b",
        "x" * 4097,
        NFD,
        "a/" + NFD,
        "\ud800",
    ],
)
def test_paths_that_may_not_stand(path: str) -> None:
    """A path that leads outside, is not normal, not UTF-8, or too long may not stand."""
    assert path_problem(path)


def test_offences_are_named_up_to_a_hundred_and_all_counted() -> None:
    """The error names the first hundred refused paths and counts every one."""
    offences = Offences()
    offences.raise_if_any()
    for number in range(250):
        offences.add(str(number), Refusal.SYMLINK)
    with pytest.raises(PathsRefused) as caught:
        offences.raise_if_any()
    assert caught.value.count == 250
    assert len(caught.value.offences) == 100
    assert caught.value.offences[0] == "0: symlink"
