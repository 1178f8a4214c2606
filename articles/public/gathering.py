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


def gathered(rows: QuerySet[Any], by: str, **columns: str) -> Subquery:
    """An annotation: these columns of the rows, already filtered to the outer row by its column `by`, as a list of
    dicts in no order; None where there are none."""
    grouped = rows.order_by().values(by).annotate(gathered=_Rows(JSONObject(**columns)))
    return Subquery(grouped.values("gathered"), output_field=JSONField())
