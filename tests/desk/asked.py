"""Requests for information in the sample county, for the tests of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from gongkai.base.clock import on_day
from gongkai.cases import actions
from gongkai.cases.models import Case, Setup
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from tests.desk import TODAY

SignedIn = Callable[[str], Client]
NATURAL = {
    "applicant_kind": "natural", "name": "贺知远", "id_kind": "居民身份证", "id_number": "11010519491231002X",
    "phone": "13800001234", "address": "青禾县白露镇槐树街9号", "title": "2025年农村道路养护资金使用情况",
    "asked": "2025年全县农村道路养护资金的分配和使用明细。", "form": "纸质", "way": "邮寄",
}  # fmt: skip


def who(username: str) -> Viewer:
    return viewer_of(Person.objects.get(username=username), TODAY)


def county() -> int:
    return next(h.organisation for h in who("chen.yu").held if h.role == "authority")


def make(on: dt.date = dt.date(2026, 11, 16), channel: str = "in_person", body: int | None = None, **more: Any) -> Case:
    """A request at the counter, a week ago."""
    place = body or county()
    actor = who("xia.lan")
    with on_day(on):
        return actions.receive(place, {**NATURAL, **more}, channel, actor=actor, on=on)


def at(name: str, case: Case, *more: Any) -> str:
    return reverse(f"desk:cases-{name}", args=[case.pk, *more])


def do(client: Client, case: Case, verb: str, **values: str) -> Any:
    return client.post(at("step", case, verb), values)


def with_payment() -> None:
    """The county says how a fee is paid: without it no notice of a fee can be written."""
    Setup.objects.update_or_create(body_id=county(), defaults={"pay_how": "到县政务服务中心缴费窗口缴纳"})
