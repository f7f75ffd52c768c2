"""A city of invented bodies with their requests, written as rows: what bench/cases.py measures on."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from typing import Any

DAY = dt.date(2026, 9, 15)
BODY = 2500
"""Cases of a body: a busy one over seven years."""
PER_COUNTY = 31
RECENT = 60
"""The newest cases of a body, of which most still run."""
TITLES = (
    "河道采砂许可",
    "征地补偿安置方案",
    "行政处罚决定书",
    "预算执行情况",
    "招标投标档案",
    "信访事项处理意见",
    "建设工程规划许可",
)
OUTCOMES = (
    ("disclosed", "", "1"), ("already_public", "", "1"), ("not_exist", "", "4.1"), ("partial", "third_party", "2"),
    ("refused", "process", "3.6"), ("disclosed", "", "1"), ("not_responsible", "", "4.1"), ("other", "", "6.3"),
)  # fmt: skip


class City:
    """What is written for a size; a larger one goes on where the smaller one ended."""

    def __init__(self) -> None:
        self.bodies: list[int] = []
        self.person = 0
        self.low: dict[Any, int] = {}
        self.many: dict[Any, int] = {}

    def grow(self, size: int, advance: Callable[[int], None]) -> None:
        """Write bodies with their cases until there are so many."""
        from django.core.management.color import no_style
        from django.db import connection, transaction

        from gongkai.base.actions import SYSTEM, record_event
        from gongkai.cases.models import Case, Step

        while len(self.bodies) * BODY < size:
            with transaction.atomic():
                self._found(len(self.bodies))
                if len(self.bodies) == 1:
                    self._first()
                else:
                    self._copy(len(self.bodies) - 1)
                record_event("found", "organisation", self.bodies[-1], actor=SYSTEM, on=dt.date(2019, 1, 1))
            advance(1)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Case, Step]):
                cursor.execute(statement)

    def _found(self, at: int) -> None:
        """Body 0 is the first department, 1 the city, 2 its first county; then departments and counties by turns."""
        from gongkai.orgs.models import Kind, Name, Organisation, Place

        since = dt.date(2019, 1, 1)
        if at == 1:
            kind, parent, name = Kind.CITY, None, "云泽市"
        elif at > 1 and (at - 2) % PER_COUNTY == 0:
            kind, parent, name = Kind.COUNTY, self.bodies[1], f"第{(at - 2) // PER_COUNTY + 1}县"
        else:
            kind, name = Kind.DEPARTMENT, f"第{at}局"
            parent = self.bodies[2 + (at - 2) // PER_COUNTY * PER_COUNTY] if at else None
        made = [Organisation.objects.create(kind=kind, position=at)]
        made += [
            Organisation.objects.create(kind=Kind.SECTION, openness_office=not n, position=n)
            for n in range(2)
        ]  # fmt: skip
        for one, text, above in zip(
            made, (name, f"{name}办公室", f"{name}业务科"), (parent, made[0].pk, made[0].pk), strict=True
        ):
            Name.objects.create(organisation=one, text=text, since=since)
            Place.objects.create(organisation=one, parent_id=above, since=since)
        self.bodies.append(made[0].pk)
        if at == 2:  # the first department was there before its county
            Place.objects.filter(organisation=self.bodies[0]).update(parent=made[0].pk)
            Place.objects.filter(organisation=made[0].pk).update(parent=self.bodies[1])

    def _first(self) -> None:
        """The cases of the first body, row by row."""
        from gongkai.base.sealing import _Token, seal
        from gongkai.cases.life import APPLICANTS, CHANNELS
        from gongkai.cases.models import Case, Step
        from gongkai.law.calendar import national

        rng, cal = random.Random(1), national()
        body = self.bodies[0]
        who = json.dumps({"name": "林小满", "id_kind": "护照", "id_number": "E12345678", "phone": "13900001234"})
        sealed = [_Token(seal(who)) for _ in range(50)]
        days = sorted(rng.randrange((DAY - dt.timedelta(2) - dt.date(2020, 1, 1)).days) for _ in range(BODY - RECENT))
        first = [dt.date(2020, 1, 1) + dt.timedelta(d) for d in days]
        first += [DAY - dt.timedelta(RECENT // 2 - n // 2) for n in range(RECENT)]
        first.sort()
        cases, facts, serials = [], [], dict.fromkeys(range(2020, 2027), 0)
        kinds, channels = tuple(APPLICANTS), tuple(CHANNELS)
        for n, on in enumerate(first):
            serials[on.year] += 1
            due = dt.date.fromordinal(cal.nth(on.toordinal(), 20))
            running = n >= BODY - RECENT and n % 3 != 0
            state = ("open", "open", "decided", "correction", "fee")[n % 5] if running else "archived"
            ended = None if running and state != "decided" else min(on + dt.timedelta(14 + n % 21), DAY)
            outcome, ground, row = OUTCOMES[n % len(OUTCOMES)] if ended else ("", "", "")
            cases.append(
                Case(
                    body_id=body, year=on.year, serial=serials[on.year], code=_Token(seal(f"CODE{n:08d}")),
                    code_mark=f"{n:028x}{0:012d}", applicant_kind=kinds[n % 6], applicant=sealed[n % 50],
                    applicant_mark=f"{n // 3:028x}{0:012d}", title=f"{2019 + n % 8}年{TITLES[n % 7]}", asked=f"第{n}号信息",
                    form="纸质", way="自行领取", channel=channels[n % 5], taken_by_id=self.person,
                    handler_id=body + 2 if n % 4 == 0 else None, state=state, submitted_on=on, received_on=on, due_on=due,
                    ended_on=ended, delivered_on=None if running else ended, outcome=outcome, ground=ground, row=row,
                    consulting=int(running and n % 9 == 0),
                )
            )  # fmt: skip
            verbs = [("receive", on, {"channel": "in_person"})]
            if state == "correction":
                verbs.append(("ask_correction", on, {"reply_by": "2026-12-31"}))
            elif state == "fee":
                verbs.append(("fee_notice", on, {"basis": "pages", "amount": 700}))
            if ended:
                told = {"outcome": outcome, "ground": ground, "separable": outcome == "partial"}
                verbs += [("ask_co_producer", on, {}), ("decide", ended, told)]
            if state == "archived":
                verbs += [("deliver", ended or on, {"channel": "mail_signed"})]
                verbs += [("archive", ended or on, {})] if n % 2 else []
            facts.append(verbs)
        made = Case.objects.bulk_create(cases, batch_size=500)
        told_ = _Token(seal("{}"))
        stamp = dt.datetime.combine(DAY, dt.time(), dt.UTC)
        Step.objects.bulk_create(
            (
                Step(
                    case=case, number=at, verb=verb, on=on, at=stamp, data=data, told=told_, person_id=self.person,
                    name="陈某", post="经办",
                )
                for case, verbs in zip(made, facts, strict=True)
                for at, (verb, on, data) in enumerate(verbs, 1)
            ),
            batch_size=2000,
        )  # fmt: skip
        for model in (Case, Step):
            rows = model.objects.order_by("pk").values_list("pk", flat=True)
            self.low[model], self.many[model] = rows[0], len(rows)

    def _copy(self, at: int) -> None:
        """The cases of the first body once more for another, by the database itself."""
        from django.db import connection

        from gongkai.cases.models import Case, Step

        orgs = self.bodies[at] - self.bodies[0]
        quote = connection.ops.quote_name
        own = f"substr({{}}, 1, 28) || '{at:012d}'"
        with connection.cursor() as cursor:
            for model, shifts in (
                (Case, {"id": self.many[Case] * at, "body_id": orgs, "handler_id": orgs}),
                (Step, {"id": self.many[Step] * at, "case_id": self.many[Case] * at}),
            ):
                columns = [f.column for f in model._meta.concrete_fields]
                values = [
                    f"{quote(c)} + {shifts[c]}" if c in shifts
                    else own.format(quote(c)) if c in ("code_mark", "applicant_mark")
                    else quote(c)
                    for c in columns
                ]  # fmt: skip
                name = quote(model._meta.db_table)
                last = self.low[model] + self.many[model] - 1
                cursor.execute(
                    f"INSERT INTO {name} ({', '.join(map(quote, columns))}) SELECT {', '.join(values)} FROM {name} "
                    f"WHERE id BETWEEN {self.low[model]} AND {last}"
                )
