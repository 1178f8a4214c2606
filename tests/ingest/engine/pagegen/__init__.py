"""Newspaper pages for developing the text engine: set from known articles, damaged as extraction does, truth known.

    from tests.ingest.engine.pagegen import make_page
    page = make_page(seed=2, kind="front")     # page.text, page.gold

    python -m tests.ingest.engine.pagegen OUT_DIR --pages 300 --seed 2     # seeds 2, 4, 6 …

Kinds: ``feature`` (one paragraph a line), ``front`` (short items in narrow columns), ``city`` (torn columns, sections
apart, headings in heaps), ``classified`` and ``mixed``. Same arguments, same page, on every platform.

**Even seeds are for developing rules; odd seeds are for judging them.** Look into pages of even seeds as much as you
like; of odd seeds look at figures only, or they stop telling anything about pages nobody tuned for.
"""

from tests.ingest.engine.pagegen import damage, disorder  # noqa: F401  they register themselves
from tests.ingest.engine.pagegen.pages import KINDS, GeneratedPage, make_page
from tests.ingest.engine.pagegen.registry import names

DAMAGES = names()

__all__ = ["DAMAGES", "KINDS", "GeneratedPage", "make_page"]
