"""Words by their sound: dibao finds 低保, zdshbz finds 最低生活保障, a wrong character of the same sound the right one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from gongkai.search.text import Lexicon, fold, pieces, words

_LATIN = re.compile(r"[a-z][a-z' ]*")
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The syllables of a word without tones: 低保 → dibao. 绿 is lv, as it is typed."""
    return "".join(lazy_pinyin(word, style=Style.NORMAL, v_to_u=False)).replace("ü", "v")


@lru_cache(maxsize=65536)
def initials(word: str) -> str:
    """The first letters of the syllables: 最低生活保障 → zdshbz."""
    return "".join(s[0] for s in lazy_pinyin(word, style=Style.NORMAL) if s)


class Spelling:
    """The words that titles and the lexicon know, by sound."""

    def __init__(self, titles: Iterable[str], lexicon: Lexicon) -> None:
        counted: Counter[str] = Counter()
        for title in titles:
            counted.update(set(words(title)))
            for piece in pieces(title):
                if 2 <= len(piece) <= 12 and _HAN.match(piece):
                    counted[piece] += 1
        for word in lexicon.of:
            if _HAN.search(word):
                counted[word] += 3
        self._known = counted
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_hole: dict[str, str] = {}
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        for word, _ in counted.most_common():
            self._by_sound[sound(word)].append(word)
            if len(word) > 2:
                self._by_initials[initials(word)].append(word)
            if 4 <= len(word) <= 10 and _HAN.match(word):
                for at in range(len(word)):
                    self._by_hole.setdefault(f"{word[:at]}?{word[at + 1 :]}", word)
        self._longest = max((len(s) for s in self._by_sound), default=0)

    def better(self, text: str) -> str:
        """Another spelling of a query: letters as words, characters of the same sound; empty where none is known."""
        plain = fold(text).strip()
        if _LATIN.fullmatch(plain):
            return self._from_letters(plain.replace("'", ""))
        out, changed = [], False
        for piece in pieces(plain):
            if not _HAN.match(piece) or piece in self._known:
                out.append(piece)
                continue
            found = next(iter(self._by_sound.get(sound(piece), [])), "") or self._holed(piece) or self._within(piece)
            changed = changed or bool(found)
            out.append(found or piece)
        return " ".join(out) if changed else ""

    def _from_letters(self, text: str) -> str:
        joined = text.replace(" ", "")
        for table in (self._by_sound, self._by_initials):
            if table.get(joined):
                return table[joined][0]
        # Several words written together: the fewest known ones that make up all of it.
        best: list[tuple[int, int, list[str]] | None] = [(0, 0, [])] + [None] * len(joined)
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - min(self._longest, 40)), end):
                before, heard = best[start], self._by_sound.get(joined[start:end])
                if before is None or not heard:
                    continue
                offer = (before[0] + 1, before[1] - self._known[heard[0]], [*before[2], heard[0]])
                if best[end] is None or offer[:2] < best[end][:2]:  # type: ignore[index]
                    best[end] = offer
        whole = best[-1]
        return " ".join(whole[2]) if whole and whole[0] <= 4 else ""

    def _holed(self, piece: str) -> str:
        """A known word of four characters and more with one of them wrong, somewhere in the piece."""
        for size in range(min(len(piece), 10), 3, -1):
            for at in range(len(piece) - size + 1):
                part = piece[at : at + size]
                for hole in range(size):
                    word = self._by_hole.get(f"{part[:hole]}?{part[hole + 1 :]}")
                    if word and word != part and part not in self._known:
                        return piece[:at] + word + piece[at + size :]
        return ""

    def _within(self, piece: str) -> str:
        """One wrong character inside: a known word of the same sound at some place of the piece."""
        for size in range(min(len(piece), 8), 1, -1):
            for at in range(len(piece) - size + 1):
                part = piece[at : at + size]
                if part in self._known:
                    continue
                heard = [w for w in self._by_sound.get(sound(part), []) if len(w) == size]
                if heard and sum(a != b for a, b in zip(heard[0], part, strict=True)) <= max(1, size // 3):
                    return piece[:at] + heard[0] + piece[at + size :]
        return ""

    def complete(self, text: str, limit: int = 5) -> list[str]:
        """Known words that begin so, by character or by sound."""
        plain = fold(text).replace(" ", "")
        if _LATIN.fullmatch(plain):
            heard = [w for s, ws in self._by_sound.items() if s.startswith(plain) for w in ws[:2]]
            heard += [w for s, ws in self._by_initials.items() if s.startswith(plain) for w in ws[:2]]
            found = heard
        else:
            found = [w for w in self._known if w.startswith(plain) and w != plain]
        return sorted(dict.fromkeys(found), key=lambda w: (-self._known[w], len(w), w))[:limit]
