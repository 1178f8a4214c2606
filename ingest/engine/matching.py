"""The cheapest assignment of rows to columns: a Hungarian algorithm for the few dozen pieces a page has."""

from __future__ import annotations

from collections.abc import Sequence

INFINITE = float("inf")


def assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column it gets; every row gets one, so there must be at least as many columns as rows.

    Shortest augmenting paths with potentials, O(rows² · columns).
    """
    rows = len(costs)
    columns = len(costs[0]) if rows else 0
    if rows > columns:
        raise ValueError("assign needs at least as many columns as rows")
    u = [0.0] * (rows + 1)
    v = [0.0] * (columns + 1)
    match = [0] * (columns + 1)
    for row in range(1, rows + 1):
        match[0] = row
        column = 0
        least = [INFINITE] * (columns + 1)
        used = [False] * (columns + 1)
        way = [0] * (columns + 1)
        while match[column]:
            used[column] = True
            here, delta, after = match[column], INFINITE, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                reduced = costs[here - 1][j - 1] - u[here] - v[j]
                if reduced < least[j]:
                    least[j], way[j] = reduced, column
                if least[j] < delta:
                    delta, after = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = after
        while column:
            match[column] = match[way[column]]
            column = way[column]
    answer = [-1] * rows
    for j in range(1, columns + 1):
        if match[j]:
            answer[match[j] - 1] = j - 1
    return answer
