"""The staff's door: who is at it, what they may open, and what they are told when they may not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from gongkai.base.clock import today
from gongkai.base.followers import at_once
from gongkai.base.issues import Refused
from gongkai.orgs.models import Person, Role
from gongkai.orgs.reads import set_up, viewer_of
from gongkai.orgs.rules import Viewer, may

READERS = (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.LEGAL, Role.AUTHORITY)
"""Posts that may read requests for information."""

View = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request of somebody signed in."""

    viewer: Viewer
    person: Person
    htmx: Any


def is_open(view: View) -> View:
    """Mark a view that needs no sign-in."""
    view.open = True  # type: ignore[attr-defined]
    return view


class Door:
    """Lets in who is signed in; sends the others to sign in, and the very first to make an administrator.

    After every act the followers take in what was just written, so that the next page shows it; the followers' process
    does the same when this one is killed in between.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "viewer", None) is not None:
            if not response.has_header("Cache-Control"):
                # What one colleague saw must not come up for the next at the same machine.
                response["Cache-Control"] = "private, no-store"
            if request.method == "POST":
                at_once()
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Decide before any view runs."""
        match = request.resolver_match
        if match is None or match.app_name != "desk" or getattr(view, "open", False):
            return None
        user = auth.get_user(request)
        if not user.is_authenticated:
            if not set_up():
                return redirect("desk:first")
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=204)
                response["HX-Redirect"] = reverse("desk:sign-in")
                return response
            return redirect(f"{reverse('desk:sign-in')}?next={request.get_full_path()}")
        held = cast(DeskRequest, request)
        held.person = user
        # Django's own is read again when first asked for: after a change of password that would be too late.
        held.user = user
        held.viewer = viewer_of(held.person, today())
        if held.person.must_change_password and match.view_name not in ("desk:password", "desk:sign-out"):
            return redirect("desk:password")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal that no view caught is still shown in its own words; nothing has been written."""
        if isinstance(error, Refused):
            return told(request, error)
        return None


def told(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal as a page, or as a box for the part of a page that asked."""
    template = "desk/refused_box.html" if request.headers.get("HX-Request") else "desk/refused.html"
    response = render(request, template, {"issues": error.issues}, status=422)
    if request.headers.get("HX-Request"):
        inside = request.headers.get("HX-Target") == "drawer"
        response["HX-Retarget"] = "#drawer-told" if inside else "#told"
        response["HX-Reswap"] = "innerHTML"
    return response


def needs(right: str) -> Callable[[View], View]:
    """For pages that a right opens as a whole: without it there is no such page."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.viewer, right):
                raise Http404
            return view(request, *args, **kwargs)

        inner.right = right  # type: ignore[attr-defined]
        return inner

    return wrap


def reads_cases(viewer: Viewer) -> bool:
    """Whether the room of requests is open to them at all: who holds a post that may read some case."""
    return any(h.role in READERS for h in viewer.held)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page of the desk shows: who is here, which rooms are open to them, which day it is."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return {"today": today()}
    rooms = [("desk:today", "今日"), ("desk:mine", "我的事项"), ("desk:ledger", "台账")]
    if viewer.held:
        rooms.append(("desk:records", "信息"))
        if reads_cases(viewer):
            rooms.append(("desk:cases", "依申请"))
        elif viewer.windows:
            rooms.append(("desk:counter", "收件"))
        rooms += [("desk:matrix", "应公开"), ("desk:scheme", "目录"), ("desk:search", "检索")]
    if viewer.governed:
        rooms.append(("desk:plans", "方案"))
    rooms.append(("desk:orgs", "机构人员"))
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "viewer": viewer,
        "today": viewer.day,
        "rooms": [(name, text, here == name or here.startswith(name + "-")) for name, text in rooms],
    }


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, also where a right is missing: a stranger learns nothing."""
    return render(request, "desk/plain.html", _page("没有这一页", "地址可能写错了，或者您的岗位看不到它。"), status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "desk/plain.html", _page("请求有误", "请返回上一页再试。"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: no traceback reaches a user."""
    return render(
        request,
        "desk/plain.html",
        _page(
            "系统出了问题", "刚才的操作没有完成，也没有改动任何内容。请稍后再试；一直这样，请告诉系统管理员时间和页面。"
        ),
        status=500,
    )


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or came from elsewhere."""
    return render(
        request,
        "desk/plain.html",
        _page("页面已经过期", "登录状态变过或页面放得太久。请返回上一页，刷新后再提交；已填的内容还在。"),
        status=403,
    )


def _page(title: str, say: str) -> dict[str, str]:
    return {"title": title, "say": say}
