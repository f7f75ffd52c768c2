"""The sample county loaded through the application's own actions: bodies, people, plans, and what was done on them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from gongkai.base.clock import on_day
from gongkai.base.followers import catch_up
from gongkai.demo.archive import Archive
from gongkai.demo.cases import COUNT, Cases
from gongkai.ledger import actions as ledger
from gongkai.ledger.evidence import EvidenceFollower, out_on
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Evidence, Matter, Report, Settlement
from gongkai.orgs import actions as orgs
from gongkai.orgs.models import Name, Person
from gongkai.orgs.reads import holders, viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.plans import actions as plans
from gongkai.plans import intake
from gongkai.plans.models import Plan, Task
from gongkai.records import actions as records
from gongkai.records import numbers
from gongkai.scheme import actions as scheme

FOUNDED = dt.date(2019, 1, 1)
PASSWORD = "Gongkai-2026"
"""Everybody's password in the sample county. Real sites have none like it: the first start asks for one."""

SHEETS = {
    "2024-qinghe.txt": ("qinghe", "chen.yu", dt.date(2024, 4, 11)),
    "2025-qinghe.xlsx": ("qinghe", "chen.yu", dt.date(2025, 1, 20)),
    "2026-yunze.pdf": ("yunze", "cheng.yan", dt.date(2026, 2, 27)),
    "2026-qinghe.docx": ("qinghe", "chen.yu", dt.date(2026, 4, 16)),
    "2026-bailu.html": ("bailu", "tian.jiaxin", dt.date(2026, 5, 12)),
}
"""Each plan: the body that follows it, who imports it, and when."""


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("gongkai.demo") / name).read_text("utf-8"))


DIRECTORIES = {
    "2026-qinghe.xlsx": ("qinghe", "chen.yu", dt.date(2026, 1, 8)),
    "shehui-jiuzhu.docx": ("qinghe", "chen.yu", dt.date(2026, 1, 9)),
}
"""Each directory: the body that follows it, who brings it in, and when. Both bind from the first day of 2026."""

BODIES_WITHOUT_CODE = ("yunze",)
LOOKED = dt.date(2026, 11, 20)


@dataclass
class County:
    """The sample county while it is being loaded; `steps` yields a line for each piece done."""

    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    sheets: dict[str, Plan] = field(default_factory=dict)
    records: bool = True
    """Whether the published records are loaded as well: tests that are not about them need not wait for them."""

    def load(self) -> Iterator[str]:
        """Bodies, people, then plans and steps in the order of their days."""
        data = _read("county.toml")
        own = Path(settings.GONGKAI_DATA_DIR) / "site.toml"
        if not own.exists():
            own.write_text((files("gongkai.demo") / "site.toml").read_text("utf-8"), "utf-8")
        with on_day(FOUNDED):
            admin = orgs.first_administrator("admin", "系统管理员", PASSWORD, on=FOUNDED)
        self.people["admin"] = admin
        yield from self._tree(data)
        yield from self._staff(data)
        yield from self._play()
        if self.records:
            yield from Cases(self.organisations, self.people).load()
            catch_up([LedgerFollower()])

    def _admin(self, day: dt.date) -> Viewer:
        return viewer_of(self.people["admin"], day)

    def _tree(self, data: dict[str, Any]) -> Iterator[str]:
        changes: list[tuple[dt.date, int, str, dict[str, Any]]] = []
        for entry in data["organisation"]:
            changes.append((entry.get("from", FOUNDED), 0, "found", entry))
        for order, verb in enumerate(("rename", "move", "merge"), 1):
            changes += [(e["on"], order, verb, e) for e in data.get(verb, [])]
        for day, _, verb, entry in sorted(changes, key=lambda c: (c[0], c[1])):
            admin = self._admin(day)
            if verb == "found":
                parent = entry.get("parent")
                made = orgs.found_organisation(
                    entry["name"],
                    entry["kind"],
                    parent=self.organisations[parent] if parent else None,
                    actor=admin,
                    on=day,
                    aliases=entry.get("aliases", []),
                    openness_office=entry.get("openness_office", False),
                )
                self.organisations[entry["key"]] = made.pk
            elif verb == "rename":
                orgs.rename_organisation(
                    self.organisations[entry["key"]],
                    entry["name"],
                    actor=admin,
                    on=day,
                    reason=entry.get("reason", ""),
                )
            elif verb == "move":
                orgs.move_organisation(
                    self.organisations[entry["key"]],
                    self.organisations[entry["parent"]],
                    actor=admin,
                    on=day,
                    reason=entry.get("reason", ""),
                )
            else:
                for old in entry["from"]:
                    orgs.end_organisation(
                        self.organisations[old],
                        into=[self.organisations[entry["into"]]],
                        actor=admin,
                        on=day,
                        reason=entry.get("reason", ""),
                    )
            yield "机构"

    def _staff(self, data: dict[str, Any]) -> Iterator[str]:
        # Hashed once: a hundred slow hashes of one password would make the first start slow for nothing.
        hashed = make_password(PASSWORD)
        for entry in data["person"]:
            first = min((p["from"] for p in entry.get("posts", [])), default=FOUNDED)
            person = orgs.add_person(
                entry["key"],
                entry["name"],
                None,
                actor=self._admin(first),
                on=first,
                phone=entry.get("phone", ""),
                must_change=False,
            )
            Person.objects.filter(pk=person.pk).update(password=hashed)
            self.people[entry["key"]] = person
            for held in entry.get("posts", []):
                post = orgs.appoint(
                    person,
                    self.organisations[held["organisation"]],
                    held["role"],
                    actor=self._admin(held["from"]),
                    on=held["from"],
                )
                if "until" in held:
                    orgs.relieve(post, actor=self._admin(held["until"]), on=held["until"])
            yield "人员"
        for entry in data.get("acting", []):
            orgs.act_for(
                self.people[entry["person"]],
                self.people[entry["absent"]],
                entry["from"],
                entry["until"],
                actor=self._admin(entry["from"]),
                on=entry["from"],
            )

    def _play(self) -> Iterator[str]:
        steps: list[tuple[dt.date, int, str, Any]] = [(on, 0, name, None) for name, (_, _, on) in SHEETS.items()]
        steps += [(s["on"], 1, "step", s) for s in _read("progress.toml")["step"]]
        archive = Archive(self.organisations, self.people)
        if self.records:
            steps += [(s.day, s.order, f"{s.at:05d}", s) for s in archive.steps()]
            steps += [(on, 9, name, partial(self._scheme, name)) for name, (_, _, on) in DIRECTORIES.items()]
            steps.append((dt.date(2023, 6, 1), 1, "", self._numbers))
        follower = LedgerFollower()
        for day, order, name, step in sorted(steps, key=lambda s: (s[0], s[1], s[2])):
            with on_day(day):
                if order == 0:
                    self._import(name, day)
                elif order == 9 or callable(step):
                    step()
                elif order == 1:
                    self._step(step, day)
                else:
                    step.do()
                if order < 2:
                    catch_up([follower])
            yield ("方案", "办理")[order] if order < 2 else "目录" if order == 9 else "信息"
        catch_up([follower])
        if self.records:
            yield from self._evidence()

    def _numbers(self) -> None:
        """Every body's code for its 索引号, before its first record: invented, and formed as real ones are."""
        day = dt.date(2023, 6, 1)
        actor = viewer_of(self.people["chen.yu"], day)
        for at, key in enumerate(sorted(self.organisations), 1):
            if key in BODIES_WITHOUT_CODE or self.organisations[key] not in actor.governed:
                continue
            stem = f"11990124MB{at:07d}"
            code = stem + uscc.calc_check_digit(stem)
            records.set_numbering(self.organisations[key], code, numbers.DEFAULT, actor=actor, on=day)

    def _scheme(self, name: str) -> None:
        body, by, day = DIRECTORIES[name]
        actor = viewer_of(self.people[by], day)
        data = (files("gongkai.demo") / "scheme" / name).read_bytes()
        draft = scheme.read_scheme(data, name, self.organisations[body], actor=actor, on=day)
        scheme.confirm_scheme(
            draft.pk, draft.title, standard="标准" in draft.title, adopted_on=dt.date(2026, 1, 1), actor=actor, on=day
        )

    def _evidence(self) -> Iterator[str]:
        """What went out before November has been looked at by those who owe the lines; the rest waits for them."""
        catch_up([LedgerFollower(), EvidenceFollower()])
        clerk = {
            p.organisation_id: p.person for p in holders(set(self.organisations.values()), LOOKED).filter(role="clerk")
        }
        offered = Evidence.objects.filter(state="offered", source="scheme").select_related("record").order_by("pk")
        for one in offered:
            if out_on(one.record) > dt.date(2026, 10, 31):
                continue
            person = clerk.get(one.record.owner_id)
            standing = Evidence.objects.filter(pk=one.pk, state="offered").exists()
            settled = Settlement.objects.filter(source="scheme", source_id=one.source_id, clock=one.clock).exists()
            if person is not None and standing and not settled:
                with on_day(LOOKED):
                    ledger.decide(one.pk, True, actor=viewer_of(person, LOOKED), on=LOOKED)
        catch_up([LedgerFollower()])
        yield "佐证"

    def _import(self, name: str, day: dt.date) -> None:
        body, by, _ = SHEETS[name]
        actor = viewer_of(self.people[by], day)
        data = (files("gongkai.demo") / "plans" / name).read_bytes()
        draft = plans.begin_intake(data, name, self.organisations[body], actor=actor, on=day)
        head = {k: str(v) for k, v in draft.head.items() if k in ("title", "issuer", "year", "issued_on")}
        plans.change_head(draft.pk, head, actor=actor)
        plans.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=actor)
        self.sheets[name.partition(".")[0]] = plans.confirm_intake(draft.pk, actor=actor, on=day)

    def _step(self, step: dict[str, Any], day: dt.date) -> None:
        actor = viewer_of(self.people[step["by"]], day)
        task = Task.objects.select_related("plan").get(plan=self.sheets[step["plan"]], position=step["task"])
        verb = step["verb"]
        if verb == "review":
            plans.change_tasks({task.pk: {"review": step["every"]}}, actor=actor, on=day, reason=step.get("text", ""))
            return
        if verb == "happen":
            plans.tell_happening(task, step["deadline"], day, actor=actor, on=day, text=step.get("text", ""))
            return
        matter = Matter.objects.get(source="plan", source_id=task.pk)
        if verb == "report":
            ledger.report(matter, step["text"], actor=actor, on=day, finished=step.get("finished", False))
        elif verb == "note":
            ledger.note(matter, step["text"], actor=actor, on=day)
        elif verb == "return":
            last = Report.objects.filter(source="plan", source_id=task.pk, returned_on=None).latest("at")
            ledger.return_report(last, step["text"], actor=actor, on=day)
        else:
            undone = list(matter.duties.filter(settled_on=None))
            period = step.get("period")
            if period is None:  # what is done once; where there is no such duty, every period
                once = [d.clock for d in undone if not d.clock.startswith("r")]
                clocks = once or [d.clock for d in undone]
            else:
                # As clerks do it: the period that is told, and those before it that nobody had ticked.
                stem = next(d.clock.partition(":")[0] for d in undone if d.clock.endswith(f":{period}"))
                clocks = [d.clock for d in undone if f"{stem}:" < d.clock <= f"{stem}:{period}"]
            ledger.settle(matter, clocks, actor=actor, on=day, text=step["text"])


ACCOUNTS = (
    ("chen.yu", "县政府办公室经办，主管部门（导入方案、办结）"),
    ("zhou.zhengping", "县领导，签发"),
    ("jiang.ruoxi", "县司法局经办（写进展）"),
    ("tian.jiaxin", "白露镇经办，本镇主管部门"),
    ("admin", "系统管理员（维护机构和人员）"),
)
"""Whom to try the county as; the rest is on the page of bodies and people."""


def pieces() -> int:
    """How many pieces a load has, for its progress."""
    data = _read("county.toml")
    changes = sum(len(data.get(k, [])) for k in ("organisation", "rename", "move", "merge"))
    parts = len(data["person"]) + len(SHEETS) + len(_read("progress.toml")["step"])
    return changes + parts + len(Archive({}, {}).steps()) + len(DIRECTORIES) + 2 + COUNT + 1


def is_sample() -> bool:
    """Whether the data are those of the sample county."""
    return Name.objects.filter(text="青禾县").exists() and Person.objects.filter(username="chen.yu").exists()
