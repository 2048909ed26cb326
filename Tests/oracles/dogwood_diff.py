# SPDX-License-Identifier: Apache-2.0
"""Compares temporal policies with the reference implementation of Dogwood (dogwood-py).

    dogwood_diff.py PROGRAM SEED COUNT [RECORD]

Runs `PROGRAM generate SEED COUNT`, replays each pair here, and compares every verdict. A
difference is shrunk: events and policies are removed as long as it remains. With RECORD, the
pairs that both accept and decide alike are written there with their verdicts.
"""
import json
import subprocess
import sys

from dogwood import native

SCHEMA = """
namespace D {
  type Input = { user: String, server: String, n: Long };
  type Output = { ok: Bool };
  entity Gateway;
  entity U = { id: String };
  action "Login", "Read", "Pay" appliesTo {
    principal: [U], resource: [Gateway], context: { input: Input, output?: Output }
  };
}
"""


# The default event schema without the pin on the principal: requests see everybody's events.
GLOBAL_EVENTS = "".join(
    f"""{mark}event <A>::{kind} {{
        ...inputs(A), {extra}callerPrincipal: principalType(A), callerResource: resourceType(A),
        requestId: String, sessionId: String,
    }}
    """
    for mark, kind, extra in (
        ("decision ", "request", ""), ("", "response", "...outputs(A), "), ("", "error", "")))


def reference(policy, trace, is_global):
    """The verdicts, or why the policy is refused."""
    events = GLOBAL_EVENTS if is_global else None
    try:
        checked = native.validate_policy(policy, SCHEMA, events)
        if not checked["passed"]:
            return None, "; ".join(checked["errors"])
        return native.replay(policy, SCHEMA, trace, events).splitlines(), None
    except Exception as error:  # the bindings raise ValueError for every refusal
        return None, str(error)


def replay(program, policy, trace, is_global):
    item = json.dumps({"policy": policy, "trace": trace, "global": is_global}) + "\n"
    run = subprocess.run([program, "replay"], input=item, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def differs(program, policy, trace, is_global):
    ours = replay(program, policy, trace, is_global)
    theirs, _ = reference(policy, trace, is_global)
    if "verdicts" not in ours or theirs is None:
        return False
    return ours["verdicts"] != theirs


def shrink(program, policy, trace, is_global):
    """Removes what the difference does not need."""
    changed = True
    while changed:
        changed = False
        for text, rebuild in (
            (trace, lambda parts: (policy, "".join(parts))),
            (policy, lambda parts: ("".join(parts), trace)),
        ):
            mark = "\n" if text is trace else ";\n"
            parts = [part + mark for part in text.split(mark) if part.strip()]
            for place in range(len(parts)):
                rest = parts[:place] + parts[place + 1:]
                candidate = rebuild(rest)
                if rest and differs(program, *candidate, is_global):
                    policy, trace = candidate
                    changed = True
                    break
            if changed:
                break
    return policy, trace


def main():
    program, seed, count = sys.argv[1], sys.argv[2], sys.argv[3]
    run = subprocess.run(
        [program, "generate", seed, count], capture_output=True, text=True, check=True)
    pairs = points = refused = differences = 0
    disagreements, kept = {}, []
    for line in run.stdout.splitlines():
        ours = json.loads(line)
        theirs, why = reference(ours["policy"], ours["trace"], ours["global"])
        if (theirs is None) != ("error" in ours):
            disagreements.setdefault(ours.get("error", "accepted") + " / " + (why or "accepted")[:160],
                                     ours["policy"])
            continue
        if theirs is None:
            refused += 1
            continue
        pairs += 1
        points += len(theirs)
        if ours["verdicts"] != theirs:
            differences += 1
            if differences <= 5:
                is_global = ours["global"]
                policy, trace = shrink(program, ours["policy"], ours["trace"], is_global)
                print(f"--- difference (global: {is_global})\n" + policy + trace)
                print("ours:  ", replay(program, policy, trace, is_global)["verdicts"])
                print("theirs:", reference(policy, trace, is_global)[0])
        else:
            kept.append({key: ours[key] for key in ("global", "policy", "trace", "verdicts")})
    for reason, policy in list(disagreements.items())[:8]:
        print("--- accepted by one only:", reason, "\n" + policy)
    allowed = sum(line.endswith("true") for item in kept for line in item["verdicts"])
    print(f"seed {seed}: {pairs} pairs, {points} decision points ({allowed} allowed), "
          f"{differences} differences, {refused} refused by both, "
          f"{len(disagreements)} kinds of refusal by one only")
    if len(sys.argv) > 4:
        with open(sys.argv[4], "w", encoding="utf-8") as file:
            for item in kept:
                file.write(json.dumps(item, sort_keys=True) + "\n")
    return 1 if differences or disagreements or not pairs else 0


if __name__ == "__main__":
    raise SystemExit(main())
