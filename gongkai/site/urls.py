"""The doors, and where each is. A page that is not there, or broke, is told in the words of the door asked at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gongkai.desk import door
from gongkai.portal import frame
from gongkai.portal.api.views import api

urlpatterns = [
    path("api/", api.urls),
    path("desk/", include("gongkai.desk.urls")),
    path("", include("gongkai.portal.urls")),
]


def _by_door(staff: Callable[..., HttpResponse], public: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return (staff if request.path.startswith("/desk/") else public)(request, *args, **kwargs)

    return answer


stale = _by_door(door.stale, frame.stale)
handler400 = _by_door(door.bad_request, frame.bad_request)
handler403 = _by_door(door.not_found, frame.not_found)
handler404 = _by_door(door.not_found, frame.not_found)
handler500 = _by_door(door.broken, frame.broken)
