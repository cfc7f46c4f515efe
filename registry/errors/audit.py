"""Say what can keep an audit from its end."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ConfigError


class AuditBusy(ConfigError):
    """Another process audits the same deployment and writes to the same file."""

    code: ClassVar[str] = "audit-busy"
    file: str


class AuditUnusable(ConfigError):
    """The file in which an audit keeps what it read cannot be used."""

    code: ClassVar[str] = "audit-unusable"
    file: str
    reason: str
