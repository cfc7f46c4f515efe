"""The timeline of a case says in both languages what stands against an act."""

from __future__ import annotations

import pytest

from cli.timeline import when
from registry.domain.flow import Option
from registry.domain.flow_table import Act, Actor, Condition, Stage


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "what the product is made of is declared, where it is derived"),
        ("zh", "衍生数据已申报其来源"),
    ],
)
def test_what_registration_waits_for_is_named(lang: str, said: str) -> None:
    """A derivation that is still to be declared is told beside the registration it bars."""
    option = Option(
        act=Act.REGISTER,
        actors=Actor.REGISTRAR,
        stage=Stage.REGISTERED,
        conditions=(Condition.DERIVATION_DECLARED,),
    )
    assert said not in when(option, 0, lang)
    barred = Option(
        act=option.act,
        actors=option.actors,
        stage=option.stage,
        conditions=option.conditions,
        blocked=option.conditions,
    )
    assert said in when(barred, 0, lang)
