"""`gongkai read`: plans read and shown as a table, JSON, or written as .xlsx or .docx."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gongkai.papers.refusal import PaperRefused
from gongkai.plans.reading.model import Plan
from gongkai.plans.reading.reader import read_plan

FORMATS = ("table", "json", "xlsx", "docx")


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("read", help="读一份或几份方案，列出任务", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="方案文件：docx、doc、wps、xlsx、xls、et、pdf、ofd、html、mht、md、csv、txt 或图片",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="table", help="输出形式：table 终端表格（默认）、json、xlsx、docx"
    )
    parser.add_argument("-o", "--output", metavar="PATH", help="写到这个文件（几份方案时为文件夹）；- 表示标准输出")


def run(args: argparse.Namespace) -> int:
    """Read the files; returns 0, or 2 when any was refused (one Chinese line each on standard error)."""
    plans: list[Plan] = []
    refused = False
    for name in args.files:
        try:
            plans.append(read_plan(name))
        except PaperRefused as error:
            refused = True
            print(f"{name}：{error}", file=sys.stderr)
    if plans:
        try:
            _show(plans, args, several=len(args.files) > 1)
        except BrokenPipeError:
            raise
        except OSError as error:
            print(
                f"{args.output or '当前文件夹'}：写不进去（{error.strerror}）；请换一个可以写的位置。", file=sys.stderr
            )
            return 2
    return 2 if refused else 0


def _show(plans: list[Plan], args: argparse.Namespace, *, several: bool) -> None:
    if args.format == "json":
        shape: Any = [p.to_json() for p in plans] if several else plans[0].to_json()
        text = json.dumps(shape, ensure_ascii=False, indent=1)
        if args.output and args.output != "-":
            Path(args.output).write_text(text + "\n", encoding="utf-8")
        else:
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
            print(text)
    elif args.format == "table":
        from gongkai.plans.terminal import show

        for plan in plans:
            show(plan)
    else:
        for plan in plans:
            _write(plan, args.format, args.output, several=several)


def _write(plan: Plan, form: str, output: str | None, *, several: bool) -> None:
    from gongkai.papers.writing import write_docx, write_xlsx
    from gongkai.plans.export import sheet_of

    data = (write_xlsx if form == "xlsx" else write_docx)(sheet_of(plan))
    if output == "-":
        sys.stdout.buffer.write(data)
        return
    name = f"{Path(plan.file).stem}-台账.{form}"
    if output and several:
        Path(output).mkdir(parents=True, exist_ok=True)
        path = Path(output) / name
    else:
        path = Path(output) if output else Path(name)
        if path.is_dir():
            path = path / name
    path.write_bytes(data)
    print(f"已写出 {path}（{len(plan.tasks)} 项任务）")
