"""A few kinds of classified notices with their fields, enough to mix into pages of articles."""

from __future__ import annotations

import datetime as dt
import random

from tests.ingest.engine.pagegen.model import Notice, Piece
from tests.ingest.engine.pagegen.world import World, short, words

CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc(rng: random.Random) -> str:
    """A unified social credit code with a right check character."""
    body = (
        rng.choice(["91", "91", "91", "92"]) + f"{rng.randint(110000, 659000)}" + "MA" + "".join(rng.choices(CODE, k=7))
    )
    total = sum(CODE.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return body + CODE[(31 - total % 31) % 31]


def company(world: World, rng: random.Random) -> str:
    return world.county + rng.choice(words("company_names")) + rng.choice(words("company_trades"))


def _date(world: World) -> str:
    return f"{world.date.year}年{world.date.month}月{world.date.day}日"


def _mobile(rng: random.Random) -> str:
    return rng.choice(["138", "139", "150", "159", "186", "189", "177"]) + f"{rng.randrange(10**8):08}"


def lost(world: World, rng: random.Random) -> Notice:
    person = world.person()
    born = f"19{rng.randint(50, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    name, (document, number_word, number) = rng.choice([
        (person, ("居民身份证", "证号", f"{rng.randint(110000, 650000)}{born}{rng.randint(1000, 9999)}")),
        (person, ("道路运输从业资格证", "证号", f"{rng.randint(10**17, 10**18 - 1)}")),
        (company(world, rng), ("公章", "编码", f"{rng.randint(10**12, 10**13 - 1)}")),
        (company(world, rng), ("营业执照副本", "统一社会信用代码", uscc(rng))),
        (company(world, rng), ("开户许可证", "核准号", f"J{rng.randint(10**12, 10**13 - 1)}")),
    ])  # fmt: skip
    text = rng.choice([
        f"{name}不慎遗失{document}，{number_word}：{number}，现声明作废。",
        f"{name}遗失{document}，{number_word}：{number}，声明作废。",
        f"{name}因保管不善，遗失{document}一枚，{number_word}：{number}，特此声明作废。" if document == "公章"
        else f"兹有{name}遗失{document}一本，{number_word}：{number}，声明作废。",
    ])  # fmt: skip
    body = [text]
    fields: dict[str, object] = {"declarant": name, "documents": [document]}
    fields.update({"uscc": number} if number_word == "统一社会信用代码" else {"numbers": [number]})
    if rng.random() < 0.6:
        body.append(rng.choice([f"{name} {_date(world)}", f"声明人：{name} {_date(world)}"]))
        fields["date"] = world.date.isoformat()
    return _notice("遗失声明", body, fields)


def closing(world: World, rng: random.Random) -> Notice:
    name, code, days = company(world, rng), uscc(rng), rng.choice([45, 45, 45, 30, 60])
    contact, phone = world.person(), _mobile(rng)
    body = [
        f"{name}（统一社会信用代码：{code}）经{rng.choice(['股东会', '股东', '全体投资人'])}决定，"
        "拟向登记机关申请注销登记，"
        f"请债权人自本公告见报之日起{days}日内向本公司清算组申报债权。",
        f"联系人：{contact} 联系电话：{phone}",
        f"{name} {_date(world)}",
    ]
    deadline = world.date + dt.timedelta(days=days)
    return _notice("注销公告", body, {
        "declarant": name, "uscc": code, "contact": contact, "phones": [phone],
        "date": world.date.isoformat(), "deadline": deadline.isoformat(),
    })  # fmt: skip


def capital(world: World, rng: random.Random) -> Notice:
    name, code = company(world, rng), uscc(rng)
    high = rng.choice([500, 1000, 2000, 5000])
    body = [
        f"经{name}（统一社会信用代码：{code}）股东会决议，公司拟将注册资本由人民币{high}万元减少至{high // 5}万元，"
        "请债权人自公告之日起45日内向本公司提出清偿债务或提供相应担保的请求。特此公告。",
        f"{name} {_date(world)}",
    ]
    return _notice("减资公告", body, {"declarant": name, "uscc": code, "date": world.date.isoformat()})


def letting(world: World, rng: random.Random) -> Notice:
    phone, contact = _mobile(rng), world.person()
    road = rng.choice(words("roads"))
    body = [
        f"现有位于{road}{rng.randint(2, 260)}号临街店面{rng.randint(2, 12)}间，面积{rng.randint(40, 600)}平方米，"
        "水电齐全，交通便利，面向社会公开招租，有意者请联系。",
        f"联系人：{contact} 电话：{phone}",
    ]
    return _notice(["招租公告", "招租"], body, {"contact": contact, "phones": [phone]}, heading="招租公告")


def power(world: World, rng: random.Random) -> Notice:
    day = world.date + dt.timedelta(days=3)
    town = rng.choice(world.towns)
    body = [
        f"因线路检修需要，{day.month}月{day.day}日7时30分至{rng.randint(14, 19)}时，10千伏{town}线停电，"
        f"停电范围：{town}镇政府、{town}中学及周边区域。"
        "如遇雨天顺延，敬请广大用户谅解。",
        f"国网{short(world.county)}供电公司 {_date(world)}",
    ]
    return _notice(
        ["停电公告", "停电通知"], body, {"date": world.date.isoformat()}, heading=rng.choice(["停电公告", "停电通知"])
    )


def auction(world: World, rng: random.Random) -> Notice:
    name = f"{world.prefecture}{rng.choice(['公信', '诚泰', '中拍'])}拍卖有限公司"
    day = world.date + dt.timedelta(days=8)
    phone, contact = (
        f"0{rng.randint(310, 990)}-{rng.randint(2000000, 8999999)}",
        rng.choice("王李张刘陈") + rng.choice(["先生", "女士", "经理"]),
    )
    body = [
        f"受委托，我公司定于{day.year}年{day.month}月{day.day}日10时在本公司拍卖厅"
        f"公开拍卖：报废车辆{rng.randint(2, 30)}辆，"
        f"参考价{rng.randint(3, 60)}万元。有意竞买者请于拍卖前一日持有效证件办理登记手续。",
        f"联系人：{contact} 联系电话：{phone}",
        f"{name} {_date(world)}",
    ]
    return _notice(
        "拍卖公告", body, {"declarant": name, "contact": contact, "phones": [phone], "date": world.date.isoformat()}
    )


def liquidation(world: World, rng: random.Random) -> Notice:
    name, contact, phone = company(world, rng), world.person(), _mobile(rng)
    address = f"{world.county}{rng.choice(words('roads'))}{rng.randint(2, 300)}号"
    body = [
        f"{name}因{rng.choice(['经营不善', '经营期限届满', '业务调整'])}，经股东会决议解散，现已成立清算组进行清算。"
        f"请债权人自见报之日起45天内到清算组申报债权，逾期未申报的，视为放弃权利。",
        f"联系人：{contact} 联系电话：{phone} 地址：{address}",
        f"{name}清算组 {_date(world)}",
    ]
    return _notice(["清算公告", "债权债务公告"], body, {
        "contact": contact, "phones": [phone], "address": address, "date": world.date.isoformat(),
        "deadline": (world.date + dt.timedelta(days=45)).isoformat(),
    }, heading="清算公告")  # fmt: skip


def missing(world: World, rng: random.Random) -> Notice:
    name, phone, contact = world.person(), _mobile(rng), rng.choice(words("surnames")) + rng.choice(["先生", "女士"])
    day = world.date - dt.timedelta(days=rng.randint(2, 9))
    body = [
        f"{name}，{rng.choice('男女')}，{rng.randint(66, 88)}岁，"
        f"身高约1.{rng.randint(50, 72)}米，于{day.month}月{day.day}日"
        f"在{rng.choice(words('roads'))}附近走失，"
        f"走失时身穿{rng.choice(['深蓝色', '灰色', '黑色'])}外套、布鞋，"
        f"说本地口音。如有知情者请与家人联系，必有重谢。",
        f"联系人：{contact} 电话：{phone}",
    ]
    return _notice(["寻人启事", "寻人"], body, {"contact": contact, "phones": [phone]}, heading="寻人启事")


def correction(world: World, rng: random.Random) -> Notice:
    day = world.date - dt.timedelta(days=rng.randint(1, 5))
    wrong = rng.randint(20, 90)
    body = [
        f"本报{day.month}月{day.day}日第{rng.randint(1, 4)}版刊发的"
        f"《{short(world.county)}加快推进老旧小区改造》一文中，"
        f"“改造老旧小区{wrong}个”应为“改造老旧小区{wrong + rng.randint(1, 9)}个”，特此更正，并向读者致歉。",
        "本报编辑部",
    ]
    return _notice(["更正", "更正启事"], body, {}, heading=rng.choice(["更正", "更正启事"]))


def tender(world: World, rng: random.Random) -> Notice:
    name, contact, phone = (
        company(world, rng),
        world.person(),
        f"0{rng.randint(310, 990)}-{rng.randint(2000000, 8999999)}",
    )
    town = rng.choice(world.towns)
    body = [
        f"{town}镇农村饮水安全巩固提升工程已经批准建设，资金已落实，"
        f"现面向社会公开招标。"
        f"凡具有水利水电工程施工总承包三级及以上资质的单位，均可于{world.date.month}月{world.date.day}日起五个工作日内报名。",
        f"联系人：{contact} 联系电话：{phone}",
        f"{name} {_date(world)}",
    ]
    fields: dict[str, object] = {"contact": contact, "phones": [phone], "date": world.date.isoformat()}
    return _notice("招标公告", body, fields)


KINDS = (
    lost, lost, lost, lost, lost, closing, closing, closing, capital, letting, power, auction,
    liquidation, missing, correction, tender,
)  # fmt: skip


def _notice(kind: str | list[str], body: list[str], fields: dict[str, object], heading: str | None = None) -> Notice:
    title = heading or (kind if isinstance(kind, str) else kind[0])
    return Notice(kind, Piece("heading", title), [Piece("paragraph", text) for text in body], fields)


def make(world: World, rng: random.Random) -> Notice:
    return rng.choice(KINDS)(world, rng)
