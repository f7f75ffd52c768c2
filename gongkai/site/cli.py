"""The command line. Each command is imported when it is called: a cold start pays for one only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from gongkai import __version__

_COMMANDS = {
    "read": ("gongkai.plans.commands", "读一份或几份方案，列出任务"),
    "due": ("gongkai.law.commands", "按规则和事实计算期限，并说明每一步"),
    "demo": ("gongkai.site.commands.demo", "装入示例县（没有时），并启动网站"),
    "serve": ("gongkai.site.commands.serve", "启动网站"),
    "import-plan": ("gongkai.site.commands.intake", "把一份方案导入台账"),
    "import-records": ("gongkai.site.commands.import_records", "从一张表导入历史文件"),
    "verify": ("gongkai.site.commands.verify", "核对留痕和文件有没有被改动"),
    "case": ("gongkai.site.commands.case", "演练一件依申请公开，说明期限和文书"),
    "search": ("gongkai.site.commands.search", "检索已公开的信息，或重建检索库"),
    "password": ("gongkai.site.commands.password", "在服务器上重设一个人的密码"),
    "rebuild": ("gongkai.site.commands.rebuild", "清空并重建台账"),
    "press": ("gongkai.site.commands.press", "生成公开页面的文件"),
    "backup": ("gongkai.site.commands.backup", "把全部数据备份成一个文件"),
    "restore": ("gongkai.site.commands.restore", "从备份文件恢复到空的系统"),
}
_SITE = "gongkai.site.commands."


class _Parser(argparse.ArgumentParser):
    """Says in one Chinese line what is wrong with the words of a command."""

    def error(self, message: str) -> NoReturn:
        print(f"gongkai：{_chinese(message)}。用法见 {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required: ", "缺少参数："),
        ("unrecognized arguments: ", "不认得的参数："),
        ("expected one argument", "后面要跟一个值"),
        ("expected at least one argument", "后面至少要跟一个值"),
        ("invalid choice: ", "不能取值 "),
        ("invalid int value: ", "应为整数："),
        ("choose from", "可取"),
        ("argument ", "参数 "),
        ("not allowed with", "不能同用："),
    ):
        message = message.replace(english, chinese)
    return message


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 done, 2 refused with one Chinese line on standard error)."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _Parser(prog="gongkai", description="公开：基层政务公开的台账与期限", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("--version", action="version", version=f"gongkai {__version__}", help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=_Parser)
    wanted = next((w for w in words if not w.startswith("-")), None)
    if wanted in _COMMANDS and _COMMANDS[wanted][0].startswith(_SITE):
        # Only what works on the site's data pays for starting Django.
        # A play that keeps nothing leaves no data folder behind.
        kept = wanted != "case" or any(w.startswith("--k") for w in words)
        import_module("gongkai.site.boot").boot(kept=kept)
    runs: dict[str, Callable[[argparse.Namespace], int]] = {}
    for name, (module, text) in _COMMANDS.items():
        if name == wanted:
            made = import_module(module)
            made.add_parser(commands)
            runs[name] = made.run
        else:
            commands.add_parser(name, help=text)
    args = parser.parse_args(words)
    if args.command is None:
        parser.print_help()
        return 0
    try:
        return runs[args.command](args)
    except KeyboardInterrupt:
        print("已中断，没有改动任何文件。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (… | head): nothing more to say.
        sys.stderr.close()
        return 0
