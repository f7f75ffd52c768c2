"""Who may do what: named predicates over (viewer, thing), and one table of them. No writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from gongkai.base.issues import Refused, refuse
from gongkai.orgs.models import Kind, Role
from gongkai.orgs.tree import Tree


@dataclass(frozen=True, slots=True)
class Held:
    """A role held at an organisation today, one's own or that of an absent colleague."""

    organisation: int
    role: Role
    acting_for: str = ""


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in, with the posts they hold on a day. Every read and every action takes one."""

    person_id: int
    name: str
    day: dt.date
    tree: Tree
    held: tuple[Held, ...] = ()
    administrator: bool = False

    @property
    def title(self) -> str:
        """Post as the log keeps it: 青禾县司法局经办; with 代 where they act for a colleague."""
        if not self.held:
            return "系统管理员" if self.administrator else ""
        own = [h for h in self.held if not h.acting_for]
        acting = [h for h in self.held if h.acting_for]
        return "；".join([self.post_title(h) for h in (*own[:1], *acting[:1])])[:200]

    def post_title(self, held: Held) -> str:
        """青禾县司法局 经办, or 青禾县司法局 签发（代李某）."""
        acting = f"（代{held.acting_for}）" if held.acting_for else ""
        return f"{self.tree[held.organisation].name} {held.role.label}{acting}"

    @cached_property
    def organisations(self) -> frozenset[int]:
        """Where they hold any post."""
        return frozenset(h.organisation for h in self.held)

    @cached_property
    def bodies(self) -> frozenset[int]:
        """From each post up to the root, and what went into these: whose plans they may read."""
        return frozenset(self.tree.line(x for o in self.organisations for x in self.tree.above(o)))

    @cached_property
    def owning(self) -> frozenset[int]:
        """Organisations for which they may answer: their own, those below, and up to their own body.

        A member of a section answers for the bureau that a plan names; never for the county above it.
        """
        out: set[int] = set()
        for organisation in self.organisations:
            # Who holds a post at the county itself does not answer in the place of its bureaus and towns.
            if self.tree[organisation].kind not in (Kind.CITY, Kind.COUNTY):
                out |= self.tree.subtree(organisation)
            body = self.tree.body_of(organisation).id
            for at in self.tree.above(organisation):
                out.add(at)
                if at == body:
                    break
        return frozenset(self.tree.line(out))

    def reach(self, *roles: Role) -> frozenset[int]:
        """Every organisation at or below one at which they hold one of the roles, those that ended there included."""
        out: set[int] = set()
        for held in self.held:
            if held.role in roles:
                out |= self.tree.subtree(held.organisation)
        return frozenset(self.tree.with_left(out))

    def at_work(self, *roles: Role) -> frozenset[int]:
        """Organisations for which they do the work of one of the roles: their own and those below.

        Who holds a post at the county itself does not work in the place of its bureaus and towns, only in its own office.
        """
        out: set[int] = set()
        for held in self.held:
            if held.role not in roles:
                continue
            if self.tree[held.organisation].kind in (Kind.CITY, Kind.COUNTY):
                out |= {held.organisation, self.tree.office_of(held.organisation)}
            else:
                out |= self.tree.subtree(held.organisation)
        return frozenset(self.tree.with_left(out))

    @cached_property
    def windows(self) -> frozenset[int]:
        """Organisations for which they take in requests at a counter (窗口): all of the county in which it stands."""
        out: set[int] = set()
        for held in self.held:
            if held.role == Role.COUNTER:
                above = self.tree.above(held.organisation)
                out |= self.tree.subtree(next((a for a in above if self.tree[a].kind == Kind.COUNTY), above[0]))
        return frozenset(out)

    @cached_property
    def governed(self) -> frozenset[int]:
        """What they oversee as 主管部门."""
        return self.reach(Role.AUTHORITY)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked about: the body that it belongs to, and the organisations that bear it."""

    body: int
    bearers: frozenset[int] = field(default_factory=frozenset)


def thing_at(organisation: int, viewer: Viewer) -> Thing:
    """What belongs to an organisation, as the table of rights asks about it: the body above it, borne by itself.

    Raises Refused where the tree does not know the organisation.
    """
    if organisation not in viewer.tree:
        raise refuse("orgs.gone", "没有这个单位。", "owner")
    return Thing(viewer.tree.body_of(organisation).id, frozenset({organisation}))


Predicate = Callable[[Viewer, Thing | None], bool]


def administrator(viewer: Viewer, thing: Thing | None) -> bool:
    """The system's administrator, who sets up bodies and people and sees no business."""
    return viewer.administrator


def governs(viewer: Viewer, thing: Thing | None) -> bool:
    """主管部门 of the body, or of one above it."""
    return thing is not None and thing.body in viewer.governed


def belongs(viewer: Viewer, thing: Thing | None) -> bool:
    """Holds a post in the body or anywhere below it."""
    return thing is not None and thing.body in viewer.bodies


def bears(viewer: Viewer, thing: Thing | None) -> bool:
    """Holds a post at an organisation that the task names, above it or in it."""
    return thing is not None and bool(thing.bearers & viewer.owning)


def reviews(viewer: Viewer, thing: Thing | None) -> bool:
    """Holds a post that reviews, signs or oversees, at the organisation or above it."""
    roles = (Role.REVIEWER, Role.SIGNER, Role.LEGAL, Role.SECRECY, Role.AUTHORITY)
    return thing is not None and bool(thing.bearers & viewer.reach(*roles))


def keeps_secrets(viewer: Viewer, thing: Thing | None) -> bool:
    """保密审查 for the organisation."""
    return thing is not None and bool(thing.bearers & viewer.reach(Role.SECRECY))


def does_clerk_work(viewer: Viewer, thing: Thing | None) -> bool:
    """经办 at one of the organisations that bear the thing."""
    return thing is not None and bool(thing.bearers & viewer.at_work(Role.CLERK))


def heads_office(viewer: Viewer, thing: Thing | None) -> bool:
    """Reviews or signs for the office that bears the thing: 政府信息公开工作机构负责人 (条例第三十三条第二款)."""
    return thing is not None and bool(thing.bearers & viewer.at_work(Role.REVIEWER, Role.SIGNER))


def signs_for_body(viewer: Viewer, thing: Thing | None) -> bool:
    """签发 for the body itself, not for one of its sections."""
    return thing is not None and thing.body in viewer.at_work(Role.SIGNER)


def checks_law(viewer: Viewer, thing: Thing | None) -> bool:
    """法制 of the body, or of one above it that checks for it."""
    return thing is not None and thing.body in viewer.reach(Role.LEGAL)


def takes_in(viewer: Viewer, thing: Thing | None) -> bool:
    """窗口 of the county of the body."""
    return thing is not None and thing.body in viewer.windows


def anyone(viewer: Viewer, thing: Thing | None) -> bool:
    """Everybody who holds a post."""
    return bool(viewer.held) or viewer.administrator


def either(*predicates: Predicate) -> Predicate:
    """True where one of them is."""

    def test(viewer: Viewer, thing: Thing | None) -> bool:
        return any(p(viewer, thing) for p in predicates)

    test.__name__ = "_or_".join(p.__name__ for p in predicates)
    return test


def both(*predicates: Predicate) -> Predicate:
    """True where all of them are."""

    def test(viewer: Viewer, thing: Thing | None) -> bool:
        return all(p(viewer, thing) for p in predicates)

    test.__name__ = "_and_".join(p.__name__ for p in predicates)
    return test


RIGHTS: dict[str, Predicate] = {
    "orgs.read": either(administrator, anyone),
    "orgs.change": administrator,
    "orgs.answer": either(administrator, governs),
    "people.change": administrator,
    "people.act": anyone,
    "plan.read": either(belongs, governs),
    "plan.import": governs,
    "plan.withdraw": governs,
    "task.read": either(belongs, governs),
    "task.change": governs,
    "task.report": either(both(belongs, bears), governs),
    "task.note": either(both(belongs, bears), governs),
    "task.settle": governs,
    "task.schedule": governs,
    "record.read": either(both(belongs, bears), reviews),
    "record.write": both(belongs, bears),
    "record.sign": reviews,
    "record.publish": either(both(belongs, bears), governs),
    "record.withdraw": either(both(belongs, bears), governs),
    "record.end": either(both(belongs, bears), governs),
    "record.cleanup": either(both(belongs, bears), governs),
    "record.import": either(both(belongs, bears), governs),
    "record.settings": governs,
    "record.original": keeps_secrets,
    "scheme.import": either(both(belongs, bears), governs),
    "scheme.propose": either(both(belongs, bears), governs),
    "scheme.decide": governs,
    "evidence.decide": either(both(belongs, bears), governs),
    "case.read": either(does_clerk_work, heads_office, signs_for_body, checks_law, governs),
    "case.receive": either(does_clerk_work, takes_in),
    "case.run": does_clerk_work,
    "case.draft": does_clerk_work,
    "case.extend": heads_office,
    "case.check": checks_law,
    "case.sign": signs_for_body,
    "case.reveal": either(does_clerk_work, signs_for_body),
    "case.settings": either(does_clerk_work, governs),
    "case.oversee": governs,
}
"""Every right there is. A verb that is not here is allowed to nobody."""

_SAY = {
    "orgs.change": "机构和人员由系统管理员维护",
    "orgs.answer": "名称指哪个单位，由该机关的主管部门说了算",
    "people.change": "机构和人员由系统管理员维护",
    "plan.import": "导入方案须由该机关的主管部门岗位办理",
    "plan.withdraw": "撤下方案须由该机关的主管部门岗位办理",
    "task.change": "修改任务须由该机关的主管部门岗位办理",
    "task.report": "只有任务的牵头、配合单位和主管部门可以填写进展",
    "task.note": "只有任务的牵头、配合单位和主管部门可以写备注",
    "task.settle": "办结和退回由主管部门办理；牵头单位可以在进展里提请办结",
    "task.schedule": "时限由主管部门设定",
    "record.write": "信息由公开主体自己的岗位起草和修改",
    "record.publish": "发布由公开主体或主管部门办理",
    "record.withdraw": "撤回由公开主体或主管部门办理",
    "record.end": "有效性由制定机关或主管部门确定",
    "record.cleanup": "文件清理由本单位或主管部门组织",
    "record.import": "历史文件由本单位或主管部门导入",
    "record.settings": "关口和编号规则由主管部门设定",
    "scheme.import": "公开目录由本单位或主管部门导入",
    "scheme.propose": "目录调整由公开主体提出",
    "scheme.decide": "目录调整由主管部门确定",
    "evidence.decide": "佐证由承担单位或主管部门确认",
    "case.receive": "收件由政府信息公开工作机构的经办或者窗口办理",
    "case.run": "这一步由政府信息公开工作机构的经办办理",
    "case.draft": "拟稿由承办单位或者政府信息公开工作机构的经办办理",
    "case.extend": "延期由政府信息公开工作机构负责人批准（条例第三十三条第二款）",
    "case.check": "法制审核由法制岗位办理",
    "case.sign": "答复由机关的签发岗位签发",
    "case.reveal": "申请人的个人信息只有经办和签发岗位因办理需要可以查看",
    "case.settings": "依申请公开的设置由政府信息公开工作机构或者主管部门办理",
    "case.oversee": "监督由主管部门办理",
    "record.original": "遮盖前的原件只有保密审查岗位可以查看",
}


def may(viewer: Viewer, right: str, thing: Thing | None = None) -> bool:
    """Whether the viewer has the right over the thing."""
    predicate = RIGHTS.get(right)
    return predicate is not None and predicate(viewer, thing)


def demand(viewer: Viewer, right: str, thing: Thing | None = None) -> None:
    """Raise Refused, with words that say who can, where the viewer has not the right."""
    if not may(viewer, right, thing):
        raise refusal(right)


def refusal(right: str) -> Refused:
    """The refusal of a right."""
    return refuse(right, f"您的岗位不能办理这一步：{_SAY.get(right, '请联系主管部门')}。")
