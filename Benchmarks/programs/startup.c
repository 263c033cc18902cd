// SPDX-License-Identifier: Apache-2.0
//
// How long a server takes from its start to the first line that it prints.
//
//     startup ROUNDS COMMAND...
//
// Prints the median in milliseconds as a JSON object.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double once(char **command) {
    int ends[2];
    char line[256];
    if (pipe2(ends, O_CLOEXEC)) exit(1);
    double began = now();
    pid_t child = vfork();
    if (!child) {
        dup2(ends[1], 1);
        execvp(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    ssize_t count = read(ends[0], line, sizeof line);
    double took = now() - began;
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    close(ends[0]);
    if (count > 0 && line[count - 1] == '\n') return took;
    fprintf(stderr, "startup: no line came\n");
    exit(1);
}

int main(int count, char **words) {
    if (count < 3) return 2;
    int rounds = atoi(words[1]);
    double *took = calloc((size_t)rounds, sizeof *took);
    for (int i = 0; i < rounds; i++) took[i] = once(words + 2);
    qsort(took, (size_t)rounds, sizeof *took, compare);
    printf("{\"ms\":%.4f}\n", took[rounds / 2]);
}
