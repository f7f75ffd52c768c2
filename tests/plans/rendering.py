"""A plan written in the forms that plans come in, so that what was put in can be compared with what is read.

`Plan` says what the plan is, `Layout` how its table is laid out, and `table` turns the two into rows of texts, from
which every form is made: the text forms here, the office forms in `drawing`.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Row = list[str | None]


@dataclass(frozen=True)
class Item:
    """One task: its number (None where none is printed) and its text."""

    no: str | None
    text: str


@dataclass(frozen=True)
class Line:
    """A row of the plan: headings, one or more tasks, who owes them. `blank` rows owe what the row above owes."""

    heads: tuple[str, ...]
    items: tuple[Item, ...]
    lead: tuple[str, ...]
    support: tuple[str, ...]
    wording: int = 0
    blank: bool = False
    due: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan to be written."""

    title: str
    lines: tuple[Line, ...]

    def expected(self) -> list[tuple[Any, ...]]:
        """(no, path, text, lead, support) of each task."""
        return [(i.no, list(x.heads), i.text, list(x.lead), list(x.support)) for x in self.lines for i in x.items]

    def one_item_each(self) -> Plan:
        """Each task in a row of its own; the second and later ones of a cell have a blank owner."""
        lines = [
            replace(x, items=(item,), blank=x.blank or bool(at)) for x in self.lines for at, item in enumerate(x.items)
        ]
        return replace(self, lines=tuple(lines))

    def owners_printed(self) -> Plan:
        """No blank owner."""
        return replace(self, lines=tuple(replace(x, blank=False) for x in self.lines))


@dataclass(frozen=True)
class Layout:
    """How the table looks."""

    two_columns: bool = False  # 牵头 and 配合 in columns of their own
    due: bool = False
    seq: str = ""  # "", "first" or "last": a column of numbers
    sections: bool = False  # the outermost heading stands in a row across the table
    merged_owners: bool = True  # a blank owner is a merged cell, where the form has such
    heads: tuple[int, ...] = (0, 0, 0, 0, 0)  # which wording of each header word
    dot: str = "."
    spaced: bool = False  # blanks around texts and inside header words
    half_width: bool = False  # half-width punctuation between names
    breaks: frozenset[int] = frozenset()  # rows before which the header stands again
    repeat_heads: bool = True  # the headings stand again after a page break
    broken: tuple[int, int] | None = None  # (choice of a name, place in it) where a line end breaks it


HEADINGS = (("工作任务", "重点任务", "任务类别"), ("工作举措", "二级任务", "具体事项"))
CONTENT = ("具体要求", "具体措施", "工作内容", "任务内容及要求")
OWNER = ("责任单位", "责任部门", "责任科室", "落实单位")
LEAD = ("牵头单位", "牵头部门", "主办单位")
SUPPORT = ("配合单位", "配合部门", "协办单位", "责任单位")
DUE = ("完成时限", "完成时间", "时限要求", "时间节点")


def _pick(words: tuple[str, ...], choice: int) -> str:
    return words[choice % len(words)]


def owner_text(line: Line, *, labels: bool = True) -> str:
    """The owners of a row as one cell words them."""
    lead, support = "、".join(line.lead), "、".join(line.support)
    if not line.support:
        several = "按职责分工负责" if len(line.lead) > 1 else "负责"
        return _pick((lead, lead + several), line.wording)
    wordings = [f"{lead}牵头，{support}配合", f"{lead}牵头，{support}按职责分工落实", f"{lead}牵头负责，{support}参与"]
    if labels:
        wordings.append(f"牵头单位：{lead}；配合单位：{support}")
    return _pick(tuple(wordings), line.wording)


def _half(text: str) -> str:
    return text.translate(str.maketrans("，；：", ",;:"))


@dataclass
class Table:
    """Header and rows; None is a place that the cell above covers. `sections` are rows across the table."""

    headers: list[str]
    rows: list[Row]
    breaks: set[int] = field(default_factory=set)
    sections: set[int] = field(default_factory=set)

    def flat(self) -> list[list[str]]:
        """Rows as a form without merged cells shows them, the repeated headers among them."""
        out = [self.headers]
        for r, row in enumerate(self.rows):
            if r in self.breaks:
                out.append(self.headers)
            out.append([text or "" for text in row])
        return out


def table(plan: Plan, layout: Layout, *, merging: bool = False) -> Table:
    """The table of a plan. `merging` forms print headings again after a page break: a merge cannot cross it."""
    depth = max(len(x.heads) for x in plan.lines)
    own = depth - 1 if layout.sections else depth
    kinds = ["seq"] * (layout.seq == "first") + ["head"] * own + ["content"]
    kinds += ["lead", "support"] if layout.two_columns else ["owner"]
    kinds += ["due"] * layout.due + ["seq"] * (layout.seq == "last")
    made = Table(_headers(kinds, layout), [])
    before: tuple[str, ...] = ()
    broken = _broken_names(plan, layout)
    for number, line in enumerate(plan.lines):
        again = bool(made.rows) and number in layout.breaks
        heads = line.heads
        same = [before[: i + 1] == heads[: i + 1] for i in range(depth)]
        if again and (merging or layout.repeat_heads):
            same = [s and layout.sections and i == 0 for i, s in enumerate(same)]
        section = layout.sections and not same[0]  # a merge cannot cross a row across the table either
        if again:
            made.breaks.add(len(made.rows))
        if section:
            made.sections.add(len(made.rows))
            made.rows.append([heads[0], *[""] * (len(kinds) - 1)])
        owed = {"owner": owner_text(line), "lead": "、".join(line.lead), "support": "、".join(line.support)}
        owed = {k: broken(number, v) for k, v in owed.items()}
        if layout.half_width:
            owed = {k: _half(v) for k, v in owed.items()}
        covered = line.blank and merging and layout.merged_owners and not again and not section
        waiting = [None if s else h for s, h in zip(same, heads, strict=True)][depth - own :]
        row: Row = []
        for kind in kinds:
            if kind == "head":
                row.append(waiting.pop(0))
            elif kind == "seq":
                row.append(line.items[0].no or "")
            elif kind == "content":
                row.append("\n".join(_item(i, layout) for i in line.items))
            elif kind == "due":
                row.append(line.due)
            else:
                row.append(None if covered else "" if line.blank and not again else owed[kind])
        if layout.spaced:
            row = [f" {t} " if t and len(t) > 1 else t for t in row]
        made.rows.append(row)
        before = heads
    return made


def _headers(kinds: list[str], layout: Layout) -> list[str]:
    a, b, c, d, e = layout.heads
    words, level = [], 0
    for kind in kinds:
        if kind == "head":
            words.append(_pick(HEADINGS[level], a))
            level += 1
        else:
            words.append(
                {
                    "seq": "序号",
                    "content": _pick(CONTENT, b),
                    "owner": _pick(OWNER, c),
                    "lead": _pick(LEAD, c),
                    "support": _pick(SUPPORT, d),
                    "due": _pick(DUE, e),
                }[kind]
            )
    return [" ".join(w) if layout.spaced else w for w in words]


def _item(item: Item, layout: Layout) -> str:
    if item.no is None or layout.seq:
        return item.text
    number = item.no if item.no.startswith("（") else f"{item.no}{layout.dot}"
    return f"{number}{' ' if layout.spaced else ''}{item.text}"


def _broken_names(plan: Plan, layout: Layout) -> Callable[[int, str], str]:
    """A line end inside one name of one row, if that name stands whole in another row."""
    places = [
        (number, name)
        for number, line in enumerate(plan.lines)
        for name in (*line.lead, *line.support)
        if not line.blank
        and len(name) > 3
        and any(name in (*x.lead, *x.support) for i, x in enumerate(plan.lines) if i != number and not x.blank)
    ]
    if layout.broken is None or not places:
        return lambda number, text: text
    at, name = places[layout.broken[0] % len(places)]
    cut = 1 + layout.broken[1] % (len(name) - 1)
    return lambda number, text: text.replace(name, f"{name[:cut]}\n{name[cut:]}", 1) if number == at else text


# -- text forms ------------------------------------------------------------------------------------------


def pipes(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """`a | b | c |` with blank cells not printed at all."""
    rows = table(plan.one_item_each(), layout).flat()
    return "plan.txt", (plan.title + "\n\n" + "".join(" | ".join(c for c in r if c) + " |\n" for r in rows)).encode()


def markdown(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A Markdown table; line ends inside a cell as <br>."""
    out = [f"# {plan.title}", ""]
    made = table(plan, layout)
    for at, row in enumerate(made.flat()):
        if at and row == made.headers:
            out.append("")
        out.append("| " + " | ".join(t.replace("\n", "<br>") for t in row) + " |")
        if row == made.headers:
            out.append("|" + " --- |" * len(row))
    return "plan.md", "\n".join(out).encode()


def tab_dump(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """One cell on each line, begun by a tab, as converters write the table of a Word document."""
    blocks = [plan.title]
    blocks += ["\n".join(f"\t{text}" for text in row) for row in table(plan, layout).flat()]
    return "plan.txt", "\n\n".join(blocks).encode()


def tabbed(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """Tab-separated lines in a text file."""
    rows = table(plan.one_item_each(), layout).flat()
    return "plan.txt", (plan.title + "\n\n" + "\n".join("\t".join(r) for r in rows)).encode()


def _separated(plan: Plan, layout: Layout, mark: str) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=mark)
    made = table(plan, layout)
    writer.writerow([plan.title, *[""] * (len(made.headers) - 1)])
    writer.writerows(made.flat())
    return held.getvalue().encode("utf-8-sig")


def tsv(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A .tsv file with quoted line ends."""
    return "plan.tsv", _separated(plan, layout, "\t")


def comma(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A .csv file with quoted line ends."""
    return "plan.csv", _separated(plan, layout, ",")


def cell_a_line(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """Each cell a paragraph, blank cells not printed."""
    rows = table(plan.one_item_each(), layout).flat()
    return "plan.txt", "\n".join([plan.title, *(c for r in rows for c in r if c)]).encode()


def display(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, width: int, size: Callable[[str], float] = display) -> list[str]:
    """Lines of at most `width`, broken anywhere."""
    out = []
    for line in text.split("\n"):
        held = ""
        for character in line:
            if held and size(held + character) > width:
                out.append(held)
                held = ""
            held += character
        out.append(held)
    return out


def drawn(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A table drawn with + - and |, its cells wrapped."""
    rows = table(plan.one_item_each(), layout).flat()
    widths = [max(10, min(44, max(display(r[c]) for r in rows))) for c in range(len(rows[0]))]
    rule = "+" + "+".join("-" * (w + 2) for w in widths) + "+"
    out = [plan.title, "", rule]
    for row in rows:
        cells = [wrap(t, w) for t, w in zip(row, widths, strict=True)]
        for at in range(max(len(c) for c in cells)):
            texts = [c[at] if at < len(c) else "" for c in cells]
            out.append(
                "|" + "|".join(f" {t}{' ' * (w - display(t))} " for t, w in zip(texts, widths, strict=True)) + "|"
            )
        out.append(rule)
    return "plan.txt", "\n".join(out).encode()


def aligned(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """Columns kept apart by blanks alone, a line for each row."""
    rows = table(plan.one_item_each(), layout).flat()
    widths = [max(display(r[c]) for r in rows) + 4 for c in range(len(rows[0]))]
    lines = ["".join(t + " " * (w - display(t)) for t, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    return "plan.txt", "\n".join([plan.title, "", *lines]).encode()


def narrative(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """Headings and paragraphs, each task with its owners in a bracket behind it."""
    out = [plan.title, ""]
    before: tuple[str, ...] = ()
    for line in plan.one_item_each().lines:
        out += [h for i, h in enumerate(line.heads) if before[: i + 1] != line.heads[: i + 1]]
        before = line.heads
        owed = owner_text(line)
        if not line.support and line.wording % 2 == 0:
            owed = f"责任单位：{owed}"
        owed = _half(owed) if layout.half_width else owed
        item = line.items[0]
        text = _item(item, replace(layout, seq=""))
        out.append(f"{text.rstrip('。')}（{owed}）。" if layout.spaced else f"{text}（{owed}）")
    return "plan.txt", "\n".join(out).encode()


# -- plans of the sample county --------------------------------------------------------------------------


def sample(gold: Path) -> Plan:
    """A gold as a plan: neighbours with one heading and the same owners share a cell."""
    shape = json.loads(gold.read_text(encoding="utf-8"))
    lines: list[Line] = []
    for at, task in enumerate(shape["tasks"]):
        lead = tuple(task["lead"]) or tuple(f"{p}同志" for p in task["persons"])
        key = (tuple(task["path"]), lead, tuple(task["support"]))
        item = Item(task["no"], task["text"])
        last = lines[-1] if lines else None
        if last and (last.heads, last.lead, last.support) == key and item.no and last.items[-1].no:
            lines[-1] = replace(last, items=(*last.items, item))
        else:
            lines.append(Line(key[0], (item,), lead, key[2], wording=at, due=f"{at % 12 + 1}月底前"))
    return Plan(shape["title"], tuple(lines))
