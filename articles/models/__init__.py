"""The newspaper itself.

Modules import in one direction: newspaper ← items ← topics and findings ← publication ← notices; history stands alone.
"""

from articles.content import NoticeKind
from articles.models.findings import Finding, FindingState
from articles.models.history import Act, HistoryEntry, Target
from articles.models.items import AnyItem, Article, Item, Notice, WorkState
from articles.models.newspaper import DateState, Issue, Newspaper, Page
from articles.models.notices import (
    NoticeNumber,
    NoticeRegister,
    NoticeSeries,
    Printing,
    PrintingState,
    SnapshotNumber,
)
from articles.models.publication import Snapshot, SnapshotContributor, SnapshotTopic, Withdrawal
from articles.models.topics import Contributor, Credit, CreditRole, LinkState, Topic, TopicLink, TopicState

__all__ = [
    "Act",
    "AnyItem",
    "Article",
    "Contributor",
    "Credit",
    "CreditRole",
    "DateState",
    "Finding",
    "FindingState",
    "HistoryEntry",
    "Issue",
    "Item",
    "LinkState",
    "Newspaper",
    "Notice",
    "NoticeKind",
    "NoticeNumber",
    "NoticeRegister",
    "NoticeSeries",
    "Page",
    "Printing",
    "PrintingState",
    "Snapshot",
    "SnapshotContributor",
    "SnapshotNumber",
    "SnapshotTopic",
    "Target",
    "Topic",
    "TopicLink",
    "TopicState",
    "Withdrawal",
    "WorkState",
]
