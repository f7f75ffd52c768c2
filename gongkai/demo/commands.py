"""`gongkai demo`: the sample county's plans read, printed, and written as .xlsx and .docx."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("demo", help="读取示例县的方案，打印台账并写出 xlsx 和 docx", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("-o", "--output", metavar="FOLDER", default="out", help="写到这个文件夹（默认 out）")
    parser.add_argument("--quiet", action="store_true", help="只写文件，不打印台账")


def run(args: argparse.Namespace) -> int:
    """Read every sample plan; returns 0. The samples are invented: no place or body in them exists."""
    from rich.console import Console
    from rich.progress import track

    from gongkai.papers.writing import write_docx, write_xlsx
    from gongkai.plans.export import sheet_of
    from gongkai.plans.reading import read_plan
    from gongkai.plans.terminal import show

    folder = Path(args.output)
    console = Console()
    plans = []
    with as_file(files("gongkai.demo") / "plans") as samples:
        names = sorted(p for p in samples.iterdir() if p.suffix in (".docx", ".xlsx", ".pdf", ".html", ".txt"))
        for path in track(names, description="读取示例方案", console=Console(stderr=True), transient=True):
            plans.append((path.name, read_plan(path)))
    if not args.quiet:
        for _, plan in plans:
            show(plan, console)
    try:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as held:
            # Written aside and moved: an interrupted run leaves no half file.
            folder.mkdir(parents=True, exist_ok=True)
            for name, plan in plans:
                for form, write in (("xlsx", write_xlsx), ("docx", write_docx)):
                    target = f"{Path(name).stem}-台账.{form}"
                    (Path(held) / target).write_bytes(write(sheet_of(plan)))
                    shutil.move(Path(held) / target, folder / target)
    except OSError as error:
        print(f"{folder}：写不进去（{error.strerror}）；请用 --output 换一个可以写的文件夹。", file=sys.stderr)
        return 2
    console.print(
        f"已读取 {len(plans)} 份示例方案，共 {sum(len(p.tasks) for _, p in plans)} 项任务；台账写在 {folder}/ 下（xlsx、docx 各 {len(plans)} 份）。"
    )
    console.print("读您自己的方案：gongkai read 方案.docx　　算一个期限：gongkai due --list")
    return 0
