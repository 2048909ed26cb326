# SPDX-License-Identifier: Apache-2.0
"""Makes the pages that the browser checks: summaries, an audit's report, the officer's, a person's.

Usage: make_pages.py FOLDER-OF-PROGRAMS FOLDER-OF-summary_time OUT
"""

import json
import pathlib
import shutil
import subprocess
import sys


def run(*arguments, allowed=(0,), text=None):
    done = subprocess.run(arguments, capture_output=True, text=True, input=text)
    assert done.returncode in allowed, done.stderr
    return done.stdout


def events(source, *rows):
    """Submissions in the canonical form: fields in the order of their names."""
    lines = []
    for number, (kind, time, fields) in enumerate(rows, 1):
        event = dict(fields, id=f"{source}-{number}", occurred_at=f"{time}T09:00:00.000Z",
                     source=source, source_seq=number, type=kind, v=1)
        lines.append(json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    return "\n".join(lines) + "\n"


def council(programs, log):
    """The two indicators, each defined before its values, and what the council observed."""
    rows = []
    for name, method, pilot, other in [
            ("taux-de-pourvoi", "offres pourvues / offres closes dans la période", 5_430, 5_120),
            ("taux-de-recours", "employeurs ayant déposé une offre / employeurs ayant déclaré une "
             "embauche ; numérateur et dénominateur ne coïncident pas pour l’intérim", 2_210, 2_150)]:
        rows.append(("claim.register", "2026-10-02",
                     {"indicator": name, "method": method, "reference": f"D-{name}", "value": 0}))
        for group, value in [("pilote", pilot), ("comparaison", other)]:
            rows.append(("indicator.report", "2027-03-15",
                         {"indicator": name, "value": value, "n": 1_800, "reference": group,
                          "interval_low": value - 160, "interval_high": value + 160}))
    rows += [("cse.observation", "2026-11-10",
              {"body": "CSEC", "observation_ref": "O-1", "due_at": "2026-12-10T09:00:00.000Z"}),
             ("cse.answer", "2026-12-04", {"body": "CSEC", "observation_ref": "O-1"}),
             ("cse.observation", "2027-02-12",
              {"body": "CSE-28", "observation_ref": "O-2", "due_at": "2027-03-14T09:00:00.000Z"})]
    run(programs / "vigie-log", "log", "append", log, text=events("direction", *rows))


def person(programs, out):
    """What a job seeker is told: who consulted their data."""
    folder = out.parent / "person"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    log, vault = folder / "log", folder / "vault"
    identity = programs / "vigie-identity"
    run(programs / "vigie-log", "log", "init", log, "--origin", "vigie.example/pages")
    for name in ["dpo", "cse"]:
        run(identity, "key", folder / name)
    run(identity, "init", vault, "--dpo", folder / "dpo.pub", "--cse", folder / "cse.pub")
    acting = ["--log", log, "--key", f"@{log}.vkey", "--as", "A00000000000d", "--reference", "DSR-1"]
    pid = run(identity, "add", vault, "--kind", "jobseeker", "--period", "2026", *acting,
              text="DE-7731\tBilal Roux\n").split()[0]
    actor = {"account_kind": "pro", "pid": "A0123456789ab", "region": "28", "role": "CONS_PRO"}
    rows = [("profile.view", f"2026-03-{day:02}",
             {"actor": actor, "categories": ["CO", "CV", "PR"], "outcome": outcome,
              "purpose": "P3-PROMOTION", "subject": {"pid": pid}})
            for day, outcome in [(2, "done"), (3, "denied"), (17, "done"), (24, "done")]]
    run(programs / "vigie-log", "log", "append", log, text=events("portail", *rows))
    for language in ["fr", "en"]:
        page = run(identity, "report", vault, *acting, "--pid", pid, "-f", "html", "--lang",
                   language, "--proofs", folder / "proofs")
        (out / f"person-{language}.html").write_text(page)


def main():
    programs, work, out = map(pathlib.Path, sys.argv[1:4])
    common = [work / "log", "--policies", work / "policies"]
    council(programs, work / "log")
    person(programs, out)
    for name, perimeter in [("summary", "region:28"), ("whole", "all")]:
        asked = run(programs / "vigie-summary", "request", *common, "--requester", "A00000000000d",
                    "--role", "DPO", "--perimeter", perimeter, "--period", "2026-10..2027-03")
        for path in run(programs / "vigie-summary", "release", *common, "--request",
                        asked.split()[0], "--approver", "A00000000000c", "--out",
                        out).split()[:2]:
            language = path.rsplit(".", 2)[1]
            pathlib.Path(path).rename(out / f"{name}-{language}.html")
    demo = pathlib.Path("audit-samples/demo")
    for language in ["fr", "en"]:
        page = run(programs / "vigie", "audit", demo / "log", "--policies",
                   "policies/pilote-linkedin", "--key", f"@{demo / 'log.vkey'}", "-f", "html",
                   "--lang", language, allowed=(0, 1))
        (out / f"audit-{language}.html").write_text(page)
        page = run(programs / "vigie-summary", "report", demo / "expected.json", "--policies",
                   "policies/pilote-linkedin", "-f", "html", "--lang", language, "--log",
                   demo / "log", "--key", f"@{demo / 'log.vkey'}")
        (out / f"officer-{language}.html").write_text(page)


if __name__ == "__main__":
    main()
