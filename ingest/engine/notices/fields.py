"""A notice's fields from its paragraphs, and the findings about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.engine.notices import dates, documents, kinds, lines, numbers, people, queries
from ingest.engine.notices.text import Piece, fold
from ingest.engine.types import Finding, NoticeFields

SUBJECT_FIRST = frozenset(
    {
        kinds.LOST,
        "声明作废",
        "注销公告",
        "清算公告",
        "债权债务公告",
        "减资公告",
        "吸收合并公告",
    }
)
"""Kinds whose body opens with who declares; the others name another party first and the publisher at the end."""

_SUBJECT_ENDS = re.compile(
    rf"{kinds.LOSS_WORD}|购买|吸收合并|定于|位于|下属|所属|招(?!商|标|贤|待|手|牌|租)|诚聘|急聘|急招|招收|招募|聘请|高薪|公开|长期|面向|对|与|为|向|[,(:。]|不慎|因"
    rf"|由于|保管不善|不小心|将|把|于(?=[\d二])|经|拟|原|现|股东|成立|已|决定|营业执照|的|自|根据|系|公章"
    rf"|在|本|申请|向|全体|编号|开具|持有|名下|(?=[12]\d{{3}}年)|停止|終止|终止"
)
_OPENERS = re.compile(
    r"^(?:兹有|兹因|兹|现有|现|本人|我(?!司|公司|单位|厂|校|店|局|行|院|村|们|社)|关于|原(?=“)|“|●|■|◆|★"
    r"|\d{1,2}[、.]|[一二三四五六七八九十]、|\(\d\))+"
)
_ORG_TYPE = re.compile(
    r"^\((?:普通合伙|有限合伙|特殊普通合伙|个人独资|个体工商户|有限责任|[^)]{2,6}分公司|中国|福建|集团|工会)[^)]{0,6}\)"
)

_TITLE = (
    r"(?:先生|女士|小姐|经理|主任|律师|老师|医生|师傅|总经理|总|法官|书记员|会计|科长|所长|村长|书记|工程师"
    r"|警官|院长|站长|厂长|园长|校长|店长|队长|组长|镇长|老板|阿姨|秘书|助理|部长|同志|社长|会长|管理员|姐|哥"
    r"|公证员|董|工|生)"
)
_CONTACT_NAME = (
    rf"(?:{people.NAME}?{_TITLE}|[小老阿][\u4e00-\u9fff](?![\u4e00-\u9fff])|{people.RARE_SURNAME}{_TITLE}"
    rf"|[\u4e00-\u9fff]{{1,3}}?{_TITLE}|{people.NAME}(?![话机系址])"
    rf"|{people.RARE_SURNAME}[\u4e00-\u9fff]{{1,2}}(?=[ ,;。、(\d]|电话|手机|联系|$))"
)
_CONTACT = re.compile(
    rf"(?:联系人|联络人|经办人|接待人|负责人|联系)(?:及|和|、)?(?:联系)?(?:电话|方式"
    rf"|手机)?(?:\([^)]{{1,8}}\))? ?[:：]? ?(?P<who>{_CONTACT_NAME}(?:(?:[、,/ ]|和){_CONTACT_NAME})*)"
)
_CONTACT_NEAR_PHONE = re.compile(
    rf"(?:电话|手机|热线|微信|联系方式|联系|咨询)(?:号码)?[: ]*[\d\- /、,]*[ (]*(?P<who>(?:{people.NAME}?"
    rf"|{people.SURNAME}){_TITLE}|{people.NAME}(?=[ :]?\d)|[小老阿][\u4e00-\u9fff](?![\u4e00-\u9fff]))"
)

_CONTACT_AFTER = re.compile(
    rf"(?:1[3-9]\d{{9}}|0\d{{2,3}}-?\d{{7,8}}) ?[(]?(?:(?P<who>{people.RARE_SURNAME}{_TITLE}"
    rf"|[小老阿][\u4e00-\u9fff])|(?:儿子|女儿|丈夫|妻子|父亲|母亲|家属|家人)[: ]?(?P<kin>{people.NAME}))"
    r"[)]?(?=[。,;]|$)"
)
_CONTACT_BEFORE = re.compile(
    rf"(?:^|[。,;: ])(?P<who>{people.RARE_SURNAME}{_TITLE}|[小老阿][\u4e00-\u9fff])[: ,]{{0,2}}"
    r"(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})"
)
"""'年租金2.4万元起。 李经理 0874-…'."""
_CONTACT_WITH = re.compile(rf"(?:与|和|找|致电)(?P<who>{_CONTACT_NAME})(?:联系|洽谈|接洽|商谈|咨询|面谈)")

_ADDRESS_LABEL = (
    r"(?:(?:申报|联系|公司|债权申报|登记|通讯|通信|办公|报名|现|经营|邮寄|清算组|本公司|单位|项目|应聘|面试"
    r"|看房|店面|厂房)?地址|住址|住所(?:地)?|(?:报名|联系|申报|登记|面试|应聘|领取|认领|办理|咨询)地点"
    r"|申报债权地点)"
)
_ADDRESS = re.compile(rf"{_ADDRESS_LABEL}(?:\([^)]{{1,8}}\))?(?:为)? ?[:：] ?(?P<address>[^。;]{{4,80}})")
_ADDRESS_ENDS = re.compile(
    rf"[, ;]\(?(?:{lines.CONTACT_LABEL}|联系|邮编|电话|特此|逾期|{people.NAME})|[,、 ]?(?:TEL|Tel|☎)"
    rf"|,?1[3-9]\d{{9}}|,?0\d{{2,3}}-\d{{7}}|(?<=[^\d])(?:{lines.CONTACT_LABEL})[:]| (?=[12]\d{{3}}年)"
    rf"|,(?=[^,]{{4,}})"
)


@dataclass(frozen=True, slots=True)
class Read:
    fields: NoticeFields
    findings: tuple[Finding, ...]


def read(
    kind: kinds.Kind, heading: Piece | None, body: Sequence[Piece], sign_off: Sequence[Piece], printed: date | None
) -> Read:
    """The fields of a notice of the kind; ``sign_off`` are those pieces of ``body`` that are signatory and date."""
    text = "".join(_with_stop(lines.BULLET.sub("", piece.flat)) for piece in body)
    sign_off = sign_off or _inline_sign_off(body)
    signatory, label = _signatory(sign_off)
    signatory = signatory or _beside_contact(body)
    signed, signed_findings = _signed_date(sign_off or body[-1:], printed)
    findings = [*signed_findings]
    phones: list[str] = []
    codes: list[str] = []
    found_numbers: list[str] = []
    amounts: list[str] = []
    for piece in body:
        flat = piece.flat
        uscc = numbers.find_uscc(flat)
        calls = [f for f in numbers.find_phones(flat) if not any(f.start < u.end and u.start < f.end for u in uscc)]
        other = numbers.find_numbers(flat, [*uscc, *calls])
        codes += [_printed(piece, f) for f in uscc]
        phones += [_printed(piece, f) for f in calls]
        found_numbers += [_printed(piece, f) for f in other]
        amounts += [_printed(piece, f) for f in numbers.find_amounts(flat)]
        findings += queries.about_codes(piece, uscc)
        findings += queries.about_phones(piece, calls)
        findings += queries.about_ids(piece, other)
        findings += queries.about_dates(piece, printed)
    last_day = dates.deadline(text, printed)
    fields = NoticeFields(
        declarant=_declarant(kind, heading, text, signatory, label),
        signatory=signatory,
        date=signed.isoformat() if signed is not None else "",
        documents=documents.find_documents(text) if kind.has_documents else (),
        numbers=_once(found_numbers),
        uscc=codes[0] if codes else "",
        contact=_contact(text),
        phones=_once(phones),
        address=_address(body),
        deadline=last_day.isoformat() if last_day is not None else "",
        amounts=_once(amounts),
    )
    return Read(fields, _distinct(findings))


def _inline_sign_off(body: Sequence[Piece]) -> Sequence[Piece]:
    """The signatory and date that end a paragraph in the same line as its last sentence."""
    for whole in reversed(body):
        start = lines.inline_sign_off(whole.flat)
        if start is not None:
            return [Piece(whole.text[start:], whole.at[start:], whole.spans)]
    return []


def _with_stop(flat: str) -> str:
    return flat if lines.TERMINAL.search(flat) else flat + "。"


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _distinct(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _printed(piece: Piece, found: numbers.Found) -> str:
    return piece.text[found.start : found.end].replace(" ", "")


def _signatory(sign_off: Sequence[Piece]) -> tuple[str, bool]:
    """Who signs, and whether a label ('声明人:') says so."""
    names: list[str] = []
    labelled = False
    for piece in sign_off:
        flat = piece.flat
        stop = lines.date_at_end(flat)
        end = len(flat) if stop is None else stop
        label = people.SIGNER_LABEL.match(flat[:end])
        formula = lines.FORMULA_FIRST.match(flat)
        start = label.end() if label else formula.end() if formula else 0
        labelled = labelled or label is not None
        name = people.COUNSEL.sub("", fold(people.SIGN_OFF_WORDS.sub("", piece.text[start:end].strip(" ,，。:："))))
        parts = (people.SIGNER_LABEL.sub("", part) for part in name.split())
        kept = [part for part in parts if part and not people.SIGNER_LABEL.match(f"{part} ")]
        name = " ".join(kept[1:] if len(kept) > 1 and people.PLACE.match(kept[0]) else kept)
        if name:
            names.append(re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "、", name))
    return "、".join(names), labelled


_BESIDE_CONTACT = re.compile(
    rf"(?:^|。)(?P<who>[^ ,。;:\d]{{4,40}}?)"
    rf"(?: {lines.CONTACT_LABEL}[: ]| ?(?:1[3-9]\d{{9}}|0\d{{2,3}}-\d{{7,8}})(?!\d))"
)
"""'某某公司 客服热线:66269271' over the date: who signs stands in the line of whom to call."""


def _beside_contact(body: Sequence[Piece]) -> str:
    for piece in body[-2:]:
        found = _BESIDE_CONTACT.search(piece.flat)
        if found and people.is_organisation(found["who"]):
            return found["who"]
    return ""


def _signed_date(sign_off: Sequence[Piece], printed: date | None) -> tuple[date | None, list[Finding]]:
    for piece in reversed(sign_off):
        start = lines.date_at_end(piece.flat)
        if start is None:
            continue
        for found in dates.find_dates(piece.flat[start:], printed):
            if found.value is not None:
                return found.value, []
    return None, []


def _declarant(kind: kinds.Kind, heading: Piece | None, text: str, signatory: str, labelled: bool) -> str:
    """Who declares: the signatory a label names; else whom the body opens with or who published it, by the kind."""
    if labelled and signatory:
        return signatory
    subject = subject_of(text)
    owner = _heading_owner(heading)
    if kind.name == kinds.LOST and not subject:
        subject = documents.owner_before(text)
    if kind.name in SUBJECT_FIRST and not (signatory and subject.endswith("法院")):
        return subject or signatory or owner
    signatory = _TITLED_BESIDE.sub("", signatory)
    publisher = _PUBLISHER.search(text)
    organisation = subject if people.is_organisation(subject) and not _DOOR.search(subject) else ""
    if kind.name in PERSON_SPOKEN_OF:
        organisation = ""
    return signatory or owner or organisation or (publisher["who"].strip() if publisher else "")


_DOOR = re.compile(r"[路街道巷弄里区]\d+号")
"""'盐桥路5号青藏宾馆一楼大厅': what is let, not who lets it."""
PERSON_SPOKEN_OF = frozenset(
    {"寻人启事", "讣告", "招领", "寻亲公告", "法院公告", "解除劳动合同通知书", "行政处罚公告", "更正"}
)
"""Kinds that open with the one they speak of or to."""
_PUBLISHER = re.compile(
    r"(?:招标人|采购人|采购单位|建设单位|招租单位|出租方|招标代理机构|采购代理机构|代理机构|拍卖人|公示单位"
    r"|招聘单位)(?:名称)?(?:[::]|为) ?(?P<who>[^,。;: ]{4,40})"
)
_TITLED_BESIDE = re.compile(r"(?<=.)、[^、]{1,4}律师$")
"""'某某律师事务所、丁律师': the office declares, its lawyer signs with it."""
_CLAUSE = re.compile(r"^(?:根据|经|因|为|由于|依据|按照|鉴于|应|随着|现因|自)[^,。;]{2,60},")
"""'根据股东会决议,…': what stands before the subject."""
_PLACE_FIRST = re.compile(r"^[\u4e00-\u9fff]{2,8}?[省市县区][\u4e00-\u9fffA-Za-z0-9()]{2,30}$")
"""A shop of any name is known by the place it begins with ('石狮市好再来遗失公章')."""
_NOT_SUBJECT = re.compile(r"^(?:本|我|该|各|全体|原告|因|经|根据|由于|受|项目|你|凡|为|如|有关|请|以上|以下|上述|现)")


def _heading_owner(heading: Piece | None) -> str:
    if heading is None:
        return ""
    bare = kinds.bare_heading(heading.flat)
    for start in range(len(bare) - 2, 3, -1):
        if people.is_organisation(bare[:start]) and kinds.heading_kind(bare[start:]) is not None:
            return bare[:start]
    return ""


_KIN = re.compile(r"\((?:父|母|父亲|母亲|夫|妻|子|女|男)\)")


def subject_of(text: str) -> str:
    """The person or organisation a folded body opens with."""
    if re.match(kinds.LOSS_WORD, text):  # '遗失某某公司银行开户许可证': the owner stands after the loss
        what = re.split("[,。;:(]", text[2:62], maxsplit=1)[0]
        owner = documents.owner_of(what)
        return owner if owner != what and people.is_organisation(owner) else ""
    start = _OPENERS.match(text)
    rest = _KIN.sub("", text[start.end() if start else 0 :][:160].lstrip(" ,:"))
    while (clause := _CLAUSE.match(rest)) is not None:
        rest = re.sub("^由(?!于)", "", rest[clause.end() :])
    for stop in _SUBJECT_ENDS.finditer(rest[:90]):
        candidate = rest[: stop.start()].strip(' ,“”"')
        if len(candidate) < 2:
            continue
        if rest[stop.start()] == ":":
            return ""
        follows = rest[stop.start() :]
        is_lost = re.match(rf"{kinds.LOSS_WORD}|不慎", follows) is not None
        if is_lost or (follows[0] == "(" and re.search(kinds.LOSS_WORD, follows)):
            candidate = documents.owner_of(candidate).strip()
        bracket = _ORG_TYPE.match(follows)
        if bracket:
            candidate += bracket[0]
        if _NOT_SUBJECT.match(candidate):
            return ""
        if people.is_organisation(candidate) or people.is_person(candidate):
            return candidate
        if is_lost and people.is_rare_name(candidate):
            return candidate
        if _PLACE_FIRST.match(candidate) and is_lost:
            return people.person_at_end(candidate) or candidate
        person = people.person_at_end(candidate)
        if person:
            return person
        if rest[stop.start()] in ",。":
            break
    return ""


def _contact(text: str) -> str:
    for pattern in (_CONTACT, _CONTACT_NEAR_PHONE, _CONTACT_WITH, _CONTACT_AFTER, _CONTACT_BEFORE):
        found = pattern.search(text)
        if found:
            return (found["who"] or found["kin"]).strip(" ,、/")
    return ""


def _address(body: Sequence[Piece]) -> str:
    for piece in body:
        found = _ADDRESS.search(piece.flat)
        if found:
            stop = _ADDRESS_ENDS.search(found["address"])
            end = found.start("address") + (stop.start() if stop else len(found["address"]))
            return piece.text[found.start("address") : end].strip(" ,，、(（")
    return ""
