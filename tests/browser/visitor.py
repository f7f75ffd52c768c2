"""A person at the browser: signed in, looking at pages, with everything the browser complains about kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState

from gongkai.demo.county import PASSWORD

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 800}
_FINE = re.compile(r"status of (422|404|429)")
"""What the browser logs of answers that are refusals in words."""
_AXE = Axe()

Visit = Callable[..., Page]


def see(page: Page, *, but: tuple[str, ...] = ()) -> Page:
    """Look at a page as somebody who cannot see well, and as somebody with a narrow window: no fault in either.

    `but` names rules of axe whose fault a test of its own shows.
    """
    page.wait_for_load_state()  # a click that led here may have changed the address before the page is there
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, f"{page.url} scrolls sideways: {wide} > {window}"
    found = [v for v in _AXE.run(page).response["violations"] if v["id"] not in but]
    told = [f"{v['id']} ({v['impact']}): {n['target']} {n['html'][:160]}" for v in found for n in v["nodes"][:3]]
    assert not told, f"{page.url}\n" + "\n".join(told)
    return page


def press(link: Locator) -> None:
    """Press what leads to another page, and wait until that page is there."""
    with link.page.expect_navigation():
        link.click()


def sign_in(page: Page, base: str, username: str, password: str = PASSWORD) -> None:
    """Type the account and the password, press 登录."""
    if "/desk/sign-in/" not in page.url:
        page.goto(f"{base}/desk/sign-in/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


class Visitors:
    """Everybody who comes to one site in one test; `close` says what their browsers complained about."""

    def __init__(self, browser: Browser, base: str, sessions: dict[tuple[str, str], StorageState]) -> None:
        self.browser = browser
        self.base = base
        self.sessions = sessions
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(
        self, username: str = "", *, phone: bool = False, script: bool = True, path: str = "/desk/", fresh: bool = False
    ) -> Page:
        """A window of its own for a person; with no name, for somebody who has not signed in.

        People sign in through the page once for each site; then their cookie is used again, as browsers do.
        """
        key = (self.base, username)
        state = self.sessions.get(key) if username and not fresh else None
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            base_url=self.base,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            accept_downloads=True,
            storage_state=state,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda m: self._said(page, m.type, m.text))
        if username and state is None:
            sign_in(page, self.base, username)
            page.wait_for_url(re.compile(r"/desk/($|\?|password)"))
            if not fresh:
                self.sessions[key] = context.storage_state()
        page.goto(path)
        return page

    def _said(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not _FINE.search(text):
            self.complaints.append(f"{page.url}: {text}")

    def close(self) -> None:
        """Shut every window; nothing was complained about."""
        for context in self.contexts:
            context.close()
        assert not self.complaints, "\n".join(self.complaints)
