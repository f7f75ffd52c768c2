"""Which organisation a printed unit name means: bound to the tree, or asked about.

In order: what a person has answered before; the name or an alias as it stands; a name of former years, followed to
what became of it; the name without its place, or with its body's place; a shortened name when only one fits. Words
for many (各科室, 属下单位, 各镇街) are expanded by the table `terms.toml`. What fits several, or fits only loosely,
is not decided here.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from gongkai.orgs.models import Answer, Kind
from gongkai.orgs.tree import BODIES, Node, Tree

_LEVEL = re.compile(r"^[省市县区州旗镇乡]")
_PLACE_END = re.compile(r"(?:新区|开发区|示范区|高新区|自治县|[省市县区州旗])$")
_TAILS = (
    "人民政府办公室",
    "人民政府",
    "街道办事处",
    "委员会",
    "管理委员会",
    "办公室",
    "管理局",
    "服务中心",
    "中心",
    "局",
    "委",
    "办",
    "科",
    "股",
    "所",
    "站",
    "队",
)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a printed name was bound to.

    `how` is answered, exact, alias, former, qualified, short, group or asked; `sure` tells that nobody need look.
    `candidates` are what it may mean where it was not decided; `say` is why, in Chinese.
    """

    printed: str
    organisations: tuple[int, ...] = ()
    how: str = "asked"
    sure: bool = False
    group: bool = False
    candidates: tuple[int, ...] = ()
    say: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word for many: which kinds, and where to look for them."""

    match: re.Pattern[str]
    kinds: frozenset[Kind]
    scope: str
    vague: bool = False
    need: re.Pattern[str] | None = None
    """What must stand in the name for it to be a word for many: 县政府 alone is one's own government."""


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """The table of words for many."""
    data = tomllib.loads((files("gongkai.orgs") / "terms.toml").read_text("utf-8"))
    return tuple(
        Term(
            re.compile(t["match"]),
            frozenset(Kind(k) for k in t["kinds"]),
            t["scope"],
            t.get("vague", False),
            re.compile(t["need"]) if "need" in t else None,
        )
        for t in data["term"]
    )


LONGEST = 60
"""Letters of the longest printed name that is looked at; what is longer is no name."""


def plain(text: str) -> str:
    """A name without blanks, with full-width brackets."""
    return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）")


@dataclass
class Binder:
    """Binds the names that one body's documents print, on one day."""

    tree: Tree
    body: int
    _exact: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _alias: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _former: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _answers: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tree = self.tree
        for node in tree.nodes.values():
            # What was entered as beginning after the plan is still whom the plan names: a site set up this year
            # holds the plans of earlier years too.
            gone = node.gone and node.id not in tree.unborn
            (self._former if gone else self._exact)[plain(node.name)].append(node.id)
            for alias in tree.aliases.get(node.id, []):
                (self._former if gone else self._alias)[plain(alias)].append(node.id)
            for name in tree.names.get(node.id, []):
                if name != node.name:
                    self._former[plain(name)].append(node.id)
        above = tree.above(self.body)
        answers = Answer.objects.filter(body__in=above).prefetch_related("organisations")
        # The nearest body's answer holds: its own before those of the bodies above it.
        for answer in sorted(answers, key=lambda a: above.index(a.body_id)):
            standing = [x for o in answer.organisations.all() for x in tree.standing(o.id)]
            if standing:
                self._answers.setdefault(answer.printed, tuple(dict.fromkeys(standing)))
        self._near = tree.subtree(self.body)
        self._up = [tree[a] for a in above]

    def bind(self, printed: str, beside: Iterable[int] = ()) -> Binding:
        """What one printed name means; `beside` are those that the same cell names."""
        name = plain(printed)
        if not name:
            return Binding(printed, say="没有写单位")
        if len(name) > LONGEST:
            return Binding(printed, say="这不像一个单位的名称，请改成单位名称")
        if name in self._answers:
            return Binding(printed, self._answers[name], "answered", True, len(self._answers[name]) > 1)
        for how, found in (("exact", self._exact.get(name)), ("alias", self._alias.get(name))):
            if found:
                return self._choose(printed, found, how)
        if group := self._group(printed, name, set(beside)):
            return group
        if own := self._own_government(name):
            return Binding(printed, (own,), "qualified", True)
        qualified = [
            x for form in self._qualified(name) for x in (self._exact.get(form) or self._alias.get(form) or [])
        ]
        if qualified:
            return self._choose(printed, qualified, "qualified")
        for form in (name, *self._qualified(name)):
            if former := self._former.get(form):
                return self._heirs(printed, former)
        if "（" in name:
            # 县融媒体中心（县广播电视台）: two names of one body, of which one may be known.
            outer, inner = re.sub(r"（[^）]*）", "", name), re.findall(r"（([^）]*)）", name)
            for part in (outer, *inner):
                if part and part != name:
                    made = self.bind(part, beside)
                    if made.sure:
                        return Binding(printed, made.organisations, made.how, True, made.group)
        return self._shortened(printed, name)

    def bind_cell(self, printed: Sequence[str]) -> list[Binding]:
        """The names of one cell together: 其他股室 leaves out those that stand beside it."""
        first = [self.bind(p) for p in printed]
        named = {o for b in first if not b.group for o in b.organisations}
        return [self.bind(p, named) if b.group else b for p, b in zip(printed, first, strict=True)]

    def _choose(self, printed: str, found: Sequence[int], how: str) -> Binding:
        """One of several of the same name: the nearest to the body, if one is nearest."""
        found = list(dict.fromkeys(found))
        if len(found) > 1:
            near = [x for x in found if x in self._near]
            direct = [x for x in near if self.tree.body_of(x).id == self.body or self.tree[x].parent == self.body]
            found = direct or near or found
        if len(found) == 1:
            return Binding(printed, (found[0],), how, True)
        return Binding(printed, candidates=tuple(found), say=f"“{printed}”有{len(found)}个同名的，请选一个")

    def _heirs(self, printed: str, former: Sequence[int]) -> Binding:
        heirs = list(dict.fromkeys(h for f in former for h in self.tree.standing(f)))
        if len(heirs) == 1:
            now = self.tree[heirs[0]].name
            return Binding(printed, tuple(heirs), "former", True, say=f"“{printed}”现为{now}")
        if heirs:
            return Binding(printed, candidates=tuple(heirs), say=f"“{printed}”已拆分，请选由谁承接")
        return Binding(printed, say=f"“{printed}”已撤销，请选由谁承接")

    def _qualified(self, name: str) -> list[str]:
        """The name with the places above the body, and without the word of level: 县财政局 → 青禾县财政局."""
        forms: list[str] = []
        for node in self._up:
            place = node.name
            level = _PLACE_END.search(place)
            if node.kind in (Kind.CITY, Kind.COUNTY) and level:
                if name.startswith(level.group()[-1]):
                    forms.append(place + name[1:])
                if name.startswith(("本级", "我县", "我市", "我区")):
                    forms.append(place + name[2:])
                if name.startswith(place[:-1]) and not name.startswith(place):
                    forms.append(place + name[len(place) - 1 :])
                forms.append(place + name)
            else:
                forms.append(place + name)
                for sure in ("人民政府", "街道办事处"):
                    if place.endswith(sure):
                        forms.append(place.removesuffix(sure) + name)
            # 白露镇 and 白露镇人民政府, 芒种街道 and 芒种街道办事处 are the same body.
            if name.startswith(place) and len(name) > len(place):
                forms.append(name[len(place) :])
        for form in [*[name, *forms], *_without_tail([name, *forms])]:
            for tail in ("人民政府", "政府", "街道办事处", "街道办", "办事处"):
                if form.endswith(tail) and len(form) > len(tail):
                    forms.append(form.removesuffix(tail) + ("街道" if tail.startswith("街道") else ""))
            if form.endswith(("镇", "乡", "县", "市", "区")):
                forms.append(form + "人民政府")
            if form.endswith("街道"):
                forms.append(form + "办事处")
        for form in [name, *forms]:
            if form.endswith("政府办公室") and not form.endswith("人民政府办公室"):
                forms.append(form.removesuffix("政府办公室") + "人民政府办公室")
            if form.endswith("政府办") and not form.endswith("人民政府办"):
                forms += [form.removesuffix("政府办") + "政府办公室", form.removesuffix("政府办") + "人民政府办公室"]
        return list(dict.fromkeys(f for f in forms if f != name))

    def _own_government(self, name: str) -> int | None:
        """县政府, 市人民政府, 镇政府: the government at or above the body that this word names."""
        match = re.fullmatch(r"(?:本|我)?([市县区州旗镇乡])(?:人民)?政府", name)
        if match is None:
            return None
        for node in self._up:
            if node.kind in (Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP) and node.name.removesuffix("人民政府").endswith(
                match.group(1)
            ):
                return node.id
        return None

    def _group(self, printed: str, name: str, beside: set[int]) -> Binding | None:
        for term in terms():
            if not term.match.search(name) or (term.need and not term.need.search(name)):
                continue
            members = [n for n in self._scope(term.scope) if n.kind in term.kinds]
            if name.startswith(("其他", "其它")):
                members = [n for n in members if n.id not in beside]
            if not members:
                return Binding(printed, group=True, say=f"“{printed}”在机构表里没有对应的单位，请选")
            ids = tuple(n.id for n in members)
            if term.vague:
                say = f"“{printed}”没有点名：先按{len(ids)}个单位展开，可以改成具体单位"
                return Binding(printed, ids, "group", False, True, say=say)
            return Binding(printed, ids, "group", True, True, say=f"展开为{len(ids)}个单位")
        return None

    def _scope(self, scope: str) -> list[Node]:
        """Where the members of a group are: in the body itself, directly below it, or anywhere below."""
        tree = self.tree
        near = [tree[x] for x in tree.nodes if x in self._near and x != self.body and not tree[x].gone]
        if scope == "body":
            return [n for n in near if tree.body_of(n.id).id == self.body]
        if scope == "level":
            return [n for n in near if n.kind not in BODIES or n.parent == self.body]
        return near

    def _shortened(self, printed: str, name: str) -> Binding:
        """县发改委 for 青禾县发展和改革委员会: its letters in order within one name only."""
        level = _LEVEL.match(name)
        cores = {name, name[1:]} if level and len(name) > 2 else {name}
        found = [n.id for n in self._sight() if any(_abbreviates(core, self._bare(n)) for core in cores)]
        if level and not name.startswith("市场"):
            # 市… and 县… say at which level to look.
            same = [x for x in found if self._level(x) == level.group()]
            found = same or found
        direct = [x for x in found if self.tree[x].parent == self.body]
        found = direct if len(direct) == 1 else found
        if len(found) == 1:
            now = self.tree[found[0]].name
            return Binding(
                printed, (found[0],), "short", False, candidates=tuple(found), say=f"“{printed}”像是{now}的简称，请确认"
            )
        if found:
            return Binding(
                printed, candidates=tuple(found[:8]), say=f"“{printed}”可能是{len(found)}个单位中的一个，请选"
            )
        return Binding(printed, say=f"机构表里没有“{printed}”，请选或先在机构页里添加")

    def _sight(self) -> list[Node]:
        """Where a shortened name is looked for: below the body, above it, and beside it in its county."""
        county = next((n.id for n in self._up if n.kind in (Kind.COUNTY, Kind.CITY)), self.body)
        ids = self._near | {n.id for n in self._up} | self.tree.subtree(county)
        return [n for n in self.tree.live() if n.id in ids]

    def _bare(self, node: Node) -> str:
        """A node's name without the places above it."""
        name = plain(node.name)
        for at in self.tree.above(node.id)[1:]:
            place = self.tree[at].name
            if name.startswith(place) and len(name) > len(place):
                return name[len(place) :]
        return name

    def _level(self, pk: int) -> str:
        for at in self.tree.above(pk):
            node = self.tree[at]
            if node.kind in (Kind.CITY, Kind.COUNTY):
                return node.name[-1]
            if node.kind in (Kind.TOWNSHIP, Kind.STREET):
                return "镇"
        return ""


def _without_tail(forms: list[str]) -> list[str]:
    """望河街道办 → 望河街道: the shortest way of writing a government, from which the others are made."""
    return [re.sub(r"(?:街道办事处|街道办)$", "街道", f) for f in forms if f.endswith(("街道办", "街道办事处"))]


def _abbreviates(short: str, full: str) -> bool:
    """Whether the letters of `short` stand in `full` in order, beginning with the first and keeping the end."""
    if len(short) < 2 or not full or short[0] != full[0] or len(short) > len(full):
        return False
    at = 0
    for letter in short:
        at = full.find(letter, at) + 1
        if at == 0:
            return False
    ends = {t[0] for t in _TAILS if full.endswith(t)} | {full[-1]}
    return short[-1] in ends or short == full
