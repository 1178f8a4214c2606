"""All addresses of the site. Public ones are permanent: add, never change."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

admin.site.site_header = f"{settings.SITE_NAME}编辑部"
admin.site.site_title = "编辑部"
admin.site.index_title = "今日工作"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.public.urls")),
]
handler400 = "articles.public.errors.bad_request"
handler403 = "articles.public.errors.forbidden"
handler404 = "articles.public.errors.not_found"
handler500 = "articles.public.errors.server_error"
