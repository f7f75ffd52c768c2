"""`gongkai rebuild`: empty the ledger and derive all of it again."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gongkai.ledger.follow import rebuild
from gongkai.plans.models import Task
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("rebuild", help="清空并重建台账", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")


def run(args: argparse.Namespace) -> int:
    """Returns 0. Interrupted, the old ledger stands: it is one transaction."""
    migrate()
    columns = (TextColumn("重建台账"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=Task.objects.filter(plan__withdrawn_on=None).count())
        count = rebuild(lambda n: progress.update(task, advance=n))
    print(f"台账已重建：{count}项。")
    return 0
