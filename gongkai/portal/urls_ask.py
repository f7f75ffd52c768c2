"""Addresses of requests for information. No code and nothing of a person stands in any of them."""

from django.urls import path

from gongkai.portal import asking, progress

urlpatterns = [
    path("ask/", asking.begin, name="ask"),
    path("ask/amend/", asking.begin, {"purpose": "amend"}, name="ask-amend"),
    path("ask/found/", asking.found, name="ask-found"),
    path("ask/body/", asking.body, name="ask-body"),
    *(path(f"ask/{name}/", asking.of_screen(name), name=f"ask-{name}") for name in ("what", "how", "who", "contact")),
    path("ask/check/", asking.check, name="ask-check"),
    path("ask/done/", asking.done, name="ask-done"),
    path("ask/leave/", asking.leave, name="ask-leave"),
    path("ask/progress/", progress.progress, name="progress"),
    path("ask/progress/case/", progress.case, name="progress-case"),
    path("ask/progress/correct/", progress.act, {"what": "correct"}, name="progress-correct"),
    path("ask/progress/reasons/", progress.act, {"what": "reasons"}, name="progress-reasons"),
    path("ask/progress/suggest/", progress.act, {"what": "suggest"}, name="progress-suggest"),
    path("ask/progress/withdraw/", progress.withdraw, name="progress-withdraw"),
    path("ask/progress/follow/", progress.follow, name="progress-follow"),
    path("ask/progress/letter/<int:pk>.docx", progress.letter, {"form": "docx"}, name="progress-docx"),
    path("ask/progress/letter/<int:pk>.pdf", progress.letter, {"form": "pdf"}, name="progress-pdf"),
    path("ask/progress/paper/<int:pk>/", progress.paper, name="progress-paper"),
]
