"""`gongkai backup FILE`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from gongkai.site.backup import write_backup
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("backup", help="把全部数据备份成一个文件", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("file", metavar="FILE", help="写到这个文件（zip）")


def run(args: argparse.Namespace) -> int:
    """Returns 0, or 2 where the file cannot be written."""
    migrate()
    try:
        with Console(stderr=True).status("备份中……") as status:
            manifest = write_backup(Path(args.file), lambda what: status.update(f"备份 {what}"))
    except OSError as error:
        print(f"{args.file}：写不进去（{error.strerror}）。", file=sys.stderr)
        return 2
    rows = sum(manifest["counts"].values())
    print(f"已备份到 {args.file}：{rows}行，留痕{manifest['seq']}条，链尾 {manifest['hash'][:16]}。")
    return 0
