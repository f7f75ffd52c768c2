"""Write the sample county's plans and their golds from scripts/sample_plans/*.toml.

    python scripts/make_sample_plans.py

The county, its bodies and its documents are invented. Each source file holds a plan as a person typed it: the rows
of the table, the owners and the deadlines beside them. From it come the document in gongkai/demo/plans/ and the gold
in tests/plans/gold/. Nothing here is read by gongkai: a gold that its own reader had made would prove nothing.
LibreOffice is needed for the PDF; without it the PDF is left as it is.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "scripts" / "sample_plans"
DOCUMENTS = ROOT / "gongkai" / "demo" / "plans"
GOLDS = ROOT / "tests" / "plans" / "gold"
BODY, HEAD = "仿宋_GB2312", "黑体"
STAMP = (2026, 1, 1, 0, 0, 0)

Plan = dict[str, Any]


def load(path: Path) -> Plan:
    """A source, with the headings of each row carried down and defaults filled in."""
    plan = tomllib.loads(path.read_text(encoding="utf-8"))
    heads: list[str] = []
    for row in plan["row"]:
        heads = row.get("heads", heads)
        row["heads"] = heads
        for name in ("lead", "support", "persons"):
            row.setdefault(name, [])
        row["owner"] = row.get("owner", "、".join(row["lead"])).strip()
    return plan


# -- golds -----------------------------------------------------------------------------------------------


def deadline(typed: str) -> dict[str, Any]:
    """`6月底前 => by_date 2026-06-30` as an object; the last number of a period is how often."""
    raw, _, rest = typed.partition(" => ")
    kind, *values = rest.split()
    out: dict[str, Any] = {"raw": raw, "kind": kind}
    if kind == "by_date":
        out["date"] = dt.date.fromisoformat(values[0]).isoformat()
    elif kind == "within_days":
        out |= {"days": int(values[0]), "working": values[1:] == ["working"]}
    elif kind == "recurring":
        out |= {"every": values[0]} | ({"count": int(values[1])} if values[1:] else {})
    elif kind != "other":
        raise ValueError(f"unknown kind of deadline: {typed}")
    return out


def responsible_raw(row: dict[str, Any], above: Any) -> Any:
    """The responsibility cell as printed; that of the row above where it is merged or blank."""
    return above if row["owner"] in ("", "^", "同上") else row["owner"]


def gold(plan: Plan) -> dict[str, Any]:
    """The gold of a plan, in the shape of the reader's JSON."""
    tasks = []
    raw: Any = ""
    columns = len([h for h in plan["headers"] if re.search("单位", h)])
    for row in plan["row"]:
        if columns == 2:
            raw = {"lead_raw": "、".join(row["lead"]), "support_raw": "、".join(row["support"])}
        else:
            raw = responsible_raw(row, raw)
        for task in row["tasks"]:
            due = [deadline(d) for d in task.get("due", [])]
            entry = {"no": task.get("no"), "path": row["heads"], "text": task["text"], "responsible_raw": raw}
            tasks.append(entry | {k: row[k] for k in ("lead", "support", "persons")} | {"deadlines": due})
    fields = ("title", "issuer", "year", "issued_on", "doc_refs", "cited_titles")
    return {k: plan[k] or None if k in ("issuer", "issued_on") else plan[k] for k in fields} | {"tasks": tasks}


def spread(shape: dict[str, Any]) -> str:
    """JSON with one field, and one task, on each line."""
    lines = []
    for key, value in shape.items():
        if key == "tasks":
            inner = ",\n".join("  " + json.dumps(t, ensure_ascii=False) for t in value)
            lines.append(f' "tasks": [\n{inner}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


# -- the table, as every form needs it -------------------------------------------------------------------


def printed(task: dict[str, Any], plan: Plan) -> str:
    """A task as its cell shows it: the number before it, unless a column of its own holds the numbers."""
    if "序号" in plan["headers"] or "no" not in task:
        return task["text"]
    return f"{task['no']}{plan['dot']}{task['text']}"


def cells(plan: Plan) -> list[list[str | None]]:
    """Rows of texts; None is a place covered by the cell above."""
    out: list[list[str | None]] = []
    before: list[str] = []
    for row in plan["row"]:
        heads = [None if before[: i + 1] == row["heads"][: i + 1] else h for i, h in enumerate(row["heads"])]
        before = row["heads"]
        text = "\n".join(printed(t, plan) for t in row["tasks"])
        by_header: dict[str, str | None] = {
            "序号": row["tasks"][0].get("no"),
            "牵头单位": "、".join(row["lead"]),
            "配合单位": "、".join(row["support"]) or plan.get("nobody", ""),
            "责任单位": None if row["owner"] == "^" else row["owner"],
            "备注": "",
        }
        due = row.get("due", "")
        line: list[str | None] = []
        waiting = list(heads)
        for header in plan["headers"]:
            if header in by_header:
                line.append(by_header[header])
            elif header in ("完成时限", "完成时间"):
                line.append(due)
            elif waiting:
                line.append(waiting.pop(0))
            else:
                line.append(text)
        out.append(line)
    return out


def spans(rows: list[list[str | None]]) -> list[tuple[int, int, int]]:
    """(row, column, rows covered) of every cell that covers more than itself."""
    found = []
    for c in range(len(rows[0])):
        start = 0
        for r in range(1, len(rows) + 1):
            if r == len(rows) or rows[r][c] is not None:
                if r - start > 1:
                    found.append((start, c, r - start))
                start = r
    return found


# -- files -----------------------------------------------------------------------------------------------


def repack(data: bytes) -> bytes:
    """A package with fixed times, so that the same content gives the same file."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", b"2026-01-01T00:00:00Z", body)
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, body)
    return held.getvalue()


def write_docx(plan: Plan) -> bytes:
    """A4 landscape, headings and owners merged downwards, the header row repeated."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(24)

    def write(paragraph: Any, text: str, font: str, size: float, middle: bool = False) -> None:
        run = paragraph.add_run(text)
        run.font.name, run.font.size = font, Pt(size)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def paragraphs(lines: list[str]) -> None:
        for line in lines:
            mark, text = (line[0], line[2:]) if line[:2] in ("# ", "! ") else ("", line)
            write(document.add_paragraph(), text, HEAD if mark else BODY, 22 if mark else 16, bool(mark))

    paragraphs(plan["before"])
    rows = cells(plan)
    table = document.add_table(rows=len(rows) + 1, cols=len(plan["headers"]))
    table.style = "Table Grid"
    table.autofit = False
    widths = {3: (48, 140, 65), 4: (40, 44, 115, 54)}[len(plan["headers"])]
    grid = [list(r.cells) for r in table.rows]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for r, line in enumerate([plan["headers"], *rows]):
        for c, text in enumerate(line):
            grid[r][c].width = Mm(widths[c])
            for i, piece in enumerate((text or "").split("\n")):
                paragraph = grid[r][c].paragraphs[0] if i == 0 else grid[r][c].add_paragraph()
                write(paragraph, piece, BODY if r else HEAD, plan.get("size", 12), not r)
    for r, c, count in spans(rows):
        merged = grid[r + 1][c].merge(grid[r + count][c])
        for paragraph in merged.paragraphs[1:]:
            if not paragraph.text:
                paragraph._element.getparent().remove(paragraph._element)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    paragraphs(plan["after"])
    document.core_properties.title, document.core_properties.author = plan["title"], ""
    held = io.BytesIO()
    document.save(held)
    return repack(held.getvalue())


def write_pdf(plan: Plan) -> bytes | None:
    """The Word form printed; None without LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as held:
        source = Path(held) / "plan.docx"
        source.write_bytes(write_docx(plan))
        command = [office, f"-env:UserInstallation=file://{held}/profile", "--headless", "--convert-to", "pdf"]
        zone = os.environ | {"TZ": "UTC"}
        subprocess.run([*command, "--outdir", held, source], check=True, capture_output=True, timeout=180, env=zone)
        return settle((Path(held) / "plan.pdf").read_bytes())


def settle(data: bytes) -> bytes:
    """A PDF with fixed time and identity; the lengths stay, so that its table of offsets holds."""
    data = re.sub(rb"(?<=/CreationDate\(D:)\d{14}", b"%04d%02d%02d%02d%02d%02d" % STAMP, data)
    return re.sub(rb"(?<=[</])[0-9A-F]{32}(?=>|\s)", b"0" * 32, data)


def write_xlsx(plan: Plan) -> bytes:
    """A title row, a header of two rows (责任分工 over 牵头单位 and 配合单位), merged headings, a note below."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "任务清单"
    headers, rows = plan["headers"], cells(plan)
    width = len(headers)
    line = Side(style="thin")
    border = Border(left=line, right=line, top=line, bottom=line)
    sheet.cell(1, 1, plan["title"]).font = Font(name=HEAD, size=20)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    at = headers.index("牵头单位") + 1
    for c, text in enumerate(headers, 1):
        shared = c in (at, at + 1)
        sheet.cell(2, c, "责任分工" if c == at else None if shared else text)
        sheet.cell(3, c, text if shared else None)
        if not shared:
            sheet.merge_cells(start_row=2, start_column=c, end_row=3, end_column=c)
    sheet.merge_cells(start_row=2, start_column=at, end_row=2, end_column=at + 1)
    for r, texts in enumerate(rows, 4):
        for c, text in enumerate(texts, 1):
            number = headers[c - 1] == "序号" and text
            cell = sheet.cell(r, c, int(number) if number else text or None)
            cell.font, cell.border = Font(name=BODY, size=11), border
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    for r, c, count in spans(rows):
        sheet.merge_cells(start_row=r + 4, start_column=c + 1, end_row=r + 3 + count, end_column=c + 1)
    last = len(rows) + 4
    sheet.cell(last, 1, plan["note"])
    sheet.merge_cells(start_row=last, start_column=1, end_row=last, end_column=width)
    for c, size in enumerate((6, 20, 52, 24, 30, 18, 8)):
        sheet.column_dimensions["ABCDEFG"[c]].width = size
    held = io.BytesIO()
    book.save(held)
    return repack(held.getvalue())


def write_txt(plan: Plan) -> bytes:
    """One cell on each line, begun by a tab; an empty line between rows."""
    blocks = [line.removeprefix("# ") for line in plan["before"]]
    for line in [plan["headers"], *cells(plan)]:
        blocks.append("\n".join(f"\t{text or ''}" for text in line))
    return ("\n\n".join(blocks) + "\n" + "\n".join(plan["after"]) + "\n").encode()


def write_html(plan: Plan) -> bytes:
    """A page of a government site: navigation above, the notice with its table, links and the footer below."""
    rows = cells(plan)
    covered = {(r, c): n for r, c, n in spans(rows)}
    body = []
    for line in plan["before"]:
        body.append(f"<h1>{line[2:]}</h1>" if line.startswith("# ") else f'<p class="indent">{html.escape(line)}</p>')
    body.append('<table border="1" cellspacing="0">')
    body.append("<tr>" + "".join(f"<th>{h}</th>" for h in plan["headers"]) + "</tr>")
    for r, line in enumerate(rows):
        made = []
        for c, text in enumerate(line):
            if text is not None:
                span = f' rowspan="{covered[r, c]}"' if (r, c) in covered else ""
                made.append(f"<td{span}>{html.escape(text)}</td>")
        body.append("<tr>" + "".join(made) + "</tr>")
    body.append("</table>")
    body += [f'<p class="sign">{line}</p>' for line in plan["after"]]
    page = (SOURCES / "page.html").read_text(encoding="utf-8")
    return page.replace("{title}", plan["title"]).replace("{body}", "\n".join(body)).encode()


WRITERS = {".docx": write_docx, ".pdf": write_pdf, ".xlsx": write_xlsx, ".txt": write_txt, ".html": write_html}


def align(plans: dict[str, Plan]) -> list[dict[str, Any]]:
    """Tasks that carry on a task of the year before, as positions (from 1) in the two golds."""
    out = []
    for old, new in (("2024-qinghe", "2025-qinghe"), ("2025-qinghe", "2026-qinghe")):
        before = [t.get("no") for r in plans[old]["row"] for t in r["tasks"]]
        after = [t for r in plans[new]["row"] for t in r["tasks"]]
        pairs = [[before.index(t["was"]) + 1, i] for i, t in enumerate(after, 1) if "was" in t]
        out.append({"before": old, "after": new, "pairs": pairs})
    return out


def main() -> int:
    """Write everything; returns 0."""
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    GOLDS.mkdir(parents=True, exist_ok=True)
    plans = {path.stem: load(path) for path in sorted(SOURCES.glob("*.toml"))}
    for name, plan in plans.items():
        data = WRITERS[Path(plan["file"]).suffix](plan)
        if data is None:
            print(f"{plan['file']}: LibreOffice is missing, left as it is", file=sys.stderr)
        else:
            (DOCUMENTS / plan["file"]).write_bytes(data)
        (GOLDS / f"{name}.gold.json").write_text(spread(gold(plan)), encoding="utf-8")
        print(f"{plan['file']}: {sum(len(r['tasks']) for r in plan['row'])} tasks")
    pairs = ",\n".join(json.dumps(a, ensure_ascii=False) for a in align(plans))
    (GOLDS / "align.json").write_text(f"[\n{pairs}\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
