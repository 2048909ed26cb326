#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user would take instead of the log: SQLite in WAL mode, FULL, with a hash of each row.

    side_by_side.py VIGIE-BENCH

Prints SQLite's durable appends a second at the batches of `vigie-bench append`, with the hash chain in
Python and (bare) without it, then how fast `journalctl --verify` checks a sealed journal of as many
records of the same size, and runs `vigie-bench append verify` on the same disk.
"""
import hashlib, os, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

REMOTE = "/lib/systemd/systemd-journal-remote"

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


def journal(folder, count):
    """Writes a sealed journal and has it verified; the sealing key of the machine is made for it, and goes."""
    machine = open("/etc/machine-id").read().strip()
    keys = os.path.join("/var/log/journal", machine)
    if not os.path.exists(REMOTE):
        return "skipped, systemd-journal-remote is not installed"
    if os.path.exists(os.path.join(keys, "fss")):
        return "skipped, this machine seals its own journals"
    os.makedirs(keys, exist_ok=True)
    key = subprocess.run(["journalctl", "--setup-keys", "--interval=1h"], capture_output=True, text=True)
    if key.returncode:
        return "skipped, no sealing key: " + key.stderr.strip()
    now, path = int(time.time() * 1e6), os.path.join(folder, "sealed.journal")
    record = "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=" + machine + "\nMESSAGE=%s\n\n"
    with open(os.path.join(folder, "export"), "w") as file:
        for number in range(count):
            file.write(record % (now + number, number + 1, (ENTRY % number).decode()))
    try:
        start = time.perf_counter()
        subprocess.run([REMOTE, "--seal=yes", "-o", path, file.name], check=True, capture_output=True)
        written, times = time.perf_counter() - start, []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(["journalctl", "--verify", "--verify-key=" + key.stdout.strip(), "--file=" + path],
                           check=True, capture_output=True)
            times.append(time.perf_counter() - start)
    finally:
        os.remove(os.path.join(keys, "fss"))
    return "%d entries a second (writing them, not durable: %d)" % (
        count / statistics.median(times), count / written)


def main():
    os.makedirs("out", exist_ok=True)
    folder = tempfile.mkdtemp(prefix="side-", dir="out")
    print("SQLite %s, WAL, FULL, rows of 430 bytes (medians of 5)" % sqlite3.sqlite_version)
    for batch, count in [(1, 400), (16, 200), (256, 60), (4096, 8)]:
        chained, bare = (statistics.median(sqlite_rate(folder, batch, count, c) for _ in range(5))
                         for c in (True, False))
        print("  durable, by %d: %d entries a second, without hashing %d" % (batch, chained, bare))
    print("journalctl --verify of a sealed journal, one core: " + journal(folder, 102_400))
    shutil.rmtree(folder)
    sys.stdout.flush()
    subprocess.run([sys.argv[1], "append", "verify"], check=True)


if __name__ == "__main__":
    main()
