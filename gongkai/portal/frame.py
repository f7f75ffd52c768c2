"""What every page of the portal has around it, and how a page is drawn.

Pages are drawn without the request: what is pressed into a file and what is drawn live come from the same words.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from gongkai.portal.about import about
from gongkai.records.kinds import kinds

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
"""The page says so itself, for when it is served as a file by something that says nothing."""


def rooms() -> list[tuple[str, str, str]]:
    """The order of the site (政府网站发展指引): key, words, address. Only what there is."""
    out = [
        ("home", "首页", reverse("portal:home")),
        ("gk", "政府信息公开", reverse("portal:gk")),
        ("policy", "政策文件", reverse("portal:policy")),
    ]
    lists = (("interpretation", "解读回应"), ("service_guide", "办事服务"), ("notice", "通知公告"))
    return out + [(code, words, reverse("portal:list", args=[code])) for code, words in lists if code in kinds()]


def draw(template: str, here: str = "", **more: Any) -> str:
    """A page as text. `here` is the room in which it lies."""
    return render_to_string(
        f"portal/{template}.html", {"site": about(), "csp": CSP, "rooms": rooms(), "here": here, **more}
    )


def page(template: str, here: str = "", *, status: int = 200, **more: Any) -> HttpResponse:
    """A page as an answer."""
    return HttpResponse(draw(template, here, **more), status=status)


def base(request: HttpRequest | None = None) -> str:
    """`https://…` of the site, for addresses that are taken elsewhere; as it was asked for where it is not set."""
    known = about().url
    if known or request is None:
        return known
    return request.build_absolute_uri("/").rstrip("/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page("plain", status=404, title="没有这一页", say="地址可能写错了，或者这一页已经移走。可以在上面搜索。")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page("plain", status=400, title="请求有误", say="请返回上一页再试。")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that lay open too long, came from elsewhere, or a browser that keeps no cookies."""
    say = "请返回上一页，刷新后再提交，填写的内容还在。一直这样的，请在浏览器里允许本网站使用 Cookie。"
    return page("plain", status=403, title="页面已经过期", say=say)


def broken(request: HttpRequest) -> HttpResponse:
    """500: no traceback reaches anybody."""
    return page("plain", status=500, title="页面暂时打不开", say="系统出了问题，请稍后再试。")
