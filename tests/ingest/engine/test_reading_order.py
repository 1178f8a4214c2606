"""In which order a story reads whose sections stand above its beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.engine.articles import divide
from ingest.engine.units import Unit, Use

LEAD = "晚报讯 守塔人翁其昌今天把灯塔的钥匙交给了徒弟，乌溪口的老灯塔从此有了第三代守塔人。"
NIGHT = "灯塔立在礁石上，台风夜里灯塔的玻璃碎了，守塔人翁其昌用棉袄堵住风口，一直守到天亮，渔船都平安回了港。"
PUPIL = "徒弟学会的头一件事是擦灯。灯塔的煤油灯一天要擦三遍，守塔人翁其昌说，灯罩上有一点灰，渔船就少看一里路。"
AHEAD = "航道处表示，灯塔明年将换上太阳能灯，守塔人翁其昌的煤油灯将送进博物馆，渔船仍可循着灯塔的光回港。"


def read(*sections: str) -> list[str]:
    """The story's paragraphs in reading order, where its sections, each a frame, stand above heading and lead."""
    lines = [
        *((Use.BODY, text) for text in sections),
        (Use.TITLE, "老灯塔有了第三代守塔人"),
        (Use.BYLINE, "本报记者 向晚"),
    ]
    lines.append((Use.BODY, LEAD))
    units = [
        Unit(n, use, text, ((n * 1000, n * 1000 + len(text)),), 1, n, "", 0.9, fragments=(n,), begins_frame=0.9)
        for n, (use, text) in enumerate(lines)
    ]
    units[-1] = replace(units[-1], is_dateline=True)
    (story,) = divide(units).stories
    return [run[0].text for run in story.body]


def test_sections_are_read_as_they_stand_on_the_page() -> None:
    assert read(NIGHT, PUPIL) == [LEAD, NIGHT, PUPIL]


@pytest.mark.parametrize("sections", [(AHEAD, NIGHT, PUPIL), (NIGHT, AHEAD, PUPIL), (NIGHT, PUPIL, AHEAD)])
def test_the_section_that_looks_ahead_is_the_last(sections: tuple[str, ...]) -> None:
    assert read(*sections) == [LEAD, NIGHT, PUPIL, AHEAD]
