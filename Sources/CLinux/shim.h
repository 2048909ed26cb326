// SPDX-License-Identifier: Apache-2.0

#ifndef VIGIE_CLINUX_H
#define VIGIE_CLINUX_H

#include <sys/types.h>

// Linux's own calls on files, which the C library only declares for programs that ask for all of its
// extensions.

/// Makes everything of a file system durable; reports what failed since the file was opened.
int syncfs(int file);

/// Begins to write a range of a file to the disk, and does not wait for it.
int sync_file_range(int file, off_t offset, off_t count, unsigned int flags);

static const unsigned int vigie_sync_file_range_write = 2;

#endif
