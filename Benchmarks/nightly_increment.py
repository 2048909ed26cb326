# SPDX-License-Identifier: Apache-2.0
"""Measures the nightly audit of a long log: the first run, and that of 20,000 more entries.

The last entries of the sample are sent again as those of a week later, hour by hour, with their
counters going on; then the run that goes on from the saved state must find what a full run finds.

Usage: nightly_increment.py FOLDER-OF-PROGRAMS SAMPLE POLICIES WORK [COUNT]
"""

import datetime
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

from signed_sample import linked

# What nobody but the log itself may record.
RESERVED = {"key.rotate", "log.anchor", "log.recover", "retention.purge"}
WEEK = datetime.timedelta(days=7)
MONTHS = ["--seed", "6", "--advisers", "660", "--months", "12"]


def instant(text):
    return datetime.datetime.fromisoformat(text)


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def main():
    programs, sample, policies, work = map(pathlib.Path, sys.argv[1:5])
    count = int(sys.argv[5]) if len(sys.argv) > 5 else 20_000
    if not (sample / "log").is_dir():
        subprocess.run([programs / "vigie-sample", "generate", *MONTHS, "--policies", policies,
                        "--out", sample, "-q"], check=True)
    # Not beside the log: whoever reads rows of a log that can be signed has to say so in it.
    signing = linked(sample, work)
    log, key, state = work / "log", f"@{sample / 'log.vkey'}", work / "state"
    clock = work / "clock.so"
    here = pathlib.Path(__file__).parent
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", clock, here / "clock_at.c"], check=True)

    def run(moment, *arguments, status=0):
        at = str(int(moment.timestamp() * 1000))
        done = subprocess.run(arguments, capture_output=True, text=True,
                              env={**os.environ, "LD_PRELOAD": str(clock), "CLOCK_AT": at})
        if done.returncode != status:
            sys.exit(f"{arguments}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def audit(moment, name, *more):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        output = run(moment, programs / "vigie", "audit", log, "--policies", policies, "--key", key,
                     "--fail-on", "never", "-q", "-f", "json", *more)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        report = json.loads(output)
        size = f"{state.stat().st_size / 2**20:.1f} MiB of state" if more else ""
        print(f"{name}: {report['log']['tree_size']} entries, {wall:.2f} s, {used:.2f} s of "
              f"processor, {size}", flush=True)
        return report["findings"], wall

    size = int((log / "checkpoint").read_text().splitlines()[1])
    lines = run(datetime.datetime.now(datetime.timezone.utc), programs / "vigie-log", "log", "export", log,
                "--key", key, "--first", str(size - count)).splitlines()
    events = [event for event in map(json.loads, lines)
              if event["source"] != "vigie" and event["type"] not in RESERVED]
    end = instant(events[-1]["recorded_at"])
    recorded = ["--record", "--signing-key", signing, "--checkpoint", state]
    _, whole = audit(end + datetime.timedelta(minutes=1), "first run", *recorded)

    numbers, hours = {}, {}
    for event in events:
        numbers[event["source"]] = max(numbers.get(event["source"], 0), event.get("source_seq", 0))
    for event in events:
        moment = instant(event.pop("recorded_at")) + WEEK
        event["occurred_at"] = text(instant(event["occurred_at"]) + WEEK)
        event["id"] += "-s"
        if "source_seq" in event:
            numbers[event["source"]] += 1
            event["source_seq"] = numbers[event["source"]]
        del event["seq"], event["prev"]
        hour = moment.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
        hours.setdefault(hour, []).append(event)
    # The pilot of the sample ends with it: it is extended, so that its accesses still make no finding.
    first = min(hours)
    numbers["gouvernance"] += 1
    hours[first].insert(0, {
        "decision_ref": "DEC-S", "id": "gv-s", "occurred_at": text(first - WEEK / 84),
        "regions": ["28", "32", "52", "75", "84"], "source": "gouvernance",
        "source_seq": numbers["gouvernance"], "type": "pilot.extend", "v": 1,
        "valid_until": text(first + 8 * WEEK)})
    batch = work / "batch"
    for hour, group in sorted(hours.items()):
        batch.write_text("".join(
            json.dumps(e, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
            for e in group))
        run(hour, programs / "vigie-log", "log", "append", log, "--key", signing,
            "--file", batch, "--not-durable", "-q")
    night = max(hours) + datetime.timedelta(hours=1)
    # From the same state each time: the log says of it that it was left.
    left, times = state.read_bytes(), []
    for _ in range(3):
        state.write_bytes(left)
        found, increment = audit(night, f"{len(events)} more", *recorded)
        times.append(increment)
    full, _ = audit(night, "full run")
    same = found == full
    increment = statistics.median(times)
    print(f"an increment takes {increment:.2f} s, {increment / whole:.3f} of the first run; "
          f"{len(found)} findings, {'those' if same else 'NOT those'} of a full run")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
