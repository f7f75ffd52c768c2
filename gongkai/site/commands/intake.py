"""`gongkai import-plan FILE --as PERSON`: a plan into the ledger by the same actions and rights as at the desk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.db import transaction

from gongkai.base.clock import today
from gongkai.base.followers import all_followers, catch_up
from gongkai.base.issues import Refused, refuse
from gongkai.orgs.models import Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.plans import actions, intake
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("import-plan", help="把一份方案导入台账", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("file", metavar="FILE", help="方案文件")
    parser.add_argument("--as", dest="person", metavar="PERSON", required=True, help="以谁的名义（账号）")
    parser.add_argument("--body", metavar="NAME", help="哪个机关的方案（默认：此人任主管部门岗位的机关）")
    parser.add_argument("--year", type=int, help="年度（方案里没有写时）")
    parser.add_argument("--title", help="标题（方案里没有写时）")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when imported, 2 with one Chinese line when refused."""
    migrate()
    day = today()
    try:
        person = Person.objects.filter(username=args.person.lower()).first()
        if person is None:
            raise refuse("people.unknown", f"没有账号“{args.person}”。")
        actor = viewer_of(person, day)
        body = _body(actor, args.body)
        try:
            data = Path(args.file).read_bytes()
        except OSError as error:
            raise refuse("plan.file", f"{args.file}：读不了（{error.strerror}）。") from error
        with transaction.atomic():
            draft = actions.begin_intake(data, Path(args.file).name, body, actor=actor, on=day)
            typed = {k: str(v) for k, v in (("year", args.year), ("title", args.title)) if v}
            if typed:
                actions.change_head(draft.pk, typed, actor=actor)
            doubts = sum(1 for r in draft.rows if not r["accepted"])
            actions.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=actor)
            plan = actions.confirm_intake(draft.pk, actor=actor, on=day)
    except Refused as error:
        print(str(error), file=sys.stderr)
        return 2
    catch_up(all_followers())
    print(f"已导入《{plan.title}》：{plan.tasks.count()}项任务，其中{doubts}项请在台账里再看一眼。")
    return 0


def _body(actor: Viewer, name: str | None) -> int:
    if name:
        found = [n.id for n in actor.tree.live() if n.name == name]
        if len(found) != 1:
            raise refuse("orgs.unknown", f"没有机关“{name}”。" if not found else f"叫“{name}”的机关不止一个。")
        return found[0]
    own = [h.organisation for h in actor.held if h.role == Role.AUTHORITY]
    if not own:
        raise refuse("plan.import", f"{actor.name}没有主管部门的岗位，不能导入方案。")
    return own[0]
