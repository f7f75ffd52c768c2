"""`gongkai demo`: the sample county, loaded when there is none, and served."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gongkai.base.models import Cursor
from gongkai.base.reads import head
from gongkai.demo.county import ACCOUNTS, PASSWORD, County, is_sample, pieces
from gongkai.orgs.reads import set_up
from gongkai.portal.press import PressFollower
from gongkai.search.follow import rebuild
from gongkai.site.boot import migrate
from gongkai.site.commands import serve


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("demo", help="装入示例县（没有时），并启动网站", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("--no-serve", action="store_true", help="只装入数据，不启动网站")
    serve.add_options(parser)


def run(args: argparse.Namespace) -> int:
    """Load and serve; returns 0, or 2 where the data folder holds a real site."""
    migrate()
    if not set_up():
        load()
    elif not is_sample():
        print("这个数据文件夹里已经有别的数据，没有装入示例县；请用 GONGKAI_DATA_DIR 另指一个文件夹。", file=sys.stderr)
        return 2
    print("青禾县是虚构的示例，机构、人员、文件都不存在。")
    for username, who in ACCOUNTS:
        print(f"  {username:<16}{who}")
    print(f"密码都是 {PASSWORD}", flush=True)
    if args.no_serve:
        return 0
    return serve.serve(args.host, args.port, args.workers)


def load() -> None:
    """All in one transaction: an interrupted load leaves nothing, and can be begun again."""
    columns = (TextColumn("装入示例县 {task.fields[what]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress, transaction.atomic():
        task = progress.add_task("", total=pieces(), what="")
        for what in County().load():
            progress.update(task, advance=1, what=what)
    # The index is made at once, and pages are pressed before they are served: nothing is left for the followers to do
    # while somebody waits for their first click.
    rebuild()
    Cursor.objects.update_or_create(name=PressFollower.name, defaults={"seq": head()[0]})
