# SPDX-License-Identifier: Apache-2.0
"""What an audit with all rules costs on a month, half a year and a year of 500 advisers.

One run after the other, on one core and on two, so that the ratios are of one machine in one state:
the second core against the first, and an entry of the year against an entry of the month.

Usage: long_logs.py FOLDER-OF-PROGRAMS SAMPLES POLICIES [ROUNDS]
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

MONTHS = {"month": 1, "half": 6, "year": 12}
CORES = {"one core": "0", "two cores": "0,1"}


def main():
    programs, samples, policies = map(pathlib.Path, sys.argv[1:4])
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    sizes, seconds = {}, {}
    for name, months in MONTHS.items():
        if not (samples / name / "log").is_dir():
            samples.mkdir(parents=True, exist_ok=True)
            subprocess.run([programs / "vigie-sample", "generate", "--seed", "1", "--advisers",
                            "500", "--months", str(months), "--policies", policies, "--out",
                            samples / name, "-q"], check=True, stdout=subprocess.DEVNULL)
    # Once before the clock runs, so that all of them are in memory.
    for turn in range(rounds + 1):
        for name in MONTHS:
            for cores, mask in CORES.items():
                if turn == 0 and cores != "two cores":
                    continue
                start = time.monotonic()
                done = subprocess.run(
                    ["taskset", "-c", mask, programs / "vigie", "audit", samples / name / "log",
                     "--policies", policies, "--key", f"@{samples / name / 'log.vkey'}",
                     "--fail-on", "never", "-q", "-f", "json"],
                    check=True, capture_output=True)
                if turn > 0:
                    seconds.setdefault((name, cores), []).append(time.monotonic() - start)
                sizes[name] = json.loads(done.stdout)["log"]["tree_size"]
    print(f"audit with all rules, verification included (medians of {rounds})")
    rates = {}
    for name in MONTHS:
        for cores in CORES:
            median = statistics.median(seconds[name, cores])
            rates[name, cores] = sizes[name] / median
            print(f"  {name}, {sizes[name]} entries, {cores}: {median:.2f} s, "
                  f"{rates[name, cores]:,.0f} entries a second")
    for name in MONTHS:
        ratio = rates[name, "two cores"] / rates[name, "one core"]
        print(f"  {name}: two cores against one: {ratio:.2f}")
    ratio = rates["month", "one core"] / rates["year", "one core"]
    print(f"  an entry of the year costs {ratio:.2f} of one of the month, on one core")


if __name__ == "__main__":
    main()
