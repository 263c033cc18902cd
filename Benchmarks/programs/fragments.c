// SPDX-License-Identifier: Apache-2.0
//
// The least that cutting can cost: one line of 200 bytes, sent to a relay in fragments, each when
// the relay has emptied its receive queue (sock_diag(7)), and awaited whole at a second client.
//
//     fragments PORT pairs|bytes ROUNDS
//
// `pairs` is each of the 199 cuts in two, `bytes` one line as 200 single bytes. Prints one JSON
// object; `separate` is the share of the fragments that the relay got with a recv() of its own.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 200 };

static int port, netlink;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    fprintf(stderr, "fragments: %s\n", what);
    exit(1);
}

static int dial(char role) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 5};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char line[64];
    send(fd, line, (size_t)sprintf(line, "NICK %c%d\n", role, getpid()), 0);
    if (recv(fd, line, sizeof line, 0) <= 0) fail("no welcome");
    return fd;
}

static long reads_of_relay(int fd) {
    char answer[64] = {0};
    long reads = 0;
    send(fd, "STAT\n", 5, 0);
    if (recv(fd, answer, sizeof answer - 1, 0) <= 0) fail("no answer to STAT");
    sscanf(answer, "STAT reads=%ld", &reads);
    return reads;
}

// How many bytes wait at the other end of a connection of ours.
static long waiting_at_peer(int fd) {
    struct sockaddr_in ours, theirs;
    socklen_t length = sizeof ours;
    getsockname(fd, (struct sockaddr *)&ours, &length);
    getpeername(fd, (struct sockaddr *)&theirs, &length);
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 body;
    } query = {{sizeof query, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0},
               {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u}};
    struct inet_diag_sockid *id = &query.body.id;
    id->idiag_sport = theirs.sin_port;
    id->idiag_dport = ours.sin_port;
    id->idiag_src[0] = theirs.sin_addr.s_addr;
    id->idiag_dst[0] = ours.sin_addr.s_addr;
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    _Alignas(struct nlmsghdr) char answer[4096];
    struct nlmsghdr *header = (struct nlmsghdr *)answer;
    send(netlink, &query, sizeof query, 0);
    ssize_t count = recv(netlink, answer, sizeof answer, 0);
    if (count < (ssize_t)sizeof *header || header->nlmsg_type == NLMSG_ERROR)
        fail("no socket diagnosis");
    return ((struct inet_diag_msg *)NLMSG_DATA(header))->idiag_rqueue;
}

static long send_cut(int fd, const char *line, int size, int rest) {
    long fragments = 0;
    for (int offset = 0; offset < WIDTH; fragments++) {
        int count = offset == 0 || !rest ? size : rest;
        send(fd, line + offset, (size_t)count, 0);
        offset += count;
        while (offset < WIDTH && waiting_at_peer(fd) > 0) {
        }
    }
    return fragments;
}

static void receive(int fd, const char *line) {
    char got[WIDTH];
    for (int count = 0; count < WIDTH;) {
        ssize_t part = recv(fd, got + count, (size_t)(WIDTH - count), 0);
        if (part <= 0) fail("a line is lost");
        count += (int)part;
    }
    if (memcmp(got, line, WIDTH)) fail("a line came otherwise than it was sent");
}

int main(int count, char **words) {
    if (count != 4) return 2;
    port = atoi(words[1]);
    int is_pairs = !strcmp(words[2], "pairs"), rounds = atoi(words[3]);
    netlink = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
    int sender = dial('s'), receiver = dial('r');
    char line[WIDTH];
    memset(line, 'x', WIDTH);
    line[WIDTH - 1] = '\n';
    long before = reads_of_relay(sender), fragments = 0;
    double began = now();
    for (int round = 0; round < rounds; round++) {
        for (int cut = 1; cut < (is_pairs ? WIDTH : 2); cut++) {
            fragments += is_pairs ? send_cut(sender, line, cut, WIDTH - cut)
                                  : send_cut(sender, line, 1, 0);
            receive(receiver, line);
        }
    }
    double seconds = now() - began;
    long reads = reads_of_relay(sender) - before - 1;
    printf("{\"ms_per_round\":%.4f,\"fragments\":%ld,\"separate\":%.5f}\n", seconds * 1e3 / rounds,
           fragments, (double)reads / (double)fragments);
}
