"""收件: what was typed at the counter, looked at before anything is kept."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from gongkai.base.issues import Issue, Refused
from gongkai.cases import life, rules
from gongkai.cases.request import Applicant, applicant_from, examine
from gongkai.desk.forms import day_of, number_of
from gongkai.orgs.rules import Viewer

NAMES = (
    "body", "purpose", "channel", "oral", "place", "on", "earlier", "confirmed", "applicant_kind", "name", "id_kind",
    "id_number", "representative", "person", "phone", "email", "address", "postcode", "title", "asked",
    "document_number", "form", "way", "help_more",
)  # fmt: skip
"""Everything that the form of a request asks. What the information is wanted for is not among it (第二十九条)."""

RECEIPT = {
    "in_person": "当面提交的，提交之日就是收到申请之日。",
    "mail_signed": "挂号信、特快专递等要签收的邮寄，行政机关签收之日就是收到申请之日。",
    "mail_unsigned": "平信等不用签收的，要在收到信函的当天与申请人确认，确认之日是收到申请之日。今天收到的，请今天就打电话。",
    "internet": "网上、电子邮件提交的，双方确认之日是收到申请之日。",
    "fax": "传真提交的，双方确认之日是收到申请之日。",
}
"""第三十一条, in words, for each channel."""

DAYS = {
    "in_person": "当面提交的日期",
    "mail_signed": "签收的日期",
    "mail_unsigned": "信函到达的日期",
    "internet": "网上提交的日期",
    "fax": "传真到达的日期",
}

HELPS = (
    "阅读困难，需要代读",
    "听力障碍，需要文字或者手语沟通",
    "视力障碍，需要大字或者语音",
    "行动不便，需要上门或者无障碍通道",
)
"""第四十三条第二款: who cannot read, hear or see well is helped."""


@dataclass
class Typed:
    """A request as it was typed; nothing of it is lost when something is refused."""

    values: dict[str, str]
    helps: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All of it for a form that only carries it on."""
        return [*((k, v) for k, v in self.values.items() if v), *(("help", h) for h in self.helps)]

    @property
    def applicant(self) -> Applicant:
        """Who asks."""
        return applicant_from(self.values)

    @property
    def natural(self) -> bool:
        """Whether a person asks, not an organisation."""
        return self.values["applicant_kind"] == "natural"

    @property
    def request(self) -> dict[str, Any]:
        """As the verbs of cases take it."""
        told = {k: v.strip() for k, v in self.values.items()}
        if not self.natural:
            told["id_kind"] = ""
        return {**told, "help": "、".join([*self.helps, told["help_more"]]).strip("、")[:120]}

    def day(self, name: str, label: str) -> dt.date | None:
        """A date of it. Raises Refused for what is none."""
        return day_of(self.values[name], label, field=name)


def typed_from(data: QueryDict, viewer: Viewer, *, first: bool = False) -> Typed:
    """From a form, or from the address of an empty one."""
    values = {n: data.get(n, "")[:5000] for n in NAMES}
    if first:
        values = dict.fromkeys(NAMES, "") | {
            "purpose": "access",
            "applicant_kind": "natural",
            "id_kind": "居民身份证",
            "on": viewer.day.isoformat(),
            "channel": data.get("channel", "in_person"),
            "oral": "1" if data.get("oral") else "",
        }
    return Typed(values, [h for h in data.getlist("help") if h in HELPS])


@dataclass
class Look:
    """What a look at a typed request found: what is wrong, and from when its clocks would run."""

    issues: list[Issue]
    body: int = 0
    on: dt.date | None = None
    confirmed: dt.date | None = None
    at: life.Standing | None = None

    @property
    def due(self) -> dt.date | None:
        """The last day for the answer."""
        limit = self.at.due() if self.at else None
        return limit.day if limit else None


def look_at(typed: Typed, viewer: Viewer, bodies: set[int]) -> Look:
    """Everything that can be said of a typed request before it is kept: the same questions as the verb asks, and those
    of the counter (日期不在以后, an earlier day was checked)."""
    told, issues = typed.request, []
    body = number_of(typed.values, "body") or 0
    if body not in bodies:
        issues.append(Issue("request.body", "请选向哪个机关申请。", "body"))
    days: dict[str, dt.date | None] = {}
    for name, label in (("on", "提交的日期"), ("confirmed", "双方确认的日期")):
        try:
            days[name] = typed.day(name, label)
        except Refused as error:
            issues += error.issues
            days[name] = None
    channel = told["channel"]
    on, confirmed = days["on"], days["confirmed"] if channel in life.CONFIRMED else None
    if on is None and not any(i.field == "on" for i in issues):
        issues.append(Issue("request.on", "请填提交的日期。", "on"))
    for name, day in (("on", on), ("confirmed", confirmed)):
        if day is not None and day > viewer.day:
            issues.append(Issue("request.later", f"日期{day}还没有到，请核对。", name))
    if on is not None and on < viewer.day and not told["earlier"]:
        say = f"提交日期{on}早于今天。请对照邮戳、签收单或者来件记录核对，然后勾选“日期已经核对”。"
        issues.append(Issue("request.earlier", say, "earlier"))
    if told["oral"] and channel != "in_person":
        say = "口头申请是当面提出、由工作人员代填的，渠道请选当面（第二十九条）。"
        issues.append(Issue("request.oral", say, "channel"))
    issues += examine(told["applicant_kind"], typed.applicant, told)
    if told["purpose"] not in ("access", "amend"):
        issues.append(Issue("request.purpose", "请选申请公开还是申请更正。", "purpose"))
    if on is None:
        return Look(issues, body)
    data = {"channel": channel, "confirmed": confirmed}
    wrong = rules.check(life.Standing(), "receive", on, data)
    at = None if wrong else life.play([life.Step("receive", on, data)], told["purpose"])
    return Look(issues + wrong, body, on, confirmed, at)


def spoken(typed: Typed, body: str) -> list[tuple[str, str]]:
    """A request as it is read out to whoever made it: what is said, and the words that they must hear."""
    told, who = typed.request, typed.applicant
    number = " ".join(who.id_number.replace(" ", "")[i : i + 3] for i in range(0, 18, 3)).strip()
    out = [("申请公开的机关", body)]
    if told["purpose"] == "amend":
        out = [("您申请更正与自己有关的信息，向", body)]
    if typed.natural:
        out += [("您的姓名", who.name), (who.id_kind or "证件", number)]
    else:
        out += [("单位名称", who.name), ("统一社会信用代码", number), ("法定代表人", who.representative)]
        out += [("联系人", who.person)]
    out += [("电话", who.phone), ("邮箱", who.email), ("地址", f"{who.address} {who.postcode}".strip())]
    out += [("要的信息", told["title"] or told["asked"]), ("文号", told["document_number"])]
    if told["title"] and told["asked"] and told["asked"] != told["title"]:
        out.append(("具体说明", told["asked"]))
    out += [("希望的形式", told["form"]), ("获取的方式", told["way"]), ("需要的帮助", told["help"])]
    return [(label, value) for label, value in out if value]


def told_of(held: str) -> Applicant:
    """The applicant of a case from its sealed text."""
    return Applicant(**json.loads(held))
