"""Short rows that belong to one row, read along with it: a page of one item has few queries to spend."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class _Rows(Aggregate):
    """All values as a JSON list, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


class _Few(Subquery):
    """A list of the one column of a query that begins with so many rows, in their order."""

    template = "(SELECT JSON_GROUP_ARRAY(JSON(few.told)) FROM (%(subquery)s) AS few)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT JSONB_AGG(few.told) FROM (%(subquery)s) AS few)"
        return self.as_sql(compiler, connection, template=template, **context)


def few(rows: QuerySet[Any], limit: int, **columns: Any) -> Subquery:
    """An annotation: these columns of the first rows, already filtered to the outer row and in order, as a list of
    dicts; None or empty where there are none."""
    first = rows.annotate(told=JSONObject(**columns)).values("told")[:limit]
    return _Few(first, output_field=JSONField())


def gathered(rows: QuerySet[Any], by: str, **columns: str) -> Subquery:
    """An annotation: these columns of the rows, already filtered to the outer row by its column `by`, as a list of
    dicts in no order; None where there are none."""
    grouped = rows.order_by().values(by).annotate(gathered=_Rows(JSONObject(**columns)))
    return Subquery(grouped.values("gathered"), output_field=JSONField())
