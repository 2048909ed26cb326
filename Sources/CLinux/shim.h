// SPDX-License-Identifier: Apache-2.0

#ifndef VIGIE_CLINUX_H
#define VIGIE_CLINUX_H

// Linux's own calls on files, which the C library only declares for programs that ask for all of its
// extensions.

/// Makes everything of a file system durable; reports what failed since the file was opened.
int syncfs(int file);

/// Has the disk begin to write part of a file, and does not wait for it: nothing is durable by that.
int sync_file_range(int file, long long offset, long long count, unsigned int flags);

#endif
