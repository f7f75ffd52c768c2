"""From the texts of one row, by role, to a `Line`, with the reasons to look at it again.

Source: the columns of law.md §5; which ticks are wanted, from the official form of 国办发〔2019〕54号.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.scheme.reading import cells
from gongkai.scheme.reading.headers import LABELS, TICKS, word_role
from gongkai.scheme.reading.limits import Kind, Limit, read_limit
from gongkai.scheme.reading.model import Levels, Line, Mark

_ALL = re.compile(r"全社会|社会公众|全体公众|社会各界|公众|全社區|所有人|^社会$")
_PARTED = re.compile(r"[、，,；;/\n\s]+")


def line_of(texts: Mapping[str, str], area: str = "", widths: Mapping[str, int] | None = None) -> Line:
    """A line from texts by role. `widths` are those of the columns where line ends may be mere wraps (PDF)."""
    held = {role: _said(text) for role, text in texts.items()}

    def long(role: str) -> str:
        text = held.get(role, "")
        return cells.unwrapped(text, widths.get(role, 0)) if widths is not None else cells.tidy(text)

    line = Line(
        number=cells.flat(held.get("number", "")),
        area=area,
        level1=cells.flat(held.get("level1", "")),
        level2=cells.flat(held.get("level2", "")),
        deeper=[t for r in ("level3", "level4") if (t := cells.flat(held.get(r, "")))],
        content=long("content"),
        basis=long("basis"),
        limit=read_limit(cells.flat(held.get("limit", ""))),
        owner=cells.owner(held.get("owner", "")),
        process=cells.flat(held.get("process", "")),
        form=cells.flat(held.get("form", "")),
        remark=long("remark"),
    )
    line.elements = cells.elements(line.content)
    line.titles = cells.titles(line.basis)
    line.owners = cells.owners(line.owner)
    ways = long("channels")
    if widths is not None and re.search(r"[、；;]", ways) and not re.search(r"[■□☑]", ways):
        ways = ways.replace("\n", "")  # with marks between the names, a line end in a PDF is a mere wrap
    line.channels = cells.channels(ways)
    _ticks(line, held)
    _one_column(line, held)
    _doubt(line, held)
    return line


def _said(text: str) -> str:
    plain = cells.tidy(text)
    return "" if cells.is_nothing(plain) or cells.is_ditto(plain) else plain


def _ticks(line: Line, held: Mapping[str, str]) -> None:
    on: dict[str, bool] = {}
    for role, text in held.items():
        parts = [p for p in role.split("+") if p in TICKS and p != "audience_group"]
        if not parts:
            continue
        ticked = cells.tick(text)
        if ticked is None:
            line.doubts.append(f"“{LABELS[parts[0]]}”一栏写的是“{cells.flat(text)}”，按已勾选读，请核对")
            ticked = True
        for part in parts:
            on[part] = on.get(part, False) or ticked
    line.audience_all = on.get("audience_all", False)
    line.audience_group = cells.group(held.get("audience_group", ""))
    line.proactive, line.on_request = on.get("proactive", False), on.get("on_request", False)
    line.levels = Levels(on.get("county", False), on.get("township", False), on.get("village", False))
    stages = [r.split(":")[1] for r, text in held.items() if r.startswith("five:") and cells.tick(text)]
    if not line.process:
        line.process = "、".join(stages) or cells.flat(held.get("five", ""))


def _chosen(text: str) -> str:
    """The words of a cell without those that a checklist leaves unticked."""
    return "、".join(c.name for c in cells.channels(text) if c.mark is not Mark.MAY)


def _one_column(line: Line, held: Mapping[str, str]) -> None:
    """Forms with one column for 公开对象, 公开方式 or 公开层级, in words."""
    audience = _chosen(held.get("audience", ""))
    if audience:
        line.audience_all = line.audience_all or _ALL.search(audience) is not None
        rest = [p for p in _PARTED.split(audience) if p and not _ALL.search(p)]
        group = re.sub(r"^特定(?:群体|群众|对象)[:：]?", "", "、".join(rest))
        if rest and not line.audience_group:
            line.audience_group = group or "特定群体"
    method = held.get("method", "")
    if "主动" not in method and "申请" not in method and re.search(r"主动|申请", held.get("form", "")):
        method, line.form = held["form"], ""
    chosen = _chosen(method)
    if re.search(r"主动|申请", chosen):
        line.on_request = line.on_request or "申请" in chosen
        line.proactive = line.proactive or "主动" in re.sub(r"非主动|不主动", "", chosen)
    elif chosen and not line.channels:
        line.channels = cells.channels(method)
    elif chosen and not line.form:
        line.form = cells.flat(method)
    found = {n for p in _PARTED.split(_chosen(held.get("levels", ""))) for n in (word_role(p) or "").split("+")}
    found |= set((word_role(_chosen(held.get("levels", ""))) or "").split("+"))
    if found - {""}:
        levels = line.levels
        line.levels = Levels(
            levels.county or "county" in found,
            levels.township or "township" in found,
            levels.village or "village" in found,
        )


def _doubt(line: Line, held: Mapping[str, str]) -> None:
    """What a person should look at; only of columns that the form has."""
    line.doubts += limit_doubts(line.limit) if "limit" in held else []
    if not line.content and "content" in held:
        line.doubts.append("没有公开内容")
    if not line.owner and "owner" in held:
        line.doubts.append("没有公开主体")
    if {"proactive", "on_request", "method"} & set(held) and not (line.proactive or line.on_request):
        line.doubts.append("主动和依申请都没有勾选")
    if {"audience_all", "audience_group", "audience"} & set(held) and not (line.audience_all or line.audience_group):
        line.doubts.append("公开对象没有勾选")
    levels = any(p in ("county", "township", "village", "levels") for r in held for p in r.split("+"))
    if levels and line.levels == Levels():
        line.doubts.append("公开层级没有勾选")


def limit_doubts(limit: Limit) -> list[str]:
    """Why a time limit should be looked at."""
    if not limit.raw:
        return ["没有公开时限"]
    if limit.kind is Kind.UNKNOWN:
        return [f"时限没有认出：“{limit.raw}”"]
    return [f"时限中“{limit.rest}”没有认出"] if limit.rest else []
