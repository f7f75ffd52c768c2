"""What a body sets for its requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import Issue, Refused
from gongkai.cases.actions.common import of_body, setup_of
from gongkai.cases.models import Setup
from gongkai.orgs.rules import Viewer, demand

TEXTS = ("organ", "prefix", "address", "phone", "reconsideration_organ", "online_channel", "pay_how")
NUMBERS = {"draft_days": (1, 19), "check_days": (1, 19), "sign_days": (0, 19), "retention_years": (1, 100)}


def _column(name: str) -> models.Field[Any, Any]:
    found = Setup._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def change_setup(body: int, values: Mapping[str, Any], *, actor: Viewer, on: dt.date) -> Setup:
    """Write what the office set; every value is looked at before any is kept."""
    demand(actor, "case.settings", of_body(body, actor))
    setup = setup_of(body)
    issues: list[Issue] = []
    for name in TEXTS:
        if name in values:
            setattr(setup, name, str(values[name] or "").strip()[: _column(name).max_length])
    for name, (low, high) in NUMBERS.items():
        if name in values:
            text = str(values[name]).strip()
            if not text.isdecimal() or not low <= int(text) <= high:
                label = _column(name).verbose_name
                issues.append(Issue("setup.number", f"“{label}”应为{low}至{high}的整数。", name))
            else:
                setattr(setup, name, int(text))
    if setup.online_channel:
        try:
            URLValidator(schemes=["http", "https"])(setup.online_channel)
        except ValidationError:
            issues.append(Issue("setup.online", "网上申请复议的网址要以http://或者https://开头。", "online_channel"))
    if issues:
        raise Refused(*issues)
    if "restart_after_payment" in values:
        setup.restart_after_payment = str(values["restart_after_payment"]) in ("1", "True", "on", "true")
    with transaction.atomic():
        setup.save()
        record_event("change_setup", "organisation", str(body), actor=actor, on=on, payload={"cases": sorted(values)})
    return setup
