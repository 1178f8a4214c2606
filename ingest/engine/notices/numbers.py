"""Numbers of notices: credit codes, certificate and account numbers, telephone numbers, amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass

USCC = re.compile(
    r"(?:(?:统一)?(?:社会)?信用代码|(?P<tax>纳税人识别号|税号))(?:证)?(?:号|号码"
    r"|编号)?(?:\([^)]{1,10}\))?(?:证)?(?:为"
    r"|是)?[:;.]?[ (\"“]*(?P<code>[0-9A-Za-z](?:[ ]?[0-9A-Za-z]){14,20})(?![0-9A-Za-z])"
)
USCC_BARE = re.compile(
    r"(?<![0-9A-Za-z])(?P<code>(?:9[1-3]|5[1-39]|1[1-39]|N[1-39]|Y1|A1|31|41|61|71|81)\d{6}[0-9A-Z]{10})(?![0-9A-Za-z])"
)
"""A credit code without its label; a number of eighteen figures is taken for one only by its label."""

_REGION = "闽赣浙粤苏沪京皖鲁豫鄂湘桂琼川渝黔滇陕甘青宁新藏蒙辽吉黑津冀晋军"
_SIGNS = r"[A-Za-z0-9](?:[ ]?[A-Za-z0-9\-/*.]){2,39}"
LABEL = (
    r"(?:证件?号码?|税号|纳税人识别号|证(?:书)?编?号|证书号码?|编号|编码|号码|账号|帐号|账户|帐户|核准号|核准证?编?号|注册号"
    r"|登记号|登记证号|许可证号|执照号|票号|发票号码?|发票代码|代码|单号|提单号|箱号|合同号|合同编号"
    r"|收据号码?|"
    r"印章编码|公章编码|防伪(?:码|编码|编号)|备案号|档案号|学号|工号|警号|警官证号|车牌号码?|车架号"
    r"|发动机号|牌号|存单号|卡号|保单号|流水号|序列号|凭证号|执业证号|资格证号|尾号|字号|号|案号|文号|No\.?"
    r"|NO\.?|№)"
)
LABELLED = re.compile(
    rf"{LABEL}(?:码)?(?:\([^)]{{1,8}}\))?(?:分别)?(?:为"
    rf"|是)?[:.;]?[ (\"“]*(?P<number>[{_REGION}]{{0,2}}{_SIGNS})(?![A-Za-z0-9])"
)
MORE = re.compile(
    r"(?:、|,|和|及|;|/|至|-"
    r"|~)(?:号码)?[:]?(?P<number>[A-Za-z]{0,4}\d(?:[A-Za-z0-9\-]){4,30})(?![A-Za-z0-9年月日.]|[万亿]?元)"
)
"""Further numbers after a labelled one: '号码:00012345、00012346'."""
_PREFIX = r"(?:\([\u4e00-\u9fff]{1,3}\))?[\u4e00-\u9fff]{0,12}"
CERTIFICATE_STYLE = re.compile(
    rf"(?P<number>{_PREFIX}(?:\((?:19|20)\d\d\)|\[(?:19|20)\d\d\]|(?<!\d)(?:19|20)\d\d(?![\d年.\-]))"
    r"[^ ,。;:、()\[\]]{0,24}?[^ ,。;:、()\[\]年月日]?第? ?[A-Z]{0,3}-?\d[\d\-]*号)"
)
"""闽(2019)晋江市不动产权第0012345号, 晋国用(2005)第00123号, (2025)闽0582民初1234号."""
CERTIFICATE_WORD = re.compile(
    r"(?P<number>[\u4e00-\u9fff]{1,12}字(?:\([\u4e00-\u9fff]{1,2}\))?第? ?[A-Z]{0,3}\d[\dOo\-]*号"
    r"|第 ?[A-Z]{0,3}\d{4,}(?:-\d+)?号|(?<=号:)[\u4e00-\u9fff]{2,12}[A-Z]{0,3}\d{5,}号)"
)
"""晋房权证青阳字第123456号, 军字第012345号, 第3505821234号."""
_LEADS_UP = re.compile(
    r"送达|作出|出具|领取|将|收到|不服|根据|按照|依据|证书|证号|编号|号码|文号|书(?!字)|遗失|原(?!州)|持有"
    r"|的|为|是|了|与|及|和|你|我|该|以|向|对|在|下达|下发|印发|核发|颁发|裁定|决定|坐落于|法院|委员会|号"
    rf"|(?:许可|产权|使用|身份|行驶|运输)证(?=[{_REGION}])"
)
"""Words that lead up to a number whose own letters follow ('公告送达(2025)闽0582…', '将晋国用(2005)…')."""
PLATE = re.compile(
    rf"(?P<number>(?<![{_REGION}])[{_REGION}][A-Z][·.]?(?:[A-Z0-9]{{4}}[挂学警]"
    rf"|[A-Z0-9]{{5,6}}))(?![A-Za-z0-9])"
)

PHONE = re.compile(
    r"(?<![\dA-Za-z.\-])(?P<number>1[3-9]\d[ -]?\d{4}[ -]?\d{4}|1[3-9](?:\d ?){8}\d"
    r"|\(?0\d{2,3}\)?[ -]?[2-9]\d{2,3}[ ]?\d{4}(?:(?:转|-)\d{1,5})?|[48]00[ -]?\d{3,4}[ -]?\d{3,4}|(?:12345"
    r"|12348|110|119|120|95598|96\d{3,4}|95\d{3}))(?![\dA-Za-z])"
)
PHONE_LABEL = re.compile(
    r"(?:电话|手机|热线|TEL|Tel|tel|联系方式|手机号码?|电话号码?|咨询|传真|联系|微信|小灵通|☎|℡|致电"
    r"|拨打)(?:\([^)]{1,8}\))?[^。;,:\d]{0,8}?[:: .]*(?P<number>\(?\d[\d\- ()]{5,16}\d)"
)
"""A number behind a telephone label, whatever its shape: '电话:85661234', also one of impossible length."""
MISREAD_PHONE = re.compile(
    r"(?:电话|手机|热线|联系方式"
    r"|致电)[^。;,:\dA-Za-z]{0,6}[: ]*(?P<number>(?=[\d\-]*[OoIlZSB])[\dOoIlZSB][\dOoIlZSB\-]{6,12})(?!"
    r"[A-Za-z0-9])"
)
"""'电话:1396555913O': a letter among the figures of a telephone number."""
LOCAL_MORE = re.compile(r"(?:、|,|/| |或|;)(?:\([^)]{1,6}\))?(?P<number>[2-9]\d{6,7}|1[12]0)(?!\d)")
LOCAL_AT_END = re.compile(r"(?<=[\u4e00-\u9fff])(?<![证号码第]) ?(?P<number>(?!(?:19|20)\d{6}$)[2-9]\d{6,7})$")
"""'老李开锁 换锁芯 8811110': at the very end, and no date."""
FAX = re.compile(r"传真[^。;,]{0,6}$")

ID_BARE = re.compile(r"(?<![\dA-Za-z])(?P<number>[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx])(?![\dA-Za-z])")
"""An identity-card number without its label ('陈某身份证,3505821963…,作废')."""

_FIGURE = r"(?<![\d,.])\d[\d,]{0,15}(?:\.\d{1,4})?"
"""Bounded, and never begun in the middle of a figure: the cost stays linear in a run of figures."""
AMOUNT = re.compile(
    rf"(?P<amount>(?:{_FIGURE} ?[万亿]?元?[-~至]{{1,2}} ?)?(?:{_FIGURE}"
    rf"|[一二三四五六七八九十百千万零壹贰叁肆伍陆柒捌玖拾佰仟两]{{1,12}}) ?(?:余"
    rf"|多)? ?(?:万|亿|千|百|仟|佰|拾)*(?:美元|港元|港币|欧元|日元|元|圆)(?:整)?(?:/[^ ,。;、()]{{1,8}})?)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value as printed at ``start:end`` of the text."""

    start: int
    end: int


def _groups(pattern: re.Pattern[str], text: str, name: str) -> list[Found]:
    return [Found(*found.span(name)) for found in pattern.finditer(text)]


def find_uscc(text: str) -> list[Found]:
    found = [
        Found(*match.span("code"))
        for match in USCC.finditer(text)
        if not (match["tax"] and ID_BARE.fullmatch(match["code"].replace(" ", "")))  # a trader's tax number is his own
    ]
    taken = [(f.start, f.end) for f in found]
    bare = [
        f
        for f in _groups(USCC_BARE, text, "code")
        if re.search(r"[A-Z]", text[f.start : f.end]) and not _inside(f, taken)
    ]
    return [_trim_code(text, f) for f in found] + bare


def _trim_code(text: str, found: Found) -> Found:
    """The label may be followed by a longer run ('…X1 号'): eighteen signs are the code."""
    raw = text[found.start : found.end]
    if len(raw.replace(" ", "")) <= 18 or " " not in raw:
        return found
    count = 0
    for index, char in enumerate(raw):
        count += char != " "
        if count == 18 and (index + 1 == len(raw) or raw[index + 1] == " "):
            return Found(found.start, found.start + index + 1)
    return found


def _inside(found: Found, taken: list[tuple[int, int]]) -> bool:
    return any(found.start < end and start < found.end for start, end in taken)


LABELLED_LEAST = 6
"""Fewer figures behind '电话' are an extension or a short code, which `PHONE` knows."""
MISREAD_LEAST = 5
"""With fewer figures it is a word, not a number."""


def find_phones(text: str) -> list[Found]:
    """Telephone numbers in order; a fax is not a number to call."""
    found = [
        Found(*match.span("number"))
        for match in MISREAD_PHONE.finditer(text)
        if sum(char.isdigit() for char in match["number"]) >= MISREAD_LEAST
    ]
    misread = [(f.start, f.end) for f in found]
    for label in PHONE_LABEL.finditer(text):
        begin, end = label.span("number")
        if (
            _of_something_else(text, begin)
            or PHONE.match(text, begin)
            or FAX.search(text[max(0, label.start() - 1) : begin])
        ):
            continue
        figures = re.match(r"\(?\d+(?:[-()]\d+)*", text[begin:end])
        if figures is None or sum(char.isdigit() for char in figures[0]) < LABELLED_LEAST:
            continue
        candidate = Found(begin, begin + len(figures[0]))
        if not _inside(candidate, misread):
            found.append(candidate)
    for match in PHONE.finditer(text):
        candidate = Found(*match.span("number"))
        is_short = candidate.end - candidate.start < 7
        ahead = text[max(0, candidate.start - 12) : candidate.start]
        if is_short and not re.search(r"(?:电话|热线|拨打|致电)[^\d]{0,4}$", ahead):
            continue
        if FAX.search(ahead) or _of_something_else(text, candidate.start):
            continue
        if not _inside(candidate, [(f.start, f.end) for f in found]):
            found.append(candidate)
    ends = LOCAL_AT_END.search(text)
    if ends and not _of_something_else(text, ends.start("number")):
        candidate = Found(*ends.span("number"))
        if not _inside(candidate, [(f.start, f.end) for f in found]):
            found.append(candidate)
    for known in list(found):
        position = known.end
        while (more := LOCAL_MORE.match(text, position)) is not None:
            candidate = Found(*more.span("number"))
            position = candidate.end
            if not _inside(candidate, [(f.start, f.end) for f in found]):
                found.append(candidate)
    return sorted(found, key=lambda f: f.start)


def _of_something_else(text: str, start: int) -> bool:
    """Whether a label before a number says that it is none to call ('咨询有限公司(注册号:3101…')."""
    ahead = text[max(0, start - 12) : start]
    return (
        re.search(rf"(?:{LABEL}|代码)[:为 ]*$", ahead) is not None
        and re.search(r"(?:电话|手机|联系|热线|微信|微信号|机号码?)[^\d]{0,4}$", ahead) is None
    )


def find_numbers(text: str, taken: list[Found]) -> list[Found]:
    """Certificate, account, registration, invoice, case and plate numbers, apart from those already ``taken``."""
    spent = [(f.start, f.end) for f in taken]
    found: list[Found] = []

    def add(candidate: Found) -> bool:
        if _inside(candidate, spent):
            return False
        spent.append((candidate.start, candidate.end))
        found.append(candidate)
        return True

    for pattern in (CERTIFICATE_STYLE, CERTIFICATE_WORD, PLATE, ID_BARE):
        for candidate in _groups(pattern, text, "number"):
            if not _CITED.match(text[candidate.end : candidate.end + 12]):
                add(_without_lead(text, candidate))
    for label in LABELLED.finditer(text):
        number = text[label.start("number") : label.end("number")]
        stop = label.start("number") + len(_one_number(number))
        if sum(c.isdigit() for c in number) < 3 or text[label.start("number") - 1 : label.start("number")].isdigit():
            continue
        if re.search(
            r"(?:电话|手机|联系|微信|邮政|邮|QQ|信用)[^,。;]{0,3}$",
            text[max(0, label.start() - 4) : label.start("number")].rstrip(": "),
        ):
            continue
        if label.group().startswith("号") and (
            re.match(r"[栋幢楼室层厂房店面铺院]|[年月]", text[stop : stop + 1])
            or _HOUSE.search(text[: label.start()][-8:])
        ):
            continue
        if not add(Found(label.start("number"), stop)):
            continue
        while (more := MORE.match(text, stop)) is not None:
            add(Found(*more.span("number")))
            stop = more.end("number")
    return sorted(found, key=lambda f: f.start)


_HOUSE = re.compile(r"[路街道巷弄里园区村坊段][\u4e00-\u9fff]?\d{1,5}$")
"""'建华大街18号2-3-501': what follows is the staircase and the door."""


def _one_number(number: str) -> str:
    """Spaces inside a number belong to it only between groups of figures ('6228 4801 2345')."""
    kept = re.match(r"[^ ]+(?: \d{3,8}(?![\d]))*", number)
    return (kept[0] if kept else number).rstrip("-/.* ")


_CITED = re.compile(r"^(?:文(?!书)|批准|批复|的?通知|的?规定|会议纪要)")
"""'根据闽政地[2025]456号文批准': the number of an order cited, not of what the notice is about."""


def _without_lead(text: str, found: Found) -> Found:
    """The number from its own letters on."""
    raw = text[found.start : found.end]
    letters = re.match(r"[\u4e00-\u9fff]*", raw)
    leads = list(_LEADS_UP.finditer(raw[: letters.end() if letters else 0]))
    return Found(found.start + leads[-1].end(), found.end) if leads else found


def find_amounts(text: str) -> list[Found]:
    return _groups(AMOUNT, text, "amount")
