#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds verify_log.py to what it may say of a log that moves while it is read.

    moving_check.py BEFORE AFTER VKEYFILE [STEP]

BEFORE and AFTER are one log before and after a purge. The log moves from one to the other, or from one to where
the purge is signed and nothing is gone yet, or from there to the other, just when a file is opened: each file that
the verifier opens, but those under kept/, or each STEPth. It must not be accused. A log that lost a bundle without a
purge must be, however its head moves, as long as it comes to rest.
"""
import concurrent.futures, json, os, pathlib, shutil, subprocess, sys, tempfile

VERIFIER = pathlib.Path(__file__).resolve().with_name("verify_log.py")
# Runs the verifier on a link, which leads to another folder once a file in it is about to be opened.
CHILD = """
import json, os, runpy, sys
verifier, link, key, moves = sys.argv[1:5]
moves, seen = json.loads(moves), {}
def note(event, arguments):
    if event not in ("open", "os.listdir", "os.scandir") or not str(arguments[0]).startswith(link + "/"): return
    name = str(arguments[0])[len(link) + 1:]
    seen[name] = True
    if moves and moves[0][0] == name:
        os.symlink(moves.pop(0)[1], link + ".next")
        os.rename(link + ".next", link)
sys.addaudithook(note)
sys.argv = [verifier, link, key]
try: runpy.run_path(verifier, run_name="__main__")
finally: print("\\n" + json.dumps([list(seen), len(moves)]))
"""


def main():
    before, after, key = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    step = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    with tempfile.TemporaryDirectory() as work:
        sys.exit(1 if check(pathlib.Path(work), before, after, key, step) else 0)


def check(work, before, after, key, step):
    """The number of cases in which the verifier says something wrong."""
    # The purge is signed, and nothing is gone yet.
    signed = work / "signed"
    shutil.copytree(before, signed, symlinks=True)
    shutil.copytree(after, signed, symlinks=True, dirs_exist_ok=True, copy_function=copy_over)
    lost, lost_later = work / "lost", work / "lost-later"
    for source, target in ((before, lost), (signed, lost_later)):
        shutil.copytree(source, target, symlinks=True)
        bundles = [f for f in (target / "tile/entries").iterdir() if f.is_file()]
        max(bundles).unlink()

    def judge(case, start, moves, wanted):
        link = work / ("log-%d" % case)
        link.symlink_to(start)
        moves = [(name, str(folder)) for name, folder in moves]
        done = subprocess.run([sys.executable, "-c", CHILD, VERIFIER, link, key, json.dumps(moves)],
                              capture_output=True, text=True)
        said, found = done.stdout.strip().rsplit("\n", 1)
        files, left = json.loads(found)
        # What is lost may be found before the file is opened.
        is_wrong = done.returncode != wanted or left > 0 and wanted != 2
        if is_wrong:
            print("  WRONG %d for %d, %d moves left: from %s by %s: %s" % (
                done.returncode, wanted, left, start.name, moves[:2], said.strip()))
        return files, is_wrong

    def opened(case, start):
        files, is_wrong = judge(case, start, [], 0)
        return [f for f in files if not f.startswith("kept/")][::step], is_wrong

    (first, one_is_wrong), (second, other_is_wrong) = opened(0, before), opened(1, signed)
    cases = [(after, [], 0), (lost, [], 2), (lost_later, [], 2)]
    for name in first:
        cases += [(before, [(name, after)], 0), (before, [(name, signed)], 0), (lost, [(name, lost_later)], 2)]
    cases += [(signed, [(name, after)], 0) for name in second]
    # One that never comes to rest is not judged: it moves on just when the verifier, which looks nine times, reads
    # the head for the third time, to see whether it did.
    restless = [lost, lost, lost_later, lost_later, lost_later, lost]
    cases.append((lost, [("checkpoint", folder) for folder in (restless * 5)[:27]], 75))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judged = pool.map(lambda place: judge(2 + place, *cases[place])[1], range(len(cases)))
        wrong = one_is_wrong + other_is_wrong + sum(judged)
    print("%d cases, %d wrong" % (2 + len(cases), wrong))
    return wrong


def copy_over(source, target, **_):
    """Copies a file over one that is read-only."""
    if os.path.exists(target):
        os.unlink(target)
    return shutil.copy2(source, target)


if __name__ == "__main__":
    main()
