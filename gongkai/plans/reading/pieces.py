"""Paragraphs of a plan without a table, parted into pieces: what is to be done, and who is responsible for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import Para
from gongkai.plans.reading.brackets import inner_of, own_line, responsibility_groups
from gongkai.plans.reading.numbering import HEADING_KINDS, Mark, mark_of
from gongkai.plans.reading.responsibility import looks_like_units

END = "。；;！？!?：:…"
_LABEL_ONLY = re.compile(r"^(?:责任|牵头|配合|主办|协办|参与|落实)(?:单位|部门|科室)\s*[：:]\s*$")
FURNITURE = re.compile(
    r"^(?:抄送|主送|印发|附件|附\s*[:：]|联系人|联系电话|（此件|\(此件|信息来源|来源|发布时间|字号|打印|扫一扫)|印发\s*$"
)


@dataclass(slots=True)
class Piece:
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


def pieces_of(paras: list[Para]) -> list[Piece]:
    """Paragraphs parted after every responsibility they name."""
    out: list[Piece] = []
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
            out.append(Piece("", para, (0, len(text)), None, alone, line_only=True))
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
                Piece(
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
            out.append(Piece(body, para, (at, len(text)), mark_of(body), said))
        elif rest and (opening := _opening_of(rest)):
            out.append(Piece(rest, para, (at, len(text)), mark_of(rest), opening))
        elif rest:
            out.append(Piece(rest, para, (at, len(text)), mark_of(rest)))
    return out


_INLINE = re.compile(
    r"(?:(?<=[。；;！？”）)])|(?<=\s))\s*(?:[—–-]+\s*)?"
    r"(?=[【\[〔]?(?:责任|牵头|配合|主办|承办|落实|分管)(?:单位|部门|科室|处室|股室|领导|人)\s*[】\]〕]?\s*[：:】\]〕])"
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


_OPENING = re.compile(
    r"\s*([^，。；：:]{3,60}?牵头(?:负责)?)(?:[，,]((?:会同|联合)[^，。；]{2,80}|[^，。；]{2,80}(?:配合|参与|协助)))?[，,](?=[^。]{6,})"
)


def _opening_of(text: str) -> str:
    """Who owes a numbered item that begins with it: 甲局牵头，会同乙局，于8月底前办成…; empty for other items."""
    mark = mark_of(text)
    body = text[mark.end :] if mark is not None else ""
    heading = re.match(r"[^。，]{2,40}。", body)  # （二）企业注销“一件事”。甲局牵头，…
    begin = _OPENING.match(body, heading.end() if heading else 0)
    if begin is None or looks_like_units(begin[1]) < 0.9:
        return ""
    return f"{begin[1]}，{begin[2]}" if begin[2] else begin[1]


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
            and last.text.rstrip()[-1] not in END + "）)”】》〕]"
            and mark_of(text) is None
            and (own_line(text) is None or last.text.rstrip()[-1] in "（(【〔")
            and not FURNITURE.match(text)
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


def rank_of(piece: Piece) -> float:
    """How high a piece stands in the outline: the lower the number, the higher; 9 for what has no number."""
    if piece.mark is not None:
        return float(piece.mark.rank)
    return 0.2 * piece.para.level if piece.para.level else 9.0


def plain(piece: Piece) -> bool:
    """A paragraph of text, without a number, that says nobody's name."""
    return (
        piece.resp is None
        and piece.mark is None
        and not piece.para.level
        and not FURNITURE.search(piece.text)
        and re.search(r"[。；;]", piece.text) is not None
    )
