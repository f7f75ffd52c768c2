"""What the progress page tells of a case: five steps, dates, who, why this date, what to do now, what can be done against it.

To whoever holds the code, who may have found it on a lost slip: no name but the masked one, and nothing of the answer
before it has gone out.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gongkai.cases import letters
from gongkai.cases.actions.common import setup_of, standing
from gongkai.cases.actions.letters import organ_name, reconsideration_organ, remedy_text
from gongkai.cases.life import AMEND, CHANNELS, Consultation, Standing, State
from gongkai.cases.models import Attachment, Case, Letter, Opening, Paper, Setup
from gongkai.cases.reads import days_left, notices
from gongkai.cases.request import Applicant, mask_name
from gongkai.law import clocks
from gongkai.law.answer import Due
from gongkai.law.calendar import weekday
from gongkai.law.outcomes import grounds, outcomes
from gongkai.orgs.models import Kind
from gongkai.orgs.tree import Tree
from gongkai.records.checks import personal

ONLINE = ("网上获取", "电子邮件")
"""Ways by which what is supplied may be downloaded here."""
WITHDRAWABLE = (State.SUBMITTED, State.OPEN, State.CORRECTION, State.FEE)
_ASIDE = re.compile(r"（[^（）]*未经核实[^（）]*）")


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the five steps: done, now or later; its day, who, and what there is to say."""

    name: str
    state: str
    on: dt.date | None = None
    who: str = ""
    notes: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """For who cannot see the line."""
        return {"done": "已完成", "now": "正在进行", "later": "还没有到"}[self.state]


@dataclass
class Told:
    """Everything that the page shows."""

    case: Case
    at: Standing
    title: str
    name: str
    organ: str
    office: str
    setup: Setup
    head: str
    line: list[Mark]
    due: Due | None
    left: int | None
    overdue: bool
    why: list[tuple[str, str]]
    assumed: list[str]
    letters: list[tuple[Letter, str]] = field(default_factory=list)
    papers: list[Attachment] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    remedy: str = ""
    remedy_until: list[str] = field(default_factory=list)
    reconsiders: str = ""
    authority: str = ""
    authority_phone: str = ""
    opening: Opening | None = None
    after: list[Case] = field(default_factory=list)
    joined: str = ""
    notices: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether an answer went out, or the request ended without one."""
        return self.at.delivered is not None

    @property
    def may_withdraw(self) -> bool:
        """Whether the request can still be taken back."""
        return self.at.state in WITHDRAWABLE

    @property
    def may_suggest(self) -> bool:
        """第四十四条第二款: for information, not for the correction of a record."""
        ended = self.at.withdrawn or self.at.state is State.MOVED
        return self.case.purpose == "access" and not ended and self.opening is None


def told_of(case: Case, tree: Tree, on: dt.date) -> Told:
    """What to tell of a case on a day."""
    full = standing(case)
    # An extension counts for the applicant once they were told of it (第三十三条第二款); before, it is the office's paper.
    at = full if full.extension_notified else replace(full, extension=None)
    setup = setup_of(case.body_id)
    organ = organ_name(tree, case.body_id, setup)
    office = tree[tree.office_of(case.body_id)].name if tree.office_of(case.body_id) != case.body_id else ""
    due, complaints = at.due(), authority_of(tree, case.body_id)
    made = Told(
        case=case, at=at, title=personal.clean(case.title), name=_name(case), organ=organ, office=office, setup=setup,
        head=_head(at, due, on, organ), line=_line(case, at, tree, organ, office), due=due, left=days_left(at, on),
        overdue=at.overdue(on), why=[] if full.withdrawn or full.state in (State.LAPSED, State.MOVED) else _why(due),
        assumed=[_ASIDE.sub("", a) for a in due.assumptions] if due else [], letters=letters_of(case, at), papers=papers_of(case, at),
        authority=complaints[0], authority_phone=complaints[1],
        opening=Opening.objects.filter(cases=case, suggested=True).first(), notices=notices(case),
    )  # fmt: skip
    steps = {s.verb: json.loads(s.told) for s in case.steps.filter(verb__in=("ask_correction", "ask_reasons"))}
    if at.state is State.CORRECTION:
        made.points = list(steps.get("ask_correction", {}).get("points", ()))
    if at.reasons_asked and not at.reasons_given and at.state is State.OPEN:
        points = steps.get("ask_reasons", {}).get("points", "")
        made.reasons = [points] if isinstance(points, str) else list(points)
    if at.state is State.MOVED:
        made.after = list(case.came_of.order_by("pk"))
        into = case.steps.filter(verb="join").last()
        other = Case.objects.filter(pk=into.data.get("into", 0)).first() if into else None
        made.joined = other.number if other else ""
    _remedy(made, on)
    return made


def _name(case: Case) -> str:
    who = Applicant(**json.loads(case.applicant)) if case.erased_on is None else Applicant()
    return mask_name(who.name)


def outcome_of(at: Standing) -> str:
    """How it ended, in Chinese."""
    name = AMEND.get(at.outcome) or (outcomes()[at.outcome].name if at.outcome in outcomes() else at.outcome)
    return f"{name}（{grounds()[at.ground].name}）" if at.ground in grounds() else name


def _head(at: Standing, due: Due | None, on: dt.date, organ: str) -> str:
    """Where it stands, in one sentence."""
    day = f"{due.day}（{weekday(due.day)}）" if due else ""
    match at.state:
        case State.SUBMITTED:
            return f"已经提交，等{organ}与您确认收到"
        case State.OPEN if at.overdue(on):
            return f"正在办理，应当在{day}之前答复，已经逾期"
        case State.OPEN:
            return f"正在办理，{day}之前答复" if day else "正在办理"
        case State.CORRECTION:
            return f"需要您补正，请在{at.reply_by}之前提交"
        case State.FEE:
            return f"需要缴纳信息处理费{at.fee}元，请在{at.fee_until()}之前缴纳"
        case State.LAPSED:
            return f"{'逾期没有补正' if at.outcome == 'lapsed_correction' else '逾期没有缴费'}，视为放弃申请"
        case State.DECIDED:
            return "已经作出决定，正在送达"
        case State.MOVED:
            return "已经转出"
    if at.withdrawn:
        return "您已经撤回申请"
    return f"已经答复：{outcome_of(at)}" if at.delivered else "已经办结"


def _line(case: Case, at: Standing, tree: Tree, organ: str, office: str) -> list[Mark]:
    who = f"{organ}（{office}）" if office else organ
    over = at.state in (State.LAPSED, State.MOVED) or at.withdrawn or (at.ended and not at.decided)
    section = tree[case.handler_id].name if case.handler_id and case.handler_id in tree else ""
    received = _confirmed(at)
    handled = Mark(
        "办理", "done" if at.decided or over else "now" if at.received else "later", None,
        f"{organ}（{section}）" if section else who if at.received else "", tuple(_handling(at)),
    )  # fmt: skip
    decided = Mark("决定", "done" if at.decided else "later", at.decided, organ if at.decided else "")
    if over and not at.decided:
        decided = Mark("结束", "done", at.ended or at.last, "", (_ended(at),))
    sent = Mark("送达", "now" if at.decided else "later")
    if at.delivered:
        by = CHANNELS.get(at.delivered_by, "")
        sent = Mark("送达", "done", at.delivered, who, (f"送达方式：{by}", f"结果：{outcome_of(at)}"))
    first = Mark("提交", "done", at.submitted, f"申请人{_dot(_channel(case))}")
    line = [first, received if not (over and not at.received) else replace(received, state="later"), handled, decided]
    # Nothing goes out for what was withdrawn or sent on; that it counts as given up is told.
    return line if over and not at.decided and at.state is not State.LAPSED else [*line, sent]


def _dot(text: str) -> str:
    return f"，{text}" if text else ""


def _channel(case: Case) -> str:
    return {"internet": "在网上提交", "in_person": "当面提交", "fax": "传真提交"}.get(case.channel, "邮寄提交") + (
        "（口头申请，工作人员代填）" if case.oral else ""
    )


def _confirmed(at: Standing) -> Mark:
    if at.received is None:
        note = "机关会与您联系。从双方确认之日起计算答复期限（第三十一条第三项）。"
        return Mark("确认收到", "now", None, "", (note,))
    return Mark("确认收到", "done", at.received, "", ("这一天是收到申请之日（第三十一条）。",))


def _handling(at: Standing) -> Iterator[str]:
    """What happened on the way, in the order of days."""
    out: list[tuple[dt.date, str]] = []
    if at.correction_asked:
        out.append((at.correction_asked, f"告知补正，请在{at.reply_by}之前补正（第三十条）"))
    if at.correction_received:
        out.append((at.correction_received, "收到补正，答复期限从这一天起重新计算，当日不算（第三十条）"))
    for one in at.consultations:
        out.append((one.asked, _asked(one)))
        if one.replied:
            out.append((one.replied, f"收到{_party(one)}的意见"))
    if at.reasons_asked:
        out.append((at.reasons_asked, f"请您在{at.reasons_by}之前说明理由（第三十五条）"))
    if at.reasons_given:
        out.append((at.reasons_given, "收到您说明的理由"))
    if at.extension and at.extension_notified:
        out.append((at.extension_notified, f"告知延期{at.extension[1]}个工作日（第三十三条第二款）"))
    if at.set_date:
        out.append((at.reasons_given or at.last or at.set_date, f"告知在{at.set_date}之前答复（第三十五条）"))
    if at.fee_notified:
        out.append((at.fee_notified, f"通知缴纳信息处理费{at.fee}元（第四十二条）"))
    if at.paid:
        out.append((at.paid, "收到缴费"))
    for day, text in sorted(out, key=lambda one: one[0]):
        yield f"{day} {text}"


def _party(one: Consultation) -> str:
    return "第三方" if one.kind == "third_party" else "其他机关"


def _asked(one: Consultation) -> str:
    article = "第三十二条" if one.kind == "third_party" else "第三十四条"
    return f"征求{_party(one)}的意见（{article}），所需时间不计入答复期限（第三十三条第三款）"


def _ended(at: Standing) -> str:
    if at.withdrawn:
        return "您撤回了申请，不再办理。"
    if at.state is State.MOVED:
        return "这一件到此为止，接下来见下面的说明。"
    what = "没有在期限内补正（第三十条）" if at.outcome == "lapsed_correction" else "没有在期限内缴费"
    return f"{what}，视为放弃申请。"


def _why(due: Due | None) -> list[tuple[str, str]]:
    """The working of the date, without the remarks that are meant for the office."""
    if due is None:
        return []
    return [(_ASIDE.sub("", s.text), s.basis) for s in due.steps if s.basis != "未经核实"]


def letters_of(case: Case, at: Standing) -> list[tuple[Letter, str]]:
    """The letters to the applicant: those on the way at once, the answer once it has gone out."""
    kinds = letters.kinds()
    out: list[tuple[Letter, str]] = []
    if case.erased_on:
        return out
    for row in case.letters.order_by("pk").only("pk", "code", "number", "on", "case_id"):
        kind = kinds.get(row.code)
        if kind is not None and kind.to == "applicant" and (kind.family == "process" or at.delivered is not None):
            out.append((row, kind.name))
    return out


def papers_of(case: Case, at: Standing) -> list[Attachment]:
    """What is supplied, once the answer has gone out, where it is to be had online."""
    if at.delivered is None or case.way not in ONLINE:
        return []
    return list(case.papers.filter(kind=Paper.SUPPLIED).order_by("pk"))


def authority_of(tree: Tree, body: int) -> tuple[str, str]:
    """The office to which one complains, and its telephone: that of the government at or above the body
    (第三条、第四十七条)."""
    for at in tree.above(body):
        if tree[at].kind in (Kind.CITY, Kind.COUNTY):
            office = tree.office_of(at)
            above = tree.body_of(office)
            name = tree[office].name if above.id == office else f"{above.name}{tree[office].name}"
            return name, setup_of(at).phone
    return tree[body].name, setup_of(body).phone


def _remedy(made: Told, on: dt.date) -> None:
    """What the answer tells, as it was sent; until when; and what can be done where none came in time."""
    at, case = made.at, made.case
    told = at.delivered or (at.ended if at.state is State.LAPSED else None)
    if (told is not None and at.remedy != "none") or made.overdue:
        made.reconsiders = reconsideration_organ(case.body_id, at.decided or at.ended or on)
    if told is None or at.remedy == "none":
        return
    made.remedy = _as_sent(case) or remedy_text(case, at.outcome, at.decided or told)
    until = clocks.due("reconsideration", {"known": told}).day
    made.remedy_until.append(f"申请行政复议的最后一天：{until}（{weekday(until)}）")
    if at.remedy == "A":
        until = clocks.due("direct_suit", {"known": told}).day
        made.remedy_until.append(f"直接起诉的最后一天：{until}（{weekday(until)}）")
    else:
        made.remedy_until.append("不予公开的决定要先申请行政复议，不服复议决定的再起诉（行政复议法第二十三条）")


def _as_sent(case: Case) -> str:
    kinds = letters.kinds()
    for row in case.letters.order_by("-pk"):
        if row.code in kinds and kinds[row.code].family == "answer":
            return str(json.loads(row.fields).get("remedy") or "")
    return ""
