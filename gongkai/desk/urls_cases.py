"""Addresses of requests for information."""

from django.urls import URLPattern, path

from gongkai.desk import case_answer, case_bundle, case_letters, case_page, case_papers, case_steps, cases, counter

_case = "cases/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("cases/", cases.cases, name="cases"),
    path("cases/find/", cases.find, name="cases-find"),
    path("cases/export.xlsx", cases.export, name="cases-export"),
    path(_case, case_page.case, name="cases-case"),
    path(_case + "bundle/", case_bundle.bundle, name="cases-bundle"),
    path(_case + "print/", case_page.paper, name="cases-print"),
    path(_case + "reveal/", case_page.reveal, name="cases-reveal"),
    path(_case + "code/", counter.code, name="cases-code"),
    path(_case + "disputes/<int:dispute>/", case_steps.dispute_answered, name="cases-dispute-answered"),
    path(_case + "step/<slug:verb>/", case_steps.step, name="cases-step"),
    path(_case + "answer/", case_answer.answer, name="cases-answer"),
    path(_case + "answer/tree/", case_answer.tree, name="cases-tree"),
    path(_case + "answer/drop/", case_answer.drop, name="cases-drop"),
    path(_case + "answer/recall/", case_answer.recall, name="cases-recall"),
    path(_case + "answer/review/", case_answer.review, name="cases-review"),
    path(_case + "answer/preview.docx", case_letters.preview, name="cases-preview"),
    path(_case + "letters/", case_letters.letters_of, name="cases-letters"),
    path(_case + "letters/<int:letter>/<slug:form>/", case_letters.letter, name="cases-letter"),
    path(_case + "papers/", case_papers.papers, name="cases-papers"),
    path(_case + "papers/<int:paper>/", case_papers.paper, name="cases-paper"),
    path(_case + "papers/<int:paper>/page/<int:page>.png", case_papers.page, name="cases-paper-page"),
    path(_case + "papers/<int:paper>/out/", case_papers.out, name="cases-paper-out"),
    path(_case + "papers/<int:paper>/supply/", case_papers.supply, name="cases-supply"),
]
