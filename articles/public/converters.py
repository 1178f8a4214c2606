"""The parts of public addresses. Each accepts one spelling only, so that a thing has one address."""

from __future__ import annotations

import datetime

from articles.public.days import MonthDay


class ItemId:
    """A row's number: no leading zeros, and no more digits than the database can hold."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class PageNumber(ItemId):
    """版次, from 1 to 999."""

    regex = "[1-9][0-9]{0,2}"


class Year(ItemId):
    regex = "[12][0-9]{3}"


class Month:
    """`2024-03`: its first day."""

    regex = "[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(f"{value}-01")

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()[:7]


class IssueDate:
    """`2024-03-05`. A date that does not exist is an address that does not exist."""

    regex = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


class TopicSlug:
    """Letters of any script, digits, hyphens: topics are named in Chinese."""

    regex = r"[-\w]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DayOfYear:
    """`03-05`. Every year has it, or leap years have."""

    regex = "[01][0-9]-[0-3][0-9]"

    def to_python(self, value: str) -> MonthDay:
        return MonthDay.parse(value)

    def to_url(self, value: MonthDay) -> str:
        return str(value)
