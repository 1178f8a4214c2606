"""The documents and seals a notice speaks of: '中国银行晋江东石支行开户许可证', '公章', '营业执照正、副本'."""

from __future__ import annotations

import re

from ingest.engine.notices import people
from ingest.engine.notices.kinds import LOSS_WORD
from ingest.engine.notices.text import CJK

NOUN = (
    r"(?:证书?|执照|正(?:本)?[、和及与,]?副本|正本|副本|章|印鉴|发票|收据|存折|存单|[^手信刷]卡|合同(?:书)?"
    r"|协议(?:书)?|单|提单|保单|保险单|申请卷|申请书|申请表|批复|批文|案卷|卷宗|卷|户口[簿本]|护照|票据"
    r"|支票|汇票|本票|票|凭证|许可"
    r"|车牌|号牌|牌照|铭牌|标志牌|档案|密码器|U盾|[Uu][Kk][Ee][Yy]|加密锁|税控盘|金税盘|税盘|手册|证明|回执"
    r"|通知书|密钥|数字证书|合格证|报关单|核销单|出资证明|股权证|股金证|房契|地契|契约|契据|登记簿|申报表"
    r"|决定书|公证书|毕业证|学位证|介绍信|委托书|判决书|联单|缴款书|簿|书|押金条|借条|欠条|收条|条|罐箱"
    r"|房产证|营运证|驾照|工作证|军官证|警官证|图章|印章|签名章|账本|账簿|会计资料|凭条|通行证|准考证"
    r"|报到证|派遣证|结婚证|离婚证|独生子女证|船舶证书|国籍证书|执行证|检验证|牌|证件)"
)
_COUNT = (
    r"(?:各|共|计|合计|等|全|两|[一二三四五六七八九十壹贰叁两\d]{1,6}) ?(?:[一二三四五六七八九十壹贰叁两\d]{0,6} ?(?:枚"
    r"|本|张|份|个|套|把|块|册|只|件|页|联|卷|组|支|部|式|副|对|颗|方|组|本套|页))"
)
_TRAILING_COUNT = re.compile(rf"(?:{_COUNT}|原件|原本|等(?:证件|物品|材料|资料|印章|物)?|一事|\(原件\))+$")
_LEADING_COUNT = re.compile(
    r"^(?:[一二三四五六七八九十壹贰叁两\d]+ ?(?:枚|本|张|份|个|套|把|块|册|只|件|联|卷|组|支|部))"
)
_ISSUED = re.compile(
    r"^(?:由|在|于|经|系)?[^,。;]{0,50}?(?:核发|颁发|签发|开具|出具|发放|制发|填发|签订|换发|印制|开出"
    r"|刻制)(?:的|给(?:我|本人)?的?)?(?=[^,。;]{2})"
)
_WHOSE = re.compile(
    r"^(?:了|其|本(?:公司|单位|人|店|厂|社|户)|我(?:公司|单位|司|店|厂|社|户|村)?|我|个人|自己|名下|原|所持"
    r"|(?:公司|单位|学校)(?=[公财法合发印])"
    r"|持有|一本|由|的|为|证件|物品|下列|以下|:|“|《|\(|一)+(?=[^)])"
)
_PLATE_FIRST = re.compile(
    r"^(?:车(?:牌|辆)?(?:号码?)?(?:为|:)?)?[\u4e00-\u9fff]?[A-Z][·.]?[A-Z0-9]{4,6}(?:挂|学)?(?:号)?(?:的)?(?:车辆?的?)?"
)
_CERTIFICATE_FIRST = re.compile(
    r"^[^,。;]{2,30}?(?:\d|\]|\))[^,。;、]{0,16}?第? ?[A-Z]{0,3}\d[\d\-]*号"
    r"(?:的|楼|室|店面?|商铺|车位|铺|房(?![产屋契租证]))?"
    r"(?=[^,。;]{2})"
)
_NUMBER_FIRST = re.compile(r"^(?:编?号码?|证号)?(?:为|:)?[A-Za-z]{0,4}\d{4,}[A-Z0-9\-]*(?:号)?(?:的)?")
_PERSONAL = (
    r"(?:的)?(?:居民)?(?:身份证|出生医学证明|出生证|户口|残疾|军官|士官|警官|护照|驾驶|学生证|毕业证|学位|医师"
    r"|护士|教师|社保|房产证|独生|结婚|离婚|失业|就业|私章|士兵|退役|退伍|退休|二代|港澳|台胞|往来|导游|会计"
    r"|从业)"
)
_PERSON_FIRST = re.compile(
    rf"^(?:儿子|女儿|儿|女|子|孩子|小孩|之子|之女|夫|妻|父亲|母亲|学生|新生儿|婴儿|法人|法定代表人"
    rf"|股东)?{people.NAME}(?={_PERSONAL})"
)
_KIN_FIRST = re.compile(rf"^(?:其|之)?(?:儿子|女儿|长子|次子|长女|次女|儿|女|子|孩子|小孩|婴儿)(?={_PERSONAL})")
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_DOCUMENT = re.compile(rf"^[^:]*{NOUN}$")
_JOINED_PAIR = re.compile(r"正(?:本)?[、和及与,]?副本")
_NOT_DOCUMENT = re.compile(
    r"^(?:特此|(?:已|均|未)?(?:加?盖|盖有)|现|声明|公告|登报|证明|保证(?!金)|凭(?!证)|据)|(?:号码?|账号|编号)[^,]{0,3}\d"
)
_REASON = re.compile(r"(?<=[^,]{2})(?:因(?![公私])|由于)[^,]{2,16}$")
"""'财务专用章各一枚因磨损停用'."""
_RESERVED = re.compile(r"^.*?预留(?:银行)?印鉴[:]?(?=[^,]{2,8}章)")
"""'在某某银行预留印鉴财务专用章': what is lost is the seal."""
_HOLD = "\x00"

LIST_ENDS = re.compile(
    r"(?:现?(?:特此)?(?:登报)?(?:声明|申明)(?:作废|挂失)?|特此|现?作废|挂失|登报|现予|自即日起|概不|由此"
    r"|即日起|如有|(?<!申)请|若有|[。!])"
)
"""What follows the list of what was lost."""

_MOVED = re.compile(rf"(?:将|把)(?P<what>[^。;!]{{2,160}}?)(?:不慎|全部|一并|同时)?(?:{LOSS_WORD}|遗失)")
_PASSIVE = re.compile(
    rf"(?P<what>[^,。;!]{{4,60}}?)(?:不慎|因故|已|均|被|于[^,。;]{{4,16}})*{LOSS_WORD}(?=[,。;!]|声明|作废|特此|现|$)"
)
_LOST = re.compile(rf"{LOSS_WORD}(?:了)?(?![,。;物者])")
_REPLACED = re.compile(
    r"(?:原|旧|以下|作废|启用前的?|该|空白|未使用的?|领用的?)(?P<what>[^。;,:]{2,60}?)(?:,)?(?:(?:从"
    r"|自)[^,。;]{0,16}日起?|即日起|今日起)?(?:,)?(?:停止使用|全部|未使用|已丢失|声明|同时|即|一律|予以|即行"
    r"|特此|登报|均|已|现)*(?:,)?(?:声明)?作废"
)


_HOLDER = re.compile(
    r"(?:银行)?(?:预留(?:银行)?)?(?:印鉴|印章|证件|资料|材料)(?:一套|一副|一组)?\((?P<list>[^()]{4,60})\)"
)
"""'遗失预留银行印鉴(财务专用章一枚、法人私章一枚)': what is lost stands in the brackets."""


def _open_brackets(flat: str) -> str:
    opened = _HOLDER.sub(lambda found: found["list"] if re.search(NOUN, found["list"]) else found[0], flat)
    return re.sub("[“”]", "", _BRACKETS.sub("", opened))


def _segments(what: str) -> list[str]:
    text = _BRACKETS.sub("", what)
    text = _JOINED_PAIR.sub(
        lambda found: (
            found[0]
            .replace("、", _HOLD)
            .replace("和", "\x01")
            .replace("及", "\x02")
            .replace("与", "\x03")
            .replace(",", "\x04")
        ),
        text,
    )
    parts = re.split(
        r"[,;、/]|(?:以及|及其|(?<!共)[和及与](?=[^,;、]{0,20}(?:章|证|照|本|票|单|书|卡|据|折|簿|盘|表)))", text
    )
    return [
        part.replace(_HOLD, "、").replace("\x01", "和").replace("\x02", "及").replace("\x03", "与").replace("\x04", ",")
        for part in parts
    ]


def _name(segment: str) -> str:
    """The document's name without counts, issuers, owners and numbers, '' when the segment names none."""
    quoted = re.search(r"《([^《》]{2,40})》((?:正|副)本)?", segment)
    if quoted and _DOCUMENT.match(quoted[1]):
        return quoted[1] + (quoted[2] or "")
    text = _REASON.sub("", segment.strip(' :.“”"《》'))
    text = _TRAILING_COUNT.sub("", text).rstrip(' 》”"')
    text = _RESERVED.sub("", _WHOSE.sub("", text))
    text = _LEADING_COUNT.sub("", text)
    for pattern in (_ISSUED, _PLATE_FIRST, _CERTIFICATE_FIRST, _NUMBER_FIRST, _PERSON_FIRST, _KIN_FIRST):
        shorter = pattern.sub("", text)
        if len(shorter) >= 2:
            text = shorter
    owner, _, rest = text.rpartition("的")
    if owner and len(rest) >= 2 and _DOCUMENT.match(rest):
        text = rest
    text = _LEADING_COUNT.sub("", _TRAILING_COUNT.sub("", text)).strip(' 《》“”"')
    found = re.match(
        rf"^(.{{0,60}}{NOUN})(?:[一二两三\d]{{1,2}}[枚本张份个]|(?:编?号码?|证号|账号)?[A-Za-z]{{0,4}}\d{{4,}}.*)?$",
        text,
    )
    if not found or _NOT_DOCUMENT.match(found[1]):
        return ""
    return found[1] if len(found[1]) >= 2 else ""


def _without_subject(what: str) -> str:
    """What is left of '某某公司公章' or '张三身份证' when the owner is taken off."""
    if "的" in what:
        return what
    if owner := owner_before(what):
        return what[len(owner) :]
    for stop in range(len(what) - 2, 1, -1):
        owner = what[:stop]
        if _DOCUMENT.match(what[stop:]) and not re.match(r"(?:证|执照|章|专用章|单)$", what[stop:]):
            if (
                people.is_organisation(owner)
                and not re.search(r"(?:营业|行|社|部|组)$", owner)
                and re.match(_OWN_START, what[stop:])
            ):
                return what[stop:]
            if people.is_person(owner) and re.match(_PERSONAL, what[stop:]):
                return what[stop:]
            if people.person_at_end(owner.strip()) and re.match(rf"{_PERSONAL}|{_OWN_START}", what[stop:]):
                return what[stop:]
    return what


_OWN_START = (
    r"(?:公章|财务|法人|法定|合同|发票|营业|税务|组织|机构|开户|银行|食品|卫生|道路|安全|经营|许可|印章|印鉴"
    r"|基本|登记|排污|行政|工会|民办|社会|土地|房|不动产|增值|收据|业务|消防|特种|出口|进口|统一|电子|代码|烟草"
    r"|危险|个体|机动车|行驶|林权|草原|农村|宅基|承包|购房|建房|车辆|渔|船)"
)


def find_documents(flat: str) -> tuple[str, ...]:
    """The names of the documents lost or made void in a folded body, in order, each once."""
    flat = _open_brackets(flat)
    whats: list[str] = []
    for pattern in (_MOVED,):
        whats += [found["what"] for found in pattern.finditer(flat)]
    if not whats:
        for found in _LOST.finditer(flat):
            rest = flat[found.end() : found.end() + 400]
            stop = LIST_ENDS.search(rest)
            what = rest[: stop.start()] if stop else rest
            whats.append(_without_owner(what) if found.start() == 0 else what)
    names = _names(whats)
    if not names:
        names = _names([_without_subject(_tail(found["what"])) for found in _PASSIVE.finditer(flat)])
    if not names:
        names = _names([_without_owner(found["what"]) for found in _REPLACED.finditer(flat)])
    if not names:
        names = _names([found["what"] for found in _VOIDED.finditer(flat)])
    if not names:
        names = _names([found["what"] for found in _FORMER.finditer(flat)])
    if not names and not re.search(LOSS_WORD, flat):
        stop = LIST_ENDS.search(flat)
        names = _names([flat[: stop.start()] if stop else flat])
    if not names and (lost := re.search(LOSS_WORD, flat)):
        names = _names([flat[max(0, lost.start() - 160) : lost.start()]])
    return tuple(names)


_VOIDED = re.compile(
    r"(?:现?将|对)(?P<what>[^。;]{4,120}?)(?:予以|公告|声明|登报|依法|宣布|自即日起)*(?:公告|声明)?(?:作废"
    r"|注销)"
)
_FORMER = re.compile(r"(?:原|旧)(?P<what>[^,。;:因已自]{2,30})")


def _without_owner(what: str) -> str:
    """The list without the former owner before its first document ('某某公司公章、财务专用章')."""
    first = re.split("[、,]", what, maxsplit=1)[0]
    return _without_subject(first) + what[len(first) :]


def owner_before(flat: str) -> str:
    """Whose document it is in the shortest form, under a heading that says the rest ('陈志红身份证,…,作废')."""
    found = re.match(rf"(?P<who>{people.NAME})(?={_PERSONAL})", flat)
    if found:
        return found["who"]
    return people.name_before(flat) if _OF_SCHOOL.match(flat) else ""


_OF_SCHOOL = re.compile(
    rf"{people.SURNAME}[{CJK}]{{4,16}}?(?:大学|学院|学校|中学|小学|职专)(?:的)?(?:学生证|(?:本科|专科)?(?:毕业|学位|学历)|报到|就业)"
)
"""'刘思远四川大学学生证': nothing parts the name from the school."""


def owner_of(flat: str) -> str:
    """The owner before what is lost ('某某小吃店食品经营许可证正本' gives the shop), or all when nothing is named."""
    rest = _without_subject(flat)
    return flat if rest == flat else flat[: -len(rest)]


def _tail(what: str) -> str:
    return re.sub(r"^(?:兹有|兹|现有|本人|我公司|我司|因保管不善|由于[^,]{2,12})", "", what)


_GENERIC = frozenset(
    [
        "档案",
        "证书",
        "证件",
        "合同",
        "发票",
        "收据",
        "提单",
        "票据",
        "凭证",
        "许可证",
        "执照",
        "登记证",
        "存单",
        "存折",
        "保单",
        "卡",
        "单",
    ]
)
"""After a document '档案编号350…' or '提单号…' gives its number, not another document."""


def _names(whats: list[str]) -> list[str]:
    names: list[str] = []
    for what in whats:
        for segment in _segments(what):
            name = _name(segment)
            if names and re.search(r"[号码]", segment[len(name) :]) and (name in _GENERIC or names[-1].endswith(name)):
                continue
            if name and name not in names:
                names.append(name)
    return names
