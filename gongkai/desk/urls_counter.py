"""Addresses around requests for information: taking in, supervision, proposals to publish, settings, the year's tables."""

from django.urls import URLPattern, path, register_converter

from gongkai.cases.letters import kinds
from gongkai.desk import case_annual, case_board, case_erasure, case_openings, case_setup, counter


class _Letter:
    """A letter's code: an address with another word is no address."""

    regex = "[a-z0-9_]{3,32}"

    def to_python(self, value: str) -> str:
        if value not in kinds():
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Letter, "letter_code")

_setup = "cases/setup/<letter_code:code>/"
urlpatterns: list[URLPattern] = [
    path("counter/", counter.counter, name="counter"),
    path("counter/size/", counter.size, name="counter-size"),
    path("counter/find/", counter.find, name="counter-find"),
    path("counter/new/", counter.new, name="counter-new"),
    path("counter/<int:pk>/", counter.case, name="counter-case"),
    path("counter/<int:pk>/paper/", counter.attach, name="counter-attach"),
    path("counter/<int:pk>/sheet/", counter.sheet, name="counter-sheet"),
    path("counter/<int:pk>/receipt/", counter.receipt, name="counter-receipt"),
    path("counter/<int:pk>/<letter_code:code>.docx", counter.letter, name="counter-letter"),
    path("board/", case_board.board, name="board"),
    path("board/cases/", case_board.cases, name="board-cases"),
    path("board/table.xlsx", case_board.export, name="board-export"),
    path("board/questions/", case_board.questions, name="board-questions"),
    path("board/questions/<int:pk>/", case_board.question, name="board-question"),
    path("board/library/", case_board.library, name="board-library"),
    path("board/library/keep/<int:pk>/", case_board.keep, name="board-keep"),
    path("openings/", case_openings.openings, name="openings"),
    path("openings/table.xlsx", case_openings.export, name="openings-export"),
    path("openings/<int:pk>/", case_openings.opening, name="openings-opening"),
    path("openings/<int:pk>/sheet.docx", case_openings.sheet, name="openings-sheet"),
    path("cases/setup/", case_setup.setup, name="case-setup"),
    path("cases/setup/erasure/", case_erasure.erasure, name="case-setup-erasure"),
    path(_setup, case_setup.template, name="case-setup-template"),
    path(_setup + "built-in.docx", case_setup.built_in, name="case-setup-built-in"),
    path(_setup + "own.docx", case_setup.own, name="case-setup-own"),
    path(_setup + "preview.docx", case_setup.preview, name="case-setup-preview"),
    path(_setup + "retire/", case_setup.retire, name="case-setup-retire"),
    path("cases/annual/", case_annual.latest, name="board-annual-latest"),
    path("cases/annual/<int:year>/", case_annual.annual, name="board-annual"),
    path("cases/annual/<int:year>/cases/", case_annual.cases, name="board-annual-cases"),
    path("cases/annual/<int:year>/table.xlsx", case_annual.export, name="board-annual-export"),
]
