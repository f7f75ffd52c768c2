"""How often one address may try: kept in the database, so that every process counts the same."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from gongkai.base.sealing import mark_of
from gongkai.portal.models import Attempt

LIMITS = {"code": (10, dt.timedelta(hours=1)), "submit": (10, dt.timedelta(days=1))}
"""Wrong codes in an hour; requests in a day. Of a family or a hall behind one address, so not fewer; who needs more
than ten a day still has the post and the counter, which the refusal says (第二十九条)."""
_LONGEST = max(span for _, span in LIMITS.values())


def address(request: HttpRequest) -> str:
    """Who asks: what nginx says where it stands in front, else the other end of the connection. Of IPv6 the network,
    for a household has as many addresses there as it likes."""
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS:  # nginx sets the header itself and lets nobody else's through (deploy/nginx.conf)
        told = str(request.META.get("HTTP_X_FORWARDED_FOR", told)).rpartition(",")[2].strip() or told
    try:
        held = ipaddress.ip_address(told)
    except ValueError:
        return told
    if held.version == 6:
        return str(ipaddress.ip_network((int(held) >> 64 << 64, 64)))
    return str(held)


def note(what: str, request: HttpRequest) -> Attempt | None:
    """Count one try, before its outcome is known, so that many at once do not slip through; None where they are used up."""
    now = timezone.now()
    Attempt.objects.filter(at__lt=now - _LONGEST).delete()
    made = Attempt.objects.create(what=what, mark=_mark(what, request), at=now)
    most, span = LIMITS[what]
    if Attempt.objects.filter(what=what, mark=made.mark, at__gt=now - span).count() > most:
        made.delete()  # what is refused does not make the wait longer
        return None
    return made


def _mark(what: str, request: HttpRequest) -> str:
    return mark_of("attempt", what, address(request))
