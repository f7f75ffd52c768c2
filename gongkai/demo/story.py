"""One request of the sample county on its way, step by step, by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gongkai.base.clock import on_day
from gongkai.cases import actions
from gongkai.cases.life import CONFIRMED, State
from gongkai.cases.models import Case
from gongkai.law.fees import by_page
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer

LAST = dt.date(2026, 11, 19)
"""The present of the sample county: what lies after it has not happened."""


class Cast(Protocol):
    """Who acts, and when: what a story asks of the county."""

    organisations: Mapping[str, int]
    made: list[int]

    def who(self, body: int, role: Role, day: dt.date, *, but: int | None = None) -> Viewer:
        """Somebody with a role at a body."""

    def head(self, body: int, day: dt.date) -> Viewer:
        """The head of a body's office."""

    def later(self, day: dt.date, days: int) -> dt.date:
        """So many working days on."""


@dataclass
class Story:
    """One case on its way; it stops where the sample county's present is reached."""

    county: Cast
    number: int
    body: int
    subject: Mapping[str, Any]
    answer: Mapping[str, Any]
    values: Mapping[str, Any]
    channel: str
    day: dt.date = LAST
    pk: int = 0

    def play(self, day: dt.date) -> None:
        self._receive(day)
        if not self.pk:
            return
        for part in (
            self._assign,
            self._correction,
            self._consult,
            self._extension,
            self._fee,
            self._decide,
            self._after,
        ):
            if not part():
                return

    def _actor(self, role: Role, *, but: int | None = None) -> Viewer:
        return self.county.who(self.body, role, self.day, but=but)

    def _go(self, days: int) -> bool:
        """So many working days on; False where that lies after the present."""
        later = self.county.later(self.day, days)
        if later > LAST:
            return False
        self.day = later
        return True

    def _receive(self, day: dt.date) -> None:
        self.day = day
        with on_day(day):
            if self.channel == "internet":
                case = actions.submit(self.body, self.values, on=day)
                self.pk = case.pk
                self.county.made.append(case.pk)
                if self.number % 50 == 49 or not self._go(1):
                    return self._stop()
                with on_day(self.day):
                    actions.confirm(self.pk, actor=self._actor(Role.CLERK), on=self.day)
                return None
            confirmed = day if self.channel in CONFIRMED else None
            case = actions.receive(
                self.body, self.values, self.channel, actor=self._actor(Role.CLERK), on=day, confirmed=confirmed,
                oral=self.channel == "in_person" and self.number % 5 == 0,
            )  # fmt: skip
        self.pk = case.pk
        self.county.made.append(case.pk)
        return None

    def _stop(self) -> None:
        self.pk = 0

    def _assign(self) -> bool:
        handler = self.subject.get("handler")
        if handler is None:
            return True
        if not self._go(1):
            return False
        with on_day(self.day):
            actions.assign(self.pk, self.county.organisations[handler], actor=self._actor(Role.CLERK), on=self.day)
        return True

    def _correction(self) -> bool:
        points = self.answer.get("correction")
        if points is None and self.number % 17 != 5:
            return True
        if not self._go(3):
            return False
        reply_by = self.county.later(self.day, 15)
        with on_day(self.day):
            asked = points or ["写明所申请信息的年度或者文号"]
            actions.ask_correction(self.pk, asked, reply_by, actor=self._actor(Role.CLERK), on=self.day)
        if self.answer["outcome"] == "lapsed_correction":
            if not self._go(17):
                return False
            with on_day(self.day):
                actions.correction_lapsed(self.pk, actor=self._actor(Role.CLERK), on=self.day)
            return self._deliver()
        if not self._go(6):
            return False
        with on_day(self.day):
            actions.correction_received(self.pk, actor=self._actor(Role.CLERK), on=self.day)
        return True

    def _consult(self) -> bool:
        if "agrees" in self.answer:
            if not self._go(2):
                return False
            with on_day(self.day):
                actor = self._actor(Role.CLERK)
                actions.ask_third_party(
                    self.pk, "相关权利人", self.subject["title"], actor=actor, on=self.day,
                    served=self.county.later(self.day, 2),
                )  # fmt: skip
            silent = self.answer["outcome"] != "disclosed" and self.number % 6 == 1
            if not self._go(18 if silent else 9):
                return False
            if not silent:
                with on_day(self.day):
                    agrees = bool(self.answer["agrees"])
                    actions.third_party_replied(self.pk, agrees, actor=self._actor(Role.CLERK), on=self.day)
        if "co_producer" in self.answer:
            with on_day(self.day):
                name = self.answer["co_producer"]
                actions.ask_co_producer(
                    self.pk, name, self.subject["title"], actor=self._actor(Role.CLERK), on=self.day, served=self.day
                )
            if not self._go(6):
                return False
            with on_day(self.day):
                actions.co_producer_replied(self.pk, True, actor=self._actor(Role.CLERK), on=self.day)
        return True

    def _extension(self) -> bool:
        days = self.answer.get("extension") or (10 if self.number % 23 == 7 else 0)
        if not days or not self._go(4):
            return not days
        with on_day(self.day):
            why = "需要查阅的档案较多，期限内难以全部核对"
            actions.approve_extension(self.pk, days, why, actor=self.county.head(self.body, self.day), on=self.day)
        if not self._go(1):
            return False
        with on_day(self.day):
            actions.notify_extension(self.pk, actor=self._actor(Role.CLERK), on=self.day)
        return True

    def _fee(self) -> bool:
        pages = self.answer.get("pages") or (138 if self.number % 61 == 20 else 0)
        if not pages or not self._go(3):
            return not pages
        with on_day(self.day):
            fee = by_page(pages)
            actions.fee_notice(self.pk, "pages", fee.amount, actor=self._actor(Role.CLERK), on=self.day, count=pages)
        lapses = self.answer["outcome"] == "lapsed_fee"
        if not self._go(22 if lapses else 5):
            return False
        with on_day(self.day):
            if not lapses:
                actions.fee_paid(self.pk, actor=self._actor(Role.CLERK), on=self.day)
                return True
            actions.fee_lapsed(self.pk, actor=self._actor(Role.CLERK), on=self.day)
        return self._deliver()

    def _decide(self) -> bool:
        if self.number % 29 == 13:
            if not self._go(3):
                return False
            with on_day(self.day):
                actions.withdraw(self.pk, actor=self._actor(Role.CLERK), on=self.day)
            return False
        late = self.number % 37 == 19
        if not self._go(24 if late else 4 + self.number % 9):
            return False
        skipped = ("outcome", "ground", "category", "agrees", "extension", "correction", "co_producer", "pages")
        texts = {k: v for k, v in self.answer.items() if k not in skipped}
        outcome = self.answer["outcome"]
        separable = {"partial": True, "refused": False}.get(outcome)
        with on_day(self.day):
            if outcome == "still_unclear":
                texts["corrected"] = "收到补正后的申请，仍没有写明年度和类别"
            clerk = self._actor(Role.CLERK)
            actions.draft_answer(
                self.pk, outcome, texts, ground=self.answer.get("ground", ""), category=self.answer.get("category", ""),
                separable=separable, actor=clerk, on=self.day,
            )  # fmt: skip
        if not self._go(1):
            return False
        with on_day(self.day):
            legal = self._actor(Role.LEGAL, but=clerk.person_id)
            actions.check_answer(self.pk, actor=legal, on=self.day, note="依据和理由适当")
        if not self._go(1):
            return False
        with on_day(self.day):
            actions.sign_answer(self.pk, actor=self._actor(Role.SIGNER), on=self.day)
        return self._deliver()

    def _deliver(self) -> bool:
        if not self._go(1):
            return False
        with on_day(self.day):
            channel = "mail_signed" if self.channel == "mail_unsigned" else self.channel
            actions.deliver(self.pk, channel, actor=self._actor(Role.CLERK), on=self.day, proof="送达凭证已归卷")
        return self._after() if self.answer["outcome"].startswith("lapsed") else True

    def _after(self) -> bool:
        case = Case.objects.get(pk=self.pk)
        if case.state != State.CLOSED:
            return False
        if case.outcome in ("refused", "partial", "not_exist") and self.number % 7 == 2:
            self._dispute(case)
        elif self.number % 31 == 4 and self._go(5):
            with on_day(self.day):
                actions.complain(self.pk, actor=self._actor(Role.CLERK), on=self.day, organ="青禾县人民政府办公室")
        if not self._go(20):
            return False
        with on_day(self.day):
            actions.archive(self.pk, actor=self._actor(Role.CLERK), on=self.day)
        return False

    def _dispute(self, case: Case) -> None:
        if not self._go(15):
            return
        with on_day(self.day):
            organ = "青禾县人民政府" if self.subject["body"] not in ("qinghe",) else "云泽市人民政府"
            actions.reconsider(
                self.pk, actor=self._actor(Role.CLERK), on=self.day, organ=organ, copy_received=self.day,
                reference=f"{organ[:1]}政复〔{self.day.year}〕{self.number}号",
            )  # fmt: skip
        if not self._go(28):
            return
        result = ("upheld", "corrected", "upheld", "other")[self.number // 7 % 4]
        with on_day(self.day):
            actions.reconsidered(self.pk, result, actor=self._actor(Role.CLERK), on=self.day)
        if result == "upheld" and self.number % 2 == 0 and self._go(5):
            with on_day(self.day):
                actions.sue(self.pk, actor=self._actor(Role.CLERK), on=self.day, organ="青禾县人民法院")
