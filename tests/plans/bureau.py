"""A small bureau with four sections and five people, and a plan of six tasks that it follows. All invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from gongkai.base.followers import catch_up
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Matter
from gongkai.orgs import actions as orgs
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.plans import actions as plans
from gongkai.plans import intake
from gongkai.plans.models import Plan, Task

FOUNDED = dt.date(2019, 1, 1)
DAY = dt.date(2020, 9, 28)
"""A Monday on which the tests play, five weeks after the plan was issued."""

HEAD = "青川县市场监督管理局2020年政务公开工作要点分工方案"
ROWS = (
    ("一、加强公开", "1. 公布权责清单，10月底前完成。", "办公室", "市场执法股、法规股"),
    ("一、加强公开", "2. 及时公布执法结果。", "市场执法股", ""),
    ("二、回应关切", "3. 政策文件自发布之日起5个工作日内发布解读材料。", "法规股", "各股室"),
    ("二、回应关切", "4. 每季度至少开展1次自查。", "各股室", ""),
    ("三、保障监督", "5. 编制台账，于本方案印发后30日内报县政府办。", "办公室", ""),
    ("三、保障监督", "6. 建立规范性文件数据库。", "法规股", "网络信息股"),
)
ISSUED = "青川县市场监督管理局办公室 2020年8月21日印发"

SECTIONS = ("办公室", "市场执法股", "法规股", "计划财务股")
POSTS = {
    "wang": ("王敏", "局", "authority"),
    "li": ("李强", "市场执法股", "clerk"),
    "niu": ("牛犇", "法规股", "clerk"),
    "zhao": ("赵倩", "财政局", "clerk"),
    "sun": ("孙立", "财政局", "authority"),
}


def sheet(rows: tuple[tuple[str, str, str, str], ...] = ROWS, head: str = HEAD, foot: str = ISSUED) -> bytes:
    """The plan as a text file with one table."""
    lines = ["| 工作任务 | 具体要求 | 牵头单位 | 配合单位 |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(r)} |" for r in rows]
    return "\n".join([head, "", *lines, "", foot, ""]).encode()


@dataclass
class Bureau:
    """The bureau while a test plays."""

    orgs: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def body(self) -> int:
        return self.orgs["局"]

    def viewer(self, who: str, day: dt.date = DAY) -> Viewer:
        """Somebody with what they hold on a day."""
        return viewer_of(self.people[who], day)

    def imported(self, data: bytes | None = None, name: str = "plan.txt", day: dt.date = DAY) -> Plan:
        """A plan read, accepted and confirmed by the office."""
        actor = self.viewer("wang", day)
        draft = plans.begin_intake(data or sheet(), name, self.body, actor=actor, on=day)
        plans.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=actor)
        return plans.confirm_intake(draft.pk, actor=actor, on=day)


def build() -> Bureau:
    """The county, two bureaus, their sections and people."""
    made = Bureau()
    made.people["admin"] = orgs.first_administrator("admin", "系统管理员", "Gongkai-2026", on=FOUNDED)
    admin = made.viewer("admin", FOUNDED)

    def found(key: str, name: str, kind: str, parent: str | None) -> None:
        above = made.orgs[parent] if parent else None
        made.orgs[key] = orgs.found_organisation(name, kind, parent=above, actor=admin, on=FOUNDED).pk

    found("县", "青川县", "county", None)
    found("局", "青川县市场监督管理局", "department", "县")
    found("财政局", "青川县财政局", "department", "县")
    for name in SECTIONS:
        found(name, name, "section", "局")
    for key, (name, at, role) in POSTS.items():
        made.people[key] = orgs.add_person(key, name, None, actor=admin, on=FOUNDED)
        orgs.appoint(made.people[key], made.orgs[at], role, actor=admin, on=FOUNDED)
    return made


def follow() -> None:
    """Let the ledger take in what the log has."""
    catch_up([LedgerFollower()])


def task(plan: Plan, position: int) -> Task:
    """A task of a plan, as it stands."""
    return Task.objects.select_related("plan").get(plan=plan, position=position)


def matter(plan: Plan, position: int) -> Matter:
    """The matter of a task, as it stands."""
    return Matter.objects.get(source="plan", source_id=task(plan, position).pk)


def duties(plan: Plan, position: int) -> dict[str, str | None]:
    """The duties of a task by clock, with their dates."""
    rows = matter(plan, position).duties.values_list("clock", "due")
    return {clock: due.isoformat() if due else None for clock, due in rows}
