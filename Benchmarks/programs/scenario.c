// SPDX-License-Identifier: Apache-2.0
//
// The least that a conformance runner can cost: one scenario of three clients and 13 checked steps,
// again and again, with nothing around it.
//
//     scenario COUNT fresh|shared COMMAND...
//
// COMMAND starts a relay; the word PORT in it is replaced. `fresh` starts one for each round and
// kills it afterwards, `shared` one for all. It is ready when connecting succeeds, which is tried
// every 200 microseconds. Prints one JSON object.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int port;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int dial(int tries) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 5};
    int one = 1;
    while (tries--) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (!connect(fd, (struct sockaddr *)&address, sizeof address)) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            return fd;
        }
        close(fd);
        usleep(200);
    }
    perror("scenario: connect");
    exit(1);
}

static void say(int fd, const char *text) { send(fd, text, strlen(text), MSG_NOSIGNAL); }

static void expect(int fd, const char *wanted) {
    char got[256];
    size_t count = 0, length = strlen(wanted);
    while (count < length) {
        ssize_t part = recv(fd, got + count, length - count, 0);
        if (part <= 0) break;
        count += (size_t)part;
    }
    if (count == length && !memcmp(got, wanted, length)) return;
    fprintf(stderr, "scenario: wanted %s, got %.*s\n", wanted, (int)count, got);
    exit(1);
}

// The next port that is free: somebody else may use any of them.
static void choose_port(void) {
    for (int tries = 0; tries < 1000; tries++, port++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        int is_free = !bind(fd, (struct sockaddr *)&address, sizeof address);
        close(fd);
        if (is_free) return;
    }
}

static pid_t start(char **command) {
    choose_port();
    static char digits[16];
    char *words[32] = {0};
    sprintf(digits, "%d", port);
    for (int i = 0; command[i] && i < 31; i++)
        words[i] = strcmp(command[i], "PORT") ? command[i] : digits;
    pid_t child = vfork();
    if (!child) {
        execvp(words[0], words);
        _exit(127);
    }
    return child;
}

static void stop(pid_t child) {
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
}

static void scenario(int round) {
    char names[3][32], text[64], direct[64];
    int clients[3];
    for (int i = 0; i < 3; i++) clients[i] = dial(i ? 1 : 25000);
    int a = clients[0], b = clients[1], c = clients[2];
    for (int i = 0; i < 3; i++) {
        sprintf(names[i], "u%d_%d", round, i);
        sprintf(text, "NICK %s\n", names[i]);
        say(clients[i], text);
        sprintf(text, "OK %s\n", names[i]);
        expect(clients[i], text);
    }
    say(a, "hello all\n");
    expect(b, "hello all\n");
    expect(c, "hello all\n");
    say(b, "second\n");
    expect(a, "second\n");
    expect(c, "second\n");
    sprintf(direct, "@%s private text\n", names[2]);
    say(a, direct);
    expect(c, direct);
    say(a, "@nobody x\n");
    expect(a, "ERR nosuchnick\n");
    sprintf(text, "NICK %s\n", names[0]);
    say(b, text);
    expect(b, "ERR nick\n");
    say(c, "fra");
    say(c, "gment");
    say(c, "ed\n");
    expect(a, "fragmented\n");
    expect(b, "fragmented\n");
    close(a);
    say(b, "after\n");
    expect(c, "after\n");
    close(b);
    close(c);
}

static double cpu(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    struct timeval user = usage.ru_utime, system = usage.ru_stime;
    return (double)(user.tv_sec + system.tv_sec) + (double)(user.tv_usec + system.tv_usec) / 1e6;
}

int main(int count, char **words) {
    if (count < 4) return 2;
    int rounds = atoi(words[1]), is_fresh = !strcmp(words[2], "fresh");
    // Below the range that the kernel draws from.
    port = 20000 + getpid() % 10000;
    // The relay's ready line must not mix with our result.
    int result = fcntl(1, F_DUPFD_CLOEXEC, 10), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, 1);
    double began = now();
    pid_t server = is_fresh ? 0 : start(words + 3);
    for (int round = 0; round < rounds; round++) {
        if (is_fresh) server = start(words + 3);
        scenario(round);
        if (is_fresh) stop(server);
        if (is_fresh) port++;
    }
    if (!is_fresh) stop(server);
    double milliseconds = (now() - began) * 1e3 / rounds;
    dprintf(result, "{\"rounds\":%d,\"ms\":%.4f,\"own_cpu_ms\":%.4f,\"server_cpu_ms\":%.4f}\n", rounds,
            milliseconds, cpu(RUSAGE_SELF) * 1e3 / rounds, cpu(RUSAGE_CHILDREN) * 1e3 / rounds);
}
