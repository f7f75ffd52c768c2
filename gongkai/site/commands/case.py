"""`gongkai case play FILE…`: play cases through the same actions and rights, and print where they stand."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from gongkai.base.clock import today


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("case", help="演练一件依申请公开", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, parser_class=type(parser))
    play = verbs.add_parser("play", help="按文件里的步骤办一件申请，说明办到哪里", add_help=False)
    play.add_argument("-h", "--help", action="help", help="显示帮助")
    play.add_argument("files", nargs="+", type=Path, metavar="文件", help="JSON文件，见 docs/operation.md")
    play.add_argument("--as-of", type=_day, metavar="日期", help="看到哪一天（默认今天，或者最后一步的日期）")
    play.add_argument("--keep", action="store_true", help="办在现在的数据库里，并留下来")
    play.add_argument("--format", choices=["text", "json"], default="text", help="输出形式")


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-09-21") from None
    if not 2000 <= day.year <= 2190:
        raise argparse.ArgumentTypeError(f"“{text}”应在2000年至2190年之间")
    return day


def run(args: argparse.Namespace) -> int:
    """Returns 0 when every file was played, 2 when one cannot be read; refused steps are part of what is printed."""
    stories = []
    for path in args.files:
        try:
            stories.append(json.loads(path.read_text(encoding="utf-8-sig")))
        except OSError as error:
            print(f"gongkai：{path} 打不开：{error.strerror}", file=sys.stderr)
            return 2
        except (ValueError, RecursionError):
            print(f"gongkai：{path} 不是JSON文件，请检查写法", file=sys.stderr)
            return 2
    from gongkai.cases import playing

    if args.keep:
        from gongkai.site.boot import migrate

        migrate()
        told = _all(playing, stories, args)
    else:
        with playing.temporary():
            told = _all(playing, stories, args)
    if told is None:
        return 2
    if args.format == "json":
        print(json.dumps(told if len(told) > 1 else told[0], ensure_ascii=False, indent=1))
    else:
        for path, one in zip(args.files, told, strict=True):
            print(playing.in_words(one, path.name))
    return 0


def _all(playing: Any, stories: list[Any], args: argparse.Namespace) -> list[dict[str, Any]] | None:
    from django.db import transaction

    from gongkai.cases.stories import BadStory

    told = []
    for path, story in zip(args.files, stories, strict=True):
        try:
            with transaction.atomic():
                told.append(playing.play(story, as_of=args.as_of, today=today(), keep=args.keep))
                if not args.keep:
                    transaction.set_rollback(True)  # the next story begins from nothing too
        except BadStory as error:
            print(f"gongkai：{path}：{error}", file=sys.stderr)
            return None
    return told
