// SPDX-License-Identifier: Apache-2.0
// All programs of the package in one file, which holds what they share (the Swift libraries, 60 MB)
// once: the name that it is called by says which one runs. Compiled with the list of their names:
//   cc -D'PROGRAMS(P)=P(vigie) P(vigie_log)' -c programs.c
#include <string.h>

#define DECLARE(program) int program##_main(int, char **);
PROGRAMS(DECLARE)

int main(int count, char **words) {
    const char *path = count > 0 ? words[0] : "";
    const char *last = strrchr(path, '/');
    char name[32] = {0};
    strncpy(name, last ? last + 1 : path, sizeof name - 1);
    for (char *letter = name; *letter; letter++) {
        if (*letter == '-') *letter = '_';
    }
#define RUN(program) \
    if (strcmp(name, #program) == 0) return program##_main(count, words);
    PROGRAMS(RUN)
    return vigie_main(count, words);
}
