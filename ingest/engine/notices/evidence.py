"""How sure it is that a run of text is a classified notice: named signs with their weights, added up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.engine.notices import headings, kinds, lines
from ingest.engine.notices.kinds import LOSS_WORD


@dataclass(frozen=True, slots=True)
class Sign:
    name: str
    points: float
    pattern: re.Pattern[str]


def _sign(name: str, points: float, pattern: str) -> Sign:
    return Sign(name, points, re.compile(pattern))


BODY_SIGNS = (
    _sign("遗失作废", 3, rf"{LOSS_WORD}[^!?“”]{{0,260}}(?:声明作废|作废声明|特此声明|登报声明|声明挂失|挂失|作废)"),
    _sign(
        "成列的丢失",
        4.5,
        rf"^[●○■□◆◇★☆▲△▼※◎►▶♦•·]+ ?[^,。;!?“”]{{3,40}}(?:证|照|章|号|票|据|书|单|本|卡|牌){LOSS_WORD}[,。]",
    ),
    _sign("作废", 1.5, r"(?:声明|一律|均已?|即日起|自动)?作废"),
    _sign(
        "特此",
        2,
        r"(?:特此|谨此)(?:登报)?(?:声明|公告|通知|通告|公示|告知|启事|更正|鸣谢|致谢|讣告|讣闻|奉告|敬告"
        r"|周知)|现予(?:以)?公告|敬请(?:周知|谅解|知悉|配合)|(?:郑重|严正)声明|声明如下|公告如下",
    ),
    _sign(
        "期限自见报",
        2,
        r"(?:自|从|于|在)[^,。;]{0,16}(?:见报|登报|公告|刊登|发布|公示|通知|声明|即日)[^,。;]{0,10}(?:之日"
        r"|日)?起?[^,。;]{0,8}(?:日|天|月)(?:之?内|后)",
    ),
    _sign(
        "债权申报",
        2,
        r"(?:申报|登记|清理|主张)[^,。;]{0,14}债权|债权[^,。;]{0,10}(?:申报|登记)|清算组"
        r"|拟(?:向[^,。;]{2,20})?(?:申请)?(?:办理)?注销|清偿债务或(?:者)?提供",
    ),
    _sign("信用代码", 1.5, r"(?:统一)?社会信用代码"),
    _sign("证号", 1, r"(?:证号|编号|号码|账号|帐号|核准号|注册号|发票号|代码)[为是:]? ?[(:]?[A-Za-z]{0,4}\d{4,}"),
    _sign(
        "联系电话",
        1.5,
        rf"(?:{lines.CONTACT_LABEL}) ?[:]? ?[^。;]{{0,20}}(?:1[3-9]\d{{9}}|0\d{{2,3}}-?\d{{7,8}}"
        rf"|[48]00-?\d{{3,4}}|[2-9]\d{{6,7}}|0\d{{2,3}}-?\d{{4}}[Xx×*]{{3,4}})",
    ),
    _sign("号码", 1, r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?!\d)"),
    _sign("本院", 3, r"本院(?:受理|立案|依法|于|定于|在|已|将)|人民法院[^。]{0,30}(?:公告|裁定|受理)|依法公开开庭"),
    _sign(
        "标的",
        1.5,
        r"(?:拍卖|竞买|投标|招标|报名|竞价|竞租|磋商|采购)(?:标的|保证金|人须|文件|时间|地点|底价|截止|登记"
        r"|编号|内容|范围|要求|条件|资格|方式)",
    ),
    _sign(
        "本公司自称",
        1,
        r"^(?:兹有|兹|我(?:公司|单位|司|院|局|校|厂)|本(?:公司|人|单位|厂|店|局|院|会)|受[^,。;]{2,40}委托)"
        r"|(?:本|我)(?:公司|单位|司|局|村|社区)(?:拟|定于|决定|将|经|已|现|受)",
    ),
    _sign(
        "讣告",
        2.5,
        r"(?:先(?:父|母|夫|室|慈|严|祖)|家(?:父|母|严|慈)|显(?:考|妣)|慈母|严父).{0,120}(?:逝世|寿终|辞世"
        r"|与世长辞|病故|仙逝)|(?:享年|享寿|终年).{1,6}岁.{0,160}(?:出殡|告别|追悼|谨此|讣|泣)",
    ),
    _sign("走失", 2, r"(?:男|女),.{0,80}(?:身高|走失|身穿|失联)|走失(?:时|,)|(?:有|如有)(?:知情|见到|发现)者"),
    _sign(
        "征婚",
        2,
        r"(?:男|女)(?:士)?,.{0,160}(?:离异|丧偶|未婚)|(?:欲|愿|诚)?[寻觅求征][^。]{0,60}(?:为伴|伴侣|结婚|成家|共度)",
    ),
    _sign("酬谢", 1.5, r"(?:必有|定有|当面|面|重金)(?:重谢|酬谢)|酬谢|前来认领|速(?:来|与)[^。]{0,12}(?:认领|联系)"),
    _sign(
        "鸣谢道歉", 2, r"(?:表示|致以|深表|谨致|谨此)[^。]{0,12}(?:感谢|谢意|谢忱|歉意|道歉|鸣谢)|赔礼道歉|造成的?不便"
    ),
    _sign(
        "停水电",
        2,
        r"(?:停电|停水|(?:停止|暂停)供[水电气])[^。]{0,40}(?:范围|区域|时间|线路|通知|用户)|(?:停电|停水)(?:时间|范围|区域)"
        r"|(?:线路|管道|管网|水厂)[^。]{0,12}(?:停电|停水)",
    ),
    _sign("迁坟", 2.5, r"(?:坟墓|坟主|墓主)[^。]{0,80}(?:迁|认领|登记|处理)|按无主坟"),
    _sign("交房", 2, r"(?:办理|交付)[^。]{0,20}(?:交房|收房|入住|交付)(?:手续)?|(?:各位|尊敬的)[^。]{0,10}业主"),
    _sign("劳动", 2.5, r"(?:旷工|解除[^。]{0,14}劳动(?:合同|关系)|限[你您][^。]{0,20}(?:到|回|返))"),
    _sign(
        "公示项", 2, r"(?:公示(?:期|时间|内容|如下)|现(?:将|予以|进行)[^。]{0,60}公示|征求(?:公众)?意见|环境影响报告)"
    ),
    _sign(
        "招聘项",
        1.5,
        r"(?:招聘|诚聘|急聘|招收|聘)[^。]{0,40}(?:\d+名|若干|数名|多名|[一二三四五六七八九十]名)|(?:月薪"
        r"|薪资|工资|待遇|包吃住|包食宿|底薪)",
    ),
    _sign(
        "出租出售",
        1.5,
        r"(?:厂房|店面|商铺|仓库|套房|房屋|旺铺|店铺|写字楼|宿舍|场地)[^。]{0,50}(?:出租|转让|招租|出售"
        r"|转租|租金)|(?:面积|平方米|平米|㎡)[^。]{0,40}(?:出租|转让|招租|有意者)|有意者",
    ),
    _sign(
        "决议",
        1,
        r"(?:经|根据)[^,。;]{0,20}(?:股东(?:会|大会)?|理事会|董事会|出资人|投资人"
        r"|合伙人)[^,。;]{0,6}(?:决定|决议|同意)",
    ),
    _sign("更名", 2, r"(?:更名|名称变更|改名)为[“《\u4e00-\u9fff]"),
    _sign("更正", 2, r"(?:更正为|应(?:更正)?为|予以更正|特此更正)"),
    _sign("处罚", 2, r"行政处罚(?:决定书|告知书)|无法[^。]{0,20}送达|逾期[^。]{0,20}视为送达|视为送达"),
    _sign("称呼", 1, r"^(?:[^,。;!?“”:]{2,50}):"),
    _sign(
        "概不负责",
        2,
        r"概不(?:承担|负责|承认|负)|与(?:我|本)(?:公司|司|单位|人|村|店|厂|校)无关|(?:一切|由此产生的?"
        r"|引起的)[^。]{0,16}(?:责任|后果)|追究[^。]{0,10}法律责任",
    ),
    _sign("债权转让", 2.5, r"债权[^。]{0,60}转让(?:给|予|至)|履行(?:还款|清偿|偿还)义务"),
)
"""What notices say and articles hardly ever do. Each sign counts once; under a heading three points make a notice."""

ARTICLE_WEIGHT = -1.5
ARTICLE_MOST = -6.0
ORGANISATION_SIGNED = 2.0
PERSON_SIGNED = 1.5
"""A name with its date on a line of its own at the end: speeches and letters have it, news never."""
_QUOTED_NAME = r"(?![^”。,]{2,40}(?:公司|厂|店|院|所|中心|合作社|委员会|学校|集团)”)"
SPEECH = re.compile(rf"[:,]“{_QUOTED_NAME}[^”]{{8,}}”|“[^”]{{12,}}[。!?,]”")
"""Somebody's words; '经核准,“某某实业开发公司”更名为…' quotes a name."""

ENOUGH = 3.0
"""A heading (1 or 2 points) with two independent signs in the body: '公告' alone over prose is a subhead."""
ENOUGH_IN_SECTION = 1.0
"""Under a section masthead or between other notices any sign at all will do."""
ENOUGH_BARE_IN_SECTION = 2.0
"""In a section but without heading or bullet: more than one sign, for the section may have ended unseen."""
ENOUGH_BARE = 4.5
"""Without heading: a declared loss with its formula and a number, nothing less."""


HEADING, GENERAL, WEAK = 2.0, 1.0, 0.5
"""What a heading is worth: '减资公告' says what it is, '公告' might be a subhead, '征收土地公告' a headline."""


def heading_points(bare: str, *, is_general: bool) -> float:
    if headings.is_weak(bare):
        return WEAK
    return GENERAL if is_general or kinds.heading_kind(bare) is None else HEADING


def body_points(flat: str) -> tuple[float, tuple[str, ...]]:
    """The points of a folded body and the names of the signs found in it."""
    text = flat[:3000]
    found = [sign for sign in BODY_SIGNS if sign.pattern.search(text)]
    return sum(sign.points for sign in found) + article_points(flat), tuple(sign.name for sign in found)


def article_points(flat: str) -> float:
    """What reporting takes away: never positive."""
    if lines.is_article_start(flat):
        return 2 * ARTICLE_MOST
    hits = len(set(lines.ARTICLE_SIGN.findall(flat[:3000]))) + len(SPEECH.findall(flat[:3000]))
    return max(ARTICLE_MOST, ARTICLE_WEIGHT * hits)
