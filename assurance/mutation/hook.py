"""Load the modules of a folder with mutants in them."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assurance.keep import ROOT
from assurance.mutation.python import LIVE, woven

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType


class Reached(set[int | str]):
    """Hold the mutants that were called up, and remember which ones were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int | str] = set()

    def __contains__(self, number: object) -> bool:
        self.asked.add(number)  # type: ignore[arg-type]
        return super().__contains__(number)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, hook: Hook) -> None:
        super().__init__(name, path)
        self._hook = hook

    def get_code(self, fullname: str) -> Any:  # noqa: ANN401 (a code object, as the base has it)
        path = Path(self.get_filename(fullname))
        relative = path.relative_to(ROOT).as_posix()
        probe = f"@{relative}" if isinstance(self._hook.live, Reached) else ""
        tree = woven(relative, path.read_text("utf-8"), self._hook.numbers, probe=probe)
        return compile(tree, str(path), "exec")

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__[LIVE] = self._hook.live
        super().exec_module(module)


class Hook(MetaPathFinder):
    """Find the modules of a package, and give them the mutants that have a number.

    :ivar live: the numbers of those that are called up.
    """

    def __init__(
        self, package: str, numbers: Mapping[tuple[str, ...], int], live: set[int | str]
    ) -> None:
        self._package = package
        self.numbers = numbers
        self.live = live

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module is loaded, None where it is not of the package."""
        if not f"{fullname}.".startswith(f"{self._package}."):
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and found.origin is not None:
            found.loader = _Loader(fullname, found.origin, self)
        return found

    def install(self) -> None:
        """Stand before all others; nothing of the package may have been loaded."""
        loaded = [name for name in sys.modules if f"{name}.".startswith(f"{self._package}.")]
        if loaded:
            raise RuntimeError(f"loaded too early: {loaded}")
        sys.meta_path.insert(0, self)
