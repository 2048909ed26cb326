// SPDX-License-Identifier: Apache-2.0
// All programs of the package in one file, which holds what they share (the Swift libraries, 60 MB)
// once: the name of the file that was executed says which one runs. That is the kernel's word: the name
// that a program is called by is what the user typed, `vigie log` where `vigie` became this program.
// Compiled with the list of their names:
//   cc -D'PROGRAMS(P)=P(vigie) P(vigie_log)' -c programs.c
#include <string.h>
#include <sys/auxv.h>

#define DECLARE(program) int program##_main(int, char **);
PROGRAMS(DECLARE)

static int named(const char *path, const char *program) {
    const char *last = strrchr(path, '/');
    const char *name = last ? last + 1 : path;
    while (*name && (*name == '-' ? '_' : *name) == *program) name++, program++;
    return *name == *program;
}

int main(int count, char **words) {
    const char *executed = (const char *)getauxval(AT_EXECFN);
    const char *called = count > 0 ? words[0] : "";
#define RUN(path, program) \
    if (named(path, #program)) return program##_main(count, words);
#define RUN_EXECUTED(program) RUN(executed, program)
#define RUN_CALLED(program) RUN(called, program)
    if (executed) { PROGRAMS(RUN_EXECUTED) }
    PROGRAMS(RUN_CALLED)
    return vigie_main(count, words);
}
