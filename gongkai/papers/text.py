"""Plain text: its character set found, and tables found in dumps (tabs, pipes, aligned columns, CSV)."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata

from gongkai.papers.grid import Paper, Para, Table, build_ragged
from gongkai.papers.limits import MAX_TEXT_CHARS
from gongkai.papers.refusal import PaperRefused

_NOISE = re.compile(
    r"\[bookmark: [^\]]*\]|</?(?:b|strong|i|em|u|font|span)\b[^>]*>|<!--.*?-->|\ufeff|\u200b|\u200c|\u200d",
    re.S,
)


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes to text: byte-order marks, then UTF-8, UTF-16 without a mark, the declared set, GB18030.

    Raises `PaperRefused` when the bytes are no text at all.
    """
    text = _decode(data, declared).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_TEXT_CHARS:
        raise PaperRefused("文本过长，不像是分工方案；请只截取分工表所在的部分。")
    strange = sum(1 for c in text[:4000] if unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\n\t\f\v\x1f")
    if strange > 0.02 * min(len(text), 4000) + 2:
        raise PaperRefused("这不是文本文件，也不是认得的文档格式；请用 WPS/Word 打开后另存为 .docx 再试。")
    return text


def _decode(data: bytes, declared: str | None) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    sample = data[:4000]
    if sample.count(b"\x00") > len(sample) // 20 or _looks_utf16(sample):
        # ASCII digits, tabs and line ends give a zero byte at one parity only.
        even, odd = sample[0::2].count(b"\x00"), sample[1::2].count(b"\x00")
        return data.decode("utf-16-le" if odd >= even else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    names = [declared] if declared and declared.lower().replace("-", "") not in ("utf8", "gb2312", "gbk") else []
    for name in [*names, "gb18030"]:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    broken = data.decode("utf-8", "replace")
    other = data.decode("gb18030", "replace")
    best = min(broken, other, key=lambda t: t.count("\ufffd"))
    if best.count("\ufffd") > len(best) * 0.1:
        raise PaperRefused("这不是文本文件，也不是认得的文档格式；请用 WPS/Word 打开后另存为 .docx 再试。")
    return best


def _looks_utf16(sample: bytes) -> bool:
    return (
        b"\n\x00" in sample and (b"\x00\n" not in sample) and sample[1::2].count(b"\x00") > 2 and b"\n\n" not in sample
    )


def clean(text: str) -> str:
    """Drop what converters leave behind (bookmarks, bold tags) and make odd blanks plain."""
    return _NOISE.sub("", text).replace("\xa0", " ")


def _regular(rows: list[list[str]]) -> int:
    """How many rows have the most usual number of cells, when that is two or more."""
    sizes = [len(r) for r in rows if r]
    return max((sizes.count(n) for n in set(sizes) if n >= 2), default=0)


def read_csv(text: str) -> Paper:
    """Read comma, tab or semicolon separated values."""
    text = clean(text)
    if text.count('"') % 2:
        raise PaperRefused("CSV 文件的引号不成对，不知道哪里换行；请用表格软件打开后另存为 .xlsx 再试。")
    try:
        rows = max((list(csv.reader(io.StringIO(text), delimiter=d)) for d in ",\t;|"), key=_regular)
    except csv.Error as error:
        raise PaperRefused("CSV 文件的引号或分隔符不完整；请用表格软件打开后另存为 .xlsx 再试。") from error
    grid: list[list[tuple[str, int | None]]] = [
        [(c.strip(), None) for c in r] for r in rows if any(c.strip() for c in r)
    ]
    return Paper([build_ragged(grid)] if grid else [], "csv")


def read_text(text: str) -> Paper:
    """Read text of any kind: HTML inside Markdown, pipes, tabs, aligned columns; the rest as paragraphs."""
    text = clean(text)
    if re.search(r"<table[\s>]", text, re.I):
        from gongkai.papers.web import html_paper

        lines = text.split("\n")
        return html_paper("\n".join(line if "<" in line else f"<p>{line}</p>" for line in lines))
    kind = "text"
    text = text.replace("\f", "\n\f\n") if "\f" in text else text
    blocks = _blocks(text)
    if any(isinstance(b, Table) for b in blocks):
        kind = "text table"
    return Paper(blocks, kind)


class _Line:
    __slots__ = ("page", "start", "text")

    def __init__(self, text: str, start: int, page: int | None) -> None:
        self.text, self.start, self.page = text, start, page


def _lines(text: str) -> list[_Line]:
    out = []
    at = 0
    paged = "\f" in text
    page = 1
    for line in text.split("\n"):
        if line == "\f":
            page += 1
        else:
            out.append(_Line(line, at, page if paged else None))
        at += len(line) + 1
    return out


def _blocks(text: str) -> list[Para | Table]:
    lines = _lines(text)
    if sum(1 for x in lines if _RULE.fullmatch(x.text.strip())) >= 3:
        return _drawn(lines)
    if _leading_tabs(lines):
        return _tab_cells(lines)
    if sum(1 for x in lines if "\t" in x.text.strip()) >= 3:
        return _separated(lines, "\t")
    piped = sum(
        1 for x in lines if re.search(r"[^|｜\s]\s*[|｜]\s*\S|[^|｜\s]\s*[|｜]\s*$", x.text) or x.text.count("|") >= 2
    )
    if piped >= 3:
        return _separated(lines, "|")
    from gongkai.papers.columns import aligned_tables

    aligned = aligned_tables([(x.text, x.start, x.page) for x in lines])
    if aligned is not None:
        return aligned
    return [_para(x) for x in _reflowed(lines) if x.text.strip()]


_BEGINS = re.compile(
    r"[ \u3000]{2,}|\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、]|第[一二三四五六七八九十\d]+[条章]|#|[①-⑳])"
)


def _reflowed(lines: list[_Line]) -> list[_Line]:
    """Lines that an editor broke at a fixed width, joined into paragraphs; other texts as they are."""
    from gongkai.papers.words import display_width

    widths = [display_width(x.text.rstrip()) for x in lines]
    filled = sorted(w for w in widths if w)
    if len(filled) < 10:
        return lines
    edge = filled[int(len(filled) * 0.95)]
    full = sum(1 for w in filled if edge - 5 <= w <= edge + 2)
    if full < 0.3 * len(filled) or not 40 <= edge <= 120 or filled[-1] > edge + 8:
        return lines
    out: list[_Line] = []
    open_ = False
    for line, width in zip(lines, widths, strict=True):
        if open_ and line.text.strip() and not _BEGINS.match(line.text):
            out[-1] = _Line(out[-1].text.rstrip() + line.text.strip(), out[-1].start, out[-1].page)
        else:
            out.append(line)
        open_ = width >= edge - 5
    return out


def _para(line: _Line) -> Para:
    text = line.text.strip()
    level = 0
    match = re.match(r"(#{1,6})\s+(?=\S)", text)
    if match:
        level, text = len(match.group(1)), text[match.end() :]
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text)
    text = re.sub(r"^[-*+]\s+(?=\S)", "", text) if not re.match(r"^[-*_]{3,}$", text) else ""
    text = re.sub(r"^>\s*", "", text)
    return Para(text.strip(), level, line.page, start=line.start + (len(line.text) - len(line.text.lstrip())))


# -- rows on lines, cells by tab or pipe -----------------------------------------------------------------


def _separated(lines: list[_Line], mark: str) -> list[Para | Table]:
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
            para = _para(line)
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


def _unquoted(lines: list[_Line]) -> list[_Line]:
    """Cells of several lines, which a spreadsheet puts between quotes when they are copied."""
    out: list[_Line] = []
    open_ = False
    for line in lines:
        if open_:
            out[-1] = _Line(f"{out[-1].text}\v{line.text}", out[-1].start, out[-1].page)
        else:
            out.append(line)
        if open_:
            open_ = not re.search(r'(?<!")"(?=\t|$)', line.text)
        else:
            open_ = re.search(r'(?:^|\t)"(?!")[^"\t]*$', line.text) is not None
    if open_:
        return lines
    return [_Line(re.sub(r'(^|\t)"([^"\t]*\v[^"\t]*)"(?=\t|$)', r"\1\2", x.text), x.start, x.page) for x in out]


def _starts_block(text: str) -> bool:
    return bool(
        re.match(
            r"\s*(#|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附\s*件|注[:：]|备注[:：]|说明[:：])",
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

_RULE = re.compile(r"[+┌├└┏┣┗╔╠╚][-─━═=][-─━═=+┬┼┴┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝]*")


def _drawn(lines: list[_Line]) -> list[Para | Table]:
    """Rows stand between rules; the lines of a row are wrapped lines of its cells."""
    blocks: list[Para | Table] = []
    rows: list[list[tuple[str, int | None]]] = []
    open_row: list[list[_Line]] = []

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
        if _RULE.fullmatch(body):
            end_row()
        elif body.startswith("|") and body.endswith("|"):
            cells = _pipe_cells(line.text.replace(line.text.strip(), body), line.start) or []
            if len(open_row) < len(cells):
                open_row += [[] for _ in range(len(cells) - len(open_row))]
            for held, (text, start) in zip(open_row, cells, strict=False):
                held.append(_Line(text, start or 0, line.page))
        elif body:
            end_row()
            end_table()
            blocks.append(_para(line))
    end_row()
    end_table()
    return blocks


# -- one cell per line, each begun by a tab (as converters write Word tables) ----------------------------


def _leading_tabs(lines: list[_Line]) -> bool:
    filled = [x.text for x in lines if x.text.strip()]
    led = sum(1 for t in filled if t.lstrip(" ").startswith("\t"))
    inner = sum(1 for t in filled if "\t" in t.strip())
    return led >= 6 and inner <= led // 8 and led >= 0.3 * len(filled)


def _tab_cells(lines: list[_Line]) -> list[Para | Table]:
    first = next(i for i, x in enumerate(lines) if x.text.lstrip(" ").startswith("\t"))
    blocks: list[Para | Table] = [_para(x) for x in lines[:first] if x.text.strip()]
    groups: list[list[list[_Line]]] = []  # row groups → cells → lines
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
    pending: list[list[_Line]] = []
    tail: list[_Line] = []
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
    blocks += [_para(x) for x in tail if x.text.strip()]
    return blocks


def _cell(lines: list[_Line]) -> tuple[str, int | None]:
    text = "\n".join(x.text.strip(" \t") for x in lines).strip()
    start = next((x.start + len(x.text) - len(x.text.lstrip()) for x in lines if x.text.strip()), lines[0].start)
    return text, start


def _after(lines: list[_Line]) -> list[_Line]:
    """What follows the last cell of a table and is not of it: it begins with a blank, or is signed or dated."""
    for i, line in enumerate(lines[1:], 1):
        if re.match(r"\s*\S.*印发\s*$", line.text) or re.match(
            r"\s*(抄送|主送|附件|注|备注|说明|（此件)\s*[:：公]?", line.text
        ):
            return lines[i:]
        if line.text.startswith((" ", "\u3000")) and line.text.strip() and re.search(r"\d{4}\s*年", line.text):
            return lines[i:]
    return []
