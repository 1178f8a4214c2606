"""Short pages for tests of endurance: two stories and a notice each, a newspaper, day and number in a manifest.

The same number gives the same page. Long pages for measuring the engine come from `tests.ingest.engine.pagegen`.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from pathlib import Path

NEWSPAPER = "青溪日报"
FIRST_DAY = datetime.date(2001, 1, 1)
PAGES_A_DAY = 8
_IN_A_FOLDER = 500

_WHERE = ("青溪", "南门", "石桥", "东湖", "白塔", "云岭", "柳村", "前埔", "后山", "安口")
_WHAT = ("大桥", "小学", "水厂", "公园", "码头", "市场", "卫生院", "图书馆", "污水站", "敬老院")
_DONE = (
    ("建成", "昨日正式建成投用，惠及周边群众"),
    ("扩建", "扩建工程近日完成，面貌焕然一新"),
    ("改造", "改造项目通过验收，设施全部更新"),
    ("开工", "项目上周开工，计划明年底完工"),
)
_MORE = (
    "据介绍，项目历时三年，总投资两亿元，沿线十二个村的群众今后出行更加方便。",
    "负责人说，下一步将完善配套设施，加强日常管护，确保长期发挥效益。",
    "现场群众纷纷表示，盼了多年的事终于办成了，生活一天比一天方便。",
    "有关部门提醒，施工期间请绕行中山路，注意安全，服从现场人员指挥。",
)
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周", ("小明", "丽华", "志强", "文贤", "海燕", "建国", "秀英", "晓东")


def text_of(number: int, mark: Callable[[int], str] = lambda place: "") -> str:
    """The text of a page; `mark` gives what is to stand at the end of each of its parts 0, 1 and 2."""
    chance = random.Random(number)
    lines = []
    for part in range(2):
        where, what, (done, lead) = chance.choice(_WHERE), chance.choice(_WHAT), chance.choice(_DONE)
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        lines += [
            f"{where}{what}{done}",
            f"本报讯（记者 {name}）{where}{what}{lead}，编号{number}{mark(part)}。",
            *(f"　　{more}" for more in chance.sample(_MORE, 2)),
            "",
        ]
    name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
    return "\n".join([*lines, "遗失声明", f"{name}不慎遗失{number}号营业执照副本{mark(2)}，声明作废。", ""])


def day_of(number: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=number // PAGES_A_DAY)


def write(folder: Path, numbers: range, mark: Callable[[int, int], str] = lambda number, place: "") -> None:
    """The pages as files, five hundred to a folder, with a manifest in each."""
    rows: dict[Path, list[str]] = {}
    for number in numbers:
        inner = folder / f"{number // _IN_A_FOLDER:04}"
        inner.mkdir(parents=True, exist_ok=True)
        name = f"{number:06}.txt"
        (inner / name).write_text(text_of(number, lambda place, number=number: mark(number, place)), "utf-8")  # type: ignore[misc]
        row = f"{name},{NEWSPAPER},{day_of(number)},{number % PAGES_A_DAY + 1},要闻"
        rows.setdefault(inner, ["file,newspaper,date,page,section"]).append(row)
    for inner, lines in rows.items():
        (inner / "manifest.csv").write_text("\n".join(lines) + "\n", "utf-8")
