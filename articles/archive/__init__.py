"""The whole archive as one file of JSON Lines, and back into an empty database of either kind.

    {"format": "jjcms-archive", "version": 1, "made_at": …, "migrations": {"articles": "0012_…", …}}
    {"table": "auth.user", "row": {"id": 1, …}}          one line a row, by table and number
    …
    {"end": {"rows": {"auth.user": 3, …}, "sha256": …}}   SHA-256 of the lines of rows

Everything is in it: people without their passwords, sources with their bytes, history, snapshots, provenance. Rows keep
their numbers, so links keep working. What the site can make again (the search index, who is at the desk just now) is
left out. The file holds personal numbers in clear and belongs where backups belong.
"""

from articles.archive.reading import Problem, restore
from articles.archive.writing import Summary, digest, write

__all__ = ["Problem", "Summary", "digest", "restore", "write"]
