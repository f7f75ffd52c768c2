"""Plans without a table: numbered paragraphs that end in “（责任单位：…）”, or are followed by such a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gongkai.papers.grid import Para
from gongkai.plans.reading.deadlines import find_deadlines
from gongkai.plans.reading.document import is_title
from gongkai.plans.reading.items import flat
from gongkai.plans.reading.model import Doubt, Source, Task
from gongkai.plans.reading.numbering import HEADING_KINDS
from gongkai.plans.reading.pieces import END, FURNITURE, Piece, pieces_of, rank_of
from gongkai.plans.reading.ranking import Ranking, first_leads, ranking_of
from gongkai.plans.reading.responsibility import looks_like_units, parse
from gongkai.plans.reading.sharing import shared
from gongkai.plans.reading.units import Known

# -- outline ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Heading:
    rank: float
    text: str


def _title_of(piece: Piece) -> str:
    """A heading as it stands in a path: its first sentence, when text follows in the same paragraph."""
    text = piece.text
    start = piece.mark.end if piece.mark is not None else 0
    match = re.search(r"[。：:；]", text[start:])
    if match and text[start + match.end() :].strip() and match.start() <= 60:
        return text[: start + match.start()]
    return text


def _is_heading(piece: Piece) -> bool:
    """Short, without an inner sentence end: a heading and no body."""
    body = piece.body
    return bool(piece.para.level and len(body) <= 60) or (
        piece.mark is not None
        and len(body) <= 45
        and not re.search(r"[。；]\s*\S|[；]$", body)
        and (piece.mark.kind in HEADING_KINDS or "，" not in body)
    )


def _owned_by_heading(pieces: list[Piece]) -> list[Piece]:
    """Headings that are the name of a unit (一、县财政局) say who owes what stands below them."""
    for piece in pieces:
        heading = piece.mark is not None and piece.mark.kind in HEADING_KINDS
        if (
            heading
            and piece.resp is None
            and len(piece.body) <= 40
            and looks_like_units(piece.body.rstrip("：:")) >= 0.95
        ):
            piece.resp = piece.body.rstrip("：:")
    return pieces


def read_narrative(
    paras: list[Para], known: Known, year: int | None, title: str | None = None, *, by_unit: bool = False
) -> list[Task]:
    """The tasks of a narrative plan: what ends in, or is followed by, a statement of who is responsible; `by_unit` for one
    that is put in order by those who owe."""
    pieces = shared(pieces_of(paras) if not by_unit else _owned_by_heading(pieces_of(paras)))
    stack: list[_Heading] = []
    pending: list[Piece] = []
    tasks: list[Task] = []
    ranking = ranking_of(p.text for p in paras)
    for at, piece in enumerate(pieces):
        if piece.resp is None:
            if FURNITURE.search(piece.text) and piece.mark is None:
                continue
            pending.append(piece)
            continue
        if piece.line_only and not pending:
            if tasks and tasks[-1].responsible_source is not None:
                _merge_line(tasks[-1], piece, known, year)
            continue
        ranking = replace(ranking, first=ranking.first or first_leads(piece.resp))
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
        tasks.append(_task(body, piece, stack, known, year, ranking, title))
        for one in lost:
            _tell_lost(tasks[-1], one, "前面")
    for one in (p for p in pending if tasks and _item(p)):
        _tell_lost(tasks[-1], one, "后面")
    return tasks


def _tell_lost(task: Task, lost: Piece, where: str) -> None:
    said = f"{where}的“{lost.text[:20]}…”没有读到责任单位，没有列为任务，请核对原文。"
    task.warnings.append(Doubt("text", said, 0.5))


def _item(piece: Piece) -> bool:
    """A numbered paragraph that says something to be done, as tasks do; not a heading."""
    return piece.mark is not None and not piece.line_only and re.search(r"[。；]", piece.body) is not None


def _headed(piece: Piece, rest: list[Piece]) -> tuple[Piece, Piece | None]:
    """An item whose first sentence heads several tasks: the sentence becomes a heading, its number goes with it."""
    if piece.mark is None or piece.line_only or not piece.resp:
        return piece, None
    several = not _alone(rest)
    first = re.match(r"[^。；：:]{2,45}[。：:]", piece.body)
    if not several or first is None or not piece.body[first.end() :].strip():
        return piece, None
    start = piece.mark.end + len(piece.text[piece.mark.end :]) - len(piece.text[piece.mark.end :].lstrip())
    heading = Piece(piece.text[: start + first.end() - 1], piece.para, piece.span, piece.mark)
    body = piece.body[first.end() :].strip()
    return Piece(body, piece.para, (piece.span[1] - len(body), piece.span[1]), None, piece.resp), heading


def _alone(rest: list[Piece]) -> bool:
    """No further task follows before the next number."""
    text = False
    for following in rest:
        if following.mark is not None or following.para.level:
            break
        if following.resp is not None and (not following.line_only or text):
            return False
        text = text or bool(following.text)
    return True


def _push(stack: list[_Heading], piece: Piece) -> None:
    if piece.mark is None and (piece.para.level == 1 or is_title(re.sub(r"\s+", "", piece.text))):
        # The title of the document heads everything and is no part of a path.
        return
    rank = rank_of(piece)
    while stack and stack[-1].rank >= rank:
        stack.pop()
    stack.append(_Heading(rank, _title_of(piece)))


def _body(piece: Piece, pending: list[Piece], rest: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """(pieces that make up the task's text, headings among the pending ones)."""
    marked = [i for i, p in enumerate(pending) if p.mark is not None or p.para.level]
    if not piece.line_only:
        if piece.mark is not None:
            return [piece], [p for p in pending if (p.mark is not None or p.para.level) and rank_of(p) < rank_of(piece)]
        if pending and _belongs(pending, piece, rest):
            start = marked[-1] if marked else len(pending) - 1
            if _is_heading(pending[start]) and start < len(pending) - 1:
                return [*pending[start + 1 :], piece], [pending[i] for i in marked]
            return [*pending[start:], piece], [pending[i] for i in marked if i < start]
        return [piece], [pending[i] for i in marked]
    # The responsibility stands on a line of its own: the text is what stands since the last heading.
    if not marked:
        return pending[-1:], []
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


def _listed(pending: list[Piece], at: int) -> bool:
    """An item and its sub-items without a responsibility of their own: one text."""
    above, here = pending[at - 1], pending[at]
    return above.text.rstrip()[-1:] in "：:" or (rank_of(above) == rank_of(here) and above.text.rstrip()[-1:] in "；;")


def _belongs(pending: list[Piece], piece: Piece, rest: list[Piece]) -> bool:
    """An unnumbered paragraph with a responsibility goes on what stands above it, if it is alone there."""
    last = pending[-1]
    if last.mark is None:
        if last.para.level or (len(last.text) < 25 and last.text[-1] not in END):
            return False
        return last.text.rstrip()[-1:] not in END + "）”" or (_alone(rest) and any(p.mark is not None for p in pending))
    if _is_heading(last) or last.mark.kind in ("cn", "chapter"):
        return False
    return _alone(rest) and last.mark.rank >= 3


def _task(
    body: list[Piece],
    piece: Piece,
    stack: list[_Heading],
    known: Known,
    year: int | None,
    ranking: Ranking,
    title: str | None,
) -> Task:
    first = body[0]
    text = flat("\n".join([first.body, *(p.text for p in body[1:])]))
    rank = rank_of(first)
    while stack and stack[-1].rank >= rank and first.mark is not None:
        stack.pop()
    path = [flat(h.text) for h in stack if title is None or flat(h.text) != title]
    answer = parse(piece.resp or "", known, year=year)
    ranking.applied(answer)
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


def _merge_line(task: Task, piece: Piece, known: Known, year: int | None) -> None:
    """A further line about the same task: 配合单位 after 牵头单位, or the deadline."""
    joined = f"{task.responsible_raw}\n{piece.resp}"
    answer = parse(joined.replace("\n", "；"), known, year=year)
    task.responsible_raw = joined
    task.lead, task.support, task.persons = answer.lead, answer.support, answer.persons
    if answer.deadline_raw and not task.deadline_raw:
        task.deadline_raw = answer.deadline_raw
        task.deadlines = answer.deadlines + task.deadlines
