"""The palette: WCAG 2.2 AA in light and in dark, computed from the style sheet itself; and the sheet's own limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

# (text, ground, least ratio): 4.5 for text, 3 for edges of controls and the focus ring.
PAIRS = [
    ("ink", "paper", 4.5),
    ("ink", "sheet", 4.5),
    ("ink", "mark", 4.5),
    ("soft", "paper", 4.5),
    ("soft", "sheet", 4.5),
    ("soft", "mark", 4.5),
    ("red", "paper", 4.5),
    ("red", "sheet", 4.5),
    ("red", "mark", 4.5),
    ("link", "paper", 4.5),
    ("link", "sheet", 4.5),
    ("link", "mark", 4.5),
    ("on-red", "red", 4.5),
    ("ink", "found", 4.5),
    ("paper", "ink", 4.5),
    ("edge", "paper", 3.0),
    ("edge", "sheet", 3.0),
    ("edge", "mark", 3.0),
    ("link", "paper", 3.0),
]


def static_file(name: str) -> str:
    found = finders.find(f"articles/public/{name}")
    assert isinstance(found, str)
    return Path(found).read_text()


def palettes() -> dict[str, dict[str, str]]:
    css = static_file("paper.css")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    )
    assert light and set(light) == set(dark)
    return {"light": light, "dark": dark}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(scheme, text, ground, least):
    palette = palettes()[scheme]
    assert contrast(palette[text], palette[ground]) >= least


def test_colours_stand_in_the_palette_only():
    css = static_file("paper.css")
    after = css.split("/* ---- Type", 1)[1].split("/* ---- Print", 1)[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", after) == []


def test_theme_colours_of_the_browser_are_the_papers():
    source = (Path(settings.BASE_DIR) / "templates/public/base.html").read_text()
    assert re.findall(r'theme-color" content="(#\w+)"', source) == [palettes()[s]["paper"] for s in ("light", "dark")]


def test_styles_and_scripts_stay_small_and_ask_nobody_else():
    css, js = static_file("paper.css"), static_file("reading.js") + static_file("search.js")
    assert len(css.encode()) + len(js.encode()) < 60_000
    assert "http" not in css and "@import" not in css and "url(" not in css
    assert "http" not in js and "eval" not in js and "cookie" not in js
