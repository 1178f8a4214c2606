"""Mastheads, page names, slogans, credits, hotlines, page numbers: what stands on a page and belongs to no item."""

from __future__ import annotations

import random

from tests.ingest.engine.pagegen.model import Page, Piece
from tests.ingest.engine.pagegen.world import VOCABULARY, short, words

WEEKDAYS = "一二三四五六日"


def date_line(page: Page, rng: random.Random) -> str:
    day = page.world.date
    week = "星期" + WEEKDAYS[day.weekday()]
    plain = f"{day.year}年{day.month}月{day.day}日"
    return rng.choice(
        [f"{plain} {week}", f"{plain} {week}", f"{plain}　{week}", f"{day.year}.{day.month:02}.{day.day:02} {week}"]
    )


def number(page: Page, rng: random.Random) -> str:
    return rng.choice(["A{}", "0{}", "{}", "第{}版", "B{}", "{}版"]).format(rng.randint(2, 8))


def furnish(page: Page, rng: random.Random) -> list[str]:
    """The furniture lines of one page, each a string of the truth."""
    world = page.world
    lines: list[str] = []
    names = [world.person() for _ in range(4)]
    front = page.kind == "front"
    head = rng.random()
    if front and head < 0.6:
        if rng.random() < 0.5:
            lines.append(world.newspaper)
            page.newspaper_shown = True
        lines.append(date_line(page, rng))
        page.printed_date = True
        if rng.random() < 0.6:
            lines.append(f"农历{rng.choice(words('lunar'))}")
        if rng.random() < 0.6:
            serial = f"国内统一连续出版物号CN {rng.randint(11, 65)}-{rng.randint(10, 99):04}"
            lines.append(f"{serial}  第{rng.randint(1200, 9800)}期  今日{rng.choice([4, 8, 12, 16])}版")
        if rng.random() < 0.4:
            lines.append(f"中共{world.county}委员会主管主办")
        if rng.random() < 0.3:
            lines.append(f"新闻热线：0{rng.randint(310, 990)}-{rng.randint(2000000, 8999999)}")
    elif head < (0.4 if page.kind == "feature" else 0.7):
        form = rng.randrange(4)
        section, day, num = rng.choice(words("sections")), date_line(page, rng), number(page, rng)
        if form == 0:
            lines.append(f"{num} {section} {day}")
            page.printed_date = True
        elif form == 1:
            lines += [section, day, num]
            page.printed_date = True
        elif form == 2:
            lines += [f"{section} {num}"]
        else:
            lines += [f"{world.newspaper} {day} {section} {num}"]
            page.printed_date = page.newspaper_shown = True
    if rng.random() < 0.35:
        lines.append(
            rng.choice([
                f"责任编辑：{names[0]} 美术编辑：{names[1]} 校对：{names[2]}",
                f"责编/{names[0]} 美编/{names[1]} 校对/{names[2]}",
                f"本版编辑 {names[0]} 版式 {names[1]} 校对 {names[2]}",
                f"责任编辑 {names[0]}  电话：{rng.randint(2000000, 8999999)}",
                f"■责编 {names[0]} ■版式 {names[1]} ■校对 {names[2]}",
                f"值班主任：{names[0]} 编辑：{names[1]} 组版：{names[2]}",
            ])
        )  # fmt: skip
    if rng.random() < 0.25:
        lines.append(rng.choice(VOCABULARY["slogans"].strip().splitlines()))
    if rng.random() < 0.12:
        lines.append(
            rng.choice([
                f"新闻热线：{rng.randint(2000000, 8999999)}",
                f"爆料热线 {rng.randint(2000000, 8999999)}  投稿邮箱：{'sybwdq'[: rng.randint(3, 6)]}@163.com",
                f"{short(world.county)}新闻网 www.{rng.choice(['syxww', 'cgnews', 'jsrb'])}.com",
                f"地址：{world.county}人民路{rng.randint(2, 188)}号 邮编：{rng.randint(100000, 799999)}",
            ])
        )  # fmt: skip
    if rng.random() < 0.05:
        name = rng.choice(["家家乐超市", "东方华府", "光明眼镜", "金色阳光幼儿园", "长城汽车专营店"])
        deal = rng.choice(["盛大开业 全场五折起", "准现房火热销售中", "诚聘英才 待遇优厚", "周年店庆 好礼不断"])
        lines.append(f"{name} {deal} 咨询热线：{rng.randint(2000000, 8999999)}")
    if front and rng.random() < 0.2:
        story = rng.choice(["我县启动冬春农田水利建设", "高考成绩今日可查", "三条公交线路明起调整"])
        lines.append(f"导读：{story}  详见{rng.choice(['02版', '03版', '第四版'])}")
    return lines


def pieces(page: Page, rng: random.Random) -> list[Piece]:
    return [Piece("furniture", line) for line in furnish(page, rng)]
