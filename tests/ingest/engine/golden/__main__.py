"""``python -m tests.ingest.engine.golden``: write the expected layouts anew. Read the diff before you commit it."""

from __future__ import annotations

import json

from tests.ingest.engine.golden import expected_file, pages, read


def main() -> None:
    for page in pages():
        file = expected_file(page)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(read(page), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
