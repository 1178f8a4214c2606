"""How fast the engine is and what it takes: pages and characters per second, growth, start-up, memory, findings.

python -m benchmarks.engine                  # a minute; one process
python -m benchmarks.engine --pages 200 --longest 50000
"""

from __future__ import annotations

import argparse
import logging
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tests.ingest.engine.pagegen import KINDS, make_page


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Processor time of the fastest of several runs: other programs' share does not count."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        act()
        spent.append(time.process_time() - start)
    return min(spent)


def peak() -> float:
    """Largest memory of this process so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024 if sys.platform == "darwin" else 1024)


def start_up() -> float:
    """A fresh process that reads one line: interpreter, modules, word list."""
    script = (
        "import time; start = time.process_time()\n"
        "from ingest.engine import read_page\n"
        "read_page('本报讯（记者 张三）昨日，市里开会。\\n')\n"
        "print(time.process_time() - start)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    return min(float(run.stdout) for run in runs)


def long_page(size: int) -> str:
    """City pages of even seeds, one under the other, as far as ``size``."""
    parts: list[str] = []
    seed = 2
    while sum(map(len, parts)) < size:
        parts.append(make_page(seed, "city").text)
        seed += 2
    return "\n\n".join(parts)[:size]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument(
        "--longest", type=int, default=20_000, help="characters of the longest page of the growth curve"
    )
    options = parser.parse_args()

    import jieba

    from ingest.engine import read_page
    from ingest.engine.findings import find

    jieba.setLogLevel(logging.WARNING)
    pages = [make_page(seed).text for seed in range(2, 2 + 2 * options.pages, 2)]
    characters = sum(map(len, pages))
    print(f"Python {platform.python_version()}, {platform.machine()}, {len(pages)} pages, {characters:,} characters")
    print(f"start-up           {start_up():7.2f} s")
    read_page(pages[0])
    print(f"memory, word list  {peak():7.0f} MB")
    spent = [seconds(lambda page=page: read_page(page)) for page in pages]  # type: ignore[misc]
    total = sum(spent)
    print(
        f"reading            {total:7.2f} s  {len(pages) / total:,.1f} pages/s, {characters / total:,.0f} characters/s"
    )
    print(f"  a page           {statistics.median(spent):7.3f} s in the middle, {max(spent):.3f} s at most")
    layouts = [(page, read_page(page)) for page in pages]
    finding = seconds(lambda: [find(page, layout) for page, layout in layouts])
    print(f"  of it findings   {finding:7.2f} s  {finding / total:.0%}")
    for kind in KINDS:
        own = [make_page(seed, kind).text for seed in range(2, 2 + 2 * max(4, options.pages // 6), 2)]
        took = sum(seconds(lambda page=page: read_page(page)) for page in own)  # type: ignore[misc]
        print(f"  {kind:16} {len(own) / took:7.1f} pages/s")
    jieba.initialize()
    floor = seconds(lambda: [list(jieba.cut(page)) for page in pages])
    print(f"jieba.cut alone    {floor:7.2f} s  {floor / total:.0%} of the reading; the engine uses its word list only")
    size = 2_500
    while size <= options.longest:
        text = long_page(size)
        print(f"  {size:7,} characters {seconds(lambda text=text: read_page(text)):7.2f} s")  # type: ignore[misc]
        size *= 2
    print(f"peak memory        {peak():7.0f} MB")


if __name__ == "__main__":
    main()
