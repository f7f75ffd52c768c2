"""Who is named once for several items, at their heading or after the last of them, named with each of them."""

from __future__ import annotations

import re

from gongkai.plans.reading.pieces import Piece, plain, rank_of


def _said(source: Piece, resp: str) -> Piece:
    return Piece("", source.para, (0, 0), None, resp, line_only=True)


def shared(pieces: list[Piece]) -> list[Piece]:
    """Who is named once for several items, at their heading or after the last of them, named with each."""
    return _after_the_last(_at_the_heading(pieces))


def _at_the_heading(pieces: list[Piece]) -> list[Piece]:
    """一、推进服务公开（牵头单位：甲局） over items that name nobody: the heading's word holds for each of them."""
    out: list[Piece] = []
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
        out.append(Piece(head.text.rstrip("。"), head.para, head.span, head.mark))
        for n, own in enumerate(below):
            out.append(own)
            after = below[n + 1] if n + 1 < len(below) else None
            named = own.resp is not None or (after is not None and after.line_only)
            if not named and _ends(own, after):
                out.append(_said(head, resp or ""))
        at = nxt + len(below)
    return out


def _heads(piece: Piece) -> bool:
    """Whether a piece is short and numbered, as headings are, and no whole task."""
    short = len(piece.body) <= 45 and not re.search(r"[。；]\s*\S", piece.body)
    return piece.mark is not None and not piece.line_only and short


def _ends(own: Piece, after: Piece | None) -> bool:
    """Whether an item ends here: the next one begins, and is not one of its parts."""
    if after is None:
        return True
    return after.mark is not None and (own.mark is None or rank_of(after) <= rank_of(own))


def _after_the_last(pieces: list[Piece]) -> list[Piece]:
    """1.… 2.… and then one line 牵头科室：甲科: the line is said of all the items of that run."""
    out: list[Piece] = []
    for piece in pieces:
        if piece.line_only:
            for end in _run_before(out):
                if out[end - 1].text.rstrip().endswith("。"):
                    out.insert(end, _said(piece, piece.resp or ""))
        out.append(piece)
    return out


def _run_before(out: list[Piece]) -> list[int]:
    """Where the items end, from the last on, that stand side by side before this place, of which none names anybody."""
    ends: list[int] = []
    last: Piece | None = None
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


def _below(pieces: list[Piece], at: int, head: Piece) -> list[Piece]:
    """What stands under a heading that names who is responsible: its paragraphs, or its items."""
    below: list[Piece] = []
    for piece in pieces[at:]:
        if piece.para.level or (piece.mark is not None and rank_of(piece) <= rank_of(head)):
            break
        if piece.mark is None and not piece.line_only and not (plain(piece) or piece.resp is not None):
            break
        below.append(piece)
    if below and below[0].mark is None and head.text.rstrip().endswith("。"):
        return []
    return below if (below and below[0].resp is None) or any(p.mark is not None for p in below) else []
