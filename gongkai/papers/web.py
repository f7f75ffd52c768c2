"""Web pages (.html, .mht): what a reader sees, with rowspan and colspan resolved."""

from __future__ import annotations

import email
import email.policy
import re
from typing import Any

from lxml import html

from gongkai.papers.grid import Paper, Para, Table
from gongkai.papers.limits import MAX_SPAN, MAX_TABLE_CELLS
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.seams import settle
from gongkai.papers.text import decode

_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "nav",
    "button",
    "select",
    "iframe",
    "object",
    "title",
    "meta",
    "link",
    "base",
}
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "main", "aside", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3",
    "h4", "h5", "h6", "blockquote", "pre", "hr", "table", "tr", "td", "th", "tbody", "thead", "tfoot", "center", "form",
    "fieldset", "figure", "figcaption", "body", "html", "address", "caption",
}  # fmt: skip


def read_mht(data: bytes) -> Paper:
    """Read a web archive: its first HTML part."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for piece in message.walk():
        if piece.get_content_type() == "text/html":
            payload = piece.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                charset = piece.get_content_charset()
                return read_html(payload, charset)
    raise PaperRefused("网页归档文件里没有网页正文；请在浏览器中打开原网页，另存为 .html 再试。")


def read_html(data: bytes, charset: str | None = None) -> Paper:
    """Read a web page; the character set is the one declared, or else found from the bytes."""
    text = decode(data, charset or _declared(data))
    return html_paper(text)


def html_paper(text: str) -> Paper:
    """Read HTML text into paragraphs and tables."""
    text = re.sub(r"\A\s*---\r?\n.*?\n---\r?\n", "", text, flags=re.S)
    text = re.sub(r"<\?xml[^>]*\?>", "", text)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    root = html.document_fromstring(text, parser=parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise PaperRefused("网页嵌套层次异常，无法读取；请在浏览器中打开后另存，或把表格复制到 Word 再试。")
    flow = _Flow()
    flow.walk(root)
    flow.close()
    return Paper(flow.blocks, "html")


def _declared(data: bytes) -> str | None:
    match = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.I)
    return match.group(1).decode("ascii", "ignore") if match else None


def _hidden(node: Any) -> bool:
    style = (node.get("style") or "").replace(" ", "").lower()
    return node.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


class _Flow:
    """Collects running text into paragraphs, and data tables as grids."""

    def __init__(self) -> None:
        self.blocks: list[Para | Table] = []
        self._text: list[str] = []
        self._level = 0

    def close(self) -> None:
        text = tidy("".join(self._text))
        for line in text.split("\n"):
            if line.strip():
                self.blocks.append(Para(line.strip(), self._level))
        self._text = []

    def walk(self, node: Any) -> None:
        tag = node.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _hidden(node):
            return
        if tag == "table" and not _is_layout(node):
            self.close()
            table = _grid(node)
            if table.rows:
                self.blocks.append(table)
            return
        block = tag in _BLOCKS
        if block:
            self.close()
            self._level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
        if tag == "br":
            self._text.append("\v")
        if node.text:
            self._text.append(_plain(node.text) if tag != "pre" else node.text.replace("\n", "\v"))
        for child in node:
            self.walk(child)
            if child.tail:
                self._text.append(_plain(child.tail) if tag != "pre" else child.tail.replace("\n", "\v"))
        if block:
            self.close()
            self._level = 0


_BLANKS = re.compile(r"([^\x00-\x7f])?([ \t\r\n]+)(?=([^\x00-\x7f])?)")


def _plain(text: str) -> str:
    """White space of the source collapsed as a browser does, except that Chinese lines join without a blank."""
    return _BLANKS.sub(
        lambda m: m.group(1) if "\n" in m.group(2) and m.group(1) and m.group(3) else f"{m.group(1) or ''} ", text
    )


def tidy(text: str) -> str:
    """Line ends where the page breaks its lines; blanks at both ends of each line dropped."""
    text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "")
    lines = [line.strip(" \t\u3000") for line in text.replace("\v", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _is_layout(table: Any) -> bool:
    """A table that only arranges the page: it holds other tables, has a single cell, or one cell is nearly all."""
    if len(list(table.iter("table"))) > 1:
        return True
    lengths = [len("".join(c.itertext()).strip()) for t in ("td", "th") for c in table.iter(t)]
    if len(lengths) <= 1:
        return True
    return sum(lengths) > 800 and max(lengths) > 0.8 * sum(lengths)


def _span(cell: Any, name: str) -> int:
    match = re.match(r"\s*(\d+)", cell.get(name) or "")
    return min(max(int(match.group(1)), 1), MAX_SPAN) if match else 1


def _grid(table: Any) -> Table:
    rows = [row for row in table.iter("tr") if not _hidden(row)]
    cells: list[tuple[int, int, int, int, str]] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th") or _hidden(cell):
                continue
            while (r, column) in taken:
                column += 1
            rowspan = _span(cell, "rowspan")
            if cell.get("rowspan", "").strip() == "0":
                rowspan = len(rows) - r
            rowspan, colspan = min(rowspan, len(rows) - r), _span(cell, "colspan")
            if rowspan * colspan + len(taken) > MAX_TABLE_CELLS:
                raise PaperRefused("表格过大，不像是分工方案；请只截取分工表所在的部分。")
            taken.update((r + i, column + j) for i in range(rowspan) for j in range(colspan))
            cells.append((r, column, rowspan, colspan, _cell_text(cell)))
            column += colspan
    boxes = [(r, count, float(c), float(c + span), text) for r, c, count, span, text in cells]
    return settle(boxes, len(rows))


def _cell_text(cell: Any) -> str:
    flow = _Flow()
    # The cell itself is a block: its children are walked as running text.
    if cell.text:
        flow._text.append(_plain(cell.text))
    for child in cell:
        flow.walk(child)
        if child.tail:
            flow._text.append(_plain(child.tail))
    flow.close()
    return "\n".join(b.text for b in flow.blocks if isinstance(b, Para))
