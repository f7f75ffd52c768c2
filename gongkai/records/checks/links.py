"""Links out of HTML, only taken out: whether they lead anywhere is asked elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit


class Link(NamedTuple):
    """One link or picture: its address as written, its words or alternative text, and whether it is a picture."""

    address: str
    words: str
    picture: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Link] = []
        self._open: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: (v or "").strip() for k, v in attrs}
        if tag == "a" and "href" in given:
            self._close()
            self._open = given["href"]
        elif tag in ("img", "source", "video", "audio", "embed", "iframe") and given.get("src"):
            self.found.append(Link(given["src"], given.get("alt") or given.get("title") or "", True))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close()

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._words.append(data)

    def _close(self) -> None:
        if self._open is not None:
            self.found.append(Link(self._open, "".join(self._words).strip()))
        self._open, self._words = None, []

    def done(self) -> list[Link]:
        self.close()
        self._close()
        return self.found


def links(html: str) -> list[Link]:
    """Every link and picture, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.done()


def is_local(address: str, hosts: frozenset[str] | None = None) -> bool:
    """Whether an address stays on this site: without a host, or with one of `hosts`."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https"):
        return False
    return not parts.netloc or (parts.hostname or "") in (hosts or frozenset())


def local_links(html: str, hosts: frozenset[str] | None = None) -> list[str]:
    """Addresses within this site, each once, in order; a mere place on the same page is left out."""
    found = [
        k.address for k in links(html) if k.address and not k.address.startswith("#") and is_local(k.address, hosts)
    ]
    return list(dict.fromkeys(found))


def outside_links(html: str, hosts: frozenset[str] | None = None) -> list[str]:
    """Addresses on other sites, each once, in order."""
    found = [k.address for k in links(html) if k.address.lower().startswith(("http://", "https://", "//"))]
    return list(dict.fromkeys(a for a in found if not is_local(a, hosts)))


def alternative_texts(html: str) -> list[str]:
    """The alternative texts of pictures: what `marks.maps` wants to know."""
    return [k.words for k in links(html) if k.picture and k.words]
