"""Tables that lost their cells: one cell on each line, or everything run together. Rows are rebuilt from content."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import Cell, CellKind, Para, Table
from gongkai.plans.reading.columns import Roles, header_role, is_header_word
from gongkai.plans.reading.deadlines import looks_like_deadline
from gongkai.plans.reading.masks import is_ditto, is_nothing
from gongkai.plans.reading.numbering import HEADING_KINDS, Mark, is_ordinal, mark_of
from gongkai.plans.reading.responsibility import looks_like_units
from gongkai.plans.reading.stitched import Row, Stitched

_HEAD = re.compile(
    r"序号|编号|(?:年度)?(?:重点|主要|工作|具体|目标|任务|贯彻|落实|实施|推进)(?:任务|工作|要求|内容|举措|措施|事项|要点|目标|路径|安排)(?:及要求|和要求|分解)?|任务名称|任务类别|类别|领域|一级要点|二级要点|一级任务|二级任务|任务|措施|举措"
    r"|(?:责任|牵头|配合|主办|协办|承办|落实|实施)(?:单位|部门|科室|股室|处室|领导|人|分工|机构)(?:（[^）]{1,6}）|\([^)]{1,6}\))?|(?:完成|办理|时间|时限)(?:时限|时间|期限|节点|要求|进度|日期)(?:要求)?|时限|进度安排|备注"
)
_TAIL = re.compile(r"抄送|^（此件|印发\s*$|^联系人|^附件\s*[\d：:]")


@dataclass(slots=True)
class _Column:
    role: str  # seq, path, content, lead, support, resp, due, person, other


@dataclass(slots=True)
class _Fragment:
    text: str
    para: Para
    start: int = 0


@dataclass(slots=True)
class _Counter:
    """Which numbers have come, so that a number inside running text is only taken where it goes on counting."""

    last: dict[str, int] = field(default_factory=dict)

    def follows(self, mark: Mark) -> bool:
        last = self.last.get(mark.kind)
        return mark.value == 1 or (last is not None and last < mark.value <= last + 2)

    def take(self, mark: Mark) -> None:
        self.last[mark.kind] = mark.value
        for kind, rank in (("cnp", 2), ("num", 3)):
            if rank > mark.rank and kind in self.last and mark.rank < 2:
                self.last.pop("cnp", None)


def assemble(paras: list[Para]) -> Stitched | None:
    """A stitched table from paragraphs that were cells; None when they are no such thing."""
    lines = [p for p in paras if p.text.strip() and not re.fullmatch(r"[|｜\s]+", p.text)]
    found = _header(lines)
    if found is None:
        return None
    headers, begin, rest = found
    columns = _columns(headers)
    if columns is None:
        return None
    fragments = _fragments(rest + lines[begin:], headers)
    ordinals = sum(1 for f in fragments if is_ordinal(f.text))
    if ordinals >= 3 and not any(c.role == "seq" for c in columns):
        columns.insert(next(i for i, c in enumerate(columns) if c.role == "content"), _Column("seq"))
    return _rows(fragments, columns)


# -- header ----------------------------------------------------------------------------------------------


def _header(lines: list[Para]) -> tuple[list[str], int, list[Para]] | None:
    """(header words, index of the first body line, what follows the header in its own line)."""
    for i, para in enumerate(lines):
        words, rest = glued_header(para.text)
        if words:
            following = [Para(rest, page=para.page, number=para.number, start=para.start)] if rest else []
            return words, i + 1, following
        run = i
        while run < len(lines) and is_header_word(lines[run].text) and len(lines[run].text.strip()) <= 16:
            run += 1
        if run - i >= 2 and any(header_role(x.text) in ("lead", "support", "resp") for x in lines[i:run]):
            return [x.text.strip() for x in lines[i:run]], run, []
    return None


def glued_header(text: str) -> tuple[list[str], str]:
    """(header words run together at the start of `text`, what follows them); no words when there is no header."""
    words: list[str] = []
    at = 0
    plain = text.lstrip()
    while True:
        match = _HEAD.match(plain, at)
        if match is None:
            break
        words.append(match.group())
        at = match.end()
        while at < len(plain) and plain[at] in " \t\u3000|｜":
            at += 1
    rest = plain[at:].strip()
    roles = [header_role(w) for w in words]
    if (
        len(words) >= 2
        and any(r in ("lead", "support", "resp") for r in roles)
        and (not rest or mark_of(rest) is not None or is_ordinal(rest[:2]) or len(rest) > 20)
    ):
        return words, rest
    return [], text


def _columns(headers: list[str]) -> list[_Column] | None:
    roles = [header_role(h) or "task" for h in headers]
    texts = [i for i, r in enumerate(roles) if r in ("content+", "heading+", "task")] or [
        i for i, r in enumerate(roles) if r == "other"
    ][:1]
    if not texts:
        return None
    columns = []
    for i, role in enumerate(roles):
        if i == texts[-1]:
            columns.append(_Column("content"))
        elif i in texts:
            columns.append(_Column("path"))
        else:
            columns.append(_Column({"remark": "other", "contact": "other"}.get(role, role)))
    return columns


# -- fragments -------------------------------------------------------------------------------------------


def _fragments(lines: list[Para], headers: list[str]) -> list[_Fragment]:
    counter = _Counter()
    out: list[_Fragment] = []
    heads = {re.sub(r"\s+", "", h) for h in headers}
    for para in lines:
        text = para.text.strip()
        if re.sub(r"\s+", "", text) in heads:
            continue
        words, rest = glued_header(text)
        if words:
            text = rest
        if not text or (re.fullmatch(r"[-—\s]*\d{1,3}[-—\s]*|第\s*\d+\s*页.*", text) and not is_ordinal(text)):
            continue
        if _TAIL.search(text) and mark_of(text) is None and len(text) < 60:
            continue
        for piece in _explode(text, counter):
            out.append(_Fragment(piece, para, max(para.text.find(piece[:20]), 0)))
    return out


def _explode(text: str, counter: _Counter) -> list[str]:
    """A line parted before every number that goes on counting, and each item parted from the units behind it."""
    cuts = [0]
    for match in re.finditer(r"[（(]?[一二三四五六七八九十\d０-９①-⑳]", text):
        at = match.start()
        mark = mark_of(text[at:])
        if mark is None or (at and not _may_begin(text[cuts[-1] :], at - cuts[-1], mark, counter)):
            continue
        if at:
            cuts.append(at)
        counter.take(mark)
    pieces: list[str] = []
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        pieces += _part_units(text[start:end].strip())
    return [p for p in pieces if p]


def _may_begin(text: str, at: int, mark: Mark, counter: _Counter) -> bool:
    if at == 0 or not counter.follows(mark):
        return False
    before = text[:at]
    if re.search(r"[\d０-９第（(《“〔.．]$", before) or (mark.kind == "num" and re.search(r"[a-zA-Z+\-—～~]$", before)):
        return False
    if before[-1] in "。；;！？”）)" or (mark.kind in HEADING_KINDS and before[-1] not in "十百、，"):
        return True
    tail = re.split(r"[。；;！？]", before)[-1]
    head = mark_of(before)
    if head is not None and head.kind in HEADING_KINDS and len(before) <= 50 and mark.rank > head.rank:
        return True
    return looks_like_units(tail) >= 0.6 or mark_of(tail) is not None or is_nothing(tail)


def _part_units(piece: str) -> list[str]:
    """An item run together with the units that owe it: parted after its last sentence."""
    mark = mark_of(piece)
    for match in reversed(list(re.finditer(r"[。；;！？](?=[^”’）)])", piece))):
        tail = piece[match.end() :].strip()
        if tail and looks_like_units(tail) >= 0.75:
            return [piece[: match.end()], tail]
        break
    del mark
    return [piece]


# -- rows ------------------------------------------------------------------------------------------------


def _fit(text: str, role: str) -> float:
    mark = mark_of(text)
    item = mark is not None and mark.kind not in HEADING_KINDS
    heading = mark is not None and mark.kind in HEADING_KINDS
    units = 0.0 if item or heading else looks_like_units(text)
    if role == "seq":
        return 4.0 if is_ordinal(text) else -4.0
    if is_ordinal(text):
        return -2.0
    if role == "content":
        if item:
            return 3.0
        return 2.0 if re.search(r"[。；]", text) or len(text) > 30 else (0.4 if units < 0.6 else -1.5)
    if role == "path":
        return (
            2.5
            if heading
            else (0.5 if not item and units < 0.6 and len(text) <= 40 and not re.search(r"[。；]", text) else -2.0)
        )
    if role in ("lead", "support", "resp"):
        return 3.0 * units - 0.8 if not (is_nothing(text) or is_ditto(text)) else 1.0
    if role == "due":
        return 3.5 if looks_like_deadline(text) else -2.0
    return -0.6


def _rows(fragments: list[_Fragment], columns: list[_Column]) -> Stitched | None:
    width = len(columns)
    content = next(i for i, c in enumerate(columns) if c.role == "content")
    rows: list[Row | Para] = []
    line: dict[int, _Fragment] = {}
    last = -1
    levels: dict[str, int] = {}
    table = Table([], certain_merges=False, number=1)
    paths = [i for i, c in enumerate(columns) if c.role == "path"]

    def close() -> None:
        nonlocal line
        if line:
            number = sum(1 for r in rows if isinstance(r, Row)) + 1
            cells = []
            for c in range(width):
                held = line.get(c)
                if held is None:
                    cells.append(Cell("", CellKind.EMPTY, (number, c)))
                else:
                    start = held.para.start + held.start if held.para.start is not None else None
                    cells.append(Cell(held.text, CellKind.PRINTED, (number, c), held.para.page, start))
            rows.append(Row(cells, table, number))
        line = {}

    for fragment in fragments:
        text = fragment.text
        mark = mark_of(text)
        if (
            mark is not None
            and mark.kind in HEADING_KINDS
            and len(text) <= 60
            and (not paths or (mark.rank < 2 and len(paths) == 1 and _two_levels(fragments)))
        ):
            close()
            last = -1
            rows.append(Para(text, page=fragment.para.page, number=fragment.para.number))
            continue
        scores = [_fit(text, c.role) for c in columns]
        order = sorted(range(width), key=lambda c: (-scores[c], (c - last - 1) % width))
        column = order[0]
        if (
            0 <= last < width - 1
            and columns[last + 1].role == "due"
            and len(text) <= 8
            and mark is None
            and not is_ordinal(text)
            and looks_like_units(text) < 0.6
        ):
            column = last + 1  # “防火期”, “随项目”: whatever stands in a column of deadlines is one
        if mark is not None and columns[column].role == "path":
            # A kind of number belongs to the column in which it stood first.
            column = levels.setdefault(mark.kind, column)
        if columns[column].role in ("lead", "support", "resp"):
            free = [
                c for c in range(width) if columns[c].role in ("lead", "support", "resp") and c > last and c not in line
            ]
            column = free[0] if free else column
        if (
            column == last
            and columns[column].role == "content"
            and mark is None
            and line[column].text[-1:] not in "。；;！"
        ):
            line[column] = _Fragment(line[column].text + text, line[column].para, line[column].start)
            continue
        if column in line and columns[column].role in ("lead", "support", "resp") and column == last:
            line[column] = _Fragment(f"{line[column].text}\n{text}", line[column].para, line[column].start)
            continue
        if column <= last:
            close()
        line[column] = fragment
        last = column
    close()
    found = [r for r in rows if isinstance(r, Row)]
    if len(found) < 2 or not any(
        r.text(c) for r in found for c in range(width) if columns[c].role in ("lead", "support", "resp")
    ):
        return None
    roles = Roles(width, content, confidence=0.7)
    for i, column_ in enumerate(columns):
        if column_.role == "seq":
            roles.seq = i
        elif column_.role == "path":
            roles.path.append(i)
        elif column_.role == "person":
            roles.persons.append(i)
        elif column_.role in ("lead", "support", "resp", "due"):
            getattr(roles, column_.role).append(i)
    return Stitched([c.role for c in columns], rows, width, roles=roles)


def _two_levels(fragments: list[_Fragment]) -> bool:
    kinds = {m.kind for f in fragments if (m := mark_of(f.text)) is not None}
    return "cnp" in kinds and "cn" in kinds
