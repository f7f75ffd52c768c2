"""The area (领域) and the title of a table: from the lines above it, or from the name of its sheet.

Source: law.md §5, YAML 15.7 `standard_areas_26` and `later_areas_seen`, kept as data in `areas.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_MARK = re.compile(
    r"^(?:附件?\s*\d*\s*[:：.、]?|附表\s*\d*\s*[:：.、]?|[(（]?[一二三四五六七八九十百\d]{1,4}[)）]\s*|[一二三四五六七八九十]{1,3}、|\d{1,3}\s*[.、．\-_]?\s*)+"
)
_TITLE = re.compile(r"(?:标准|主动公开|信息公开|政务公开|公开事项|公开基本|公开)[^。；;，]{0,12}(?:目录|清单)")
_AREA = re.compile(r"([^《》。；;，,\s]{2,40}?)领域")
_PLACE = re.compile(r"^.{2,10}?(?:自治县|自治旗|县|市|区|镇|乡|街道|旗|开发区)(?:人民政府|办事处|政府)?(?=.{2,}$)")
_GENERIC = re.compile(r"(?i)^(?:sheet|工作表|表|目录|标准目录|附件|汇总表?|总表|封面|说明|全部)?[\s\d()（）-]*$")


@cache
def known_areas() -> tuple[str, ...]:
    """Names of areas, longest first."""
    lists = tomllib.loads((Path(__file__).parent / "areas.toml").read_text("utf-8"))
    return tuple(sorted({n for names in lists.values() for n in names}, key=len, reverse=True))


def is_title(text: str) -> bool:
    """A line that names a directory."""
    flat = re.sub(r"\s+", "", text)
    return len(flat) <= 60 and _TITLE.search(flat) is not None and not re.match(r"注|备注|说明", flat)


def without_mark(text: str) -> str:
    """A title without the number or 附件 before it."""
    flat = re.sub(r"\s+", "", text)
    return _MARK.sub("", flat) or flat


def area_in(title: str) -> str:
    """The area that a title names (“青禾县义务教育领域基层政务公开标准目录” → 义务教育), or an empty string."""
    match = _AREA.search(without_mark(title))
    if match is None:
        return ""
    words = match.group(1)
    for name in known_areas():
        if words.endswith(name):
            return name
    return _PLACE.sub("", words)


def area_of_sheet(name: str, alone: bool) -> str:
    """The area that the name of a sheet gives; a workbook with one sheet only when the name is known."""
    area = area_in(name)
    if area:
        return area
    plain = re.sub(r"(?:基层)?(?:政务)?(?:公开)?(?:标准)?(?:目录|清单)?$", "", without_mark(name))
    plain = re.sub(r"[(（]\d+[)）]$", "", plain)
    for known in known_areas():
        if plain == known or (not alone and plain.endswith(known)):
            return known
    return "" if alone or _GENERIC.match(name) or not plain else plain
