// SPDX-License-Identifier: Apache-2.0
// Fails the first fdatasync of a process, whichever thread calls it; strace counts each thread's own.
//   cc -shared -fPIC -o fail_sync.so fail_sync.c && LD_PRELOAD=./fail_sync.so PROGRAM
#include <errno.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

int fdatasync(int file)
{
    static atomic_int count;
    if (atomic_fetch_add(&count, 1) == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, file);
}
