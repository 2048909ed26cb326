// SPDX-License-Identifier: Apache-2.0
// Shows a program another time of day: that of CLOCK_AT, in milliseconds since 1970. Preloaded:
//   cc -O2 -shared -fPIC -o clock.so clock_at.c && CLOCK_AT=… LD_PRELOAD=./clock.so PROGRAM
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    const char *at = clock == CLOCK_REALTIME ? getenv("CLOCK_AT") : NULL;
    if (!at) return (int)syscall(SYS_clock_gettime, clock, time);
    long long instant = atoll(at);
    time->tv_sec = instant / 1000;
    time->tv_nsec = instant % 1000 * 1000000;
    return 0;
}
