"""Describe the machine that figures were measured on."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import subprocess
from pathlib import Path


def machine() -> dict[str, str]:
    """Describe this machine as far as times depend on it."""
    return {
        "processor": f"{os.cpu_count()} × {_processor()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": f"{_system()}, Linux {platform.release()}",
        "Python": platform.python_version(),
        "anvil": _anvil(),
    }


def now() -> str:
    """Return the day, and how busy the machine is."""
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    return f"{day} at a load of {os.getloadavg()[0]:.1f}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    release = platform.freedesktop_os_release()
    return release.get("PRETTY_NAME", release["ID"])


def _anvil() -> str:
    found = shutil.which("anvil")
    if found is None:
        return "none"
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split("\n")[0].removeprefix("anvil Version: ")
