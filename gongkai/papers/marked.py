"""Tables in plain text: rows on lines with cells by tab or pipe, drawn with rules, one cell to a line."""

from __future__ import annotations

import re

from gongkai.papers.grid import Para, Table, build_ragged
from gongkai.papers.lines import TextLine, para_of

# -- rows on lines, cells by tab or pipe -----------------------------------------------------------------


def separated(lines: list[TextLine], mark: str) -> list[Para | Table]:
    """Rows on lines, their cells parted by a tab or a pipe; what else stands between as paragraphs."""
    blocks: list[Para | Table] = []
    rows: list[list[tuple[str, int | None]]] = []
    blank = 0

    def flush() -> None:
        nonlocal rows
        if rows and all(sum(1 for c, _ in r if c) <= 1 for r in rows):
            # A mark at every line end parts nothing: these are lines, not rows.
            blocks.extend(Para(c, start=s) for r in rows for c, s in r if c)
        elif rows:
            blocks.append(build_ragged(rows))
        rows = []

    lines = _unquoted(lines) if mark == "\t" else lines
    sizes = [x.text.count(mark) + 1 for x in lines if mark in x.text]
    whole = max(set(sizes), key=lambda n: (sizes.count(n), n)) if mark == "\t" and sizes else 0
    for line in lines:
        text = line.text
        if mark == "|":
            text = text.replace("｜", "|")
        if not text.strip():
            blank += 1
            continue
        if mark not in text:
            last = rows[-1] if rows else None
            if last is not None and blank == 0 and not _starts_block(text) and mark == "\t":
                # A line end inside the last cell of the row above.
                cell, start = last[-1]
                last[-1] = (f"{cell}\n{text.strip()}", start)
                continue
            if mark == "|" and rows and blank == 0 and not _starts_block(text) and not text.lstrip().startswith("#"):
                cell, start = last[-1] if last else ("", None)
                if last:
                    last[-1] = (f"{cell}\n{text.strip()}", start)
                    continue
            flush()
            para = para_of(line)
            if para.text:
                blocks.append(para)
            blank = 0
            continue
        blank = 0
        cells = _pipe_cells(text, line.start) if mark == "|" else _tab_line(text, line.start)
        if cells is None:
            continue
        if rows and whole > 2 and len(rows[-1]) < whole and len(rows[-1]) + len(cells) - 1 == whole and cells[0][0]:
            # A line end inside a cell has broken the row in two.
            cell, start = rows[-1][-1]
            rows[-1][-1] = (f"{cell}\n{_inner(cells[0][0])}", start)
            rows[-1] += [(_inner(c), s) for c, s in cells[1:]]
            continue
        rows.append([(_inner(c), s) for c, s in cells])
    flush()
    return [b for b in blocks if isinstance(b, Table) or b.text]


def _unquoted(lines: list[TextLine]) -> list[TextLine]:
    """Cells of several lines, which a spreadsheet puts between quotes when they are copied."""
    out: list[TextLine] = []
    open_ = False
    for line in lines:
        if open_:
            out[-1] = TextLine(f"{out[-1].text}\v{line.text}", out[-1].start, out[-1].page)
        else:
            out.append(line)
        if open_:
            open_ = not re.search(r'(?<!")"(?=\t|$)', line.text)
        else:
            open_ = re.search(r'(?:^|\t)"(?!")[^"\t]*$', line.text) is not None
    if open_:
        return lines
    return [TextLine(re.sub(r'(^|\t)"([^"\t]*\v[^"\t]*)"(?=\t|$)', r"\1\2", x.text), x.start, x.page) for x in out]


def _starts_block(text: str) -> bool:
    return bool(
        re.match(
            r"\s*(#|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附\s*件|注[:：]|备注[:：]|说明[:：]|[★☆※▲＊]\S{0,4}(?:为|是|表示))",
            text,
        )
    )


def _inner(text: str) -> str:
    text = re.sub(r"<br\s*/?>", "\n", text, flags=re.I).replace("\v", "\n")
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text)
    return text.replace("\\n", "\n").replace("&nbsp;", " ").strip()


def _tab_line(text: str, start: int) -> list[tuple[str, int | None]]:
    cells: list[tuple[str, int | None]] = []
    at = start
    for piece in text.split("\t"):
        cells.append((piece.strip(), at + len(piece) - len(piece.lstrip())))
        at += len(piece) + 1
    return cells


def _pipe_cells(text: str, start: int) -> list[tuple[str, int | None]] | None:
    body = text.strip()
    at = start + len(text) - len(text.lstrip())
    if re.fullmatch(r"[|\s:+-]+", body) and "-" in body:
        return None
    if body.startswith("|"):
        body, at = body[1:], at + 1
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    cells: list[tuple[str, int | None]] = []
    for piece in re.split(r"(?<!\\)\|", body):
        cells.append((piece.replace("\\|", "|").strip(), at + len(piece) - len(piece.lstrip())))
        at += len(piece) + 1
    return cells


# -- tables drawn with + - | or box characters -----------------------------------------------------------

RULE = re.compile(r"[+┌├└┏┣┗╔╠╚][-─━═=][-─━═=+┬┼┴┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝]*")


def drawn(lines: list[TextLine]) -> list[Para | Table]:
    """Rows stand between rules; the lines of a row are wrapped lines of its cells."""
    blocks: list[Para | Table] = []
    rows: list[list[tuple[str, int | None]]] = []
    open_row: list[list[TextLine]] = []

    def end_row() -> None:
        nonlocal open_row
        if any(open_row):
            rows.append(
                [("\n".join(x.text for x in cell if x.text), cell[0].start if cell else None) for cell in open_row]
            )
        open_row = []

    def end_table() -> None:
        nonlocal rows
        if rows:
            table = build_ragged(rows)
            table.wrapped = True
            blocks.append(table)
        rows = []

    for line in lines:
        body = re.sub("[│┃║｜]", "|", line.text.strip())
        if RULE.fullmatch(body):
            end_row()
        elif body.startswith("|") and body.endswith("|"):
            cells = _pipe_cells(line.text.replace(line.text.strip(), body), line.start) or []
            if len(open_row) < len(cells):
                open_row += [[] for _ in range(len(cells) - len(open_row))]
            for held, (text, start) in zip(open_row, cells, strict=False):
                held.append(TextLine(text, start or 0, line.page))
        elif body:
            end_row()
            end_table()
            blocks.append(para_of(line))
    end_row()
    end_table()
    return blocks


# -- one cell per line, each begun by a tab (as converters write Word tables) ----------------------------


def leading_tabs(lines: list[TextLine]) -> bool:
    """Whether each cell stands on a line that begins with a tab."""
    filled = [x.text for x in lines if x.text.strip()]
    led = sum(1 for t in filled if t.lstrip(" ").startswith("\t"))
    inner = sum(1 for t in filled if "\t" in t.strip())
    return led >= 6 and inner <= led // 8 and led >= 0.3 * len(filled)


def tab_cells(lines: list[TextLine]) -> list[Para | Table]:
    """One cell to a line, each begun by a tab: rows of the most usual number of cells."""
    first = next(i for i, x in enumerate(lines) if x.text.lstrip(" ").startswith("\t"))
    blocks: list[Para | Table] = [para_of(x) for x in lines[:first] if x.text.strip()]
    groups: list[list[list[TextLine]]] = []  # row groups → cells → lines
    blank = True
    for line in lines[first:]:
        if line.text.lstrip(" ").startswith("\t"):
            if blank or not groups:
                groups.append([])
            groups[-1].append([line])
            blank = False
        else:
            blank = not line.text.strip()
            if groups:
                groups[-1][-1].append(line)
    sizes = [len(g) for g in groups]
    width = max(set(sizes), key=lambda n: (sum(s == n for s in sizes) * n, n)) if sizes else 0
    rows: list[list[tuple[str, int | None]]] = []
    pending: list[list[TextLine]] = []
    tail: list[TextLine] = []
    for group in groups:
        pending += group
        if len(pending) >= width or len(group) == len(pending) == sizes[0]:
            rows.append([_cell(c) for c in pending])
            pending = []
    if pending:
        rows.append([_cell(c) for c in pending])
    if groups:
        tail = _after(groups[-1][-1])
        if tail:
            kept = groups[-1][-1][: len(groups[-1][-1]) - len(tail)]
            rows[-1][-1] = _cell(kept)
    blocks.append(build_ragged(rows))
    blocks += [para_of(x) for x in tail if x.text.strip()]
    return blocks


def _cell(lines: list[TextLine]) -> tuple[str, int | None]:
    text = "\n".join(x.text.strip(" \t") for x in lines).strip()
    start = next((x.start + len(x.text) - len(x.text.lstrip()) for x in lines if x.text.strip()), lines[0].start)
    return text, start


def _after(lines: list[TextLine]) -> list[TextLine]:
    """What follows the last cell of a table and is not of it: it begins with a blank, or is signed or dated."""
    for i, line in enumerate(lines[1:], 1):
        if re.match(r"\s*\S.*印发\s*$", line.text) or re.match(
            r"\s*(抄送|主送|附件|注|备注|说明|（此件)\s*[:：公]?", line.text
        ):
            return lines[i:]
        if line.text.startswith((" ", "\u3000")) and line.text.strip() and re.search(r"\d{4}\s*年", line.text):
            return lines[i:]
    return []
