# SPDX-License-Identifier: Apache-2.0
"""Makes the pages that the browser checks: a summary, an audit's report, the officer's report.

Usage: make_pages.py FOLDER-OF-PROGRAMS FOLDER-OF-summary_time OUT
"""

import pathlib
import subprocess
import sys


def run(*arguments, allowed=(0,)):
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode in allowed, done.stderr
    return done.stdout


def main():
    programs, work, out = map(pathlib.Path, sys.argv[1:4])
    common = [work / "log", "--policies", work / "policies"]
    asked = run(programs / "vigie-summary", "request", *common, "--requester", "A00000000000d",
                "--role", "DPO", "--perimeter", "region:28", "--period", "2026-10..2027-03")
    for path in run(programs / "vigie-summary", "release", *common, "--request", asked.split()[0],
                    "--approver", "A00000000000c", "--out", out).split()[:2]:
        language = path.rsplit(".", 2)[1]
        pathlib.Path(path).rename(out / f"summary-{language}.html")
    demo = pathlib.Path("audit-samples/demo")
    for language in ["fr", "en"]:
        page = run(programs / "vigie", "audit", demo / "log", "--policies",
                   "policies/pilote-linkedin", "--key", f"@{demo / 'log.vkey'}", "-f", "html",
                   "--lang", language, allowed=(0, 1))
        (out / f"audit-{language}.html").write_text(page)
        page = run(programs / "vigie-summary", "report", demo / "expected.json", "--policies",
                   "policies/pilote-linkedin", "-f", "html", "--lang", language)
        (out / f"officer-{language}.html").write_text(page)


if __name__ == "__main__":
    main()
