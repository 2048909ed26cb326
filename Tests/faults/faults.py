#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes each system call of each operation fail in turn, and holds the rules of `logstate.py`.

    faults.py PROGRAMS BASE [--sample N] [--seed S] [--part K/N] [--jobs N] [--operation NAME]...

PROGRAMS is the folder of the built programs; BASE a workspace that the tests make. Every call on
files is found with strace, and then made to fail (EIO, ENOSPC, EINTR) or to be the last (SIGKILL), in
a run of its own. Short writes are real ones: a limit on the size of files cuts the write at a byte.
One case of each (operation, call, fault) is tried before the second of any.
"""
import argparse, collections, multiprocessing, os, random, re, resource, shutil, signal, subprocess, sys, tempfile
from logstate import PAUSE, Broken, Workspace

OPERATIONS = ["append", "bulk", "reuse", "seal", "rotate", "purge", "publish"]
CALLS = ["openat", "pwrite64", "write", "fsync", "fdatasync", "syncfs", "sync_file_range", "rename", "unlink", "mkdir", "rmdir",
         "ftruncate", "fchmod", "flock", "pread64", "getdents64", "fstat", "newfstatat", "close"]
WRITING = {"openat", "pwrite64", "write", "fsync", "fdatasync", "syncfs", "rename", "mkdir", "ftruncate"}
# POSIX lets these be interrupted; the others never return EINTR on files.
INTERRUPTED = {"openat", "pwrite64", "write", "pread64", "close"}


def faults(call):
    yield "signal=KILL"
    yield "error=EIO"
    if call in WRITING:
        yield "error=ENOSPC"
    if call in INTERRUPTED:
        yield "error=EINTR"


def trace(base, operation, folder, pause=PAUSE):
    """How often each call is made by the thread that makes it most."""
    work = base.copy(os.path.join(folder, "trace"))
    log = os.path.join(work.folder, "trace")
    done = work.run(["strace", "-f", "-o", log, "-e", "trace=" + ",".join(CALLS)]
                    + work.command(operation), work.input(operation, pause))
    if done.returncode != 0:
        sys.exit("%s fails without a fault: %s" % (operation, done.stderr))
    if "nothing to purge" in done.stdout:
        sys.exit("the purge of the workspace purges nothing, and would show nothing")
    counts, text = collections.Counter(), open(log, errors="replace").read()
    if operation == "reuse" and not re.search(r'rename\(".*\.spare", ".*\.seg"\)', text):
        # On a machine that is busy, the log may not have signed in time.
        if pause < 9 * PAUSE:
            return trace(base, operation, folder, 3 * pause)
        sys.exit("the operation reuses no segment, and would show nothing")
    for line in text.splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            counts[found.groups()] += 1
    most = collections.Counter()
    for (thread, call), count in counts.items():
        most[call] = max(most[call], count)
    return most


def acknowledged(done):
    found = re.search(r"(?:Size: |size |at )(\d+)", done.stdout) if done.returncode == 0 else None
    return int(found.group(1)) if found else 0


class Runner:
    """Tries cases in a folder of its own."""

    def __init__(self, base, folder):
        self.base, self.folder, self.count, self.refused, self.wrong = base, folder, 0, 0, []

    def try_case(self, case):
        """Whether the operation was stopped, and what broke a rule."""
        operation, call, place, fault = case
        refused, wrong = self.refused, len(self.wrong)
        if call == "size":
            self.attempt(operation, "files of at most %d bytes" % place, [], limit=place)
        else:
            self.inject(operation, call, place, fault)
        return self.refused - refused, self.wrong[wrong:]

    def attempt(self, operation, name, wrap, limit=None):
        work = self.base.copy(os.path.join(self.folder, "work"))
        earlier = [(s, r, "before: " + n) for s, r, n in work.heads()]
        size = max(s for s, _, _ in earlier)

        def limits():
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        done = subprocess.run(wrap + work.command(operation), cwd=work.folder, text=True,
                              capture_output=True, preexec_fn=limits, stdin=work.input(operation))
        self.count += 1
        self.refused += done.returncode != 0
        try:
            if done.returncode > 0 and done.returncode < 64 and "SIGKILL" not in done.stderr:
                if done.returncode not in (1, 2, 127):
                    raise Broken("exit status %d" % done.returncode)
            if "Fatal error" in done.stderr or "Crash:" in done.stderr:
                raise Broken("crash: " + done.stderr[:300])
            work.check(operation, max(size, acknowledged(done)), earlier)
        except Broken as problem:
            self.wrong.append("%s, %s: %s" % (operation, name, problem))

    def inject(self, operation, call, number, fault):
        wrap = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
                "-e", "inject=%s:%s:when=%d" % (call, fault, number)]
        self.attempt(operation, "%s %d %s" % (call, number, fault), wrap)


def by_kind(cases):
    """The same cases: the first of each kind, then the second of each, and so on."""
    seen, ranked = collections.Counter(), []
    for case in cases:
        kind = (case[0], case[1], case[3])
        ranked.append((seen[kind], case))
        seen[kind] += 1
    return [case for _, case in sorted(ranked, key=lambda r: r[0])], len(seen)


runner = None


def start_runner(base, folder):
    global runner
    runner = Runner(base, tempfile.mkdtemp(dir=folder))


def try_case(case):
    return runner.try_case(case)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("base")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", help="K/N: the Kth of N parts, one after the other")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--operation", action="append", choices=OPERATIONS)
    options = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="faults-", dir=memory)
    base = Workspace(os.path.abspath(options.programs), os.path.abspath(options.base))
    cases = []
    for operation in options.operation or OPERATIONS:
        counts = trace(base, operation, folder)
        for call in CALLS:
            for number in range(1, counts[call] + 1):
                cases += [(operation, call, number, fault) for fault in faults(call)]
        if operation in ("append", "purge", "rotate"):
            cases += [(operation, "size", limit, "") for limit in range(40, 70_000, 997)]
        if operation == "reuse":
            cases += [(operation, "size", limit, "") for limit in range(40, 170_000, 9_973)]
        if operation == "bulk":
            cases += [(operation, "size", limit, "") for limit in range(40, 700_000, 19_973)]
    total = len(cases)
    cases, kinds = by_kind(cases)
    print("%d faults, of %d kinds" % (total, kinds), flush=True)
    if options.part:
        part, parts = map(int, options.part.split("/"))
        cases = cases[len(cases) * (part - 1) // parts:len(cases) * part // parts]
    if options.sample is not None and options.sample < total:
        print("seed %d" % options.seed)
        cases = random.Random(options.seed).sample(cases, options.sample)
    count, refused, wrong = 0, 0, []
    # Closed, not terminated: a child of a test may have that signal blocked.
    pool = multiprocessing.Pool(options.jobs, start_runner, (base, folder))
    for stopped, problems in pool.imap_unordered(try_case, cases):
        count, refused, wrong = count + 1, refused + stopped, wrong + problems
        for problem in problems:
            print("  WRONG " + problem, flush=True)
        if count % 100 == 0:
            print("  %d of %d" % (count, len(cases)), flush=True)
    pool.close()
    pool.join()
    shutil.rmtree(folder)
    print("%d faults of %d: %d stopped the operation, %d broke a rule" % (count, total, refused, len(wrong)))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
