"""How fast plans are read, and how well, format by format; how time grows; what a cold start costs.

    python bench/reading.py [--json OUT] [--peer-python PATH] [--plans FOLDER] [--quick]

The plans are made here, with invented names, so that what is right is known: every figure of speed stands beside
the F1 of the same files. Needs the extra `test` (reportlab). With `--peer-python`, MarkItDown and Docling, where that
interpreter can import them, convert the same files in a process of their own; they yield Markdown, not tasks, so
only their time is compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as Shown

BASE = 36
"""Tasks at ×1; a hundred times as many are 190 pages of PDF, and 200 are the most that is read."""
SCALES = (1, 10, 100)
SECONDS_PER_FORMAT = 2.0
LONGEST = 60.0
"""A scale is left out when the one before it says that it would take longer than this."""

# -- the plan that is written, and that must be read back --------------------------------------------------------------

SECTIONS = ("一、推进重点领域信息公开", "二、深化政策解读回应", "三、规范政府信息管理", "四、夯实平台载体建设")
THINGS = (
    "财政预算决算", "公共资源配置", "生态环境监测", "社会救助标准", "义务教育招生", "食品抽检结果", "安全生产执法", "土地征收批次",
    "乡村振兴项目", "重大建设项目", "营商环境举措", "就业服务政策", "医疗保障目录", "公共文化活动", "行政许可结果", "政府采购合同",
)  # fmt: skip
SHAPES = (
    ("及时公开{}信息，并在门户网站专栏集中展示。", None),
    ("{}前完成{}专栏改版，做到一个栏目查全、看懂。", "by_date"),
    ("制发涉及{}的文件时，解读材料与文件同步公布，方便群众和企业了解。", None),
    ("每季度公布一次{}情况，数据口径保持前后一致。", "recurring"),
    ("梳理{}的公开事项标准目录，逐项明确内容、时限、主体和渠道，并根据职责调整情况动态更新。", None),
)
BODIES = (
    "县政府办公室", "县财政局", "县司法局", "县教育局", "县民政局", "县卫生健康局", "县市场监督管理局", "县自然资源局",
    "县农业农村局", "县应急管理局", "市生态环境局青禾分局", "县公共资源交易中心", "县行政审批服务局", "各乡镇人民政府",
)  # fmt: skip
TITLE = "青禾县2031年政务公开工作要点任务分工方案"
HEAD = ("序号", "工作任务", "责任单位")


@dataclass(slots=True)
class Gold:
    """A task as it must be read."""

    no: str
    path: list[str]
    text: str
    lead: list[str]
    support: list[str]
    deadlines: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def owners(self) -> str:
        """The cell of owners as printed."""
        if not self.support:
            return "、".join(self.lead)
        return f"{'、'.join(self.lead)}牵头，{'、'.join(self.support)}配合"


def plan(count: int) -> list[Gold]:
    """`count` tasks; no two texts are the same."""
    tasks = []
    for i in range(count):
        thing = THINGS[i % len(THINGS)] + (f"（第{i // len(THINGS) + 1}批）" if i >= len(THINGS) else "")
        shape, kind = SHAPES[i % len(SHAPES)]
        deadlines: list[tuple[Any, ...]] = []
        if kind == "by_date":
            month = i % 12 + 1
            last = (dt.date(2031 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()
            text = shape.format(f"{month}月底", thing)
            deadlines = [("by_date", last)]
        else:
            text = shape.format(thing)
            if kind == "recurring":
                deadlines = [("recurring", "quarter", 1)]
        lead = [BODIES[i % len(BODIES)]]
        support = [BODIES[(i + 3) % len(BODIES)]] if i % 3 == 0 else []
        section = SECTIONS[i * len(SECTIONS) // count]
        tasks.append(Gold(str(i + 1), [section], text, lead, support, deadlines))
    return tasks


def sections(tasks: list[Gold]) -> list[tuple[str, list[Gold]]]:
    """The tasks by heading, in order."""
    out: list[tuple[str, list[Gold]]] = []
    for task in tasks:
        if not out or out[-1][0] != task.path[0]:
            out.append((task.path[0], []))
        out[-1][1].append(task)
    return out


# -- written in each format --------------------------------------------------------------------------------------------


def docx_file(tasks: list[Gold]) -> bytes:
    """A Word table; headings are rows merged across. Its XML is written directly: python-docx takes minutes for 4,000 rows."""
    import zipfile

    import docx

    held = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph("TABLE")
    document.save(held)

    def cell(text: str, width: int, span: int = 1) -> str:
        spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        )

    rows = ["".join(cell(t, w) for t, w in zip(HEAD, (800, 5200, 2600), strict=True))]
    for heading, own in sections(tasks):
        rows.append(cell(heading, 8600, 3))
        rows += [cell(t.no, 800) + cell(t.text, 5200) + cell(t.owners, 2600) for t in own]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in (800, 5200, 2600))
    table = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>" + "".join(f"<w:tr>{r}</w:tr>" for r in rows) + "</w:tbl>"
    out = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(rb"<w:p>(?:(?!</w:p>).)*TABLE.*?</w:p>", lambda _: table.encode(), data, flags=re.S)
            new.writestr(name, data)
    return out.getvalue()


def xlsx_file(tasks: list[Gold]) -> bytes:
    """A sheet; the title and the headings are merged across."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([TITLE])
    sheet.merge_cells("A1:C1")
    sheet.append(list(HEAD))
    for heading, own in sections(tasks):
        sheet.append([heading])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=3)
        for task in own:
            sheet.append([int(task.no), task.text, task.owners])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def html_file(tasks: list[Gold]) -> bytes:
    """A web page in GB18030 with a menu, a layout table and the plan's table inside it."""
    rows = ["".join(f"<th>{h}</th>" for h in HEAD)]
    for heading, own in sections(tasks):
        rows.append(f"<td colspan=3><strong>{heading}</strong></td>")
        rows += [f"<td>{t.no}</td><td><p>{t.text}</p></td><td>{t.owners}</td>" for t in own]
    body = "".join(f"<tr>{r}</tr>\n" for r in rows)
    return (
        f'<html><head><meta charset="gb18030"><title>{TITLE}</title></head><body><nav>首页 政务公开</nav>'
        f"<table><tr><td><h1>{TITLE}</h1><table border=1>{body}</table></td></tr></table></body></html>"
    ).encode("gb18030")


def pdf_file(tasks: list[Gold], *, ruled: bool) -> bytes:
    """A4 pages; the header row stands on every page, cells are wrapped."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    plain = ParagraphStyle("plain", fontName="STSong-Light", fontSize=10, leading=14, wordWrap="CJK")
    large = ParagraphStyle("large", parent=plain, fontSize=16, leading=24, alignment=1)
    rows: list[list[Any]] = [[Paragraph(h, plain) for h in HEAD]]
    styles: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE" if ruled else "TOP")]
    if ruled:
        styles.append(("GRID", (0, 0), (-1, -1), 0.5, "black"))
    for heading, own in sections(tasks):
        styles.append(("SPAN", (0, len(rows)), (-1, len(rows))))
        rows.append([Paragraph(heading, plain), "", ""])
        rows += [[Paragraph(t.no, plain), Paragraph(t.text, plain), Paragraph(t.owners, plain)] for t in own]
    held = io.BytesIO()
    document = SimpleDocTemplate(held, pagesize=A4, invariant=1)
    document.build(
        [Paragraph(TITLE, large), Spacer(1, 12), LongTable(rows, (36, 280, 130), style=styles, repeatRows=1)]
    )
    return held.getvalue()


def dump_file(tasks: list[Gold]) -> bytes:
    """What a converter leaves of a Word table: every cell on a line that begins with a tab."""
    groups = ["\n".join(f"\t{h}" for h in HEAD)]
    for heading, own in sections(tasks):
        first, *rest = own
        groups.append(f"\t{heading}")
        groups += ["\n".join(f"\t{c}" for c in (t.no, t.text, t.owners)) for t in (first, *rest)]
    return (TITLE + "\n\n" + "\n\n".join(groups) + "\n").encode()


def narrative_file(tasks: list[Gold]) -> bytes:
    """Numbered paragraphs, owners in brackets behind each."""
    lines = [TITLE, ""]
    for heading, own in sections(tasks):
        lines.append(heading)
        lines += [
            f"{t.no}．{t.text}（{t.owners}）" if t.support else f"{t.no}．{t.text}（责任单位：{t.owners}）" for t in own
        ]
    return "\n".join(lines).encode()


FORMATS: dict[str, tuple[str, Callable[[list[Gold]], bytes]]] = {
    "docx": (".docx", docx_file),
    "xlsx": (".xlsx", xlsx_file),
    "html": (".html", html_file),
    "pdf, ruled": (".pdf", lambda tasks: pdf_file(tasks, ruled=True)),
    "pdf, no rules": (".pdf", lambda tasks: pdf_file(tasks, ruled=False)),
    "txt dump": (".txt", dump_file),
    "narrative": (".txt", narrative_file),
}

# -- scoring -----------------------------------------------------------------------------------------------------------

FIELDS = ("no", "path", "lead", "support", "deadlines")


def norm(text: object) -> str:
    """Width, blanks, title marks and the last stop do not count."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text or "")))
    return re.sub(r"[。；;，,.]+$", "", plain).strip("《》")


def deadline_key(deadline: Any) -> tuple[Any, ...]:
    """What makes two deadlines the same: the kind and its value, not the words."""
    if isinstance(deadline, str):
        return ("raw", norm(deadline))
    kind = deadline.get("kind")
    if kind == "by_date":
        return (kind, deadline.get("date"))
    if kind == "within_days":
        return (kind, deadline.get("days"), bool(deadline.get("working")))
    if kind == "recurring":
        return (kind, deadline.get("every"), deadline.get("count"))
    return (kind, norm(deadline.get("raw")))


def same(gold: dict[str, Any], found: dict[str, Any], name: str) -> bool:
    """A field of a matched task is equal; names and deadlines as sets."""
    if name == "path":
        return [norm(x) for x in gold["path"]] == [norm(x) for x in found["path"]]
    if name in ("lead", "support"):
        return {norm(x) for x in gold.get(name) or []} == {norm(x) for x in found.get(name) or []}
    if name == "deadlines":
        keys = [
            Counter(d if isinstance(d, tuple) else deadline_key(d) for d in t.get("deadlines") or [])
            for t in (gold, found)
        ]
        return keys[0] == keys[1]
    return (gold.get(name) and str(gold[name])) == (found.get(name) and str(found[name]))


def matches(golds: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Pairs of equal or nearly equal texts (ratio 0.95), best first, ties by nearest place."""
    left, right = [norm(t["text"]) for t in golds], [norm(t["text"]) for t in found]
    scored = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if not a or not b or 2 * min(len(a), len(b)) < 0.95 * (len(a) + len(b)):
                continue
            matcher = SequenceMatcher(None, a, b, autojunk=False)
            ratio = 1.0 if a == b else (matcher.ratio() if matcher.quick_ratio() >= 0.95 else 0.0)
            if ratio >= 0.95:
                scored.append((-ratio, abs(i - j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())


def score(golds: list[dict[str, Any]], found: list[dict[str, Any]]) -> tuple[float, float]:
    """F1 of the tasks, and of their five fields taken together; an unmatched task counts against every field."""
    pairs = matches(golds, found)
    total = len(golds) + len(found) or 1
    right = sum(same(golds[i], found[j], name) for i, j in pairs for name in FIELDS)
    return 2 * len(pairs) / total, 2 * right / (total * len(FIELDS))


def as_gold(tasks: Iterable[Gold]) -> list[dict[str, Any]]:
    """In the shape of the gold files."""
    return [
        {
            "no": t.no,
            "path": t.path,
            "text": t.text,
            "lead": t.lead,
            "support": t.support,
            "deadlines": list(t.deadlines),
        }
        for t in tasks
    ]


# -- timing ------------------------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object], budget: float) -> float:
    """The median of at least three runs, of more while the budget lasts."""
    runs: list[float] = []
    begun = time.perf_counter()
    while len(runs) < 3 or (time.perf_counter() - begun < budget and len(runs) < 200):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
        if sum(runs) > 10 * budget:
            break
    return statistics.median(runs)


@dataclass(slots=True)
class Row:
    """The figures of one format."""

    name: str
    tasks_f1: float = 0.0
    fields_f1: float = 0.0
    milliseconds: dict[int, float | None] = field(default_factory=dict)
    peers: dict[str, float | None] = field(default_factory=dict)

    @property
    def exponent(self) -> float | None:
        """How time grows between the two largest scales read: 1 is proportional."""
        known = [(s, m) for s, m in self.milliseconds.items() if m]
        if len(known) < 2:
            return None
        (a, x), (b, y) = known[-2:]
        return math.log(y / x) / math.log(b / a)


def measure(
    folder: Path, scales: tuple[int, ...], budget: float, say: Callable[[str], None]
) -> tuple[list[Row], dict[str, Path]]:
    """Write, read, score and time every format at every scale."""
    from gongkai.papers import PaperRefused
    from gongkai.plans.reading import read_plan

    rows: list[Row] = []
    files: dict[str, Path] = {}
    for name, (suffix, write) in FORMATS.items():
        row = Row(name)
        for scale in scales:
            before = [m for m in row.milliseconds.values() if m]
            if before and (row.milliseconds.get(scale // 10) or LONGEST * 1000) * 15 > LONGEST * 1000:
                row.milliseconds[scale] = None
                continue
            golds = plan(BASE * scale)
            path = folder / f"{re.sub('[^a-z]+', '-', name)}-{scale}{suffix}"
            path.write_bytes(write(golds))
            say(f"{name} ×{scale}")
            try:
                found = read_plan(path)
            except PaperRefused as refusal:
                say(f"{name} ×{scale}: {refusal}")
                row.milliseconds[scale] = None
                continue
            if scale == 1:
                files[name] = path
                row.tasks_f1, row.fields_f1 = score(as_gold(golds), found.to_json()["tasks"])
            took = seconds(lambda path=path: read_plan(path), budget if scale == 1 else 0.0)  # type: ignore[misc]
            row.milliseconds[scale] = took * 1000
        rows.append(row)
    return rows, files


# -- peers -------------------------------------------------------------------------------------------------------------

_PEER = r"""
import importlib.metadata as about, json, statistics, sys, time, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
out = {}
def timed(name, version, make, files):
    try:
        convert = make()
    except ImportError:
        return
    rows = {}
    for label, path in files.items():
        try:
            start = time.perf_counter()
            convert(path)
            if time.perf_counter() - start > 60:
                rows[label] = time.perf_counter() - start
                continue
            runs, begun = [], time.perf_counter()
            while len(runs) < 3 or (time.perf_counter() - begun < 2 and len(runs) < 200):
                start = time.perf_counter()
                convert(path)
                runs.append(time.perf_counter() - start)
            rows[label] = statistics.median(runs)
        except Exception as error:
            print(f"{name} {label}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
            rows[label] = None
    out[f"{name} {about.version(version)}"] = rows
def markitdown():
    from markitdown import MarkItDown
    return MarkItDown().convert
def docling():
    from docling.document_converter import DocumentConverter
    converter = DocumentConverter()
    return lambda path: converter.convert(path).document.export_to_markdown()
files = json.loads(sys.argv[1])
timed("markitdown", "markitdown", markitdown, files)
timed("docling", "docling", docling, files)
print(json.dumps(out))
"""


def peers(interpreter: str, files: dict[str, Path], say: Callable[[str], None]) -> dict[str, dict[str, float | None]]:
    """Seconds by peer and format; None where a peer cannot read a format without fetching models."""
    done = subprocess.run(
        [interpreter, "-c", _PEER, json.dumps({k: str(v) for k, v in files.items()})],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        # Nothing is fetched: what a peer needs a downloaded model for, it does not do here.
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
    )
    for line in done.stderr.splitlines():
        if re.match("markitdown|docling", line):
            say(line)
    if done.returncode:
        say(f"peers failed: {done.stderr.strip().splitlines()[-1:]}")
        return {}
    found: dict[str, dict[str, float | None]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


# -- cold start --------------------------------------------------------------------------------------------------------


def cold_start(path: Path, runs: int) -> dict[str, float]:
    """Medians of whole processes by turns: `gongkai read` of a Word file, and python-docx merely opening it."""
    script = Path(sys.executable).with_name("gongkai")
    ours = [str(script)] if script.exists() else [sys.executable, "-m", "gongkai"]
    commands = {
        "gongkai": [*ours, "read", str(path)],
        "python-docx": [sys.executable, "-c", "import docx, sys; docx.Document(sys.argv[1])", str(path)],
        "python": [sys.executable, "-c", "pass"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if turn:  # the first turn fills the caches
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


# -- report ------------------------------------------------------------------------------------------------------------


def extra_plans(folder: Path) -> tuple[float, float, int]:
    """F1 over a folder of `NNN.txt` (or another suffix) with `NNN.gold.json`, weighted by tasks."""
    from gongkai.plans.reading import read_plan

    weights: list[tuple[float, float, int]] = []
    for gold_file in sorted(folder.glob("*.gold.json")):
        stem = gold_file.name.removesuffix(".gold.json")
        sources = [p for p in folder.glob(f"{stem}.*") if not p.name.endswith(".json")]
        if sources:
            golds = json.loads(gold_file.read_text(encoding="utf-8"))["tasks"]
            weights.append((*score(golds, read_plan(sources[0]).to_json()["tasks"]), len(golds)))
    total = sum(w for _, _, w in weights) or 1
    return sum(a * w for a, _, w in weights) / total, sum(b * w for _, b, w in weights) / total, len(weights)


def machine() -> str:
    """Cores, processor, what else runs, Python and date."""
    model = platform.processor() or platform.machine()
    if (cpu := Path("/proc/cpuinfo")).exists():
        found = re.search(r"model name\s*:\s*(.+)", cpu.read_text())
        model = found.group(1).strip() if found else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores ({model}){load}, Python {platform.python_version()}, {dt.date.today().isoformat()}"


def number(value: float | None, form: str = ".1f") -> str:
    """A figure, or a dash."""
    return "—" if value is None else format(value, form)


def show(rows: list[Row], cold: dict[str, float], names: list[str], about: str) -> Shown:
    """The one table."""
    ratio = cold["gongkai"] / cold["python-docx"]
    table = Shown(
        title="Plans read",
        caption=f"{about}\n{BASE} tasks at ×1. Cold start of one docx, whole process: gongkai {cold['gongkai'] * 1000:.0f} ms, "
        f"python-docx {cold['python-docx'] * 1000:.0f} ms (ratio {ratio:.2f}), bare Python {cold['python'] * 1000:.0f} ms.",
    )
    table.add_column("format")
    for head in (
        "tasks F1",
        "fields F1",
        "docs/s",
        *(f"ms ×{s}" for s in SCALES),
        "growth",
        *(f"{n} docs/s" for n in names),
    ):
        table.add_column(head, justify="right")
    for row in rows:
        first = row.milliseconds.get(1)
        table.add_row(
            row.name,
            number(row.tasks_f1, ".3f"),
            number(row.fields_f1, ".3f"),
            number(1000 / first if first else None),
            *(number(row.milliseconds.get(s)) for s in SCALES),
            number(row.exponent, ".2f"),
            *(number(1 / t if (t := row.peers.get(n)) else None) for n in names),
        )
    return table


def main() -> None:
    """Measure, show, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    parser.add_argument("--peer-python", metavar="PATH", help="an interpreter that has MarkItDown or Docling")
    parser.add_argument("--plans", type=Path, metavar="FOLDER", help="score these plans with gold files too")
    parser.add_argument("--quick", action="store_true", help="scales 1 and 10 only, short runs")
    args = parser.parse_args()
    errors = Console(stderr=True, highlight=False)

    def say(text: str) -> None:
        errors.print(text, style="dim")

    about = machine()
    with tempfile.TemporaryDirectory() as held:
        scales = SCALES[:2] if args.quick else SCALES
        rows, files = measure(Path(held), scales, 0.3 if args.quick else SECONDS_PER_FORMAT, say)
        say("cold start")
        cold = cold_start(files["docx"], 10 if args.quick else 15)
        found = peers(args.peer_python, files, say) if args.peer_python else {}
    for row in rows:
        row.peers = {name: times.get(row.name) for name, times in found.items()}
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(show(rows, cold, list(found), about))
    figures: dict[str, Any] = {
        "machine": about,
        "tasks": BASE,
        "cold_start_seconds": cold,
        "formats": {
            r.name: {
                "tasks_f1": r.tasks_f1,
                "fields_f1": r.fields_f1,
                "milliseconds": r.milliseconds,
                "growth": r.exponent,
                "peers_seconds": r.peers,
            }
            for r in rows
        },
    }
    if args.plans:
        tasks, fields, count = extra_plans(args.plans)
        figures["plans"] = {"count": count, "tasks_f1": tasks, "fields_f1": fields}
        console.print(f"{count} plans of the folder: tasks F1 {tasks:.3f}, fields F1 {fields:.3f}")
    if args.json:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
