"""`gongkai import-records FILE --owner NAME --as PERSON`: old documents from a table, by the desk's action and rights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gongkai.base.clock import today
from gongkai.base.followers import all_followers, catch_up
from gongkai.base.issues import Refused, refuse
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions
from gongkai.site.boot import migrate

SHOWN = 20


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("import-records", help="从一张表导入历史文件", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("file", metavar="FILE", help="表格（xlsx 或 csv），每份文件一行")
    parser.add_argument("--owner", metavar="NAME", required=True, help="公开主体（单位全称）")
    parser.add_argument("--as", dest="person", metavar="PERSON", required=True, help="以谁的名义（账号）")
    parser.add_argument("--files", metavar="DIR", help="“附件”一列所写的文件在哪个文件夹")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when every row was taken in, 1 when some were refused, 2 with one Chinese line when none could be."""
    migrate()
    day = today()
    try:
        person = Person.objects.filter(username=args.person.lower()).first()
        if person is None:
            raise refuse("people.unknown", f"没有账号“{args.person}”。")
        actor = viewer_of(person, day)
        files = Path(args.files) if args.files else None
        if files is not None and not files.is_dir():
            raise refuse("import.files", f"{args.files}：没有这个文件夹。")
        try:
            data = Path(args.file).read_bytes()
        except OSError as error:
            raise refuse("import.file", f"{args.file}：读不了（{error.strerror}）。") from error
        begun = actions.begin_import(data, Path(args.file).name, _owner(actor, args.owner), actor=actor, on=day)
        columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=begun.rows, completed=begun.done)

            def told(done: int, rows: int) -> None:
                progress.update(task, completed=done, total=rows)

            done = actions.run_import(begun.pk, actor=actor, on=day, files=files, told=told)
    except Refused as error:
        print(str(error), file=sys.stderr)
        return 2
    catch_up(all_followers())
    print(f"{done.rows}行，导入{done.made}条，{len(done.refused)}行没有导入。")
    for row in done.refused[:SHOWN]:
        print(f"  第{row['row']}行《{row['title']}》：{'；'.join(row['why'])}", file=sys.stderr)
    if len(done.refused) > SHOWN:
        print("  其余的在“历史文件导入”的页面上看，可以下载改好再导入。", file=sys.stderr)
    return 1 if done.refused else 0


def _owner(actor: Viewer, name: str) -> int:
    found = [n.id for n in actor.tree.live() if n.name == name]
    if len(found) != 1:
        raise refuse("import.owner", f"没有找到“{name}”，请写单位的全称。" if not found else f"“{name}”不止一个。")
    return found[0]
