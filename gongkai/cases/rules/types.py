"""What a check is: over a standing, a day, what the step says and a calendar, it yields what speaks against the step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import Standing
from gongkai.law.calendar import Calendar

Found = Iterator[Issue]
Check = Callable[[Standing, dt.date, Mapping[str, Any], Calendar | None], Found]
