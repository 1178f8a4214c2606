"""What an action can refuse, in words for the editor."""

from __future__ import annotations

from typing import Any


class ActionRefused(Exception):
    """The act does not apply now; nothing was changed. `str()` says why and what to do, in Chinese."""


class AlreadySo(ActionRefused):
    """The act would change nothing: in a bulk act it is skipped, not failed."""


class StaleVersion(ActionRefused):
    """Somebody saved since the page was opened. Carries the row as it is now, for a three-way view."""

    def __init__(self, current: Any) -> None:
        super().__init__("在你打开之后，别人已经保存过新的版本。你的文字没有丢：请对照下面三栏，合并后再保存。")
        self.current = current


class NotPublishable(ActionRefused):
    """Publish rules that an item breaks: `problems` lists their messages."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("不能见报：" + "；".join(problems))
        self.problems = problems
