"""Signing in and out, the first start, one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.base.clock import today
from gongkai.base.issues import Issue, Refused
from gongkai.desk.door import DeskRequest, is_open
from gongkai.orgs import actions
from gongkai.orgs.reads import set_up

SAY_WRONG = "账号或密码不对。账号不分大小写；连续输错5次，要等15分钟再试。"
SAY_LOCKED = "这个账号连续输错了5次，为了安全已暂停登录15分钟。忘了密码请联系系统管理员重设。"


@is_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """账号和密码."""
    if not set_up():
        return redirect("desk:first")
    onward = request.POST.get("next") or request.GET.get("next") or ""
    username = request.POST.get("username", "").strip().lower()
    issues: list[Issue] = []
    if request.method == "POST":
        person = auth.authenticate(request, username=username, password=request.POST.get("password", ""))
        if person is not None:
            auth.login(request, person)
            safe = url_has_allowed_host_and_scheme(onward, {request.get_host()})
            return redirect(onward if safe else "desk:today")
        if getattr(request, "axes_locked_out", False):
            return locked(request)
        issues = [Issue("account.wrong", SAY_WRONG)]
    page = {"issues": issues, "next": onward, "username": username}
    return render(request, "desk/sign_in.html", page, status=422 if issues else 200)


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: told so, whatever is typed now."""
    issues = [Issue("account.locked", SAY_LOCKED)]
    return render(request, "desk/sign_in.html", {"issues": issues, "next": "", "username": ""}, status=429)


@is_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The first start: who administers the system."""
    if set_up():
        return redirect("desk:sign-in")
    values = {k: request.POST.get(k, "") for k in ("username", "name")}
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        password = request.POST.get("password", "")
        try:
            if password != request.POST.get("again", ""):
                raise Refused(Issue("people.again", "两次输入的密码不一样，请再输一次。", "again"))
            person = actions.first_administrator(values["username"], values["name"], password, on=today())
        except Refused as error:
            issues = error.issues
        else:
            auth.login(request, person, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("desk:orgs")
    return render(request, "desk/first.html", {"issues": issues, **values}, status=422 if issues else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: DeskRequest) -> HttpResponse:
    """One's own password."""
    issues: tuple[Issue, ...] = ()
    done = False
    if request.method == "POST":
        try:
            if not request.person.check_password(request.POST.get("old", "")):
                raise Refused(Issue("people.old", "现在的密码不对。", "old"))
            if request.POST.get("password") != request.POST.get("again"):
                raise Refused(Issue("people.again", "两次输入的新密码不一样，请再输一次。", "again"))
            actions.change_password(
                request.person, request.POST.get("password", ""), actor=request.viewer, on=request.viewer.day
            )
        except Refused as error:
            issues = error.issues
        else:
            auth.update_session_auth_hash(request, request.person)
            done = True
    return render(
        request,
        "desk/password.html",
        {"issues": issues, "done": done, "forced": request.person.must_change_password},
        status=422 if issues else 200,
    )


@require_POST
def sign_out(request: DeskRequest) -> HttpResponse:
    """退出."""
    auth.logout(request)
    return redirect("desk:sign-in")
