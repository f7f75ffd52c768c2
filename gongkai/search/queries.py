"""From what was asked to queries of tantivy, built from objects: nothing that somebody typed is ever parsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import Occur
from tantivy import Query as Q

from gongkai.search.asking import Asked, Word, pasted
from gongkai.search.port import CLOSER, COVER, LEAD, NEARBY, STANDING, TEXT, TITLE
from gongkai.search.text import clean, lone, tokens, words

HOT = 0.3
"""A pair in more than this share of the documents is looked for beside others, not at its place: 人民政府 is everywhere."""


def seen_by(sch: Any, seen: Sequence[str]) -> Q:
    """What may be found."""
    # One term each: a set of terms would be gathered over all documents first, twice a search.
    terms = [Q.term_query(sch, "seen", clean(s), index_option="basic") for s in seen]
    any_of = terms[0] if len(terms) == 1 else Q.boolean_query([(Occur.Should, t) for t in terms])
    return Q.const_score_query(any_of, 0.0)


def _edge(token: str, before: bool) -> str:
    if lone(token):
        return f".?{token}" if before else f"{token}.?"
    return token.replace(".", "\\.")


class Builder:
    """Builds queries against one state of the index."""

    def __init__(self, sch: Any, searcher: Any) -> None:
        self.sch, self.searcher = sch, searcher

    def phrase(self, name: str, run: Sequence[str]) -> Q:
        """Tokens that stand together."""
        if len(run) == 1:
            return self._single(name, run[0])
        if lone(run[0]) or lone(run[-1]):
            # 31号 in 31号文件: a character beside digits may be half of a pair.
            first, last = (_edge(run[0], before=True), _edge(run[-1], before=False))
            return Q.regex_phrase_query(self.sch, name, [first, *(t.replace(".", "\\.") for t in run[1:-1]), last])
        if len(run) <= 4 and self.searcher.num_docs > 5000:
            rare = HOT * self.searcher.num_docs
            if all(self.searcher.doc_freq(name, t) > rare for t in run):
                return Q.boolean_query([(Occur.Must, Q.term_query(self.sch, name, t)) for t in run])
        return Q.phrase_query(self.sch, name, list(run))

    def _single(self, name: str, token: str) -> Q:
        if lone(token):
            return Q.regex_query(self.sch, name, f"{token}.?|.?{token}")
        return Q.term_query(self.sch, name, token)

    def any(self, name: str, word: Word) -> Q:
        """Any way of saying a word; the best of them counts."""
        ways = [self.phrase(name, run) for run in word.ways if run]
        return ways[0] if len(ways) == 1 else Q.disjunction_max_query(ways, 0.1)

    def _constant(self, name: str, value: str, weight: float) -> Q:
        return Q.const_score_query(Q.term_query(self.sch, name, value, index_option="basic"), weight)

    def strict(self, asked: Asked) -> Q:
        """Every word, every quoted phrase, the number."""
        must: list[Q] = []
        if asked.number:
            must.append(self._constant("number", asked.number, 1.0))
        elif asked.serial:
            must.append(self._constant("serial", asked.serial, 20.0))
            if asked.year:
                must.append(self._constant("year", str(asked.year), 0.0))
        must += [self.phrase("all", run) for run in asked.quoted]
        must += [self.any("all", word) for word in asked.must]
        whole = Q.boolean_query([(Occur.Must, q) for q in must])
        if asked.number and not asked.must and not asked.quoted:
            # A number that is cited in another text is found there too, behind the document that bears it.
            return Q.boolean_query([(Occur.Should, q) for q in (whole, self.phrase("all", tokens(asked.number)))])
        return whole

    def some(self, asked: Asked, among: Sequence[Word], enough: int) -> Q:
        """At least so many of the words; every quoted phrase."""
        parts = [(Occur.Should, self.any("all", w)) for w in among]
        graded = Q.boolean_query(parts, minimum_number_should_match=max(1, enough))
        return Q.boolean_query([(Occur.Must, graded), *((Occur.Must, self.phrase("all", r)) for r in asked.quoted)])

    def ranked(self, asked: Asked, found: Q, seen: Q, loose: bool) -> Q:
        """What is found, in order: the whole together, in the title, as a title, in what says what it is about."""
        extra: list[Q] = []
        if loose:
            extra += [Q.const_score_query(self.any("all", word), COVER) for word in asked.must]
        joined = [w for w in asked.joined if self.there(w, seen)]
        if joined:
            closer = [(Occur.Must, self.any("all", w)) for w in (*asked.must, *joined)]
            extra.append(Q.const_score_query(Q.boolean_query(closer), CLOSER))
        if pasted(asked):
            extra.append(Q.const_score_query(self.phrase("title", asked.whole), CLOSER))
        if asked.whole:
            extra.append(Q.boost_query(self.phrase("title", asked.whole), 4.0))
            extra.append(Q.boost_query(self.phrase("lead", asked.whole), 2.0))
            if len(asked.must) + len(asked.may) > 1:
                extra.append(Q.boost_query(self.phrase("all", asked.whole), 2.0))
        for word in asked.must:
            extra.append(Q.boost_query(self.any("title", word), TITLE))
            extra.append(Q.boost_query(self.any("lead", word), LEAD))
        for word in (*asked.may, *joined):
            extra += [self.any("all", word), Q.boost_query(self.any("title", word), 1.5)]
        for term in dict.fromkeys(words(asked.text)):
            extra.append(Q.boost_query(Q.term_query(self.sch, "title_w", term, index_option="freq"), 3.0))
        if asked.number:
            extra.append(self._constant("number", asked.number, 3 * STANDING))
        if asked.plain:
            extra.append(self._constant("title_x", asked.plain, 3 * STANDING))
            extra.append(self._constant("title_in", asked.plain, 1.5 * STANDING))
        extra += [self._constant("kind", kind, weight) for kind, weight in asked.prefer]
        return Q.boolean_query([(Occur.Must, Q.boost_query(found, TEXT)), *((Occur.Should, q) for q in extra)])

    def standing_first(self, found: Q, loose: bool) -> Q:
        """What still stands goes before what was repealed, unless that is what was asked for by number or title, or
        fits better where nothing fits wholly."""
        up = Q.const_score_query(Q.term_query(self.sch, "standing", 1), NEARBY if loose else STANDING)
        return Q.boolean_query([(Occur.Must, found), (Occur.Should, up)])

    def there(self, word: Word, seen: Q) -> bool:
        """Whether a word stands anywhere in what may be found."""
        both = Q.boolean_query([(Occur.Must, self.any("all", word)), (Occur.Must, seen)])
        return bool(self.searcher.search(both, limit=1, count=False).hits)
