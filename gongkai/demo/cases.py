"""Requests for information in the sample county: 204 over three years, in every state and with every outcome, played
through the same actions by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from stdnum.cn import uscc

from gongkai.base.clock import on_day
from gongkai.cases import actions
from gongkai.cases.actions.letters import written_later
from gongkai.cases.models import Opening, Question
from gongkai.demo.story import LAST, Story
from gongkai.law.calendar import national
from gongkai.orgs.models import Person, Role
from gongkai.orgs.reads import holders, tree_on, viewer_of
from gongkai.orgs.rules import Viewer

COUNT = 204
FIRST = dt.date(2024, 1, 8)
CHANNELS = ("internet", "internet", "internet", "in_person", "mail_signed", "mail_unsigned", "fax")
SETUPS = {
    "qinghe": ("青政公开", "青禾县城关镇望禾路1号", "0999-2310004"),
    "ziran": ("青自然公开", "青禾县城关镇青渠街8号", "0999-2310130"),
    "minzheng": ("青民公开", "青禾县城关镇望禾路15号", "0999-2310140"),
    "bailu": ("白政公开", "白露镇中心街2号", "0999-2320001"),
}


@dataclass
class Cases:
    """The requests of the sample county, played in the order of their days."""

    organisations: Mapping[str, int]
    people: Mapping[str, Person]
    made: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data: dict[str, Any] = tomllib.loads((files("gongkai.demo") / "cases.toml").read_text("utf-8"))
        self.chance = random.Random(20240108)
        self.calendar = national()
        self._viewers: dict[tuple[int, Role, dt.date, int | None], Viewer] = {}

    def load(self) -> Iterator[str]:
        """Settings, then every case from its first day to where it stands, then questions."""
        with written_later():
            self._setups()
            for number in range(COUNT):
                self._case(number)
                yield "依申请公开"
            self._specials()
            self._questions()
            self._opening()
            yield "依申请公开"

    # Who does it

    def who(self, body: int, role: Role, day: dt.date, *, but: int | None = None) -> Viewer:
        """Somebody with a role at a body, its office, or above it."""
        key = (body, role, day, but)
        if key not in self._viewers:
            self._viewers[key] = self._found(*key)
        return self._viewers[key]

    def _found(self, body: int, role: Role, day: dt.date, but: int | None) -> Viewer:
        tree = tree_on(day)
        office = tree.office_of(body)
        places = [office, *tree.above(office), *tree.above(body)]
        if role == Role.SIGNER:  # of the body itself, not of the office that works for it
            places = tree.above(body)
        held = list(holders(frozenset(places), day))
        for place in places:
            for post in held:
                if post.organisation_id == place and post.role == role and post.person_id != but:
                    return viewer_of(post.person, day)
        raise LookupError(f"{tree[body].name} {role.label}")

    def head(self, body: int, day: dt.date) -> Viewer:
        try:
            return self.who(body, Role.SIGNER, day)
        except LookupError:
            return self.who(body, Role.REVIEWER, day)

    # What happens

    def later(self, day: dt.date, days: int) -> dt.date:
        """So many working days on."""
        return dt.date.fromordinal(self.calendar.nth(day.toordinal(), days)) if days else day

    def _applicant(self, number: int) -> dict[str, Any]:
        chance = self.chance
        street = chance.choice(self.data["streets"])
        if number % 4 == 3:
            held = self.data["organisation"][number // 4 % len(self.data["organisation"])]
            base = f"91999900MA{number % 7:03d}GK{number % 9}A"[:17]
            return {
                "applicant_kind": held["kind"], "name": held["name"], "id_number": base + uscc.calc_check_digit(base),
                "person": chance.choice(self.data["surnames"]) + chance.choice(self.data["given"]),
                "phone": f"0999-23{chance.randrange(10000, 99999)}", "address": f"{street}{chance.randrange(1, 90)}号",
                "email": f"gk{number}@example.cn",
            }  # fmt: skip
        name = chance.choice(self.data["surnames"]) + chance.choice(self.data["given"])
        return {
            "applicant_kind": "natural", "name": name, "id_kind": "护照", "id_number": f"E{number % 61 + 90_000_000}",
            "phone": f"1380000{chance.randrange(1000, 9999)}", "address": f"{street}{chance.randrange(1, 90)}号",
            "email": f"gk{number}@example.cn" if number % 3 else "",
        }  # fmt: skip

    def _case(self, number: int) -> None:
        subjects = self.data["subject"]
        subject = subjects[number % len(subjects)]
        answers = subject["answer"]
        answer = answers[number // len(subjects) % len(answers)]
        # The last forty come in the last six weeks: these are the ones that are open.
        span = (LAST - FIRST).days
        recent = COUNT - 40
        if number < recent:
            day = FIRST + dt.timedelta(days=round(number * (span - 60) / recent))
        else:
            day = LAST - dt.timedelta(days=round((COUNT - 1 - number) * 42 / 39))
        day = dt.date.fromordinal(self.calendar.following(day.toordinal()))
        channel = CHANNELS[number % len(CHANNELS)]
        values = {
            **self._applicant(number), "title": subject["title"], "asked": subject["asked"],
            "form": "电子邮件" if channel == "internet" else "纸质",
            "way": "网上获取" if channel == "internet" else "自行领取",
        }  # fmt: skip
        body = self.organisations[subject["body"]]
        Story(self, number, body, subject, answer, values, channel).play(min(day, LAST))

    def _setups(self) -> None:
        day = dt.date(2024, 1, 2)
        with on_day(day):
            for key, (prefix, address, phone) in SETUPS.items():
                body = self.organisations[key]
                values = {
                    "prefix": prefix, "address": address, "phone": phone, "online_channel": "https://fuyi.qinghe.example/",
                    "pay_how": "通过非税收入缴款码缴入县级国库，凭缴款码在银行或者线上缴纳",
                }  # fmt: skip
                actions.change_setup(body, values, actor=self.who(body, Role.CLERK, day), on=day)

    def _specials(self) -> None:
        """One sent to the wrong body, one sent twice, one that asks for two things, one given up and not yet told."""
        day = dt.date(2026, 10, 12)
        after = dt.date(2026, 10, 13)
        bodies = {key: self.organisations[key] for key in ("ziran", "jiaotong", "minzheng", "nongye")}
        mail = {"form": "电子邮件", "way": "网上获取"}
        with on_day(day):
            roads = {
                **self._applicant(401),
                "title": "柳溪村至县城公路改造时间",
                "asked": "柳溪村至县城公路什么时候改造。",
                **mail,
            }
            astray = actions.submit(bodies["ziran"], roads, on=day)
            homes = {
                **self._applicant(402),
                "title": "养老机构床位数",
                "asked": "全县养老机构的床位数和入住率。",
                **mail,
            }
            twice = [actions.submit(bodies["minzheng"], homes, on=day) for _ in range(2)]
            fields = {
                **self._applicant(404), "title": "两项农田建设信息", **mail,
                "asked": "茶坪村高标准农田项目的投资额；谷雨乡灌溉渠道维修计划。",
            }  # fmt: skip
            two = actions.submit(bodies["nongye"], fields, on=day)
        with on_day(after):
            clerk = self.who(bodies["ziran"], Role.CLERK, after)
            why = "公路建设由交通运输部门负责"
            actions.transfer(astray.pk, bodies["jiaotong"], actor=clerk, on=after, why=why)
            clerk = self.who(bodies["minzheng"], Role.CLERK, after)
            actions.confirm(twice[0].pk, actor=clerk, on=after)
            actions.join(twice[1].pk, twice[0].pk, actor=clerk, on=after)
            clerk = self.who(bodies["nongye"], Role.CLERK, after)
            actions.confirm(two.pk, actor=clerk, on=after)
            items = ["茶坪村高标准农田项目的投资额", "谷雨乡灌溉渠道维修计划"]
            actions.split(two.pk, items, actor=clerk, on=after)
            clerk = self.who(bodies["minzheng"], Role.CLERK, after)
            points = ["写明要哪一年的信息"]
            actions.ask_correction(twice[0].pk, points, dt.date(2026, 11, 3), actor=clerk, on=after)
        lapse = dt.date(2026, 11, 4)
        with on_day(lapse):
            actions.correction_lapsed(twice[0].pk, actor=self.who(bodies["minzheng"], Role.CLERK, lapse), on=lapse)

    def _questions(self) -> None:
        for at, entry in enumerate(self.data["question"]):
            day = dt.date(2026, 9, 8) + dt.timedelta(days=at * 14)
            with on_day(day):
                body = self.organisations[entry["body"]]
                made = actions.ask_question(
                    body, entry["title"], entry["text"], outcome=entry.get("outcome", ""), ground=entry.get("ground", ""),
                    actor=self.who(body, Role.CLERK, day), on=day,
                )  # fmt: skip
            if "answer" in entry:
                answered = day + dt.timedelta(days=3)
                with on_day(answered):
                    authority = self.who(self.organisations["qinghe"], Role.AUTHORITY, answered)
                    actions.answer_question(made.pk, entry["answer"], actor=authority, on=answered)
        assert Question.objects.count() == len(self.data["question"])

    def _opening(self) -> None:
        held = Opening.objects.filter(title=self.data["opening"]["title"], decided_on=None).first()
        if held is None:
            return
        day = dt.date(2026, 11, 18)
        with on_day(day):
            actor = self.who(held.body_id, Role.CLERK, day)
            actions.decide_opening(held.pk, True, "多人申请、可以公开，转为主动公开", actor=actor, on=day)
