"""The form of a newspaper: its stages are written a line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from articles.actions.stages import checked_stages
from articles.errors import ActionRefused
from articles.models import DEFAULT_STAGES, Newspaper, Stage, StageKind

_KINDS = {str(label): value for value, label in StageKind.choices}


def stage_words(stages: Iterable[tuple[str, str]]) -> str:
    """Stages as an editor writes them, a line each: the name, and what is done where the name does not say it."""
    labels = dict(StageKind.choices)
    return "\n".join(name if guessed_kind(name) == kind else f"{name} {labels[kind]}" for name, kind in stages)


def guessed_kind(name: str) -> str:
    """初审, 复审 and 终审 say themselves what they are; everything else is proof-reading."""
    return _KINDS.get(name, StageKind.PROOF)


class NewspaperForm(forms.ModelForm):  # type: ignore[type-arg]
    stage_lines = forms.CharField(
        label="三校三审",
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=(
            "一行一个环节，按先后；先校对，再初审、复审、终审。名称看不出做什么的，空一格注明，例如“总编签发 终审”。"
            "人手少的报纸可以减；都删掉，校毕就可以见报。改了环节，还没有见报的条目按新的环节签。"
        ),
    )

    class Meta:
        model = Newspaper
        fields = ("name", "slug", "description", "expected_pages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages: Iterable[tuple[str, str]] = DEFAULT_STAGES
        if self.instance.pk:
            stages = Stage.objects.in_use().filter(newspaper=self.instance).values_list("name", "kind")
        self.initial["stage_lines"] = stage_words(stages)

    def clean_stage_lines(self) -> list[tuple[str, StageKind]]:
        wanted = []
        for line in self.cleaned_data["stage_lines"].splitlines():
            name, _, said = line.strip().rpartition(" ")
            if name and said in _KINDS:
                wanted.append((name.strip(), _KINDS[said]))
            elif line.strip():
                wanted.append((line.strip(), guessed_kind(line.strip())))
        try:
            return checked_stages(wanted)
        except ActionRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
