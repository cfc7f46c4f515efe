"""Register data products and authorizations on an Ethereum chain, and prove them to strangers.

Everything public can be taken from here, and is imported when it is used: `import registry` costs
nothing. Errors stand in `registry.errors`, those of the contracts in `registry.reverts`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from registry._version import __version__

if TYPE_CHECKING:
    from registry import errors, messages, reverts
    from registry.client import Dengji
    from registry.domain.clauses import Clause, Clauses, Price, Quota, Window
    from registry.domain.grant import GrantOrigin, GrantStage, GrantState
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.keys import PartyKey, Recovery, Registrar
    from registry.domain.ledger import Deployment, Ledger, Receipt
    from registry.domain.meanings import Meaning, meaning, meanings
    from registry.domain.moment import At, AtBlock, AtTime, Moment
    from registry.domain.party import Party, Role, Scope, Seat, Standing, Suspension
    from registry.domain.product import Claim, Holding, Product, ProductState, Profile, Version
    from registry.domain.terms import SigningDomain
    from registry.domain.verdict import Check, Use, Verdict
    from registry.domain.vocabulary import (
        Action,
        DerivedRights,
        Environment,
        Form,
        Mode,
        Obligation,
        PriceModel,
        Purpose,
        QuotaUnit,
        Reason,
        Right,
        SecurityClass,
        SubDelegation,
        Template,
    )
    from registry.errors import (
        ChainError,
        ConfigError,
        ContractRevert,
        IntegrityError,
        InvalidInputError,
        RegistryError,
    )
    from registry.settings import Settings

__all__ = [
    "Action",
    "Address",
    "At",
    "AtBlock",
    "AtTime",
    "ChainError",
    "Check",
    "Claim",
    "Clause",
    "Clauses",
    "ConfigError",
    "ContractRevert",
    "Dengji",
    "Deployment",
    "DerivedRights",
    "Environment",
    "Form",
    "GrantId",
    "GrantOrigin",
    "GrantStage",
    "GrantState",
    "Holding",
    "IntegrityError",
    "InvalidInputError",
    "Ledger",
    "Meaning",
    "Mode",
    "Moment",
    "Obligation",
    "Party",
    "PartyId",
    "PartyKey",
    "Price",
    "PriceModel",
    "Product",
    "ProductId",
    "ProductState",
    "Profile",
    "Purpose",
    "Quota",
    "QuotaUnit",
    "Reason",
    "Receipt",
    "Recovery",
    "Registrar",
    "RegistryError",
    "Right",
    "Role",
    "Scope",
    "Seat",
    "SecurityClass",
    "Settings",
    "SigningDomain",
    "Standing",
    "SubDelegation",
    "Suspension",
    "Template",
    "Use",
    "Verdict",
    "Version",
    "Window",
    "__version__",
    "errors",
    "meaning",
    "meanings",
    "messages",
    "reverts",
]

_MODULES = {
    "registry.client": ("Dengji",),
    "registry.domain.clauses": ("Clause", "Clauses", "Price", "Quota", "Window"),
    "registry.domain.grant": ("GrantOrigin", "GrantStage", "GrantState"),
    "registry.domain.ids": ("Address", "GrantId", "PartyId", "ProductId"),
    "registry.domain.keys": ("PartyKey", "Recovery", "Registrar"),
    "registry.domain.ledger": ("Deployment", "Ledger", "Receipt"),
    "registry.domain.meanings": ("Meaning", "meaning", "meanings"),
    "registry.domain.moment": ("At", "AtBlock", "AtTime", "Moment"),
    "registry.domain.party": ("Party", "Role", "Scope", "Seat", "Standing", "Suspension"),
    "registry.domain.product": (
        "Claim",
        "Holding",
        "Product",
        "ProductState",
        "Profile",
        "Version",
    ),
    "registry.domain.terms": ("SigningDomain",),
    "registry.domain.verdict": ("Check", "Use", "Verdict"),
    "registry.domain.vocabulary": (
        "Action",
        "DerivedRights",
        "Environment",
        "Form",
        "Mode",
        "Obligation",
        "PriceModel",
        "Purpose",
        "QuotaUnit",
        "Reason",
        "Right",
        "SecurityClass",
        "SubDelegation",
        "Template",
    ),
    "registry.errors": (
        "ChainError",
        "ConfigError",
        "ContractRevert",
        "IntegrityError",
        "InvalidInputError",
        "RegistryError",
    ),
    "registry.settings": ("Settings",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever is exported under the name)
    """Import what is exported under `name`, once."""
    if name in {"errors", "messages", "reverts"}:
        return import_module(f"registry.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'registry' has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return everything that is exported."""
    return sorted(__all__)
