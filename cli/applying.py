"""Apply for a registration by a case, from the options of `dengji register`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.grammar import option, together
from cli.types import FILE, GRANT, NumberType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Answer, Raw
    from cli.session import Session
    from registry.domain.application import Application


case_options: Final = together(
    option("--registrar", type=NumberType(1, 65_535), default=1, metavar="NUMBER"),
    option("--evidence", type=FILE, metavar="FILE"),
    option("--operation", type=GRANT, metavar="GRANT"),
    option("--draft", is_flag=True),
)
"""The options that only an application by a case looks at."""

CASE_OPTIONS: Final = ("registrar", "evidence", "operation", "draft")
"""Their names."""


def applied_for(
    session: Session, path: Path, form: Application, given: dict[str, Any]
) -> Answer | Raw:
    """Apply for the registration of what stands at a path, and answer what it came to."""
    from cli.case_acts import digest, told  # noqa: PLC0415 (start-up time)
    from registry.services.applying import Asked  # noqa: PLC0415 (start-up time)

    evidence = given.pop("evidence")
    asked = Asked(evidence=None if evidence is None else digest(evidence), **given)
    return told(session, session.writing().cases.apply_for(path, form, asked))
