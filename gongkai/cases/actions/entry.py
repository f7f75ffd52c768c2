"""更正登记: a slip in what was taken in is put right; what stood there before stays under seal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.base.issues import Refused, refuse
from gongkai.cases.actions.common import locked, take
from gongkai.cases.actions.intake import TEXTS, told_texts
from gongkai.cases.actions.letters import issue
from gongkai.cases.models import Step
from gongkai.cases.request import Applicant, applicant_from, examine, mark
from gongkai.orgs.rules import Viewer


def correct_entry(case: int, values: Mapping[str, Any], why: str, *, actor: Viewer, on: dt.date) -> Step:
    """Put right who asks, for what, and how they are reached: a wrong letter of the clerk, or a new telephone number.

    It is no correction of the request itself (第三十条): no period begins anew. The sheet of registration is written
    again. Raises Refused for what a request cannot be (第二十九条), and where nothing changes.
    """
    if not why.strip():
        raise refuse("entry.why", "请写明为什么更正，例如“登记时打错”“申请人来电改了地址”。", "why")
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        was = {"applicant_kind": held.applicant_kind, **Applicant(**json.loads(held.applicant)).to_json()}
        was |= {name: getattr(held, name) for name in TEXTS}
        given = {name: str(value or "").strip() for name, value in values.items() if name in was}
        now = {**was, **given, **told_texts({**was, **given})}
        changed = [name for name in was if now[name] != was[name]]
        if not changed:
            raise refuse("entry.same", "没有改动。")
        applicant = applicant_from(now)
        if issues := examine(now["applicant_kind"], applicant, now):
            raise Refused(*issues)
        told = {"why": why.strip(), "was": {name: was[name] for name in changed}}
        step = take(held, "correct_entry", on, {"fields": changed}, actor=actor, told=told)
        held.applicant_kind, held.applicant_mark = now["applicant_kind"], mark(now["applicant_kind"], applicant)
        held.applicant = json.dumps(applicant.to_json(), ensure_ascii=False)
        for name in TEXTS:
            setattr(held, name, now[name])
        held.save(update_fields=["applicant_kind", "applicant", "applicant_mark", *TEXTS])
        issue(held, "registration", step)
    return step
