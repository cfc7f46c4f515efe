"""Apply for a registration by a case, from the options of `dengji register`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.grammar import option, together
from cli.types import FILE, GRANT, NumberType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Answer, Raw
    from cli.session import Session
    from registry.domain.application import Application
    from registry.domain.ids import GrantId, ProductId


class _OriginType(click.ParamType[Any, Any]):
    """A product that the data was made of, with the grant that lets it: `PRODUCT[=GRANT]`."""

    name = "origin"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[ProductId, GrantId | None]:
        """Parse the ids; raises `IdMistyped`."""
        del param, ctx
        if isinstance(value, tuple):
            return value
        from registry.domain.ids import GrantId, ProductId  # noqa: PLC0415 (start-up time)

        product, equals, grant = str(value).partition("=")
        return ProductId.parse(product), GrantId.parse(grant) if equals else None


case_options: Final = together(
    option("--registrar", type=NumberType(1, 65_535), default=1, metavar="NUMBER"),
    option("--evidence", type=FILE, metavar="FILE"),
    option("--from", "origins", type=_OriginType(), multiple=True, metavar="PRODUCT[=GRANT]"),
    option("--operation", type=GRANT, metavar="GRANT"),
    option("--draft", is_flag=True),
)
"""The options that only an application by a case looks at."""

CASE_OPTIONS: Final = ("registrar", "evidence", "origins", "operation", "draft")
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
