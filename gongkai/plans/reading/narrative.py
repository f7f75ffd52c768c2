"""Plans without a table: numbered paragraphs that end in “（责任单位：…）”, or are followed by such a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import Para
from gongkai.plans.reading.brackets import inner_of, own_line, responsibility_groups
from gongkai.plans.reading.deadlines import find_deadlines
from gongkai.plans.reading.document import is_title
from gongkai.plans.reading.items import flat
from gongkai.plans.reading.model import Doubt, Source, Task
from gongkai.plans.reading.numbering import HEADING_KINDS, Mark, mark_of
from gongkai.plans.reading.responsibility import parse
from gongkai.plans.reading.units import Known

_END = "。；;！？!?：:…"
_LABEL_ONLY = re.compile(r"^(?:责任|牵头|配合|主办|协办|参与|落实)(?:单位|部门|科室)\s*[：:]\s*$")
_FIRST_LEADS = re.compile(
    r"(?:列|排)(?:在|名)?(?:第一位?|首位|首)(?:的|者)?[^，。；]{0,8}(?:为|是|负责)?牵头|第一(?:家|个)?单位为牵头|首个单位为牵头|排名第一的为牵头"
)
_FURNITURE = re.compile(
    r"^(?:抄送|主送|印发|附件|附\s*[:：]|联系人|联系电话|（此件|\(此件|信息来源|来源|发布时间|字号|打印|扫一扫)|印发\s*$"
)


@dataclass(slots=True)
class _Piece:
    """A paragraph, or a part of one that ends in a responsibility."""

    text: str
    para: Para
    span: tuple[int, int]
    mark: Mark | None
    resp: str | None = None
    line_only: bool = False
    resp_para: Para | None = None
    more: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text without its number."""
        return (self.text[self.mark.end :] if self.mark is not None else self.text).strip()


def pieces_of(paras: list[Para]) -> list[_Piece]:
    """Paragraphs parted after every responsibility they name."""
    out: list[_Piece] = []
    waiting = ""
    for para in _joined(paras):
        text = para.text.strip()
        if not text:
            continue
        if waiting:
            text, waiting = waiting + text, ""
        if _LABEL_ONLY.match(text):
            waiting = text
            continue
        alone = own_line(text)
        if alone is not None and mark_of(text) is None:
            out.append(_Piece("", para, (0, len(text)), None, alone, line_only=True))
            continue
        at = 0
        groups = responsibility_groups(text)
        for start, end in groups:
            body = text[at:start]
            tail = re.match(r"\s*[。；;.]", text[end:])
            stop = end + (tail.end() if tail else 0)
            whole = body.rstrip()
            if tail and whole and whole[-1] not in "。；;！？”）" + ".":
                whole += tail.group().strip()
            lead = len(whole) - len(whole.lstrip())
            out.append(
                _Piece(
                    whole.strip(),
                    para,
                    (at + lead, start),
                    mark_of(whole.strip()),
                    inner_of(text[start:end]),
                    line_only=not whole.strip(),
                )
            )
            at = stop
        rest = text[at:].strip()
        if rest and (ending := _tail_of(rest)) is not None:
            body, said = ending
            out.append(_Piece(body, para, (at, len(text)), mark_of(body), said))
        elif rest:
            out.append(_Piece(rest, para, (at, len(text)), mark_of(rest)))
    return out


_INLINE = re.compile(
    r"(?:(?<=[。；;！？”）)])|(?<=\s))\s*(?:[—–-]+\s*)?"
    r"(?=[【\[〔]?(?:责任|牵头|配合|主办|承办|落实)(?:单位|部门|科室|处室|股室|领导|人)\s*[】\]〕]?\s*[：:】\]〕])"
)
_LAST = re.compile(r"(?<=[。；])\s*(?:[—–-]+\s*)?((?:由|请)?[^。；]{3,200})[。；]?$")


def _tail_of(text: str) -> tuple[str, str] | None:
    """An item that ends, without a bracket, in who is responsible: by a label, or in a last sentence of its own."""
    for label in _INLINE.finditer(text):
        if label.start() and (said := own_line(text[label.end() :])) is not None:
            return text[: label.start()].strip(), said
    last = _LAST.search(text)
    if last and mark_of(text) is not None and (said := own_line(last.group(1))) is not None:
        return text[: last.start()].strip(), said
    return None


def _joined(paras: list[Para]) -> list[Para]:
    """Paragraphs that a converter has broken in the middle of a sentence, put together again."""
    out: list[Para] = []
    for para in paras:
        text = para.text.strip()
        last = out[-1] if out else None
        if (
            last is not None
            and text
            and not para.level
            and not last.level
            and (len(last.text) >= 30 or (len(last.text) >= 12 and re.search(r"[。；]", last.text)))
            and not _stands_alone(last.text)
            and _tail_of(last.text.strip()) is None
            and last.text.rstrip()[-1] not in _END + "）)”】》〕]"
            and mark_of(text) is None
            and (own_line(text) is None or last.text.rstrip()[-1] in "（(【〔")
            and not _FURNITURE.match(text)
            and len(text) > 1
        ) or (
            last is not None and text and _open_bracket(last.text) and mark_of(text) is None and len(last.text) >= 20
        ):
            last.text = last.text.rstrip() + text
        else:
            out.append(Para(para.text, para.level, para.page, para.number, para.start))
    return out


def _stands_alone(text: str) -> bool:
    """A heading, or a line that names who is responsible: whatever follows is another paragraph."""
    mark = mark_of(text)
    if mark is not None and mark.kind in HEADING_KINDS and not re.search(r"[。；]", text):
        return len(text) <= 50
    return own_line(text) is not None and not _open_bracket(text)


def _open_bracket(text: str) -> bool:
    """A responsibility bracket that is not closed yet."""
    match = re.search(r"[（(【〔\[]([^）)】〕\]]{0,300})$", text[-400:])
    return match is not None and (
        not match.group(1) or re.search(r"单位|部门|科室|牵头|负责|配合", match.group(1)) is not None
    )


# -- outline ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Heading:
    rank: float
    text: str


def _rank(piece: _Piece) -> float:
    if piece.mark is not None:
        return float(piece.mark.rank)
    return 0.2 * piece.para.level if piece.para.level else 9.0


def _title_of(piece: _Piece) -> str:
    """A heading as it stands in a path: its first sentence, when text follows in the same paragraph."""
    text = piece.text
    start = piece.mark.end if piece.mark is not None else 0
    match = re.search(r"[。：:；]", text[start:])
    if match and text[start + match.end() :].strip() and match.start() <= 60:
        return text[: start + match.start()]
    return text


def _is_heading(piece: _Piece) -> bool:
    """Short, without an inner sentence end: a heading and no body."""
    body = piece.body
    return bool(piece.para.level and len(body) <= 60) or (
        piece.mark is not None
        and len(body) <= 45
        and not re.search(r"[。；]\s*\S|[；]$", body)
        and (piece.mark.kind in HEADING_KINDS or "，" not in body)
    )


def _plain(piece: _Piece) -> bool:
    """A paragraph of text, without a number, that says nobody's name."""
    return (
        piece.resp is None
        and piece.mark is None
        and not piece.para.level
        and not _FURNITURE.search(piece.text)
        and re.search(r"[。；;]", piece.text) is not None
    )


def _said(source: _Piece, resp: str) -> _Piece:
    return _Piece("", source.para, (0, 0), None, resp, line_only=True)


def _shared(pieces: list[_Piece]) -> list[_Piece]:
    """Who is named once for several items, at their heading or after the last of them, named with each."""
    return _after_the_last(_at_the_heading(pieces))


def _at_the_heading(pieces: list[_Piece]) -> list[_Piece]:
    """一、推进服务公开（牵头单位：甲局） over items that name nobody: the heading's word holds for each of them."""
    out: list[_Piece] = []
    at = 0
    while at < len(pieces):
        head, resp, nxt = pieces[at], pieces[at].resp, at + 1
        if resp is None:  # on lines of its own under the heading
            said = []
            while nxt < len(pieces) and pieces[nxt].line_only:
                said.append(pieces[nxt].resp or "")
                nxt += 1
            resp = "；".join(said)
        below = _below(pieces, nxt, head) if resp and _heads(head) else []
        if not below:
            out.append(head)
            at += 1
            continue
        out.append(_Piece(head.text.rstrip("。"), head.para, head.span, head.mark))
        for n, own in enumerate(below):
            out.append(own)
            after = below[n + 1] if n + 1 < len(below) else None
            named = own.resp is not None or (after is not None and after.line_only)
            if not named and _ends(own, after):
                out.append(_said(head, resp or ""))
        at = nxt + len(below)
    return out


def _heads(piece: _Piece) -> bool:
    """Whether a piece is short and numbered, as headings are, and no whole task."""
    short = len(piece.body) <= 45 and not re.search(r"[。；]\s*\S", piece.body)
    return piece.mark is not None and not piece.line_only and short


def _ends(own: _Piece, after: _Piece | None) -> bool:
    """Whether an item ends here: the next one begins, and is not one of its parts."""
    if after is None:
        return True
    return after.mark is not None and (own.mark is None or _rank(after) <= _rank(own))


def _after_the_last(pieces: list[_Piece]) -> list[_Piece]:
    """1.… 2.… and then one line 牵头科室：甲科: the line is said of all the items of that run."""
    out: list[_Piece] = []
    for piece in pieces:
        if piece.line_only:
            for end in _run_before(out):
                if out[end - 1].text.rstrip().endswith("。"):
                    out.insert(end, _said(piece, piece.resp or ""))
        out.append(piece)
    return out


def _run_before(out: list[_Piece]) -> list[int]:
    """Where the items end, from the last on, that stand side by side before this place, of which none names anybody."""
    ends: list[int] = []
    last: _Piece | None = None
    begin = len(out)
    for at in range(len(out) - 1, -1, -1):
        piece = out[at]
        if piece.resp is not None:
            break
        if piece.mark is None:
            continue
        if last is not None and last.mark is not None:
            if piece.mark.kind != last.mark.kind or piece.mark.value != last.mark.value - 1:
                break
            ends.append(begin)
        begin, last = at, piece
    return ends


def _below(pieces: list[_Piece], at: int, head: _Piece) -> list[_Piece]:
    """What stands under a heading that names who is responsible: its paragraphs, or its items."""
    below: list[_Piece] = []
    for piece in pieces[at:]:
        if piece.para.level or (piece.mark is not None and _rank(piece) <= _rank(head)):
            break
        if piece.mark is None and not piece.line_only and not (_plain(piece) or piece.resp is not None):
            break
        below.append(piece)
    if below and below[0].mark is None and head.text.rstrip().endswith("。"):
        return []
    return below if (below and below[0].resp is None) or any(p.mark is not None for p in below) else []


def read_narrative(paras: list[Para], known: Known, year: int | None, title: str | None = None) -> list[Task]:
    """The tasks of a narrative plan: what ends in, or is followed by, a statement of who is responsible."""
    pieces = _shared(pieces_of(paras))
    stack: list[_Heading] = []
    pending: list[_Piece] = []
    tasks: list[Task] = []
    first_leads = _first_leads_everywhere(paras)
    for at, piece in enumerate(pieces):
        if piece.resp is None:
            if _FURNITURE.search(piece.text) and piece.mark is None:
                continue
            pending.append(piece)
            continue
        if piece.line_only and not pending:
            if tasks and tasks[-1].responsible_source is not None:
                _merge_line(tasks[-1], piece, known, year, first_leads)
            continue
        first_leads = first_leads or bool(_FIRST_LEADS.search(piece.resp))
        piece, title_piece = _headed(piece, pieces[at + 1 :])
        body, headings = _body(piece, pending, pieces[at + 1 :])
        lost = [p for p in pending if tasks and p not in body and p not in headings and _item(p)]
        if title_piece is not None:
            headings = [*headings, title_piece]
        pending = []
        for heading in headings:
            _push(stack, heading)
        if not body:
            continue
        tasks.append(_task(body, piece, stack, known, year, first_leads, title))
        for one in lost:
            said = f"前面的“{one.text[:20]}…”没有读到责任单位，没有列为任务，请核对原文。"
            tasks[-1].warnings.append(Doubt("text", said, 0.5))
    return tasks


def _item(piece: _Piece) -> bool:
    """A numbered paragraph that says something to be done, as tasks do; not a heading."""
    return piece.mark is not None and not piece.line_only and re.search(r"[。；]", piece.body) is not None


def _headed(piece: _Piece, rest: list[_Piece]) -> tuple[_Piece, _Piece | None]:
    """An item whose first sentence heads several tasks: the sentence becomes a heading, its number goes with it."""
    if piece.mark is None or piece.line_only or not piece.resp:
        return piece, None
    several = not _alone(rest)
    first = re.match(r"[^。；：:]{2,45}[。：:]", piece.body)
    if not several or first is None or not piece.body[first.end() :].strip():
        return piece, None
    start = piece.mark.end + len(piece.text[piece.mark.end :]) - len(piece.text[piece.mark.end :].lstrip())
    heading = _Piece(piece.text[: start + first.end() - 1], piece.para, piece.span, piece.mark)
    body = piece.body[first.end() :].strip()
    return _Piece(body, piece.para, (piece.span[1] - len(body), piece.span[1]), None, piece.resp), heading


def _alone(rest: list[_Piece]) -> bool:
    """No further task follows before the next number."""
    text = False
    for following in rest:
        if following.mark is not None or following.para.level:
            break
        if following.resp is not None and (not following.line_only or text):
            return False
        text = text or bool(following.text)
    return True


def _first_leads_everywhere(paras: list[Para]) -> bool:
    """A note outside any bracket says that the first unit named leads."""
    for para in paras:
        match = _FIRST_LEADS.search(para.text)
        if match and not any(a <= match.start() < b for a, b in responsibility_groups(para.text)):
            return True
    return False


def _push(stack: list[_Heading], piece: _Piece) -> None:
    if piece.mark is None and (piece.para.level == 1 or is_title(re.sub(r"\s+", "", piece.text))):
        # The title of the document heads everything and is no part of a path.
        return
    rank = _rank(piece)
    while stack and stack[-1].rank >= rank:
        stack.pop()
    stack.append(_Heading(rank, _title_of(piece)))


def _body(piece: _Piece, pending: list[_Piece], rest: list[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    """(pieces that make up the task's text, headings among the pending ones)."""
    marked = [i for i, p in enumerate(pending) if p.mark is not None or p.para.level]
    if not piece.line_only:
        if piece.mark is not None:
            return [piece], [p for p in pending if (p.mark is not None or p.para.level) and _rank(p) < _rank(piece)]
        if pending and _belongs(pending, piece, rest):
            start = marked[-1] if marked else len(pending) - 1
            if _is_heading(pending[start]) and start < len(pending) - 1:
                return [*pending[start + 1 :], piece], [pending[i] for i in marked]
            return [*pending[start:], piece], [pending[i] for i in marked if i < start]
        return [piece], [pending[i] for i in marked]
    # The responsibility stands on a line of its own: the text is what stands since the last heading.
    if not marked:
        return pending[-1:] if len(pending) == 1 or not _loose(pending) else pending, []
    start = marked[-1]
    after = pending[start + 1 :]
    if _is_heading(pending[start]) and after:
        return after, [pending[i] for i in marked]
    while (
        start - 1 in marked
        and pending[start - 1].mark is not None
        and pending[start].mark is not None
        and _listed(pending, start)
    ):
        start -= 1
    return pending[start:], [pending[i] for i in marked if i < start]


def _listed(pending: list[_Piece], at: int) -> bool:
    """An item and its sub-items without a responsibility of their own: one text."""
    above, here = pending[at - 1], pending[at]
    return above.text.rstrip()[-1:] in "：:" or (_rank(above) == _rank(here) and above.text.rstrip()[-1:] in "；;")


def _loose(pending: list[_Piece]) -> bool:
    return False


def _belongs(pending: list[_Piece], piece: _Piece, rest: list[_Piece]) -> bool:
    """An unnumbered paragraph with a responsibility goes on what stands above it, if it is alone there."""
    last = pending[-1]
    if last.mark is None:
        if last.para.level or (len(last.text) < 25 and last.text[-1] not in _END):
            return False
        return last.text.rstrip()[-1:] not in _END + "）”" or (
            _alone(rest) and any(p.mark is not None for p in pending)
        )
    if _is_heading(last) or last.mark.kind in ("cn", "chapter"):
        return False
    return _alone(rest) and last.mark.rank >= 3


def _task(
    body: list[_Piece],
    piece: _Piece,
    stack: list[_Heading],
    known: Known,
    year: int | None,
    first_leads: bool,
    title: str | None,
) -> Task:
    first = body[0]
    text = flat("\n".join([first.body, *(p.text for p in body[1:])]))
    rank = _rank(first)
    while stack and stack[-1].rank >= rank and first.mark is not None:
        stack.pop()
    path = [flat(h.text) for h in stack if title is None or flat(h.text) != title]
    answer = parse(piece.resp or "", known, year=year)
    if first_leads and not answer.support and len(answer.lead) > 1 and not answer.stated_lead:
        answer.lead, answer.support = answer.lead[:1], answer.lead[1:]
    source = Source(
        first.para.page,
        paragraph=first.para.number,
        span=first.span,
        text_start=(first.para.start + first.span[0]) if first.para.start is not None else None,
    )
    task = Task(
        first.mark.label if first.mark is not None else None,
        path,
        text,
        piece.resp or "",
        answer.lead,
        answer.support,
        answer.persons,
        source=source,
    )
    task.responsible_source = Source(piece.para.page, paragraph=piece.para.number)
    task.deadline_raw = answer.deadline_raw
    task.deadlines = answer.deadlines + find_deadlines(text, year)
    for name in answer.doubts:
        task.warnings.append(Doubt("responsible", f"“{name}”不像单位名称，请核对是否断行或漏字。", 0.5))
    if not (task.lead or task.support or task.persons):
        task.warnings.append(Doubt("responsible", "没有读到责任单位，请补填。", 0.3))
    return task


def _merge_line(task: Task, piece: _Piece, known: Known, year: int | None, first_leads: bool) -> None:
    """A further line about the same task: 配合单位 after 牵头单位, or the deadline."""
    joined = f"{task.responsible_raw}\n{piece.resp}"
    answer = parse(joined.replace("\n", "；"), known, year=year)
    task.responsible_raw = joined
    task.lead, task.support, task.persons = answer.lead, answer.support, answer.persons
    if answer.deadline_raw and not task.deadline_raw:
        task.deadline_raw = answer.deadline_raw
        task.deadlines = answer.deadlines + task.deadlines
