#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks logs with the PyPI packages aics-tlog and tlog-scales: check_aics.py OUT SIZE...

One process for each processor, and one size after the other, the longest first.
"""
import base64
import multiprocessing
import sys
from collections import Counter
from pathlib import Path

import aics_tlog
from aics_tlog import tiles
from tlog_scales import signing
from tlog_scales.tlog import Checkpoint as ScalesCheckpoint

out = Path(sys.argv[1])
log_key = aics_tlog.parse_vkey((out / "log.vkey").read_text().strip())
witness = aics_tlog.parse_vkey((out / "witness.vkey").read_text().strip())


def need(condition, *what):
    if not condition:
        # No exit: that would end a process of the pool, and nobody would hear of it.
        raise ValueError("check_aics: does not hold: " + " ".join(map(str, what)))


def hashes(lines):
    return [base64.b64decode(line, validate=True) for line in lines]


def check(size):
    """Checks one log; what was checked, and how often."""
    counts = Counter()
    folder = out / str(size)
    raw = (folder / "log" / "checkpoint").read_bytes()
    note = aics_tlog.parse_note(raw)
    need(note.serialise() == raw.decode(), size, "note")
    result = aics_tlog.verify_checkpoint(note, log_key, [witness], quorum=1)
    need(result.ok, size, result)
    head = aics_tlog.parse_checkpoint(note.text)
    need(head.size == size and head.origin == log_key.name, size, "head")
    counts["checkpoints"] += 1
    counts["cosignatures"] += 1
    spoilt = raw.replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1))
    need(not aics_tlog.verify_checkpoint(
        aics_tlog.parse_note(spoilt), log_key, [witness], quorum=1).ok, size, "another size")

    reader = tiles.FileSystemTileReader(folder / "log")
    if size <= 70_000:
        aics_tlog.audit_tiles(reader, size, head.root)
        counts["trees audited whole"] += 1
    else:
        need(tiles.tree_root_from_tiles(reader, size) == head.root, size, "root")
        counts["roots from tiles"] += 1

    for file in (folder / "inclusion").iterdir():
        before, _ = file.read_text().split("\n\n", 1)
        lines, index = before.split("\n"), int(file.name)
        entry, proof = base64.b64decode(lines[1].removeprefix("extra ")), hashes(lines[3:])
        need(lines[2] == f"index {index}" and aics_tlog.verify_leaf_inclusion(
            entry, index, size, proof, head.root), file)
        if size <= 70_000 or index == size // 3:
            own = tiles.inclusion_proof_from_tiles(reader, index, size)
            need(own == proof, file, "another proof")
        need(tiles.read_entry(reader, index, size) == entry, file, "another entry")
        need(not aics_tlog.verify_leaf_inclusion(entry + b" ", index, size, proof, head.root), file)
        counts["inclusion proofs"] += 1

    for file in (folder / "consistency").iterdir():
        before, _ = file.read_text().split("\n\n", 1)
        old, proof = int(file.name), hashes(before.split("\n")[1:])
        # This reader hashes all tiles below a node again: seconds for each proof of a long log.
        if size > 70_000 and old not in (1 << 20, size // 3):
            continue
        root = tiles.tree_root_from_tiles(reader, old, size)
        need(aics_tlog.verify_consistency(old, size, root, head.root, proof), file)
        need(tiles.consistency_proof_from_tiles(reader, old, size) == proof, file, "another proof")
        counts["consistency proofs"] += 1

    # A third reading of the note: the log's signature and the witness's.
    scales = ScalesCheckpoint.from_text(raw.decode())
    for vkey in ("log.vkey", "witness.vkey"):
        scales.verify(signing.Vkey.from_string((out / vkey).read_text().strip()))
        counts["signatures read by tlog-scales"] += 1
    return counts


if __name__ == "__main__":
    sizes = sorted(map(int, sys.argv[2:]), reverse=True)
    with multiprocessing.Pool() as pool:
        counts = sum(pool.imap_unordered(check, sizes), Counter())
    print("aics-tlog, tlog-scales:", dict(counts))
