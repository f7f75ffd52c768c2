"""Every address of the desk."""

from django.urls import path, register_converter

from gongkai.desk import account, home, ledger, matter, people, plans


class _Verb:
    """A verb of a fixed set: an address with another word is no address."""

    words: tuple[str, ...] = ()

    @property
    def regex(self) -> str:
        return "|".join(self.words)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def _verbs(name: str, *words: str) -> None:
    register_converter(type(name, (_Verb,), {"words": words, "regex": "|".join(words)}), name)


_verbs("row_verb", "edit", "accept", "split", "join", "add", "drop")
_verbs("draft_verb", "accept-all", "undo", "head", "drop", "take", "import", "answer")
_verbs("orgs_verb", "found", "person", "table")
_verbs("org_verb", "rename", "move", "end", "alias", "appoint")
_verbs("person_verb", "relieve", "act_for", "password", "close", "open", "administrator")
_verbs("form", "xlsx", "docx")
_verbs("source", "plan")

app_name = "desk"
_matter = "ledger/<source:source>/<int:source_id>/"
urlpatterns = [
    path("", home.today, name="today"),
    path("mine/", home.mine, name="mine"),
    path("mine/gongkai.ics", home.ics, name="mine-ics"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("first/", account.first, name="first"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("password/", account.password, name="password"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/batch/", ledger.batch, name="ledger-batch"),
    path("ledger/undo/", ledger.undo, name="ledger-undo"),
    path("ledger/export.<form:form>", ledger.export, name="ledger-export"),
    path(_matter, matter.matter, name="ledger-matter"),
    path(_matter + "report/", matter.report, name="ledger-report"),
    path(_matter + "note/", matter.note, name="ledger-note"),
    path(_matter + "settle/", matter.settle, name="ledger-settle"),
    path(_matter + "reopen/", matter.reopen, name="ledger-reopen"),
    path(_matter + "return/<int:report_id>/", matter.return_report, name="ledger-return"),
    path(_matter + "happen/", matter.happen, name="ledger-happen"),
    path(_matter + "review/", matter.review, name="ledger-review"),
    path(_matter + "bind/", matter.bind, name="ledger-bind"),
    path(_matter + "change/", matter.change, name="ledger-change"),
    path("plans/", plans.plans, name="plans"),
    path("plans/upload/", plans.upload, name="plans-upload"),
    path("plans/<int:pk>/source/", plans.source, name="plans-source"),
    path("plans/<int:pk>/original/", plans.original, name="plans-original"),
    path("plans/<int:pk>/withdraw/", plans.withdraw, name="plans-withdraw"),
    path("plans/draft/<int:pk>/", plans.draft, name="plans-draft"),
    path("plans/draft/<int:pk>/row/<slug:key>/", plans.row, name="plans-row"),
    path("plans/draft/<int:pk>/row/<slug:key>/<row_verb:verb>/", plans.row_act, name="plans-row-act"),
    path("plans/draft/<int:pk>/<draft_verb:verb>/", plans.draft_act, name="plans-draft-act"),
    path("orgs/", people.orgs, name="orgs"),
    path("orgs/table.xlsx", people.table, name="orgs-table"),
    path("orgs/act/<orgs_verb:verb>/", people.orgs_act, name="orgs-act"),
    path("orgs/<int:pk>/", people.org, name="orgs-org"),
    path("orgs/<int:pk>/<org_verb:verb>/", people.org_act, name="orgs-org-act"),
    path("people/<int:pk>/", people.person, name="orgs-person"),
    path("people/<int:pk>/<person_verb:verb>/", people.person_act, name="orgs-person-act"),
]
