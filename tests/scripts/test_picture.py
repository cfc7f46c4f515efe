"""The picture of the demo shows commands and answers, and nothing from elsewhere."""

from scripts.picture import draw, lines

SAID = """\
1/7  A step

$ dengji verify copy
    unknown: this content is not registered; so it is
      outcome   UNKNOWN
      product   product1d2dfabcdefghijklmnopqh0w
      differences
        changed  areas.csv
    exit code 7

2/7  Another step
"""


def test_commands_and_sentences_are_shown() -> None:
    """Of an answer the sentence is shown up to a semicolon, the changed file, and the exit code."""
    assert [line.plain for line in lines(SAID)] == [
        "$ dengji verify copy",
        "unknown: this content is not registered",
        "changed  areas.csv   (exit code 7)",
    ]


def test_ids_are_shortened() -> None:
    """A long id keeps its kind, its beginning and its end."""
    (line,) = lines("$ dengji product show product1d2dfabcdefghijklmnopqh0w\n")
    assert line.plain == "$ dengji product show product1d2df…h0w"


def test_digests_are_shortened() -> None:
    """An address and a digest keep their beginning and their end."""
    digest, address = f"0xaaaa{'0' * 57}fff", f"0xbbbb{'1' * 33}eee"
    (line,) = lines(f"$ dengji proof verify f --block-hash {digest} --directory {address}\n")
    assert line.plain == "$ dengji proof verify f --block-hash 0xaaaa…fff --directory 0xbbbb…eee"


def test_nothing_is_loaded() -> None:
    """The picture names no font of another place."""
    drawn = draw(lines(SAID))
    assert "areas.csv" in drawn
    assert "@font-face" not in drawn
    assert "url(http" not in drawn
