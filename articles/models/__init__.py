"""The newspaper itself.

Modules import in one direction: newspaper ← items ← topics and findings ← publication ← notices;
items ← jumps, teamwork, signing, corrections and addresses; history, logins and names stand alone.
"""

from articles.content import NoticeKind
from articles.models.addresses import OldAddress
from articles.models.corrections import Correction, CorrectionKind, CorrectionSubject
from articles.models.findings import Finding, FindingState
from articles.models.history import Act, HistoryEntry, Target
from articles.models.items import AnyItem, Article, Item, Notice, WorkState
from articles.models.jumps import Jump, JumpState
from articles.models.logins import LoginLock
from articles.models.names import Office
from articles.models.newspaper import DateState, Issue, Newspaper, Page
from articles.models.notices import (
    NoticeNumber,
    NoticeRegister,
    NoticeSeries,
    Printing,
    PrintingState,
    SnapshotNumber,
)
from articles.models.publication import (
    PublicVersion,
    Snapshot,
    SnapshotContributor,
    SnapshotExtract,
    SnapshotTopic,
    Withdrawal,
)
from articles.models.search import SearchDoc, SearchRebuild, SearchState, SiteWord
from articles.models.signing import DEFAULT_STAGES, ErrorBasis, Outcome, SignOff, Stage, StageKind
from articles.models.teamwork import Assignment, AssignmentKind, Comment, Mention
from articles.models.topics import Contributor, Credit, CreditRole, LinkState, Topic, TopicLink, TopicState

__all__ = [
    "DEFAULT_STAGES",
    "Act",
    "AnyItem",
    "Article",
    "Assignment",
    "AssignmentKind",
    "Comment",
    "Contributor",
    "Correction",
    "CorrectionKind",
    "CorrectionSubject",
    "Credit",
    "CreditRole",
    "DateState",
    "ErrorBasis",
    "Finding",
    "FindingState",
    "HistoryEntry",
    "Issue",
    "Item",
    "Jump",
    "JumpState",
    "LinkState",
    "LoginLock",
    "Mention",
    "Newspaper",
    "Notice",
    "NoticeKind",
    "NoticeNumber",
    "NoticeRegister",
    "NoticeSeries",
    "Office",
    "OldAddress",
    "Outcome",
    "Page",
    "Printing",
    "PrintingState",
    "PublicVersion",
    "SearchDoc",
    "SearchRebuild",
    "SearchState",
    "SignOff",
    "SiteWord",
    "Snapshot",
    "SnapshotContributor",
    "SnapshotExtract",
    "SnapshotNumber",
    "SnapshotTopic",
    "Stage",
    "StageKind",
    "Target",
    "Topic",
    "TopicLink",
    "TopicState",
    "Withdrawal",
    "WorkState",
]
