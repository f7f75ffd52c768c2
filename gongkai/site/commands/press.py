"""`gongkai press`: write the public pages as files."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from gongkai.portal import waiting
from gongkai.portal.press import Done, out_of_date, press, press_all, press_missing
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("press", help="生成公开页面的文件", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("--all", action="store_true", help="全部重新生成；中断后再运行，从停下的地方接着做")
    parser.add_argument("--again", action="store_true", help="同 --all，但从头开始")


def run(args: argparse.Namespace) -> int:
    """Returns 0, or 1 where a page could not be drawn. Interrupted (130), every file is whole; run again to go on.

    Without --all: what is missing and what waits, and everything where the templates or site.toml have changed.
    """
    migrate()
    columns = (TextColumn("生成页面"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=None)
            done = _press(args, lambda n, of: progress.update(task, completed=n, total=of))
    except KeyboardInterrupt:
        print("已中断。写好的页面都是完整的；再运行一次，从停下的地方接着做。", file=sys.stderr)
        return 130
    print(f"公开页面已生成：核对{done.records}条，写入{done.written}个文件，删除{done.removed}个。")
    if done.failed:
        print(f"有{done.failed}条没有生成，原因在上面的日志里；原有页面没有动。", file=sys.stderr)
        return 1
    return 0


def _press(args: argparse.Namespace, told: Any) -> Done:
    if args.all or args.again:
        return press_all(told, again=args.again)
    done = press_missing(told)
    waiting.work_off(lambda ids: done.add(press(ids)))
    if out_of_date():
        done.add(press_all(told))
    return done
