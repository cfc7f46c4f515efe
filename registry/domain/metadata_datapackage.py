"""Carry a Frictionless data package (datapackage.json, version 1 or 2) over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.metadata_mapping import OURS, Carrier, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMAT_KEYS: Final = ("format", "mediatype", "type", "path", "profile")
_PEOPLE: Final = ("contributors", "author", "maintainers", "publishers")


def carry(package: Mapping[str, Any]) -> Carrier:
    """Return the fields that the package gives, and what has no place."""
    carrier = _carried({key: value for key, value in package.items() if key != OURS})
    if OURS in package:
        carrier.exact(package[OURS], OURS)
    return carrier


def _carried(package: Mapping[str, Any]) -> Carrier:
    carrier = Carrier()
    for key, value in _ordered(package):
        match key:
            case "title":
                carrier.text("dataName", value, key)
            case "name" if "title" not in package:
                carrier.text("dataName", value, key)
            case "description":
                carrier.text("summary", value, key)
            case "keywords":
                for i, word in enumerate(_listed(value)):
                    carrier.keyword(word, f"keywords[{i}]")
            case "licenses" | "license":
                _licences(value, carrier, key)
            case "resources":
                _resources(_listed(value), carrier)
            case "profile" | "$schema":
                pass  # They say what the document is, and that is what it was read as.
            case _:
                carrier.leave(key, value, "person" if key in _PEOPLE else "no-field")
    return carrier


def _ordered(package: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(package.items(), key=lambda item: item[0])


def _licences(value: object, carrier: Carrier, where: str) -> None:
    for i, one in enumerate(_listed(value)):
        named = (
            one.get("title") or one.get("name") or one.get("path") if isinstance(one, dict) else one
        )
        if isinstance(named, str):
            carrier.add("restrictions", f"licence: {named}", f"{where}[{i}]")
        else:
            carrier.leave(f"{where}[{i}]", one, "no-value")


def _resources(resources: list[Any], carrier: Carrier) -> None:
    formats: list[str] = []
    sizes: list[int | None] = []
    for i, one in enumerate(resources):
        if not isinstance(one, dict):
            carrier.leave(f"resources[{i}]", one, "no-value")
            continue
        sizes.append(size_of(one.get("bytes")))
        formats += [said for key in _FORMAT_KEYS for said in _texts(one.get(key))]
        for key, value in one.items():
            # Which files there are, and what is in them, the manifest says from the files.
            if key not in (*_FORMAT_KEYS, "bytes") or key == "path":
                carrier.leave(f"resources[{i}].{key}", value, "content")
    known = [size for size in sizes if size is not None]
    whole = sum(known) if known and len(known) == len(sizes) else None
    carrier.files(formats, whole, len(sizes))


def _texts(value: object) -> list[str]:
    return [one for one in _listed(value) if isinstance(one, str)]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
