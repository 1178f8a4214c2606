"""Saying which stages a newspaper's texts go through."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.content import clean_line, is_storable
from articles.errors import ActionRefused
from articles.models import Act, Newspaper, Stage, StageKind

STAGES_LIMIT = 12
NAME_LIMIT = 20


@transaction.atomic
def set_stages(*, newspaper: Newspaper, stages: Sequence[tuple[str, str]], actor: User) -> list[Stage]:
    """Make the newspaper's stages these, pairs of name and kind, in this order; none: then 校毕 opens the way.

    A stage is known by its name. One no longer named is retired and keeps its signatures; named again it is back. What
    has been published stays so; what has not needs the signatures of the stages there are now.
    """
    wanted = checked_stages(stages)
    list(Newspaper.objects.select_for_update().filter(pk=newspaper.pk).values_list("pk"))
    known = {stage.name: stage for stage in Stage.objects.filter(newspaper=newspaper)}
    former = list(Stage.objects.in_use().filter(newspaper=newspaper).values_list("name", "kind"))
    if former == [(name, kind.value) for name, kind in wanted]:
        return list(Stage.objects.in_use().filter(newspaper=newspaper))
    for position, (name, kind) in enumerate(wanted, 1):
        stage = known.pop(name, None) or Stage(newspaper=newspaper, name=name)
        stage.kind, stage.position, stage.is_retired = kind, position, False
        stage.save()
    for stage in known.values():
        if not stage.is_retired:
            stage.is_retired = True
            stage.save(update_fields=["is_retired"])
    before = {"stages": [[name, kind] for name, kind in former]}
    history.record(newspaper, Act.EDITED, actor=actor, before=before, reason="校审环节")
    return list(Stage.objects.in_use().filter(newspaper=newspaper))


def checked_stages(stages: Sequence[tuple[str, str]]) -> list[tuple[str, StageKind]]:
    """The stages as they would be set; refused in words if they make no sense."""
    wanted = [(clean_line(name), StageKind(kind)) for name, kind in stages]
    names = [name for name, _ in wanted]
    if len(wanted) > STAGES_LIMIT:
        raise ActionRefused(f"环节不超过 {STAGES_LIMIT} 个。")
    for name in names:
        if not name or len(name) > NAME_LIMIT or not is_storable(name):
            raise ActionRefused(f"环节的名称须是 1 到 {NAME_LIMIT} 字：“{name}”。")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ActionRefused(f"环节写了两次：{'、'.join(sorted(twice))}。")
    seen: list[StageKind] = []
    order = list(StageKind)
    for name, kind in wanted:
        if seen and order.index(kind) < order.index(seen[-1]):
            raise ActionRefused(f"“{name}”的次序不对：先校对，再初审、复审、终审。")
        seen.append(kind)
    return wanted
