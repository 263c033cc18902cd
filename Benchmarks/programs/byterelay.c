// SPDX-License-Identifier: Apache-2.0
//
// Bytes through a relay: the least that a TCP proxy can be, and what measures one.
//
//     byterelay relay PORT      relays each of its clients to 127.0.0.1:PORT, in both directions
//     byterelay sink            takes connections, throws away what comes, and then answers a byte
//     byterelay send PORT MIB   sends so many MiB to PORT and awaits that byte: prints {"mib_per_s"}
//
// relay and sink listen on a free port and say so on standard output. One thread, poll(2), one
// buffer for each read; a relay that cannot write waits until it can.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 65536, MOST = 2048 };

static char buffer[SIZE];

static void fail(const char *what) {
    fprintf(stderr, "byterelay: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listening(void) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 128)) fail("cannot listen");
    getsockname(fd, (struct sockaddr *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int dial(int port) {
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static int send_all(int fd, ssize_t count) {
    for (ssize_t done = 0; done < count;) {
        ssize_t part = send(fd, buffer + done, (size_t)(count - done), MSG_NOSIGNAL);
        if (part <= 0) return 0;
        done += part;
    }
    return 1;
}

static void relay(int port) {
    static struct pollfd polled[MOST];
    static int fds[MOST], other[MOST];
    int count = 1;
    polled[0] = (struct pollfd){.fd = listening(), .events = POLLIN};
    for (;;) {
        if (poll(polled, (nfds_t)count, -1) < 0) fail("poll");
        for (int i = 1; i < count; i++) {
            if (!polled[i].revents) continue;
            ssize_t got = recv(fds[i], buffer, SIZE, 0);
            if (got > 0 && send_all(fds[other[i]], got)) continue;
            shutdown(fds[other[i]], SHUT_WR);
            polled[i].fd = -1;  // poll passes over it
        }
        if (polled[0].revents && count + 2 <= MOST) {
            int client = accept(polled[0].fd, NULL, NULL), server = dial(port), one = 1;
            setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            fds[count] = client, fds[count + 1] = server;
            other[count] = count + 1, other[count + 1] = count;
            for (int end = 0; end < 2; end++, count++)
                polled[count] = (struct pollfd){.fd = fds[count], .events = POLLIN};
        }
    }
}

static void sink(void) {
    int listener = listening();
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        while (recv(fd, buffer, SIZE, 0) > 0) {
        }
        if (send(fd, "!", 1, MSG_NOSIGNAL) != 1) fail("cannot answer");
        close(fd);
    }
}

static void send_mib(int port, long mib) {
    int fd = dial(port);
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (long block = 0; block < mib * (1048576 / SIZE); block++)
        if (!send_all(fd, SIZE)) fail("cannot send");
    shutdown(fd, SHUT_WR);
    if (recv(fd, buffer, 1, 0) != 1) fail("no answer");
    clock_gettime(CLOCK_MONOTONIC, &ended);
    double seconds = (double)(ended.tv_sec - began.tv_sec) +
                     (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
    printf("{\"mib_per_s\":%.1f}\n", (double)mib / seconds);
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "relay")) relay(atoi(words[2]));
    if (count == 2 && !strcmp(words[1], "sink")) sink();
    if (count == 4 && !strcmp(words[1], "send")) {
        send_mib(atoi(words[2]), atol(words[3]));
        return 0;
    }
    return 2;
}
