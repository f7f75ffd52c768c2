"""What the site says of itself: `site.toml` in the data folder. What is not filled in is left out, never made up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class About:
    """The head and the foot of every page (政府网站发展指引)."""

    name: str = "政务公开"
    url: str = ""
    body: str = ""
    id_code: str = ""
    host: str = ""
    operator: str = ""
    contact: str = ""
    address: str = ""
    icp: str = ""
    police: str = ""
    police_url: str = ""
    party_mark_url: str = ""
    correction_url: str = ""
    description: str = ""
    licence: str = ""
    licence_url: str = ""

    @property
    def domain(self) -> str:
        """The name under which it is reached."""
        return urlsplit(self.url).netloc

    @property
    def correction(self) -> str:
        """Where 我为政府网站找错 leads: the national entrance needs the site's 标识码."""
        if self.correction_url:
            return self.correction_url
        return f"https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={self.id_code}" if self.id_code else ""


def path() -> Path:
    """Where it is written."""
    return Path(settings.GONGKAI_DATA_DIR) / "site.toml"


@lru_cache(maxsize=4)
def _read(where: Path, stamp: tuple[int, int], url: str) -> About:
    known = {f.name for f in fields(About)}
    told = {"url": url}
    if stamp != (0, 0):
        data = tomllib.loads(where.read_text("utf-8"))
        told |= {k: str(v).strip() for k, v in data.items() if k in known and str(v).strip()}
    if not told["url"].startswith(("http://", "https://")):
        told["url"] = ""
    told["url"] = told["url"].rstrip("/")
    for key in ("correction_url", "police_url", "party_mark_url", "licence_url"):
        if not told.get(key, "https://").startswith(("http://", "https://")):
            told.pop(key)
    return About(**told)


def about() -> About:
    """The site as it is described now; read again when the file changes."""
    where = path()
    try:
        held = where.stat()
        stamp = (held.st_mtime_ns, held.st_size)
    except OSError:
        stamp = (0, 0)
    return _read(where, stamp, str(getattr(settings, "GONGKAI_SITE_URL", "")))
