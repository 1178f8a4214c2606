"""``python -m ingest.engine FILE``: the layout of one UTF-8 page as JSON on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from ingest.engine import Hints, layout_to_json, read_page


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ingest.engine", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--newspaper")
    parser.add_argument("--date", type=date.fromisoformat)
    parser.add_argument("--page", type=int)
    parser.add_argument("--section")
    given = parser.parse_args()
    hints = Hints(given.newspaper, given.date, "option" if given.date else None, given.page, given.section)
    text = given.file.read_bytes().decode("utf-8")
    layout = read_page(text, source=given.file.name, hints=hints)
    json.dump(layout_to_json(layout), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
