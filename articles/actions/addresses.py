"""Saying where an old address leads to."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles import history
from articles.content import is_storable
from articles.errors import ActionRefused
from articles.models import Act, Article, Issue, Newspaper, Notice, OldAddress, Page
from articles.models.addresses import PATH_LIMIT, TARGETS

Target = Article | Notice | Page | Issue | Newspaper


def normal_path(address: str) -> str:
    """The form in which addresses are kept and looked up: the host dropped, the path decoded, the query as it is.

    ``http://old.example/html/2012-03/05/content_12.htm?div=-1`` gives ``/html/2012-03/05/content_12.htm?div=-1``.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path) if parts.path.startswith("/") else ""
    return f"{path}?{parts.query}" if path and parts.query else path


@transaction.atomic
def set_old_address(*, address: str, target: Target, actor: User) -> OldAddress:
    """Lead an old address to this. One that led elsewhere leads here from now on. Where a page of ours stands at the
    address, readers see that page; the old address counts only while there is none."""
    path = normal_path(address)
    if not path or path == "/":
        raise ActionRefused(
            f"看不懂这个旧网址：“{address[:100]}”。请写成 /html/2012-03/05/content_1.htm，或带网站名的全址。"
        )
    if len(path) > PATH_LIMIT or not is_storable(path):
        raise ActionRefused(f"旧网址不能超过 {PATH_LIMIT} 字，也不能有控制字符。")
    if path.startswith(reverse("admin:index")):
        raise ActionRefused("编辑部的网址不能当旧网址。")
    found = OldAddress.objects.select_for_update().filter(path=path).first()
    made = found or OldAddress(path=path)
    former = str(found.target) if found else ""
    if found and found.target == target:
        return found
    kind = target._meta.model_name
    for name in TARGETS:
        setattr(made, name, target if name == kind else None)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as taken:
        raise ActionRefused("别人刚记下了这个旧网址：请看过再来一次。") from taken
    history.record(target, Act.ADDRESSED, actor=actor, reason=path[:300], before={"led_to": former} if former else None)
    return made


@transaction.atomic
def drop_old_address(*, old: OldAddress, actor: User) -> None:
    """Let an old address lead nowhere again."""
    found = OldAddress.objects.select_for_update().filter(pk=old.pk).first()
    if found is None:
        return
    history.record(found.target, Act.ADDRESSED, actor=actor, reason=f"去掉 {found.path[:290]}")
    found.delete()
