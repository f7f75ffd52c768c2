"""The rows of a draft: read, corrected, split, joined, added, dropped. Pure functions over plain rows.

Every change is a splice: at a row, so many taken out, so many put in. The same splice backwards undoes it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.base.issues import refuse
from gongkai.plans.reading import checks
from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines
from gongkai.plans.reading.model import Plan, Task

Row = dict[str, Any]
Splice = dict[str, Any]

FIELDS = ("no", "path", "text", "lead", "support", "persons", "deadline_raw")
LABELS = {
    "no": "编号",
    "path": "工作任务",
    "text": "具体要求",
    "lead": "牵头单位",
    "support": "配合单位",
    "persons": "责任人",
    "deadline_raw": "完成时限",
    "deadlines": "时限",
    "responsible": "责任单位",
}


def rows_of(plan: Plan) -> list[Row]:
    """The tasks of a reading as rows; those with nothing to look at are taken as accepted."""
    return [row_of(task) for task in plan.tasks]


def row_of(task: Task) -> Row:
    """One task as a row of a draft."""
    made = task.to_json()
    doubts = made.pop("warnings")
    return {
        "key": secrets.token_hex(4),
        **made,
        "no": made["no"] or "",
        "deadline_raw": made["deadline_raw"] or "",
        "doubts": doubts,
        "accepted": not any(_asks(d) for d in doubts),
        "edited": False,
    }


def find(rows: Sequence[Row], key: str) -> int:
    """Where the row with this key stands. Refused when it is gone: somebody else changed the draft."""
    for at, row in enumerate(rows):
        if row["key"] == key:
            return at
    raise refuse("draft.row", "这一行已经不在了，可能刚被别人改过；请刷新页面再看。")


def names_in(text: str) -> list[str]:
    """Names typed into one cell, separated by 、 ， ； or line ends."""
    return list(dict.fromkeys(n.strip() for n in re.split(r"[、，,；;\n]+", text) if n.strip()))


def edit(rows: Sequence[Row], key: str, values: dict[str, str], year: int) -> Splice:
    """Correct cells of a row as typed; dates are read again from what was typed."""
    at = find(rows, key)
    row = {**rows[at]}
    for field, typed in values.items():
        if field not in FIELDS:
            raise refuse("draft.field", f"没有“{field}”这一栏。", field)
        text = typed.strip()
        if field == "text" and not text:
            raise refuse("draft.text", "具体要求不能为空；不要这一行就用“删除”。", "text")
        if field == "path":
            row["path"] = [p.strip() for p in re.split(r"[\n>›]+", text) if p.strip()]
        elif field in ("lead", "support", "persons"):
            row[field] = names_in(text)
        else:
            row[field] = text
        row["doubts"] = [d for d in row["doubts"] if not _about(d["field"], field)]
        row["inherited"] = {k: v for k, v in row["inherited"].items() if not _about(k, field)}
    if {"text", "deadline_raw"} & values.keys():
        typed = row["deadline_raw"] != rows[at]["deadline_raw"]
        row["deadlines"] = dated(row["text"], row["deadline_raw"], year, typed=typed)
    row["edited"] = True
    row["accepted"] = True
    return splice(rows, at, 1, [row])


def _about(doubt: str, field: str) -> bool:
    """Whether a doubt speaks of the field that has just been corrected."""
    families = (
        ("lead", "support", "persons", "responsible", "responsible_raw"),
        ("deadline_raw", "deadlines", "text"),
        ("doc_refs", "text"),  # the number and the title of a document stand in the clause
    )
    return doubt == field or any(doubt in f and field in f for f in families)


def dated(text: str, deadline_raw: str, year: int, *, typed: bool = False) -> list[dict[str, Any]]:
    """The deadlines of a row: those of the column, then those of the clause that the column does not say.

    What a person typed into the column (`typed`) takes the place of the clause's: they have read both.
    """
    made = column_deadlines(deadline_raw, year) if deadline_raw else []
    if typed and any(d.kind != "other" for d in made):
        return [d.to_json() for d in made]
    said = {re.sub(r"\s+", "", d.raw) for d in made}
    made += [d for d in find_deadlines(text, year) if re.sub(r"\s+", "", d.raw) not in said]
    return [d.to_json() for d in made]


Names = dict[tuple[str, str], Row]
"""(lead or support, printed name) → the doubt about what it means."""


@dataclass(frozen=True, slots=True)
class Head:
    """Of a draft's head what its rows depend on; `issued_on` as YYYY-MM-DD or empty."""

    issued_on: str
    year: int


def recheck(row: Row, before: Head, after: Head, *, redate: bool, names: tuple[Names, Names] | None = None) -> Row:
    """A row under another date of issue or year: what depended on the head is asked as it now stands.

    redate  whether dates are read again, since the year is another or was not known
    names   what is asked about the names of the row, as the tree stood on the one day of issue and on the other;
            None where the day is the same

    A question that stays stays answered, and takes the new words where it is still shown; one that the row did not have
    opens it again; when the last one goes that kept it open, it is taken as accepted.
    """
    asked_before: dict[tuple[str, str], Row] = _of_deadlines(row, before)
    if redate:
        # What was typed into the column stands in the place of the clause's dates (`edit`); it does so still.
        typed = row["edited"] and row["deadlines"] == dated(row["text"], row["deadline_raw"], before.year, typed=True)
        row = {**row, "deadlines": dated(row["text"], row["deadline_raw"], after.year, typed=typed)}
    asked = _of_deadlines(row, after)
    if names is not None:
        asked_before |= names[0]
        asked |= names[1]
    kept: list[Row] = []
    shown: set[tuple[str, str]] = set()
    settled = False
    for doubt in row["doubts"]:
        key = checks.key_of(doubt["field"], doubt["reason"])
        if key is None and names is not None:
            key = _name_of(doubt, row)
        if key is None:
            kept.append(doubt)
        elif key in asked:
            kept.append(asked[key])
            shown.add(key)
        else:
            settled = settled or _asks(doubt)
    arisen = [d for k, d in asked.items() if k not in asked_before and k not in shown]
    opens = any(_asks(d) for d in arisen)
    closes = settled and not any(_asks(d) for d in kept)
    return {**row, "doubts": kept + arisen, "accepted": not opens and (row["accepted"] or closes)}


def _of_deadlines(row: Row, head: Head) -> dict[tuple[str, str], Row]:
    phrases = [(d["raw"], d.get("date"), bool(d.get("year_inferred"))) for d in row["deadlines"]]
    return {k: d.to_json() for k, d in checks.of_deadlines(phrases, head.issued_on, head.year).items()}


def _name_of(doubt: Row, row: Row) -> tuple[str, str] | None:
    """The name that a doubt asks about, if it is one of the row's."""
    field = doubt["field"]
    if field not in ("lead", "support"):
        return None
    return next(((field, n) for n in row[field] if f"“{n}”" in doubt["reason"]), None)


def _asks(doubt: Row) -> bool:
    return checks.asks(doubt["field"], doubt["reason"])


def accept(rows: Sequence[Row], key: str, accepted: bool = True) -> Splice:
    """Say that a row has been looked at."""
    at = find(rows, key)
    return splice(rows, at, 1, [{**rows[at], "accepted": accepted}])


def accept_all(rows: Sequence[Row]) -> Splice:
    """Say that every row has been looked at."""
    return splice(rows, 0, len(rows), [{**r, "accepted": True} for r in rows])


def split(rows: Sequence[Row], key: str, at_letter: int, year: int) -> Splice:
    """Cut a row in two inside its clause; both keep the owners and the place in the source."""
    at = find(rows, key)
    row = rows[at]
    first, second = row["text"][:at_letter].strip(), row["text"][at_letter:].strip()
    if not first or not second:
        raise refuse("draft.split", "请把光标放在要断开的地方（句子中间），再拆分。", "text")
    # A number of an item stands in brackets or before a point; 10月底前 and 3.5万件 begin with none.
    match = re.match(r"[（(](\d{1,3})[）)]\s*|(\d{1,3})\s*[.．、](?!\d)\s*", second)
    no = (match.group(1) or match.group(2)) if match else ""
    second = second[match.end() :] if match else second
    if not second:
        raise refuse("draft.split", "断开后下面那条只剩编号了，请换个地方断开。", "text")
    parts = []
    for half, (text, number) in enumerate(((first, row["no"]), (second, no))):
        parts.append(
            {
                **row,
                "key": secrets.token_hex(4) if half else row["key"],
                "no": number,
                "text": text,
                "deadlines": dated(text, row["deadline_raw"], year),
                "edited": True,
                "accepted": True,
            }
        )
    return splice(rows, at, 1, parts)


def join(rows: Sequence[Row], key: str, year: int) -> Splice:
    """Put a row and the one after it together; owners of both are kept, each once."""
    at = find(rows, key)
    if at + 1 >= len(rows):
        raise refuse("draft.join", "这是最后一行，下面没有可以合并的。")
    one, two = rows[at], rows[at + 1]
    text = one["text"] + two["text"]
    raw = "；".join(dict.fromkeys(r for r in (one["deadline_raw"], two["deadline_raw"]) if r))
    lead = list(dict.fromkeys([*one["lead"], *two["lead"]]))
    made = {
        **one,
        "text": text,
        "deadline_raw": raw,
        "deadlines": dated(text, raw, year),
        "lead": lead,
        "support": [s for s in dict.fromkeys([*one["support"], *two["support"]]) if s not in lead],
        "persons": list(dict.fromkeys([*one["persons"], *two["persons"]])),
        "doubts": [*one["doubts"], *two["doubts"]],
        "edited": True,
        "accepted": True,
    }
    return splice(rows, at, 2, [made])


def add(rows: Sequence[Row], after: str | None) -> Splice:
    """An empty row after another, or at the beginning; it takes the headings and owners of the one above."""
    at = find(rows, after) if after else -1
    above = rows[at] if at >= 0 else {}
    made = {
        "key": secrets.token_hex(4),
        "no": "",
        "path": above.get("path", []),
        "text": "",
        "responsible_raw": "",
        "lead": above.get("lead", []),
        "support": above.get("support", []),
        "persons": [],
        "deadlines": [],
        "deadline_raw": "",
        "source": {},
        "responsible_source": None,
        "inherited": {},
        "doubts": [{"field": "text", "reason": "新加的一行，请填写具体要求", "confidence": 0.0}],
        "accepted": False,
        "edited": True,
    }
    return splice(rows, at + 1, 0, [made])


def drop(rows: Sequence[Row], key: str) -> Splice:
    """Take a row out."""
    return splice(rows, find(rows, key), 1, [])


def splice(rows: Sequence[Row], at: int, count: int, added: list[Row]) -> Splice:
    """A change: `count` rows at `at` are replaced by `added`; the old ones are kept for undoing."""
    return {"at": at, "removed": list(rows[at : at + count]), "added": added}


def apply(rows: Sequence[Row], change: Splice) -> list[Row]:
    """The rows after a change."""
    at = change["at"]
    return [*rows[:at], *change["added"], *rows[at + len(change["removed"]) :]]


def reverse(change: Splice) -> Splice:
    """The change that undoes a change."""
    return {"at": change["at"], "removed": change["added"], "added": change["removed"]}
