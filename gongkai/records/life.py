"""The life of a version: state × verb → state, and which gates it must pass in which order."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.base.issues import Refused, refuse
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer
from gongkai.orgs.tree import Tree
from gongkai.records.kinds import Gate, Kind, gates
from gongkai.records.models import Audience, Chain, GateResult, State, Version

LIFE: dict[tuple[State, str], State] = {
    (State.REVIEW, "pass"): State.REVIEW,
    (State.REVIEW, "approve"): State.APPROVED,
    (State.REVIEW, "return"): State.RETURNED,
    (State.REVIEW, "refer"): State.REFERRED,
    (State.REVIEW, "recall"): State.RECALLED,
    (State.REFERRED, "pass"): State.REVIEW,
    (State.REFERRED, "approve"): State.APPROVED,
    (State.REFERRED, "return"): State.RETURNED,
    (State.APPROVED, "publish"): State.PUBLISHED,
    (State.APPROVED, "schedule"): State.SCHEDULED,
    (State.APPROVED, "recall"): State.RECALLED,
    (State.SCHEDULED, "publish"): State.PUBLISHED,
    (State.SCHEDULED, "unschedule"): State.APPROVED,
    (State.PUBLISHED, "late"): State.PUBLISHED,
    (State.PUBLISHED, "supersede"): State.SUPERSEDED,
    (State.PUBLISHED, "withdraw"): State.WITHDRAWN,
}
"""What may follow what. What is not here is refused."""

WAITING = (State.REVIEW, State.REFERRED, State.APPROVED, State.SCHEDULED)
"""States of a version on its way out: submitted, and neither out nor given back."""

_SAY = {
    "pass": "这一版不在审核中，不能过关。",
    "return": "这一版不在审核中，不能退回。",
    "refer": "这一版不在审核中，不能送请确定。",
    "recall": "这一版不在审核中或待发布，不能收回；已经发布的用“撤回”或“修改”。",
    "publish": "审核关口没有全部通过，不能发布；请在“关口”一栏看还差谁。",
    "schedule": "审定以后才能定时发布。",
    "unschedule": "这一版没有定时发布。",
    "withdraw": "没有公开的信息不用撤回。",
}


def after(state: str, verb: str) -> State:
    """The state that follows. Raises Refused where the verb is not possible now."""
    found = LIFE.get((State(state), verb))
    if found is None:
        raise refuse("record.life", _SAY.get(verb, "现在不能办理这一步。"))
    return found


def order_for(kind: Kind, organisation: int, tree: Tree, audience: str) -> list[str]:
    """The gates of a record: the kind's, or those that the nearest organisation has set; what the law demands stays.

    保密审查 is never left out (保守国家秘密法第三十五条), nor 合法性审查 where the kind has it. What is not to be
    public is first looked at by the 政府信息公开工作机构 (国办发〔2016〕80号).
    """
    above = list(tree.above(organisation))
    chains = {(c.organisation_id, c.kind): c.gates for c in Chain.objects.filter(organisation__in=above)}
    order = list(kind.gates)
    for at in above:
        chosen = chains.get((at, kind.code)) or chains.get((at, ""))
        if chosen:
            order = [g for g in chosen if g in gates()]
            break
    if "legal" in kind.gates and "legal" not in order:
        order.insert(max(len(order) - 1, 0), "legal")
    if "secrecy" not in order:
        order.insert(max(len(order) - 1, 0), "secrecy")
    if audience in (Audience.ON_REQUEST, Audience.INTERNAL) and "openness" not in order:
        order.insert(0, "openness")
    return order


def demanded(version: Version) -> list[str]:
    """The gates before publication. The urgent path keeps 保密审查 and the last review; the others follow after."""
    if not version.urgent:
        return list(version.gates)
    reviews = [g for g in version.gates if gates()[g].review]
    return [g for g in version.gates if g == "secrecy" or g == (reviews[-1] if reviews else "")]


def passed(version: Version) -> dict[str, GateResult]:
    """The results that passed, by gate."""
    return {r.gate: r for r in version.results.all() if r.conclusion == "pass"}


def next_gate(version: Version, results: dict[str, GateResult] | None = None) -> Gate | None:
    """The gate before which a version stands; after an urgent publication, the first of those left over."""
    done = passed(version) if results is None else results
    order = list(version.gates) if version.state == State.PUBLISHED else demanded(version)
    if version.state not in (State.REVIEW, State.REFERRED, State.PUBLISHED):
        return None
    if version.state == State.PUBLISHED and not version.urgent:
        return None
    return next((gates()[g] for g in order if g not in done), None)


def keepers(gate: Gate, organisation: int, tree: Tree, posts: Iterable[tuple[int, int, str]]) -> tuple[int, set[int]]:
    """Where a gate is kept for an organisation, and by whom: the nearest level upwards that has the post.

    `posts` are (person, organisation, role). Returns (0, nobody) where no level has it.
    """
    at_level: dict[int, set[int]] = {}
    for person, where, role in posts:
        if role == gate.role:
            at_level.setdefault(where, set()).add(person)
    for level in tree.above(organisation):
        if at_level.get(level):
            return level, at_level[level]
    return 0, set()


def not_these(version: Version, gate: Gate, results: dict[str, GateResult]) -> set[int]:
    """Who cannot keep this gate of this version: who wrote or submitted it; for a review, whoever did another of it."""
    out = {*version.writers, *([version.author_id] if version.author_id else [])}
    if gate.review:
        out |= {r.person_id for g, r in results.items() if gates()[g].review}
    return out


def may_keep(viewer: Viewer, version: Version, gate: Gate, results: dict[str, GateResult]) -> None:
    """Raise Refused unless the viewer holds the gate's post over the owner and four eyes are kept."""
    role = Role(gate.role)
    if version.record.owner_id not in viewer.reach(role):
        raise refuse("record.gate", f"“{gate.name}”由{role.label}岗位办理，您在这个单位没有这个岗位。")
    if viewer.person_id == version.author_id or viewer.person_id in version.writers:
        raise refuse("record.four-eyes", f"您是拟稿人，“{gate.name}”要由另一个人办理（四眼原则）。")
    if viewer.person_id in not_these(version, gate, results):
        raise refuse("record.four-eyes", f"您已经办过这一版的另一道审校，“{gate.name}”要由另一个人办理。")


def keeps(viewer: Viewer, version: Version, gate: Gate) -> bool:
    """Whether a gate of a version is the viewer's to keep: the question to which `may_keep` gives reasons."""
    return version.record.owner_id in viewer.reach(Role(gate.role)) and viewer.person_id not in not_these(
        version, gate, passed(version)
    )


def acting_for(viewer: Viewer, version: Version, gate: Gate) -> tuple[str, str]:
    """The post in which the viewer keeps the gate, and for whom if it is an absent colleague's."""
    above = set(viewer.tree.above(version.record.owner_id))
    fitting = [h for h in viewer.held if h.role == gate.role and h.organisation in above]
    fitting.sort(key=lambda h: h.acting_for != "")
    if not fitting:
        raise Refused()
    return viewer.post_title(fitting[0]), fitting[0].acting_for
