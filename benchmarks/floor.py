"""The floor of benchmarks/serving.py: this project's settings and middleware, and one view with a constant template."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor_settings")

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

TEXT = "本报讯（记者 王小明）昨日，青溪大桥建成通车，两岸车程缩短一小时。" * 40


@cache
def template() -> Any:
    """Compiled once, as Django's loader keeps templates."""
    return engines["django"].from_string(_TEMPLATE)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(template().render({"title": "青溪大桥建成通车", "text": TEXT}, request))


_TEMPLATE = "<!doctype html><html lang=zh><title>{{ title }}</title><body><h1>{{ title }}</h1><p>{{ text }}</p></html>"
urlpatterns = [path("", constant)]
application = get_wsgi_application()
