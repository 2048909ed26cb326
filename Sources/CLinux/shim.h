// SPDX-License-Identifier: Apache-2.0

#ifndef VIGIE_CLINUX_H
#define VIGIE_CLINUX_H

// No header of the C library: its types would seem to be this module's.
#include <linux/futex.h>
#include <sys/syscall.h>

// Linux's own calls, which the C library only declares for programs that ask for all of its extensions,
// or not at all.

/// Makes everything of a file system durable; reports what failed since the file was opened.
int syncfs(int file);

/// Has the disk begin to write part of a file, and does not wait for it: nothing is durable by that.
int sync_file_range(int file, long long offset, long long count, unsigned int flags);

long syscall(long number, ...);

/// Sleeps on a word of 32 bits if it holds a value: until it is woken, or for less (futex(2)).
///
/// Only who wakes one of the groups, which are bits, wakes it. The deadline is on CLOCK_MONOTONIC, in
/// nanoseconds; there is none if it is negative.
static inline void vigie_futex_wait(
    void *word, unsigned int value, unsigned int groups, long long deadline)
{
    const struct { long long seconds, nanoseconds; } time = {
        deadline / 1000000000, deadline % 1000000000
    };
    syscall(
        SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, deadline < 0 ? (void *)0 : &time,
        (void *)0, groups);
}

/// Wakes at most `count` of those who sleep on a word in one of the groups.
static inline void vigie_futex_wake(void *word, int count, unsigned int groups)
{
    syscall(SYS_futex, word, FUTEX_WAKE_BITSET_PRIVATE, count, (void *)0, (void *)0, groups);
}

#endif
