"""Saying who wrote an article: 署名归属."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles import history
from articles.actions.locks import locked
from articles.actions.signing import void_signatures
from articles.content import is_storable
from articles.errors import ActionRefused
from articles.models import Act, Article, Contributor, Credit, WorkState


@dataclass(frozen=True)
class Named:
    """A person as an editor writes them: role, name, and the note that tells namesakes apart."""

    role: str
    name: str
    note: str = ""


def named_credits(article: Article) -> list[Named]:
    return [
        Named(credit.role, credit.contributor.name, credit.contributor.note)
        for credit in article.credits.select_related("contributor")
    ]


@transaction.atomic
def set_credits(*, article: Article, credits: Sequence[Named], actor: User, may_add: bool) -> bool:
    """Make the article's credits exactly these, in this order. Says whether anything changed.

    People nobody knew yet are added if `may_add`, otherwise refused by name. Readers see the credits when the article
    is published next; a corrected article goes back to be read again, as after any change.
    """
    for credit in credits:
        try:
            Contributor(name=credit.name.strip(), note=credit.note).clean_fields()
            Credit(role=credit.role).clean_fields(exclude=["article", "contributor", "position"])
        except ValidationError as invalid:
            raise ActionRefused(f"作者“{credit.name}”：" + "；".join(invalid.messages)) from invalid
        if not is_storable(credit.name + credit.note):
            raise ActionRefused(f"作者“{credit.name!a}”里有不能保存的控制字符，请删去。")
    current = locked(article)
    former = named_credits(current)
    if former == list(credits):
        return False
    if len({(c.name, c.note) for c in credits}) < len(credits):
        raise ActionRefused("同一位作者写了两次。")
    known = {(c.name, c.note): c for c in Contributor.objects.filter(name__in={c.name for c in credits})}
    new = [c for c in credits if (c.name, c.note) not in known]
    if new and not may_add:
        names = "、".join(c.name for c in new)
        raise ActionRefused(f"作者库里没有{names}：请核对姓名，或请编辑先添加这位作者。")
    for credit in new:
        # Another editor may be adding the same person to another article.
        known[credit.name, credit.note] = Contributor.objects.get_or_create(name=credit.name, note=credit.note)[0]
    void_signatures(items=[current], actor=actor, why="署名归属有变")
    Credit.objects.filter(article=current).delete()
    Credit.objects.bulk_create(
        Credit(article=current, contributor=known[c.name, c.note], role=c.role, position=position)
        for position, c in enumerate(credits, 1)
    )
    if current.work_state == WorkState.CORRECTED:
        current.work_state = WorkState.IMPORTED
        current.save(update_fields=["work_state", "updated_at"])
    before = {"credits": [[c.role, c.name, c.note] for c in former]}
    history.record(current, Act.EDITED, actor=actor, before=before, reason="署名归属")
    return True
