#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries every order of the steps of `CommitQueue`: no caller may be left asleep, and one leads at a time.

    commit_queue_model.py [--long]

A step is one access to memory that threads share, or one call of the system. Callers are threads (T) or
tasks (K), each with some calls; leaders write nothing here, since only who wakes whom is looked at. Each
fault below, put into the model, must be found: else the model could not find any.
"""
import sys
from typing import NamedTuple

OTHERS, NEXT = 1, 2


class State(NamedTuple):
    led: bool  # the end of the queue: whether somebody leads, the lane, and the jobs
    lane: int
    queue: tuple
    words: tuple
    sleepers: frozenset  # (caller, lane, group)
    jobs: tuple  # of each caller: "", "waits", "leads" or "finished"
    callers: tuple  # (step, calls left, lane, group, the word's value)
    leaders: tuple  # (step, jobs, lane, place, own caller or -1)


def put(values, place, value):
    return values[:place] + (value,) + values[place + 1:]


def steps_of_caller(s, kinds, i, fault):
    """The states after the next step of a caller; none if it sleeps, leads or is done."""
    step, left, lane, group, value = s.callers[i]
    at = lambda *new: put(s.callers, i, new)
    returned = s._replace(jobs=put(s.jobs, i, ""), callers=at("add", left - 1, 0, 0, 0))
    if step == "add" and left:
        group = OTHERS if s.queue else NEXT
        own = i if kinds[i] == "T" else -1
        after = "task" if own < 0 else "look" if s.led else "lead"
        leaders = s.leaders if s.led else s.leaders + (("take", (), 0, 0, own),)
        yield s._replace(led=True, queue=s.queue + (i,), jobs=put(s.jobs, i, "waits"), leaders=leaders,
                         callers=at(after, left, s.lane, group, 0))
    elif step == "task" and s.jobs[i] == "finished":
        yield returned
    elif step == "look" and fault != "looks at the job first":
        yield s._replace(callers=at("check", left, lane, group, s.words[lane]))
    elif step == "late look":
        yield s._replace(callers=at("sleep", left, lane, group, s.words[lane]))
    elif step in ("look", "check"):
        if s.jobs[i] == "waits":
            after = "sleep" if step == "check" else "late look"
            yield s._replace(callers=at(after, left, lane, group, value))
        elif s.jobs[i] == "leads":
            yield s._replace(callers=at("lead", left, lane, group, 0),
                             leaders=s.leaders + (("take", (), 0, 0, i),))
        else:
            yield returned
    elif step == "sleep":
        if s.words[lane] != value:
            yield s._replace(callers=at("look", left, lane, group, 0))
        else:
            yield s._replace(callers=at("asleep", left, lane, group, 0),
                             sleepers=s.sleepers | {(i, lane, group)})


def wake(s, who):
    callers = s.callers
    for i, lane, group in who:
        callers = put(callers, i, ("look", callers[i][1], lane, group, 0))
    return s._replace(sleepers=s.sleepers - set(who), callers=callers)


def release(s, own):
    """The thread that led goes on with its own next call."""
    if own < 0:
        return s
    assert s.jobs[own] == "finished", "a leader writes its own job"
    return s._replace(jobs=put(s.jobs, own, ""), callers=put(s.callers, own, ("add", s.callers[own][1] - 1, 0, 0, 0)))


def steps_of_leader(s, kinds, k, fault):
    step, jobs, lane, place, own = s.leaders[k]
    at = lambda *new: put(s.leaders, k, new)
    others = s.leaders[:k] + s.leaders[k + 1:]
    changed = put(s.words, lane, s.words[lane] + 1)
    if step == "take":
        assert s.led and sum(leader[0] not in ("change one", "wake one") for leader in s.leaders) == 1, "one leads"
        assert own < 0 or own in s.queue, "a leader's own job is among those that it takes"
        yield s._replace(lane=1 - s.lane, queue=(), leaders=at("finish", s.queue, s.lane, 0, own))
    elif step == "finish" and place < len(jobs):
        yield s._replace(jobs=put(s.jobs, jobs[place], "finished"), leaders=at(step, jobs, lane, place + 1, own))
    elif step == "finish":
        is_alone = len(jobs) <= (1 if own >= 0 or fault == "one job is never woken" else 0)
        yield s._replace(leaders=at("hand over" if is_alone else "change", jobs, lane, 0, own))
    elif step == "change":
        words = s.words if fault == "wakes all without changing the word" else changed
        yield s._replace(words=words, leaders=at("wake", jobs, lane, 0, own))
    elif step == "wake":
        woken = wake(s, [sleeper for sleeper in s.sleepers if sleeper[1] == lane])
        yield woken._replace(leaders=at("hand over", jobs, lane, 0, own))
    elif step == "hand over" and not s.queue:
        yield release(s._replace(led=False, leaders=others), own)
    elif step == "hand over":
        # After many jobs a thread of the log's own leads; else the first caller, if it is a thread.
        yield release(s._replace(leaders=others + (("take", (), 0, 0, -1),)), own)
        if kinds[s.queue[0]] == "T":
            yield s._replace(jobs=put(s.jobs, s.queue[0], "leads"), leaders=at("change one", (), s.lane, 0, own))
    elif step == "change one":
        words = s.words if fault == "wakes one without changing the word" else changed
        yield s._replace(words=words, leaders=at("wake one", (), lane, 0, own))
    elif step == "wake one":
        firsts = [sleeper for sleeper in s.sleepers if sleeper[1:] == (lane, NEXT)]
        assert len(firsts) <= 1 or fault, "one caller of a lane comes first"
        yield release(wake(s, firsts)._replace(leaders=others), own)


def explore(kinds, calls, fault=None):
    """The number of states, and one in which somebody is left waiting for ever; None if there is none."""
    count = len(kinds)
    start = State(False, 0, (), (0, 0), frozenset(), ("",) * count, (("add", calls, 0, 0, 0),) * count, ())
    seen, todo = {start}, [start]
    while todo:
        s = todo.pop()
        after = [n for i in range(count) for n in steps_of_caller(s, kinds, i, fault)]
        after += [n for k in range(len(s.leaders)) for n in steps_of_leader(s, kinds, k, fault)]
        if not after and any(caller[1] for caller in s.callers):
            return len(seen), s
        for new in after:
            new = new._replace(leaders=tuple(sorted(new.leaders)))
            if new not in seen:
                seen.add(new)
                todo.append(new)
    return len(seen), None


def main():
    cases = [("TT", 3), ("TTT", 1), ("TTK", 1), ("TKK", 1)]
    if "--long" in sys.argv:
        cases += [("TT", 4), ("TTT", 2), ("TTK", 2), ("TKK", 2), ("TTTT", 1), ("TTTK", 1)]
    for kinds, calls in cases:
        states, stuck = explore(kinds, calls)
        print(f"{kinds}, {calls} calls each: {states} states, {stuck or 'nobody is left waiting'}", flush=True)
        if stuck:
            sys.exit(1)
    for fault in ["looks at the job first", "wakes all without changing the word",
                  "wakes one without changing the word", "one job is never woken"]:
        found = any(explore(kinds, calls, fault)[1] for kinds, calls in cases[:4])
        print(f"{fault}: {'found' if found else 'NOT found'}", flush=True)
        if not found:
            sys.exit(1)


if __name__ == "__main__":
    main()
