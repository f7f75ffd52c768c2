"""`gongkai verify`: does every hash of the log and of the files still hold? With a file: is this case as it was sealed?"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.base.issues import Refused
from gongkai.base.models import File
from gongkai.base.reads import check_chain, check_files, head, lags
from gongkai.cases.bundle import check_bundle
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("verify", help="核对留痕和文件有没有被改动", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("file", nargs="?", type=Path, metavar="案卷", help="只核对一个案卷压缩包")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when all holds, 1 with the first place where it does not, 2 for a file that is no case."""
    return _bundle(args.file) if args.file else _all()


def _bundle(path: Path) -> int:
    # A machine that only received the zip has no key, and must not be given one: it would say that nothing is its own.
    key = bool(os.environ.get("GONGKAI_FIELD_KEY")) or (Path(settings.GONGKAI_DATA_DIR) / "field.key").exists()
    try:
        found = check_bundle(path.read_bytes(), key=key)
    except OSError as error:
        print(f"gongkai：{path} 打不开：{error.strerror}", file=sys.stderr)
        return 2
    except Refused as error:
        print(f"gongkai：{path}：{error}", file=sys.stderr)
        return 2
    for say in found.broken:
        print(f"案卷有问题：{say}。")
    if not found.broken:
        print(f"案卷完好：{found.files}个文件，{found.events}条留痕。")
    if found.ours is None:
        print("封签：这台机器没有密钥，只核对了内容；是不是原系统封的，请在原系统核对。")
    else:
        print("封签：是本系统封的。" if found.ours else "封签：不是本系统封的，或者封签被改动过。")
    return 1 if found.broken or found.ours is False else 0


def _all() -> int:
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
