"""Who goes with whom: the cheapest assignment of rows to columns, a Hungarian algorithm for the dozens a page has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

INFINITE = float("inf")
# Larger groups of competing ends (never seen on a page) are joined best first instead of exactly.
EXACT = 80


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


def best_links(savings: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The links (end, start) that save most in all, each end and each start used once; no link costs nothing."""
    chosen: list[tuple[int, int]] = []
    for group in _groups(savings):
        lefts = sorted({a for a, _ in group})
        rights = sorted({b for _, b in group})
        if len(lefts) > EXACT or len(rights) > EXACT:
            used_left: set[int] = set()
            used_right: set[int] = set()
            for a, b in sorted(group, key=lambda pair: (-savings[pair], pair)):
                if a not in used_left and b not in used_right:
                    used_left.add(a)
                    used_right.add(b)
                    chosen.append((a, b))
            continue
        column = {b: k for k, b in enumerate(rights)}
        costs = [[0.0] * (len(rights) + len(lefts)) for _ in lefts]
        for row, a in enumerate(lefts):
            for b in rights:
                costs[row][column[b]] = -savings.get((a, b), 0.0)
        for row, k in enumerate(assign(costs)):
            if k < len(rights) and (lefts[row], rights[k]) in savings:
                chosen.append((lefts[row], rights[k]))
    return sorted(chosen)


def _groups(savings: Mapping[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    """Links that compete for the same end or start, directly or through others."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in savings:
        left, right = find(("end", a)), find(("start", b))
        if left != right:
            parent[right] = left
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for a, b in sorted(savings):
        groups.setdefault(find(("end", a)), []).append((a, b))
    return list(groups.values())
