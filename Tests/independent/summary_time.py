# SPDX-License-Identifier: Apache-2.0
"""Measures a regional summary over the six-month sample, audit included, on one core.

The sample's private key is known to all, and made anew here. Its last month is not yet closed by
the delay of late events, which this run therefore sets to zero, in a copy of the policies.

Usage: summary_time.py FOLDER-OF-PROGRAMS SAMPLE POLICIES
"""

import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Benchmarks"))
from signed_sample import linked


def run(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def main():
    programs, sample, policies = map(pathlib.Path, sys.argv[1:4])
    if not (sample / "log").is_dir():
        run(programs / "vigie-sample", "generate", "--seed", "1", "--advisers", "500",
            "--months", "6", "--out", sample)
    work = sample.parent / (sample.name + "-work")
    # A log that can be signed: its key is where the commands look for it.
    linked(sample, work, key="log.key")
    shutil.copytree(policies, work / "policies")
    file = work / "policies" / "policy-set.yaml"
    file.write_text(re.sub(r"(summary_lateness_days:\s+value:) \d+", r"\1 0", file.read_text()))
    common = [work / "log", "--policies", work / "policies"]
    asked = run(programs / "vigie-summary", "request", *common, "--requester", "A00000000000d",
                "--role", "DPO", "--perimeter", "region:28", "--period", "2026-10..2027-03")
    reference = asked.split()[0]
    def compute(*more):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = run("taskset", "-c", "0", programs / "vigie-summary", "compute", *common,
                     "--request", reference, *more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return json.loads(output), seconds

    summary, seconds = compute()
    masked = [f["id"] for f in summary["figures"] if f["value"] is None]
    print(f"{summary['log']['size']} entries, {len(summary['figures'])} figures, of which "
          f"{len(masked)} masked: {seconds:.1f} s of one core, audit included")
    # As after a night whose audit was recorded: what that judged is not judged again.
    state = work / "state"
    subprocess.run(
        [programs / "vigie", "audit", *common, "--key", f"@{sample / 'log.vkey'}", "--record",
         "--checkpoint", state, "--fail-on", "never", "-q"], stdout=subprocess.DEVNULL, check=True)
    again, seconds = compute("--checkpoint", state)
    assert again["figures"] == summary["figures"], "a saved state changed the figures"
    print(f"from the state of the last night's audit: {seconds:.1f} s of one core")
    if "-v" in sys.argv:
        print("\n".join(masked))


if __name__ == "__main__":
    main()
