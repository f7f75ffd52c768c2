"""`gongkai search`: the public search on the command line; `--rebuild` makes its index anew."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gongkai.base.followers import catch_up
from gongkai.records.models import Record
from gongkai.search.follow import SearchFollower, keep_whole, rebuild
from gongkai.search.port import FACETS
from gongkai.search.reads import as_json, search
from gongkai.site.boot import migrate

LABELS = {"kind": "种类", "owner": "单位", "topic": "主题", "year": "年份", "validity": "有效性"}


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("search", help="检索已公开的信息", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("query", metavar="QUERY", nargs="?", default="", help="要找的词、文号、标题或拼音")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出的形式（默认 text）")
    parser.add_argument("--limit", type=int, default=10, help="最多几条（默认 10）")
    parser.add_argument("--offset", type=int, default=0, help="从第几条起（默认 0）")
    parser.add_argument("--order", choices=["relevance", "date"], default="relevance", help="按相关度或日期")
    for name in FACETS:
        parser.add_argument(f"--{name}", action="append", default=[], help=f"只要这个{LABELS[name]}（可以写几次）")
    parser.add_argument("--rebuild", action="store_true", help="重建检索库；旧的一直可用，直到新的建好")


def run(args: argparse.Namespace) -> int:
    """Find, or rebuild; returns 0."""
    migrate()
    if args.rebuild:
        columns = (TextColumn("重建检索库"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=Record.objects.count())
            count = rebuild(lambda n: progress.advance(task, n))
        print(f"检索库里有{count}条。")
        if not args.query:
            return 0
    if not keep_whole():
        catch_up([SearchFollower()])
    page = search(
        args.query,
        chosen={name: tuple(getattr(args, name)) for name in FACETS if getattr(args, name)},
        order=args.order,
        offset=args.offset,
        limit=max(1, min(args.limit, 100)),
    )
    if args.format == "json":
        print(json.dumps(as_json(page), ensure_ascii=False, indent=1))
        return 0
    if page.instead:
        print(f"按“{page.instead}”检索：")
    print(f"共{page.total}条")
    for result in page.results:
        state = f"【{result.validity}】" if not result.standing else ""
        number = f"　{result.document_number}" if result.document_number else ""
        print(f"\n{state}{result.title}{number}")
        print(f"  {result.kind}　{result.owner}　{result.date or ''}　{result.url}")
        if result.passage:
            print("  " + re.sub(r"</?mark>", "", result.passage))
    return 0
