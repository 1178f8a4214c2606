"""All addresses of the site. Public ones are permanent: add, never change."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from articles.clients import LOGGING_IN
from jjcms import checks  # noqa: F401 - registers itself

admin.site.site_header = f"{settings.SITE_NAME}编辑部"
admin.site.site_title = "编辑部"
admin.site.index_title = "今日工作"


def nothing(request: HttpRequest, **given: Any) -> HttpResponse:
    """Where Django has an address and we have none."""
    raise Http404


urlpatterns = [
    # The admin's way to an object's public page asks for no permission, and so tells anyone on the staff what there is.
    path("admin/r/<path:rest>", nothing),
    path("admin/login/", LOGGING_IN(admin.site.login)),
    path("admin/", admin.site.urls),
    path("", include("articles.public.urls")),
]
handler400 = "articles.public.errors.bad_request"
handler403 = "articles.public.errors.forbidden"
handler404 = "articles.public.errors.not_found"
handler500 = "articles.public.errors.server_error"
