"""Plain text: its character set found, and tables found in dumps (tabs, pipes, aligned columns, CSV)."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata

from gongkai.papers.grid import Paper, Para, Table, build_ragged
from gongkai.papers.limits import MAX_TEXT_CHARS
from gongkai.papers.lines import para_of, reflowed, split_lines
from gongkai.papers.marked import RULE, drawn, leading_tabs, separated, tab_cells
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


def _blocks(text: str) -> list[Para | Table]:
    lines = split_lines(text)
    if sum(1 for x in lines if RULE.fullmatch(x.text.strip())) >= 3:
        return drawn(lines)
    if leading_tabs(lines):
        return tab_cells(lines)
    if sum(1 for x in lines if "\t" in x.text.strip()) >= 3:
        return separated(lines, "\t")
    piped = sum(
        1 for x in lines if re.search(r"[^|｜\s]\s*[|｜]\s*\S|[^|｜\s]\s*[|｜]\s*$", x.text) or x.text.count("|") >= 2
    )
    if piped >= 3:
        return separated(lines, "|")
    from gongkai.papers.columns import aligned_tables

    aligned = aligned_tables([(x.text, x.start, x.page) for x in lines])
    if aligned is not None:
        return aligned
    return [para_of(x) for x in reflowed(lines) if x.text.strip()]
