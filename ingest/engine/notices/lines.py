"""What a single physical line is, judged by itself: section masthead, hotline, heading, sign-off, contact, article."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.engine.notices import people
from ingest.engine.notices.dates import DATE, LUNAR
from ingest.engine.notices.kinds import ANNOUNCED, LOSS_WORD, SEEN

MASTHEAD_WORDS = (
    r"(?:分类(?:广告|信息)|公告(?:栏|信息|声明|专栏|集锦|之窗|专版)|广告|便民(?:广告|公告|信息栏|信息|广场)"
    r"|信息(?:超市|广场|公告|集市|专栏)|(?:遗失|挂失)(?:声明)?(?:专栏|栏|公告栏)"
    r"|公告[·、/ \-]?(?:声明|启事|遗失|通知|公示)(?:[·、/ \-]?(?:声明|启事|遗失|通知|公示))*"
    r"|声明[·、/ ]?公告|法律公告|登报公告|综合(?:广告|信息)|中缝(?:广告)?|分类|小广告|商讯|便民服务广告"
    r"|生活资讯|公告(?=\d{4}年)"
    r"|(?!转让出租)(?:招租|转让|出租|出售|求租|求购|租售|招聘|求职|寻人|寻物|招领|房产|商务){2,4}(?:信息|启事)?)"
)
_BESIDE_NAME = (
    r"(?:(?:第?[A-Z]?\d{1,2}版?|第[一二三四五六七八九十]{1,3}版|\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?"
    r"|(?:星期|周)[一二三四五六日天]|农历[^ ]{2,12}|第\d+期|责任?编辑?:?[^ ]{2,4}|校对:?[^ ]{2,4}"
    r"|(?:广告|刊登|分类|订版)*(?:热线|电话):?[\d\-、 ]{7,40}|版式:?[^ ]{2,4}"
    r"|[一-龥]{2,8}报)[ ,]*)*"
)
MASTHEAD = re.compile(
    rf"^[●■◆★☆▲◎*\[\]《》<>\-=_ ]*(?:(?=[^。]*\d{{4}}年\d){_BESIDE_NAME})?"
    rf"{MASTHEAD_WORDS}(?:[/ ]*(?:专栏|版|专版|栏))?[●■◆★☆▲◎*\[\]《》<>\-=_ ]*{_BESIDE_NAME}$"
)
"""'分类广告 2025年12月20日 星期六': the name of a section, perhaps with its paper, date, page and makers, which may
stand before it only with the date ('某某日报 2005年8月26日 星期五 第七版 广告')."""

HOTLINE = re.compile(
    r"^[●■◆★☆▲◎*☎ ]*(?:本[报版栏]|分类|广告|刊[登户例]|登报)(?:本[报版栏]|分类|广告|刊登|登报|遗失声明|公告"
    r"|声明|信息|业务|发布|投放|订版|招商|全国|办理|受理|服务)*"
    r"(?:热线|电话|部|中心|处|专线|请拨打?|咨询|刊登)+(?:及|/"
    r"|、)?(?:微信)?(?:\([^)]{1,10}\))?[: ]*[\d(][\d\-() /、,转]{6,60}[^。;]{0,60}$"
)
"""'广告热线:13305077599', '刊登电话:0595-85662345 地址:…'."""
SPACED_WORD = re.compile(r"^\S(?: +\S)+$")
"""'公 告 栏': set wide, one character at a time."""
DISCLAIMER = re.compile(
    r"^[●■◆★☆▲◎*※ (]*(?:温馨提[示醒]|友情提[示醒]|特别提[示醒]|敬告读者|读者须知|声明|郑重提[示醒]"
    r"|提[示醒])?[:： ]*(?:本(?:版|栏|栏目|报)[^。]{0,40}(?:信息|广告|声明)[^。]{0,60}(?:核实|谨慎|仅供参考"
    r"|责任|依据|查验|甄别)[^。]{0,60}。?)+\)?$"
)
"""'本栏信息仅供参考,交易前请核实…': the paper's own word in a section."""

BULLET = re.compile(r"^[●○■□◆◇★☆▲△▼※◎►▶♦•·]+ ?(?=[^\s])")

ARTICLE_START = re.compile(
    r"^(?:[^,。;:!?]{0,12}(?:本报|晚报|早报|都市报|日报|商报|经济报|新华社|中新社|新华网|中新网|海都"
    r"|融媒体)[^,。;]{0,14}(?:讯|电|消息|报道|专电|综合)(?=[ ((,:“]|$)"
    r"|(?:[□■◎●/]? ?)?(?:本报|晚报|见习|实习|首席|融媒体?|全媒体)?(?:记者|通讯员|特约记者|文/图|图/文|文字"
    r"|摄影)[ :/][^。]{1,40}$"
    r"|[^。;]{0,30}\((?:记者|通讯员|本报记者|融媒记者)[^)]{1,40}\))"
)
"""Datelines and bylines: '本报讯(记者 …)', '本报记者 某某'. What carries one is an article."""

ARTICLE_SIGN = re.compile(
    r"记者(?!站|会|证)|本报讯|通讯员|据(?:悉|了解|介绍|统计|报道)|获悉|(?:介绍|表示|告诉|透露|坦言|回忆"
    r"|感慨|指出|强调|认为|提醒|建议)(?:说|,|:|,?“)|”(?:[^,。]{1,12})(?:说|表示|介绍)"
    r"|(?<![\d一二三四五六七八九十])日前|近日|昨[日天]|近年来|前天|警方|民警(?:提醒|介绍|表示)|网友|读者"
    r"|市民[^,。]{0,6}(?:先生|女士|小姐|阿姨|大爷)"
)
"""Words of reporting. A notice speaks for itself and needs none of them."""

CONTACT_LABEL = (
    r"(?:(?:债权|申报|报名|办公|咨询|业务|项目|现场|公司|监督|举报|投诉|招租|招标|应聘|面试|本公司|联系|联 系"
    r"|售楼|看房|财务|服务|报修|抢修|客服|传真|值班|清算组|管理人|拍卖|采购|代理|工商|监管|优先|律师)*"
    r"(?:联系人|联系(?:电话|方式|地址|单位|手机)|联络人|联系|电话|手机|热线|地址|邮编|邮政编码|传真|邮箱"
    r"|电子邮箱|电子邮件|网址|QQ|微信号?|负责人|经办人|住址|地点|住所|监督电话|负责人员|接待人|电话/微信))"
)
CONTACT = re.compile(
    rf"^\(?{CONTACT_LABEL}(?:\([^)]{{1,8}}\))? ?[:：]|^\(?(?:电话|手机|热线|联系电话|TEL|Tel|tel)[: .]*[\d(]"
)

TERMINAL = re.compile(
    r"[。!?;…][”’)\]]?(?:\.{2,6})?$|(?:特此(?:声明|公告|通知|公示|通告|告知|更正|启事|鸣谢)|(?:声明|挂失)?作废"
    r"|敬请(?:周知|知悉|谅解))[。.!]?$"
)
CLOSING = re.compile(
    r"(?:(?:声明|登报|挂失|一律|均|已|全部|予以|特此|现|自动)*(?:作废|无效)(?:处理|声明)?|(?:特此|特|谨此"
    r"|现)(?:登报)?(?:声明|公告|通知|通告|公示|告知|启事|更正|鸣谢|致谢|致歉|道歉|敬告|讣告|讣闻|奉告|周知)"
    r"|特予公告|现予(?:以)?公[告示]|声明挂失|敬请(?:周知|知悉|谅解)|(?:逾期|否则)[^。]{0,60})[。.!;]?"
)
"""The formula a notice closes with."""

_WEEKDAY = r"(?: ?\(?(?:星期|周)[一二三四五六日天]\)?)?"
DATE_ONLY = re.compile(
    rf"^(?:日期:|时间:|于)?(?:{DATE.pattern}|{LUNAR}|[12]\d{{3}} ?年 ?\d{{1,2}} ?月){_WEEKDAY}[。.]?$"
)
_DATE_AT_END = re.compile(rf"(?:{DATE.pattern}|{LUNAR}){_WEEKDAY}[。.)]?$")
SIGN_OFF_MOST = 64
"""A signatory with its date is one line, two at the most: longer text ending in a date is a sentence."""

DATE_ONLY_ANY = re.compile(rf"(?:{DATE.pattern}){_WEEKDAY}")
BARE_ANNOUNCED = re.compile(rf"{ANNOUNCED}$")


@lru_cache(maxsize=SEEN)
def is_masthead(flat: str) -> bool:
    text = flat.strip()
    return MASTHEAD.match("".join(text.split()) if SPACED_WORD.match(text) else text) is not None


@lru_cache(maxsize=SEEN)
def is_hotline(flat: str) -> bool:
    text = flat.strip()
    return HOTLINE.match(text) is not None or DISCLAIMER.match(text) is not None


def is_contact(flat: str) -> bool:
    """Whether the folded line says whom to call or where, perhaps after who is to be called."""
    text = flat.strip()
    owner, _, rest = text.partition(" ")
    return CONTACT.match(text) is not None or (people.is_organisation(owner) and CONTACT.match(rest) is not None)


def is_article_start(flat: str) -> bool:
    return ARTICLE_START.match(flat.strip()[:80]) is not None


@lru_cache(maxsize=SEEN)
def is_date_only(flat: str) -> bool:
    return DATE_ONLY.match(flat.strip()) is not None


@lru_cache(maxsize=SEEN)
def date_at_end(flat: str) -> int | None:
    """Where the date a line ends with begins, None without."""
    text = flat.rstrip()
    found = _DATE_AT_END.search(text[-40:])
    return found.start() + max(0, len(text) - 40) if found else None


@lru_cache(maxsize=SEEN)
def is_signer(flat: str) -> bool:
    """Whether the folded line can be nothing but the name of who signs: a label, an organisation, a person."""
    text = flat.strip()
    if not text or len(text) > SIGN_OFF_MOST:
        return False
    label = people.SIGNER_LABEL.match(text)
    if label:
        names = people.SIGN_OFF_WORDS.sub("", text[label.end() :]).split()
        if not text[: label.end()].endswith((":", ":")) and not all(
            people.is_person(name) or people.SIGNER_LABEL.match(f"{name} ") for name in names
        ):
            return False
        return len(text) - label.end() <= 40 and re.search(r"[。;]", text[:-1]) is None
    text = people.COUNSEL.sub("", text)
    if re.search(r"[,。;:!?.]", text) or re.search(LOSS_WORD, text):
        return False
    text = people.SIGN_OFF_WORDS.sub("", text).strip()
    if not text:
        return True  # '家属泣告'
    parts = text.split()
    if len(parts) > 1 and people.PLACE.match(parts[0]) and all(map(people.is_person, parts[1:])):
        parts = parts[1:]
    if not all(map(_is_name, parts)):
        return False
    return people.is_organisation(parts[0]) or not any(map(people.TITLED.search, parts))


def _is_name(text: str) -> bool:
    return (
        people.is_organisation(text)
        or people.is_person(text)
        or people.are_mourners(text)
        or people.TITLED.search(text) is not None
    )


def inline_sign_off(flat: str) -> int | None:
    """Where the signatory and date begin that follow the last sentence in the same line, None without."""
    ahead = max(0, len(flat) - SIGN_OFF_MOST - 24)
    stops = [found.end() + ahead for found in re.finditer(r"[。!;.] ?|\d{7}(?! ?\d)", flat[ahead:])]
    ends = (stop for stop in stops if stop < len(flat) and not re.match(r"\d{7}", flat[stop:]))
    return next((stop for stop in ends if _signs(flat[stop:].strip())), None)


def _signs(text: str) -> bool:
    """Whether the end of a paragraph is a sign-off: with a date, or so surely a name that it needs none."""
    return (
        is_sign_off(text)
        or people.is_sure_organisation(text)
        or bool(people.SIGNER_LABEL.match(text) and is_signer(text))
    )


_SOURCE_NOTE = re.compile(r"(?<=[。!?])\([^()]{2,24}\)$")
"""'…的性质。(县农业农村局政策法规股)'"""


def is_complete(flat: str) -> bool:
    """Whether the text may be a whole paragraph: nothing of its last sentence is to come."""
    tail = _SOURCE_NOTE.sub("", flat[-40:])
    return TERMINAL.search(tail) is not None or ends_in_phone(tail) or inline_sign_off(flat) is not None


_PHONE_AT_END = re.compile(
    r"(?:(?<![\d.])(?:1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}|[48]00-?\d{3,4}-?\d{3,4})|(?:[:、/ ]|电话"
    r"|手机)(?:[2-9]\d{6,7}|1[12]0)|(?:电话|热线)[:]?(?:9\d{4,5}|12\d{3})|(?<=[\u4e00-\u9fff])(?<![证号码第])[2-9]\d{6,7})"
    rf"[)]? ?(?:\([^)]{{1,8}}\)|{people.CALLED})?[。]?$"
)


@lru_cache(maxsize=SEEN)
def ends_in_phone(flat: str) -> bool:
    """Whether the text ends in a whole telephone number or in whom to call: nothing of the sentence is to come."""
    return _PHONE_AT_END.search(flat.rstrip()[-40:]) is not None


@lru_cache(maxsize=SEEN)
def is_sign_off(flat: str) -> bool:
    """Whether the folded line is a signatory with a date ('声明人:施辉章 2025年12月20日')."""
    start = date_at_end(flat)
    if start is None:
        return False
    name = FORMULA_FIRST.sub("", flat[:start].rstrip(" ,"))
    return not name or is_signer(name)


FORMULA_FIRST = re.compile(r"^(?:特此|谨此)(?:声明|公告|通知|通告|公示|启事) ")
"""'特此公告 某某公司 2025年12月20日': the closing formula in the line of the signature, and part of it."""
