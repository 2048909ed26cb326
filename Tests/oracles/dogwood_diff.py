# SPDX-License-Identifier: Apache-2.0
"""Compares temporal policies with the reference implementation of Dogwood (dogwood-py).

    dogwood_diff.py PROGRAM SEED COUNT [RECORD]
    dogwood_diff.py PROGRAM time COUNT

Runs `PROGRAM generate SEED COUNT`, replays each pair here, and compares every verdict. A
difference is shrunk: events and policies are removed as long as it remains. With RECORD, the
pairs that both accept and decide alike are written there with their verdicts. With `time`, both
replay a log of COUNT events under one quota rule, and the times are printed.
"""
import json
import subprocess
import sys
import time

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


QUOTA = """permit(principal, action == D::Action::"Read", resource)
unless temporal {
    60 < count for (v: String). where (
        formerly within 1h D::Action::"Read"::request{ input.user: v })
};
"""


def compare_times(program, count):
    """A log of 500 principals who read about others, under one quota rule."""
    lines, state = [], 1
    for number in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        who, whom = (state >> 33) % 500, (state >> 45) % 50_000
        fields = f'input: {{ user: "p{whom}", server: "s", n: 1 }}'
        lines.append(
            f'@{number * 2} scope(principal: D::U::"a{who}", resource: D::Gateway::"g") '
            f'request_context({fields}) D::Action::"Read"::request({fields}, '
            f'callerPrincipal: D::U::"a{who}", callerResource: D::Gateway::"g", requestId: "r")')
    trace = "\n".join(lines) + "\n"
    start = time.monotonic()
    ours = replay(program, QUOTA, trace, False)["verdicts"]
    middle = time.monotonic()
    theirs = reference(QUOTA, trace, False)[0]
    end = time.monotonic()
    print(f"{count} events, one quota rule, log read and decided: "
          f"{count / (middle - start):.0f} events a second here, "
          f"{count / (end - middle):.0f} with dogwood-py, same verdicts: {ours == theirs}")
    return 0 if ours == theirs else 1


def main():
    if sys.argv[2] == "time":
        return compare_times(sys.argv[1], int(sys.argv[3]))
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
