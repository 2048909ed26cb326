# SPDX-License-Identifier: Apache-2.0
"""Holds the choice of masked cells against Tau-Argus and against linear programs of SciPy.

A hundred tables are generated: of two and three dimensions, with and without a hierarchy. For each,
Tau-Argus (package `pytauargus`, method OPT) says which cells it masks and at what cost, and
`disclosure-cases` says the same under the same protection levels. Then SciPy bounds every cell that
`disclosure-cases` masks, knowing all others: no primary cell may be nearer than its levels, and no
other masked cell may be known. The costs may differ by at most 5 % on average.

Usage: suppression_check.py PATH-OF-disclosure-cases [COUNT]
"""

import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile

import numpy
import pandas
from pytauargus import protect
from scipy.optimize import linprog

THRESHOLD = 11
TOTAL = "Total"


def dimension(generator, name, size, hierarchical):
    """Leaf codes, and the parts of every sum: a flat list, or groups under a total."""
    if not hierarchical:
        codes = [f"{name}{i}" for i in range(size)]
        return codes, {TOTAL: codes}
    groups, codes = {TOTAL: []}, []
    for g in range(2):
        # Codes of one hierarchy are digits of a number: the first names the group.
        parts = [f"{name}{g}{i}" for i in range(generator.randint(2, 3))]
        groups[f"{name}{g}"] = parts
        groups[TOTAL].append(f"{name}{g}")
        codes += parts
    return codes, groups


def generate(seed):
    """Micro-data of one table, its dimensions and its hierarchies."""
    generator = random.Random(seed)
    kind = seed % 4
    sizes = {0: (5, 3), 1: (6, 5), 2: (4, 3, 3), 3: (4, 4)}[kind]
    names = "ABC"[: len(sizes)]
    axes = []
    for place, size in enumerate(sizes):
        axes.append(dimension(generator, names[place], size, kind == 3 and place == 0))
    rows = []
    for key in itertools.product(*(codes for codes, _ in axes)):
        count = int(generator.lognormvariate(3, 0.8)) + generator.randint(0, 4)
        if generator.random() < 0.05:
            count = 0
        rows += [dict(zip(names, key), n=1.0)] * count
    return names, axes, pandas.DataFrame(rows)


def tau_argus(names, axes, micro):
    """The cells as Tau-Argus returns them: code, value, status, levels."""
    hierarchies = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (codes, groups) in zip(names, axes):
            if len(groups) > 1:
                path = os.path.join(folder, f"{name}.hrc")
                with open(path, "w") as file:
                    for group in groups[TOTAL]:
                        file.write(group + "\n")
                        file.writelines("@" + code + "\n" for code in groups[group])
                hierarchies[name] = path
        # The engine speaks of its own progress on both streams, and leaves files where it stands.
        with quiet(), contextlib.chdir(folder):
            result = protect(
                micro, list(names), response="n", safety_rules=f"FREQ({THRESHOLD},10)",
                suppress="OPT(1)", hrc=hierarchies or None, hierleadstring="@", workdir=folder)
        frame = result.tables[0].dataframe()
    cells = {}
    for row in frame.to_dict("records"):
        key = tuple(str(row[name]).strip() or TOTAL for name in names)
        cells[key] = (int(row["n"]), row["status"], row["lower"], row["upper"])
    return cells


@contextlib.contextmanager
def quiet():
    """Sends what native code prints nowhere."""
    sys.stdout.flush()
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in [*kept, nowhere]:
            os.close(descriptor)


def relations(names, axes, keys):
    """Every sum of the table: along one axis, all others held."""
    position = {key: place for place, key in enumerate(keys)}
    found = []
    for axis, (_, groups) in enumerate(axes):
        levels = [sorted({key[other] for key in keys}) for other in range(len(names))]
        levels[axis] = sorted(groups)
        for key in itertools.product(*levels):
            parts = [key[:axis] + (part,) + key[axis + 1:] for part in groups[key[axis]]]
            terms = [(position[p], 1) for p in parts if p in position]
            if key in position and terms:
                found.append([(position[key], -1)] + terms)
    return found


def describe(keys, cells, sums, name):
    """The table in the words of `disclosure-cases`."""
    lines = []
    for key in keys:
        value, status, lower, upper = cells[key]
        if status == "U":
            role, levels = "hidden", f"{int(lower)} {int(upper)} {int(lower + upper)}"
        else:
            role, levels = ("published", "0 0 0") if value == 0 else ("choice", "0 0 1")
        lines.append(f"cell {value} {max(1, value)} {role} {levels}")
    for relation in sums:
        lines.append("relation " + " ".join(f"{cell}:{factor}" for cell, factor in relation))
    return "\n".join(lines + [f"solve {name}"]) + "\n"


def bounds(values, sums, hidden, cell):
    """The least and the greatest value of a cell, for whoever knows the cells that are shown."""
    columns = {cell: place for place, cell in enumerate(hidden)}
    matrix, right = [], []
    for relation in sums:
        row, constant = numpy.zeros(len(hidden)), 0.0
        for other, factor in relation:
            if other in columns:
                row[columns[other]] += factor
            else:
                constant -= factor * values[other]
        if row.any():
            matrix.append(row)
            right.append(constant)
    target = numpy.zeros(len(hidden))
    target[columns[cell]] = 1
    if not matrix:
        return 0.0, float("inf")
    low = linprog(target, A_eq=numpy.array(matrix), b_eq=right, bounds=(0, None), method="highs")
    high = linprog(-target, A_eq=numpy.array(matrix), b_eq=right, bounds=(0, None), method="highs")
    assert low.status == 0 and high.status in (0, 3), (low.message, high.message)
    return low.fun, float("inf") if high.status == 3 else -high.fun


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    problems, text = [], ""
    for seed in range(count):
        names, axes, micro = generate(seed)
        cells = tau_argus(names, axes, micro)
        keys = sorted(cells)
        sums = relations(names, axes, keys)
        problems.append((keys, cells, sums))
        text += describe(keys, cells, sums, str(seed))
    answer = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    lines = answer.stdout.splitlines()
    assert len(lines) == count, answer.stdout
    ratios, masked, primary, optimal, slowest = [], 0, 0, 0, 0
    theirs_sum = ours_sum = 0
    for (keys, cells, sums), line in zip(problems, lines):
        number, milliseconds, outcome, cost, hidden = (line.split(" ") + [""])[:5]
        assert outcome in ("optimal", "found"), line
        optimal += outcome == "optimal"
        slowest = max(slowest, int(milliseconds))
        hidden = [int(cell) for cell in hidden.split(",") if cell]
        values = [cells[key][0] for key in keys]
        for cell in hidden:
            _, status, lower, upper = cells[keys[cell]]
            low, high = bounds(values, sums, hidden, cell)
            masked += 1
            if status == "U":
                primary += 1
                assert low <= values[cell] - lower + 1e-6, (number, keys[cell], low)
                assert high >= values[cell] + upper - 1e-6, (number, keys[cell], high)
            else:
                assert high - low > 1e-6, (number, keys[cell], "known exactly")
        shown = {place for place, key in enumerate(keys) if cells[key][1] == "U"} - set(hidden)
        assert not shown, (number, "a primary cell is shown", shown)
        theirs = sum(max(1, cells[key][0]) for key in keys if cells[key][1] == "M")
        theirs_sum, ours_sum = theirs_sum + theirs, ours_sum + int(cost)
        if theirs or int(cost):
            ratios.append(int(cost) / max(1, theirs))
    assert primary >= count and len(ratios) > count // 2, "the tables ask for nothing"
    mean = sum(ratios) / len(ratios)
    print(f"{count} tables, {primary} primary cells, {masked} masked cells bounded by SciPy")
    print(f"cost against Tau-Argus OPT: {mean:.4f} on average over {len(ratios)} tables that "
          f"need more, {min(ratios):.3f} to {max(ratios):.3f}, in sum {ours_sum}/{theirs_sum}")
    print(f"proved cheapest: {optimal} of {count}; slowest table: {slowest} ms")
    assert mean <= 1.05, "more than 5 % dearer than Tau-Argus on average"


if __name__ == "__main__":
    main()
