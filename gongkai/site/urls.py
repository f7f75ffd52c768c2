"""The doors, and where each is."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:today")),
    path("desk/", include("gongkai.desk.urls")),
]
handler400 = "gongkai.desk.door.bad_request"
handler403 = "gongkai.desk.door.not_found"
handler404 = "gongkai.desk.door.not_found"
handler500 = "gongkai.desk.door.broken"
