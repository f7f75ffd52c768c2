"""`gongkai password PERSON`: a new password set at the machine, for an administrator who forgot theirs."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from gongkai.base.clock import today
from gongkai.base.issues import Refused
from gongkai.orgs.actions import reset_by_operator
from gongkai.orgs.models import Person
from gongkai.site.boot import migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("password", help="在服务器上重设一个人的密码", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    parser.add_argument("person", metavar="PERSON", help="账号")


def run(args: argparse.Namespace) -> int:
    """Asks for the password (or reads one line of standard input); returns 0, or 2 with one Chinese line."""
    migrate()
    person = Person.objects.filter(username=args.person.lower()).first()
    if person is None:
        print(f"没有账号“{args.person}”。", file=sys.stderr)
        return 2
    password = getpass.getpass("新密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        reset_by_operator(person, password, on=today())
    except Refused as error:
        print(str(error), file=sys.stderr)
        return 2
    print(f"{person.name}的密码已重设；登录后要再改一次。")
    return 0
