"""Fields of a Word file become what they show; only page numbers go on counting."""

from __future__ import annotations

import re
from typing import Any

from gongkai.papers.nodes import attribute, drop, is_on, local, named, unwrap

_COUNTING = re.compile(r'\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)(?:\s+\\[*#]\s*"?[A-Za-z0-9\- ]*"?)*\s*')


def settle_fields(root: Any) -> None:
    """Take field codes out: they hold addresses, paths, names and conditions that nobody sees."""
    for node in list(named(root, "fldSimple")):
        if not _COUNTING.fullmatch(attribute(node, "instr")):
            unwrap(node)
        else:
            for data in list(named(node, "fldData")):
                drop(data)
    open_fields: list[dict[str, Any]] = []
    gone: list[Any] = []
    for node in list(named(root, "fldChar", "instrText", "delInstrText", "t")):
        if local(node) == "t":
            # The result of a field inside the code of another is a condition, not something shown.
            if any(not f["shown"] for f in open_fields):
                gone.append(node)
            continue
        if local(node) != "fldChar":
            if open_fields and not open_fields[-1]["shown"]:
                open_fields[-1]["code"].append(node)
            else:
                gone.append(node)
            continue
        sort = attribute(node, "fldCharType")
        if sort == "begin":
            open_fields.append({"marks": [node], "code": [], "shown": False})
        elif not open_fields:
            gone.append(node)
        else:
            open_fields[-1]["marks"].append(node)
            if sort == "separate":
                open_fields[-1]["shown"] = True
            elif sort == "end":
                gone += _closed(open_fields.pop(), nested=bool(open_fields))
    for field in open_fields:
        gone += field["marks"] + field["code"]
    for node in gone:
        drop(node)
    for node in list(named(root, "ffData", "fldData")):
        drop(node)


def _closed(field: dict[str, Any], *, nested: bool) -> list[Any]:
    code = "".join(n.text or "" for n in field["code"])
    if _COUNTING.fullmatch(code) and not nested:
        return []
    first = field["marks"][0]
    data = next((n for n in first if local(n) == "ffData"), None)
    shown = _control(data) if data is not None else ""
    if shown:
        text = first.makeelement(first.tag.rsplit("}", 1)[0] + "}t")
        text.text = shown
        first.addprevious(text)
    return list(field["marks"]) + list(field["code"])


def _control(data: Any) -> str:
    """What a check box or a list of choices shows: it stands in the field, not beside it."""
    box = next(named(data, "checkBox"), None)
    if box is not None:
        marks = [n for n in box if local(n) == "checked"] or [n for n in box if local(n) == "default"]
        return "☑" if marks and is_on(marks[0]) else "☐"
    choices = next(named(data, "ddList"), None)
    if choices is not None:
        entries = [attribute(n, "val") for n in choices if local(n) == "listEntry"]
        at = next((attribute(n, "val") for n in choices if local(n) in ("result", "default")), "0")
        if at.isdigit() and int(at) < len(entries):
            return entries[int(at)]
    return ""
