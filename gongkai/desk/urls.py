"""Every address of the desk."""

from django.urls import path, register_converter

from gongkai.desk import (
    account,
    evidence,
    home,
    ledger,
    matrix,
    matter,
    people,
    plans,
    records,
    records_import,
    records_settings,
    review,
    scheme,
    search,
    urls_cases,
    urls_counter,
    validity,
)


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
_verbs("any_source", "plan", "scheme")
_verbs("seen_source", "plan", "scheme", "case")
_verbs("directory_verb", "row", "rows", "confirm", "drop")
_verbs("record_verb", "submit", "recall", "publish", "schedule", "unschedule", "revise", "cover", "drop")
_verbs("file_verb", "describe", "remove")
_verbs("setting_verb", "chain", "number")

app_name = "desk"
_record = "records/<int:pk>/"
_file = "file/<slug:digest>/"
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
    path("ledger/<seen_source:source>/<int:source_id>/", matter.matter, name="ledger-matter"),
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
    path("plans/<int:pk>/", plans.plan, name="plans-plan"),
    path("plans/<int:pk>/source/", plans.source, name="plans-source"),
    path("plans/<int:pk>/original/", plans.original, name="plans-original"),
    path("plans/<int:pk>/withdraw/", plans.withdraw, name="plans-withdraw"),
    path("plans/<int:pk>/restore/", plans.restore, name="plans-restore"),
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
    path("search/", search.search, name="search"),
    path("records/", records.records, name="records"),
    path("records/new/", records.new, name="records-new"),
    path("records/new/<slug:kind>/", records.begin, name="records-begin"),
    path("records/check/", records.check, name="records-check"),
    path("records/look-up/", records.look_up, name="records-look-up"),
    path("records/validity/", validity.validity, name="records-validity"),
    path("records/validity/open/", validity.open_round, name="records-round-open"),
    path("records/validity/<int:pk>/", validity.round_, name="records-round"),
    path("records/validity/<int:pk>/propose/", validity.propose, name="records-round-propose"),
    path("records/validity/<int:pk>/apply/", validity.apply, name="records-round-apply"),
    path("records/import/", records_import.imports, name="records-import"),
    path("records/import/<int:pk>/", records_import.run, name="records-import-run"),
    path("records/import/<int:pk>/step/", records_import.step, name="records-import-step"),
    path("records/import/<int:pk>/refused.xlsx", records_import.refused, name="records-import-refused"),
    path("records/settings/", records_settings.settings, name="records-settings"),
    path("records/settings/<setting_verb:verb>/", records_settings.set_, name="records-settings-act"),
    path(_record, records.record, name="records-record"),
    path(_record + "edit/", records.edit, name="records-edit"),
    path(_record + "file/", records.attach, name="records-attach"),
    path(_record + _file, records.file, name="records-file"),
    path(_record + _file + "<file_verb:verb>/", records.file_act, name="records-file-act"),
    path(_record + "preview/", records.preview, name="records-preview"),
    path(_record + "compare/", review.compare, name="records-compare"),
    path(_record + "withdraw/", review.withdraw, name="records-withdraw"),
    path(_record + "validity/", validity.decide, name="records-decide-validity"),
    path(_record + "original/<int:original>/", review.original, name="records-original"),
    path(_record + "version/<int:number>/", review.version, name="records-version"),
    path(_record + "version/<int:number>/decide/", review.decide, name="records-decide"),
    path(_record + "version/<int:number>/link/", review.link, name="records-link"),
    path(_record + "<record_verb:verb>/", review.act, name="records-act"),
    path("scheme/", scheme.schemes, name="scheme"),
    path("scheme/import/", scheme.upload, name="scheme-import"),
    path("scheme/new/", scheme.begin, name="scheme-new"),
    path("scheme/template.xlsx", scheme.template, name="scheme-template"),
    path("scheme/due/", matrix.due, name="scheme-due"),
    path("scheme/draft/<int:pk>/", scheme.draft, name="scheme-draft"),
    path("scheme/draft/<int:pk>/row/<int:index>/", scheme.row, name="scheme-row"),
    path("scheme/draft/<int:pk>/<directory_verb:verb>/", scheme.draft_act, name="scheme-draft-act"),
    path("scheme/<int:pk>/", scheme.scheme, name="scheme-scheme"),
    path("scheme/<int:pk>/propose/", scheme.propose, name="scheme-propose"),
    path("scheme/<int:pk>/decide/<int:proposal>/", scheme.decide, name="scheme-decide"),
    path("scheme/<int:pk>/end/", scheme.end, name="scheme-end"),
    path("scheme/<int:pk>/export.<form:form>", scheme.export, name="scheme-export"),
    path("scheme/line/<int:pk>/", matrix.line, name="scheme-line"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/export.xlsx", matrix.export, name="matrix-export"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/decide/", evidence.decide, name="evidence-decide"),
    path("evidence/revoke/<int:pk>/", evidence.revoke, name="evidence-revoke"),
    path("evidence/attach/<any_source:source>/<int:source_id>/", evidence.attach, name="evidence-attach"),
    path("sign/<str:token>/", review.sign, name="sign"),
    path("sign/<str:token>/" + _file, review.sign_file, name="sign-file"),
    *urls_cases.urlpatterns,
    *urls_counter.urlpatterns,
]
