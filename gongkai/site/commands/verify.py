"""`gongkai verify`: does every hash of the log and of the files still hold?"""

from __future__ import annotations

import argparse
from typing import Any

from gongkai.base.models import File
from gongkai.base.reads import check_chain, check_files, head, lags
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("verify", help="核对留痕和文件有没有被改动", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when all holds, 1 with the first place where it does not."""
    migrate()
    seq, digest = head()
    broken = check_chain()
    files = check_files()
    if broken is not None:
        print(f"留痕有问题：{broken.say}。")
    else:
        print(f"留痕完好：{seq}条，链尾 {digest[:16]}。")
    for say in files:
        print(f"文件有问题：{say}。")
    if not files:
        print(f"文件完好：{File.objects.count()}个。")
    for name, lag in lags().items():
        print(f"跟随：{name} {'已跟上' if not lag else f'还差{lag}条'}。")
    return 1 if broken or files else 0
