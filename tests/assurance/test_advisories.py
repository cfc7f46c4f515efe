"""What a registry does not answer for is not taken for free of weaknesses."""

from __future__ import annotations

import json

from assurance.advisories import Answer, read_node, read_python

SKIPPED = "Dependency not found on PyPI and could not be audited: click (8.5.1)"


def test_a_package_that_is_skipped_is_not_answered_for() -> None:
    """pip-audit finds nothing wrong with what it could not look up; that is no answer."""
    said = json.dumps({"dependencies": [{"name": "click", "skip_reason": SKIPPED}], "fixes": []})
    answer = read_python("pip-audit", 1, said)
    assert answer.answered == 0
    assert answer.weaknesses == ()
    assert answer.said == "Dependency not found on PyPI and could not be audited"
    assert "1 packages asked about, 0 answered for (Dependency not found" in answer.remark()


def test_a_weakness_of_a_python_package_is_named() -> None:
    """Each advisory is a line with package, version and its name."""
    found = [
        {"name": "click", "version": "8.5.1", "vulns": []},
        {"name": "rlp", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
    ]
    answer = read_python("pip-audit", 2, json.dumps({"dependencies": found}))
    assert answer == Answer(tool="pip-audit", asked=2, answered=2, weaknesses=("rlp 1.0: PYSEC-1",))
    assert answer.remark().endswith("2 answered for.\n\n- rlp 1.0: PYSEC-1")


def test_a_registry_that_refuses_npm_is_told() -> None:
    """What it answered is said, without the address that was asked."""
    said = json.dumps(
        {
            "message": "405 Method Not Allowed - POST https://registry.example/-/npm/v1/security",
            "statusCode": 405,
            "body": "",
        }
    )
    answer = read_node(48, said)
    assert (answer.asked, answer.answered, answer.said) == (48, 0, "405 Method Not Allowed")
    assert "example" not in answer.remark()


def test_a_weakness_of_an_npm_package_is_named() -> None:
    """Each package with an advisory is a line with its severity."""
    said = json.dumps({"auditReportVersion": 2, "vulnerabilities": {"tmp": {"severity": "low"}}})
    answer = read_node(48, said)
    assert (answer.answered, answer.weaknesses) == (48, ("tmp: low",))
    assert read_node(48, json.dumps({"vulnerabilities": {}})).weaknesses == ()


def test_garbage_is_no_answer() -> None:
    """A tool that writes no report has not answered."""
    for answer in (read_node(48, ""), read_python("pip-audit", 98, "Traceback")):
        assert (answer.answered, answer.said) == (0, "it wrote no report")
