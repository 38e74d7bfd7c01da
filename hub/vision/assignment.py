"""Pairs rows with columns so that the sum of their weights is largest, exactly.

A pair that weighs more than the next best of its row and of its column together
belongs to some best answer, because no exchange can gain more; that settles nearly all.
What remains falls into small groups, and each is solved by the Hungarian method (Kuhn 1955,
in the shortest-path form of Jonker and Volgenant 1987). Scipy has the same, but is a large
dependency for one function.
"""

import numpy as np
from numpy.typing import NDArray

from hub.vision.geometry import Floats

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

Pair = tuple[int, int]


def best_pairs(weights: Floats) -> list[Pair]:
    """Return the best pairs of (row, column); a weight of nought or less means never."""
    if not (weights > 0).any():
        return []
    found = _plain(weights)
    if len(found) == min(weights.shape):
        return found
    rest = weights.copy()
    rest[[row for row, _ in found]] = 0.0
    rest[:, [column for _, column in found]] = 0.0
    rows, columns = np.nonzero(rest > 0)
    for in_rows, in_columns in _groups(list(zip(rows.tolist(), columns.tolist(), strict=True))):
        part = rest[np.ix_(in_rows, in_columns)]
        found += [(in_rows[row], in_columns[column]) for row, column in _solve(part)]
    return sorted(found)


def _plain(weights: Floats) -> list[Pair]:
    """Return pairs that no exchange can better."""
    framed = np.zeros((weights.shape[0] + 1, weights.shape[1] + 1))
    np.maximum(weights, 0.0, out=framed[:-1, :-1])
    across, down = np.sort(framed, axis=1)[:, -2:], np.sort(framed, axis=0)[-2:]
    best = (framed == across[:, 1:]) & (framed == down[1]) & (framed > 0)
    best &= framed > across[:, :1] + down[0]  # more, not as much: so no two share a row or column
    rows, columns = np.nonzero(best)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _groups(edges: list[Pair]) -> list[tuple[list[int], list[int]]]:
    """Return rows and columns that hang together."""
    of_row: dict[int, list[int]] = {}
    of_column: dict[int, list[int]] = {}
    for row, column in edges:
        of_row.setdefault(row, []).append(column)
        of_column.setdefault(column, []).append(row)
    groups = []
    while of_row:
        rows, columns, ahead = set[int](), set[int](), [next(iter(of_row))]
        while ahead:
            row = ahead.pop()
            rows.add(row)
            for column in of_row.pop(row, ()):
                columns.add(column)
                ahead += [each for each in of_column.pop(column, ()) if each not in rows]
        groups.append((sorted(rows), sorted(columns)))
    return groups


def _solve(weights: Floats) -> list[Pair]:
    if weights.shape[0] > weights.shape[1]:
        return [(row, column) for column, row in _solve(weights.T)]
    costs: Floats = np.where(weights > 0, -weights, 0.0)
    return [(row, column) for row, column in _cheapest(costs) if weights[row, column] > 0]


def _cheapest(costs: Floats) -> list[Pair]:
    """Give each row a column of its own; there are at least as many columns as rows."""
    rows, columns = costs.shape
    of_row, of_column = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)  # the row that has this column
    for start in range(rows):
        came, shortest, done, end = _path(start, costs - of_row[:, None] - of_column, owner)
        done[end] = False
        saved = shortest[end] - shortest[done]
        of_row[start] += shortest[end]
        of_row[owner[done]] += saved
        of_column[done] -= saved
        while end >= 0:
            before = int(came[end])
            owner[end] = owner[before] if before >= 0 else start
            end = before
    return [(int(row), column) for column, row in enumerate(owner.tolist()) if row >= 0]


def _path(start: int, reduced: Floats, owner: Ints) -> tuple[Ints, Floats, Bools, int]:
    """Find the cheapest way from a row to a free column, over columns that have owners."""
    shortest = np.full(len(owner), np.inf)
    came, done = np.full(len(owner), -1), np.zeros(len(owner), bool)
    row, at, spent = start, -1, 0.0
    while row >= 0:
        cost = reduced[row] + spent
        better = ~done & (cost < shortest)
        shortest[better], came[better] = cost[better], at
        at = int(np.where(done, np.inf, shortest).argmin())
        spent, done[at], row = float(shortest[at]), True, int(owner[at])
    return came, shortest, done, at
