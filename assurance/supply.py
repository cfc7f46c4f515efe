"""Show that Dengji is built from pinned bytes, to the same bytes, and what is known of them."""

from __future__ import annotations

from typing import Final

from assurance import advisories, builds
from assurance.keep import ROOT
from benchmarks.report import Figure, Section, Target
from scripts.gen_sbom import listed, locks

_NONE: Final = Target(limit=0)
_LOCK: Final = ROOT / "requirements" / "dev.txt"


def section(*, smallest: bool = False) -> Section:
    """Count what is pinned, build and compile twice, and ask for known weaknesses."""
    asked = [] if smallest else _asked()
    known = sum(len(one.weaknesses) for one in asked)
    answered = sum(one.answered for one in asked)
    figures = [*_pinned(), *_built(smallest=smallest)]
    figures.append(_counted("packages that a registry answered for", answered))
    if answered:
        figures.append(_counted("known weaknesses of these", known, _NONE))
    return Section(
        name="supply",
        title="Supply chain",
        how="What `requirements/*.txt` and `package-lock.json` pin is counted, and what of it has "
        "no hash; [sbom.json](sbom.json) lists it in CycloneDX. Wheel and source archive are "
        "built, and the contracts compiled without a cache, in two folders that differ in path, "
        "umask, times and order of files, locale, time zone, home and seed of hashes; the bytes "
        "are compared with each other and with `registry/artifacts`. The registries are asked for "
        "known weaknesses by their own clients: a package that a registry does not answer for is "
        "no package without weaknesses, and is counted apart.",
        figures=tuple(figures),
        remarks=tuple(one.remark() for one in asked),
    )


def _pinned() -> list[Figure]:
    held = locks(ROOT)
    node = held.pop("package-lock.json")
    python = [pin for pins in held.values() for pin in pins]
    return [
        _counted("Python packages pinned, in all lock files", len(python)),
        _counted("hashes of their files", sum(len(pin.digests) for pin in python)),
        _counted("Python packages without a hash", sum(not pin.digests for pin in python), _NONE),
        _counted("npm packages pinned", len(node)),
        _counted("npm packages without a hash", sum(not pin.digests for pin in node), _NONE),
        _counted("components in the list", len(listed(ROOT)["components"])),
    ]


def _built(*, smallest: bool) -> list[Figure]:
    files = builds.packages()
    compiled, strange = builds.contracts(smallest=smallest)
    return [
        _counted("wheels and source archives, each built twice", len(files)),
        _counted("builds of which two differ", _differing(files), _NONE),
        _counted("contracts, each compiled twice", len(compiled)),
        _counted("contracts of which two compilations differ", _differing(compiled), _NONE),
        _counted("contracts that are not as the package has them", len(strange), _NONE),
    ]


def _differing(found: builds.Digests) -> int:
    return sum(len(ones) != 1 for ones in found.values())


def _asked() -> list[advisories.Answer]:
    return [advisories.python(_LOCK), advisories.node(len(locks(ROOT)["package-lock.json"]))]


def _counted(name: str, count: int, target: Target | None = None) -> Figure:
    return Figure(name=name, samples=(float(count),), target=target)
