"""Query parameters: each page names those it takes; any other is refused by name.

A page that ignores what it does not know answers the same under endless addresses, and lets a mistyped filter show
every row as if it had matched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Added to shared links by others, WeChat above all ("?from=timeline&isappinstalled=0"): harmless, never read.
_FROM_SHARING = frozenset({"from", "isappinstalled", "nsukey", "scene", "clicktime", "enterid", "gclid", "fbclid"})
_CAMPAIGN = "utm_"


def problem_with(given: QueryDict, names: Collection[str]) -> tuple[str, str] | None:
    """The first parameter that is wrong, and why in Chinese; None when all are right."""
    for name, values in given.lists():
        if name in _FROM_SHARING or name.startswith(_CAMPAIGN):
            continue
        if name not in names:
            return name, "本页没有这个参数"
        if len(values) > 1:
            return name, "这个参数写了不止一次"
        if "\x00" in values[0]:
            return name, "这个参数里有不能用的字符"
    return None


def accepts(*names: str) -> Callable[[View[P]], View[P]]:
    """Let the view see only requests whose parameters are these."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            problem = problem_with(request.GET, names)
            if problem is not None:
                from articles.public.errors import wrong_parameter

                return wrong_parameter(request, *problem)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
