"""Write shapes that are made of others."""

from __future__ import annotations


def optional(shape: dict[str, str]) -> dict[str, str]:
    """Return a shape whose fields may all be absent."""
    return {name: kind if kind.endswith("?") else f"{kind}?" for name, kind in shape.items()}


def page(of: str) -> dict[str, str]:
    """Return the shape of a part of a list, and where the next part begins."""
    return {"items": f"[{of}]", "after": "text?"}
