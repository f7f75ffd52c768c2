"""`gongkai due`: a time limit on the command line, with its working."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any

from gongkai.law.errors import ClockError, shown

_EPILOG = """示例：
  gongkai due reply --fact received=2026-09-21
  gongkai due 依申请公开答复 --fact 收到日期=2026-09-21 --fact third_party_asked=2026-09-23 \\
      --fact third_party_served=2026-09-24 --fact third_party_answered=2026-09-30
  gongkai due reply --fact channel=互联网 --fact confirmed=2026-09-21 --format json
  gongkai due --working-days 20 --from 2026-09-21
  gongkai due --list

事实的当日不计入期限。同一事实有多次的，重复写 --fact，或者写 third_party_asked.2=日期。"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help whose first word is Chinese too."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "用法：")


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the `due` command to an argparse subparsers object; its handler is `run`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "due",
        help="计算法定期限的最后一日，并说明理由",
        description="计算法定期限的最后一日，逐步说明为什么是这一天，并注明依据的条款。",
        epilog=_EPILOG,
        formatter_class=_Help,
        add_help=False,
        usage="gongkai due 规则 --fact 名称=日期 … [--calendar 文件] [--format text|json]",
    )
    asked = parser.add_argument_group("参数")
    asked.add_argument("rule", nargs="?", metavar="规则", help="规则代码或中文名称，见 --list")
    options = parser.add_argument_group("选项")
    options.add_argument("-h", "--help", action="help", help="显示本帮助")
    options.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="名称=日期",
        help="事实及其日期，可以重复；名称用代码或中文",
    )
    options.add_argument("--working-days", metavar="N", help="只数工作日：自 --from 起的第 N 个工作日")
    options.add_argument("--from", dest="start", metavar="日期", help="--working-days 的起算日期，当日不计入")
    options.add_argument("--list", action="store_true", help="列出全部期限规则和各自的事实")
    options.add_argument("--calendar", metavar="文件", help="本地放假和上班日期的 TOML 文件")
    options.add_argument("--format", default="text", metavar="text|json", help="输出格式，默认 text")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Answer the question in `args`; exit status 0, or 2 with one Chinese line on stderr."""
    try:
        print(_answer(args))
    except ClockError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2
    return 0


def _answer(args: argparse.Namespace) -> str:
    if args.format not in ("text", "json"):
        raise ClockError(f"不支持输出格式“{shown(args.format)}”，请用 text 或 json。")
    as_json = args.format == "json"
    # Imported here: building the parser for --help should not read the rules.
    from gongkai.law import clocks
    from gongkai.law.calendar import Calendar
    from gongkai.law.facts import read_day

    if args.list:
        if args.rule or args.fact or args.working_days is not None or args.start is not None:
            raise ClockError("--list 列出全部规则，不能与规则、--fact、--working-days 或 --from 同时使用。")
        return _dump([rule.to_json() for rule in clocks.rules()]) if as_json else _list(clocks.rules())
    calendar = Calendar.load(args.calendar) if args.calendar else None
    if args.working_days is not None:
        if args.rule or args.fact:
            raise ClockError("--working-days 只数工作日，不能同时给出规则或 --fact，请去掉其中一项。")
        if args.start is None:
            raise ClockError("--working-days 需要用 --from 给出起算日期。")
        if not args.working_days.strip().isdecimal() or len(args.working_days) > 9:
            raise ClockError(f"工作日数“{shown(args.working_days)}”须为正整数。")
        due = clocks.working_days(int(args.working_days), read_day(args.start, "起算日期"), calendar)
    elif args.start is not None:
        raise ClockError("--from 只与 --working-days 同用，规则的起算日期请用 --fact 给出。")
    elif not args.rule:
        raise ClockError("请给出期限规则，或者用 --working-days 数工作日，用 --list 查看全部规则。")
    else:
        due = clocks.due(args.rule, _facts(args.fact), calendar)
    return _dump(due.to_json()) if as_json else _text(due)


def _facts(pairs: list[str]) -> dict[str, object]:
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.replace("＝", "=").partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ClockError(f"事实“{shown(pair)}”须写成 名称=日期，例如 received=2026-09-21。")
        facts.setdefault(name.strip(), []).append(value.strip())
    return facts


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _text(due: Any) -> str:
    from gongkai.law.calendar import weekday
    from gongkai.law.working import text_of

    lines = []
    if due.rule:
        lines += [f"{due.title}（{due.rule}）", f"依据：{due.citation}"]
    day = f"{due.day}（{weekday(due.day)}）"
    if due.moment is not None:
        day = f"{due.moment:%Y-%m-%d %H:%M}（{weekday(due.day)}）"
    lines.append(f"到期：{day}{'〔暂定〕' if due.provisional else ''}")
    if due.reason:
        lines.append(f"暂定原因：{due.reason}")
    lines += [f"注意：{text}" for text in due.assumptions]
    lines += ["为什么是这一天？", text_of(due.steps)]
    return "\n".join(lines)


def _list(rules: Any) -> str:
    width = max(map(len, (rule.code for rule in rules)))
    lines = []
    for rule in rules:
        mark = "　〔可配置的默认值〕" if rule.setting else ""
        lines.append(f"{rule.code:<{width}}  {_pad(rule.title, 40)}  {rule.amount_text}{mark}")
        for fact in rule.facts:
            tags = [tag for tag, is_so in (("必填", fact.required), ("可重复", fact.repeatable)) if is_so]
            suffix = f"（{'，'.join(tags)}）" if tags else ""
            lines.append(f"    {fact.name}  {fact.label}{suffix}")
    return "\n".join(lines)


def _pad(text: str, width: int) -> str:
    """Pad to a width in terminal cells, where Chinese characters take two."""
    used = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - used)
