"""`gongkai restore FILE`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from gongkai.base.issues import Refused
from gongkai.site.backup import read_backup
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("restore", help="从备份文件恢复到空的系统", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("file", metavar="FILE", help="备份文件")


def run(args: argparse.Namespace) -> int:
    """Returns 0, or 2 with one Chinese line when refused."""
    migrate()
    try:
        with Console(stderr=True).status("恢复中……") as status:
            manifest = read_backup(Path(args.file), lambda what: status.update(f"恢复 {what}"))
    except Refused as error:
        print(str(error), file=sys.stderr)
        return 2
    rows = sum(manifest["counts"].values())
    print(f"已恢复：{rows}行，留痕{manifest['seq']}条，链尾 {manifest['hash'][:16]}，与备份一致。")
    return 0
