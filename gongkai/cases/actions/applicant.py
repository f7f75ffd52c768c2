"""What the applicant does with the code in hand: take the request back, send in what was asked for."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gongkai.base.issues import refuse
from gongkai.cases.actions.common import APPLICANT, take
from gongkai.cases.actions.steps import take_correction, take_withdrawal
from gongkai.cases.models import Case, Step


def _locked(case: int) -> Case:
    """A case, locked until the transaction ends. Whoever calls has looked at the code."""
    held = Case.objects.select_for_update().filter(pk=case).first()
    if held is None:
        raise refuse("case.gone", "没有这件申请。")
    return held


def withdraw_by_applicant(case: int, *, on: dt.date) -> Step:
    """The applicant takes the request back, before the decision."""
    with transaction.atomic():
        return take_withdrawal(_locked(case), "", APPLICANT, on)


def correct_by_applicant(case: int, text: str, *, on: dt.date) -> Step:
    """What the applicant corrects or adds; the period begins anew, this day not counted (第三十条). It is put after what
    was asked first, which stays as it was."""
    if not text.strip():
        raise refuse("correction.text", "请写明补正的内容（第三十条）。", "text")
    with transaction.atomic():
        held = _locked(case)
        return take_correction(held, f"{held.asked}\n（{on}补正）{text.strip()}", text, APPLICANT, on)


def reasons_by_applicant(case: int, text: str, *, on: dt.date) -> Step:
    """The reasons for which so much is asked for (第三十五条)."""
    if not text.strip():
        raise refuse("reasons.text", "请写明理由（第三十五条）。", "text")
    with transaction.atomic():
        return take(_locked(case), "reasons_given", on, {}, actor=APPLICANT, told={"text": text.strip()})
