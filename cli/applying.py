"""Apply for a registration by a case, from the options of `dengji register`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from cli.grammar import option, together
from cli.types import FILE, GRANT, NumberType
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Answer, Raw
    from cli.session import Session
    from registry.domain.application import Application
    from registry.domain.product import Profile


case_options: Final = together(
    option("--registrar", type=NumberType(1, 65_535), default=1, metavar="NUMBER"),
    option("--evidence", type=FILE, metavar="FILE"),
    option("--operation", type=GRANT, metavar="GRANT"),
    option("--draft", is_flag=True),
)
"""The options that only an application by a case looks at."""

CASE_OPTIONS: Final = ("registrar", "evidence", "operation", "draft")
"""Their names."""


def require_profile(profile: Profile, case: dict[str, Any]) -> None:
    """Refuse, where a product is registered at once, what a case alone looks at.

    Whoever wants a draft wants nothing recorded yet. Raises `OptionsUnfit`.
    """
    if profile.name != "OPEN":
        return
    source = click.get_current_context().get_parameter_source
    typed = [f"--{name}" for name in case if source(name) is not ParameterSource.DEFAULT]
    if typed:
        raise OptionsUnfit(rule="together", options=["--profile", *typed])


def applied_for(
    session: Session, path: Path, form: Application, given: dict[str, Any]
) -> Answer | Raw:
    """Apply for the registration of what stands at a path, and answer what it came to."""
    from cli.case_acts import digest, told  # noqa: PLC0415 (start-up time)
    from registry.services.applying import Asked  # noqa: PLC0415 (start-up time)

    evidence = given.pop("evidence")
    asked = Asked(evidence=None if evidence is None else digest(evidence), **given)
    return told(session, session.writing().cases.apply_for(path, form, asked))
