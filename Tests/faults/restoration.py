#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts a restoration short at each system call, and has the same command finish it.

    restoration.py PROGRAMS FOLDER [--sample N] [--seed S] [--jobs N] [--situation NAME]...

PROGRAMS is the folder of the built programs; FOLDER a new one, in which it makes the logs. A backup of 300
entries comes back after the key was rotated twice and 300 more entries were signed:

    heads      the present heads are beside it: `.state/signed`, `checkpoint` and `checkpoints/`
    signed     `.state/signed` alone is the present one
    published  `checkpoint` alone is
    whole      it is as it was, its own `.state` included, and the present key says that it is old
    keyless    as it was, and no key is left but the recovery key
    torn       as `heads`, and its last batch did not arrive whole

Whatever failed, and whether or not something else tries to write meanwhile:

1. the same command finishes the restoration, or says that it is finished;
2. both verifiers find the log intact, with one restoration in it;
3. every head that the recovery key signed has the root that the log gives;
4. events are appended, and the key is rotated.
"""
import argparse, base64, json, multiprocessing, os, random, re, shutil, subprocess, sys, tempfile
from faults import CALLS, by_kind, faults
from logstate import Broken, Independent, Workspace, root

SITUATIONS = ["heads", "signed", "published", "whole", "keyless", "torn"]


def event(i):
    return json.dumps({"v": 1, "id": "id-%d" % i, "type": "heartbeat", "source": "src", "source_seq": i,
                       "occurred_at": "2026-03-01T08:00:00.000Z"}, sort_keys=True, separators=(",", ":")) + "\n"


def copy(source, target):
    (shutil.copytree if os.path.isdir(source) else shutil.copy2)(source, target)


class Lost(Workspace):
    """A folder with the log `log`, which lacks entries, and its keys."""

    def command(self, operation):
        if operation == "restore":
            return [os.path.join(self.programs, "vigie-log"), "log", "recover", "log", "--after-restore",
                    "--recovery-key", "log.recovery.key", "--requester", "A1", "--approver", "A2", "--lang", "en"]
        return super().command(operation)

    def cutoff(self):
        return ""  # nothing is purged

    def copy(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Lost(self.programs, folder)

    def need(self, *arguments, stdin=None):
        done = subprocess.run([os.path.join(self.programs, "vigie-log"), *arguments], cwd=self.folder,
                              capture_output=True, text=True, input=stdin)
        if done.returncode:
            sys.exit("%s: %s" % (arguments, done.stderr))

    def make(self):
        """The present log, its backup, and each situation in a folder of its own."""
        os.makedirs(self.folder)
        self.need("log", "init", "log", "--origin", "vigie.example/perte")
        self.need("log", "append", "log", stdin="".join(map(event, range(1, 301))))
        backup = os.path.join(self.folder, "backup")
        copy(self.log, backup)
        self.need("keys", "rotate", "log")
        self.need("log", "append", "log", stdin="".join(map(event, range(301, 601))))
        self.need("keys", "rotate", "log")
        found = {}
        for name in SITUATIONS:
            folder = os.path.join(self.folder, name)
            os.makedirs(folder)
            log = os.path.join(folder, "log")
            copy(backup, log)
            for key in ("log.key", "log.vkey", "log.recovery.key"):
                copy(os.path.join(self.folder, key), folder)
            if name == "keyless":
                os.remove(os.path.join(folder, "log.key"))
            if name in ("heads", "signed", "torn"):
                copy(os.path.join(self.log, ".state/signed"), os.path.join(log, ".state/signed"))
            if name in ("heads", "published", "torn"):
                copy(os.path.join(self.log, "checkpoint"), os.path.join(log, "checkpoint"))
            if name in ("heads", "torn"):
                copy(os.path.join(self.log, "checkpoints"), os.path.join(log, "checkpoints"))
            if name == "torn":
                segments = os.path.join(log, "wal")
                last = max(os.listdir(segments), key=lambda n: int(n[:-4]))
                with open(os.path.join(segments, last), "ab") as file:
                    file.write(bytes(20))
            with open(os.path.join(folder, "events.jsonl"), "w") as file:
                file.writelines(map(event, range(700, 710)))
            found[name] = Lost(self.programs, folder)
        return found

    def own_heads(self):
        """The heads that the recovery key signed, or is about to."""
        key_hash = open(os.path.join(self.folder, "log.recovery.key")).read().split("+")
        found, names = [], ["log/checkpoint"]
        kept = os.path.join(self.log, "checkpoints")
        names += ["log/checkpoints/" + n for n in os.listdir(kept) if n.isdigit()] if os.path.isdir(kept) else []
        for name in names:
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                text, _, signatures = open(path).read().partition("\n\n")
                blobs = [base64.b64decode(line.split(" ")[2])[:4].hex() for line in signatures.splitlines()]
                if key_hash[3] in blobs:
                    lines = text.split("\n")
                    found.append((int(lines[1]), base64.b64decode(lines[2]), name))
        signed = os.path.join(self.log, ".state", "signed")
        lines = open(signed).read().split("\n") if os.path.exists(signed) else ["", "", ""]
        if lines[2] and int(lines[2], 16) == int(key_hash[3], 16):
            found.append((int(lines[0]), bytes.fromhex(lines[1]), ".state/signed"))
        return found

    def finish(self, meanwhile):
        heads = self.own_heads()
        if meanwhile:
            other = self.run(self.command(meanwhile))
            if "Fatal error" in other.stderr or "Crash:" in other.stderr:
                raise Broken("meanwhile: " + other.stderr[:300])
            heads += self.own_heads()
        again = self.run(self.command("restore"))
        if again.returncode != 1 and "LOG316" not in again.stderr:
            raise Broken("is not finished: %d %s" % (again.returncode, again.stderr.strip().replace("\n", " ")))
        heads += self.own_heads()
        said = self.judge("after it was finished")
        for operation in ("append", "rotate", "recover"):
            done = self.run(self.command(operation))
            if done.returncode != 0:
                raise Broken("%s: %s" % (operation, done.stderr.strip().replace("\n", " ")))
        if os.path.exists(os.path.join(self.folder, "log.key.next")):
            raise Broken("the next key is left")
        said = self.judge("after it was written")
        if len(re.findall("LOG254", said)) != 1:
            raise Broken("not one restoration: " + said)
        leaves = self.leaves()
        for size, head_root, name in heads + self.own_heads():
            if size > len(leaves) or root(leaves[:size]) != head_root:
                raise Broken("contradicts the head of %s at %d" % (name, size))
        return again.returncode

    def judge(self, when):
        ours = self.run([os.path.join(self.programs, "vigie"), "verify", "log", "--key", "@log.vkey", "--lang", "en",
                         "--format", "json"])
        said, theirs = self.independent.verdict(self.log, self.key)
        if ours.returncode not in (0, 1) or theirs != 0:
            raise Broken("%s: verifiers say %d and %d: %s %s" % (when, ours.returncode, theirs, ours.stdout, said))
        return ours.stdout


def trace(base, folder):
    """How often each call is made by the thread that makes it most."""
    work = base.copy(os.path.join(folder, "trace"))
    log = os.path.join(work.folder, "trace")
    done = work.run(["strace", "-f", "-o", log, "-e", "trace=" + ",".join(CALLS)] + work.command("restore"))
    if done.returncode != 1:
        sys.exit("%s: fails without a fault: %s" % (base.folder, done.stderr))
    counts = {}
    for line in open(log, errors="replace"):
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            counts[found.groups()] = counts.get(found.groups(), 0) + 1
    work.finish(None)
    return {call: max([n for (_, c), n in counts.items() if c == call] or [0]) for call in CALLS}


state = None


def start(bases, folder):
    global state
    state = bases, tempfile.mkdtemp(dir=folder)


def try_case(case):
    bases, folder = state
    situation, call, number, fault, meanwhile = case
    work = bases[situation].copy(os.path.join(folder, "work"))
    done = work.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
                     "-e", "inject=%s:%s:when=%d" % (call, fault, number)] + work.command("restore"))
    name = "%s, %s %d %s, then %s" % (situation, call, number, fault, meanwhile)
    try:
        if "Fatal error" in done.stderr or "Crash:" in done.stderr:
            raise Broken("crash: " + done.stderr[:300])
        return done.returncode != 1, work.finish(meanwhile), None
    except Broken as problem:
        return done.returncode != 1, None, "%s: %s" % (name, problem)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("folder")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--call", action="append", choices=CALLS)
    parser.add_argument("--fault")
    parser.add_argument("--situation", action="append", choices=SITUATIONS)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    folder = os.path.abspath(tempfile.mkdtemp(prefix="restoration-", dir=options.folder))
    bases = Lost(os.path.abspath(options.programs), os.path.join(folder, "base")).make()
    cases = []
    for situation in options.situation or SITUATIONS:
        counts = trace(bases[situation], folder)
        for call in options.call or CALLS:
            for number in range(1, counts[call] + 1):
                for fault in faults(call):
                    if options.fault in (None, fault):
                        cases.append((situation, call, number, fault, [None, "append", "recover"][len(cases) % 3]))
    total = len(cases)
    cases, kinds = by_kind(cases)
    print("%d faults, of %d kinds" % (total, kinds), flush=True)
    if options.sample is not None and options.sample < total:
        print("seed %d" % options.seed)
        cases = random.Random(options.seed).sample(cases, options.sample)
    count, stopped, done, wrong = 0, 0, 0, 0
    pool = multiprocessing.Pool(options.jobs, start, (bases, folder))
    for was_stopped, status, problem in pool.imap_unordered(try_case, cases):
        count, stopped, done, wrong = count + 1, stopped + was_stopped, done + (status == 77), wrong + bool(problem)
        if problem:
            print("  WRONG " + problem, flush=True)
    pool.close()
    pool.join()
    shutil.rmtree(folder)
    print("%d faults of %d: %d stopped the restoration, %d found it finished, %d broke a rule"
          % (count, total, stopped, done, wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
