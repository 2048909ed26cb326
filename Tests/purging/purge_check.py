#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Purges a year of a generated pilot twice, and holds the audits after against those before.

    purge_check.py PROGRAMS POLICIES WORK [ADVISERS]

The sample is told again to a log that is rotated each night, as the package does it, so that there is
something to purge. After a purge, what is left must be judged as before: no finding may be new, and one that
is no longer found must be of a rule that says that it does not know. Both verifiers must accept the log.
"""
import collections, datetime, json, os, pathlib, re, shutil, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
# What nobody but the log itself may record.
RESERVED = {"log.open", "key.rotate", "log.anchor", "log.recover", "retention.purge"}
DAY = datetime.timedelta(days=1)
# A count that goes beyond its limit names the event that does, and an idle rule its last event; where that
# is gone, both name a later one. A source's gaps are told of at an entry that is left.
MOVED = {"R36", "X05", "X07", "R31", "R33", "R34"}


def main():
    programs, policies, work = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    advisers = sys.argv[4] if len(sys.argv) > 4 else "12"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    clock = work / "clock.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", clock, HERE / "../../Benchmarks/clock_at.c"], check=True)

    def run(moment, *arguments, accepted=(0,)):
        at = str(int(moment.timestamp() * 1000))
        done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, cwd=work,
                              env={**os.environ, "LD_PRELOAD": str(clock), "CLOCK_AT": at})
        if done.returncode not in accepted:
            sys.exit("%s: %d\n%s" % (arguments, done.returncode, done.stdout[-2000:] + done.stderr))
        return done.stdout

    sample, log, key = work / "sample", work / "log", work / "log.vkey"
    run(datetime.datetime.now(datetime.timezone.utc), programs / "vigie-sample", "generate", "--seed", "7", "--advisers",
        advisers, "--months", "12", "--policies", policies, "--out", sample, "-q")
    # Not beside the log: whoever reads a log that can be signed has to say so in it.
    signing = work / "private.key"
    end = tell_again(run, programs, sample, log, signing)

    def audit(moment):
        report = json.loads(run(moment, programs / "vigie", "audit", log, "--policies", policies, "--key", "@%s" % key,
                                "--fail-on", "never", "-q", "-f", "json", accepted=(0, 4)))
        return report

    (work / "policy").write_text("retention_days_min: 180\nretention_days_max: 365\n")
    failures = []
    for months in (0, 3):
        now = end + DAY * (1 + 30 * months)
        # The clock of the log says how late it is: the same day before and after.
        run(now, programs / "vigie-log", "keys", "rotate", log, "--key", signing)
        before = audit(now)
        began = time.monotonic()
        purged = json.loads(run(now, programs / "vigie-log", "log", "purge", log, "--key", signing, "--before", text(now - 181 * DAY),
                                "--policy", "policy", "--requester", "A1", "--approver", "A2", "-f", "json"))
        took = time.monotonic() - began
        after = audit(now)
        cut = purged["end"]
        # Anchors are not told again, so the counter of their source has gaps: intact, with findings.
        run(now, programs / "vigie", "verify", log, "--key", "@%s" % key, accepted=(0, 1))
        run(now, sys.executable, HERE / "../independent/verify_log.py", log, key)
        # An entry that is gone is not explained, nor one that stays without what it was judged by.
        for index in (1, cut - 1):
            run(now, programs / "vigie", "explain", log, str(index), "--policies", policies, "--key", "@%s" % key,
                accepted=(4,))
        # Nor is it told who could see what at a moment whose state is gone.
        told = run(now, programs / "vigie-policy", "who", "--policies", policies, "--log", log, "--key", "@%s" % key,
                   "--resource", "P000000000001", "--at", text(end - 360 * DAY)[:10], accepted=(4,))
        if "was purged" not in told:
            failures.append("who could see what is told of a moment whose state is gone")
        size = int((log / "checkpoint").read_text().splitlines()[1])
        print("%d entries, those below %d purged in %.1f s, %d of them left in force" % (size, cut, took, purged["left"]))
        failures += compare(before, after, cut)
    summarise(run, now, programs, policies, log, signing, end)
    (work / "run.json").write_text(json.dumps(after))
    run(now, programs / "vigie-summary", "report", "run.json", "--policies", policies, "--log", log, "--key", "@%s" % key)
    for failure in failures:
        print("  WRONG " + failure)
    sys.exit(1 if failures else 0)


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)


def tell_again(run, programs, sample, log, signing):
    """Tells the events of a sample to a new log, half a day at a time, with a new key each night."""
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = run(now, programs / "vigie-log", "log", "export", sample / "log", "--key", "@%s" % (sample / "log.vkey"))
    entries = [json.loads(line) for line in lines.splitlines()]
    groups = collections.defaultdict(list)
    for entry in entries:
        if entry["type"] in RESERVED or entry["source"] == "vigie":
            continue
        moment = datetime.datetime.fromisoformat(entry.pop("recorded_at"))
        half = moment.replace(hour=12 * (moment.hour // 12), minute=0, second=0, microsecond=0)
        del entry["seq"], entry["prev"]
        groups[half + DAY / 2].append(entry)
    start = datetime.datetime.fromisoformat(entries[0]["recorded_at"])
    run(start, programs / "vigie-log", "log", "init", log, "--origin", "vigie.example/purge")
    log.with_suffix(".key").rename(signing)
    shutil.copytree(sample / "log" / "policies", log / "policies", dirs_exist_ok=True)
    batch = log.with_name("batch")
    for moment, group in sorted(groups.items()):
        batch.write_text("".join(
            json.dumps(e, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for e in group))
        run(moment, programs / "vigie-log", "log", "append", log, "--key", signing, "--file", batch, "--not-durable",
            "-q")
        if moment.hour == 0:
            run(moment, programs / "vigie-log", "keys", "rotate", log, "--key", signing, "--not-durable")
    return max(groups)


def summarise(run, now, programs, policies, log, signing, end):
    """A purged month is not counted; what is released of another is proved from a log that lacks entries."""
    summary = programs / "vigie-summary"
    rights = (log, "--key", signing, "--policies", policies)

    def request(day):
        told = run(now, summary, "request", *rights, "--perimeter", "all", "--period", day.strftime("%Y-%m"),
                   "--requester", "A00000000000d", "--role", "DPO")
        return re.search("SUM-[0-9]+", told).group()

    run(now, summary, "compute", *rights, "--request", request(end - 330 * DAY), accepted=(69,))
    good = request(end - 35 * DAY)
    run(now, summary, "release", *rights, "--request", good, "--approver", "A00000000000e", "--out", log.parent)
    entries = run(now, programs / "vigie-log", "log", "export", log, "--key", "@log.vkey").splitlines()
    key = [json.loads(e)["key"] for e in entries if '"type":"key.rotate"' in e][-1]
    run(now, summary, "verify", next(log.parent.glob("*.fr.html")), "--key", key)


def compare(before, after, cut):
    """What is wrong with the findings after a purge of what comes before an entry."""
    wrong = []
    name = lambda finding: (finding["rule"], finding["entry_index"])
    over_time = lambda finding: finding["kind"] == "over_time"
    unknown = {matter["rule"] for matter in after["open"] if matter["state"] == "unknown"}
    old, new = ({name(f): f for f in report["findings"]} for report in (before, after))
    left = [f for f in before["findings"] if f["entry_index"] >= cut]
    same = moved = doubted = 0
    for finding in left:
        found = new.get(name(finding))
        if found is None:
            doubted += 1
            if finding["rule"] not in MOVED and not (over_time(finding) and finding["rule"] in unknown):
                wrong.append("%s-%d vanished" % name(finding))
        elif found["kind"] != "over_time" and found != finding:
            keys = [k for k in finding if finding[k] != found.get(k)]
            wrong.append("%s-%d differs in %s" % (*name(finding), keys))
        else:
            same += 1
    for finding in after["findings"]:
        if name(finding) not in old:
            moved += 1
            if finding["rule"] not in MOVED:
                wrong.append("%s-%d is new" % name(finding))
    print("  %d findings left of %d: %d the same, %d unknown or elsewhere, %d at another entry; unknown: %s" % (
        len(left), len(before["findings"]), same, doubted, moved, ", ".join(sorted(unknown)) or "none"))
    return wrong


if __name__ == "__main__":
    main()
