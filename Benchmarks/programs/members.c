// SPDX-License-Identifier: Apache-2.0
//
// Load for servers of `channels` that federate: the members of one channel, spread over them.
//
//     members COUNT WINDOW SECONDS HOST:PORT...
//
// The channel is on the first server, where its first member speaks; a member of another server has
// joined it there. Each message has 200 bytes as SAY, with a number in it. The next one is sent when
// all members have one of WINDOW before. Prints one line of JSON: how many messages came to how many
// members in which time, and how many came out of order.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 200, NUMBER = 11, RING = 65536, SERVERS = 16, HOST = 64 };

struct member {
    int fd, held;
    uint32_t next;
    char tail[NUMBER];  // the beginning of a number whose rest has not come
};

static struct {
    char host[HOST];
    int port;
} servers[SERVERS];
static int server_count, member_count, window, poller, is_measuring;
static struct member *members;
static uint32_t missing[RING], sent, arrived, disorder;
static uint64_t deliveries;
static char channel[32];

static void fail(const char *what) {
    fprintf(stderr, "members: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void send_all(int fd, const char *bytes, size_t count) {
    while (count) {
        ssize_t part = send(fd, bytes, count, MSG_NOSIGNAL);
        if (part < 0 && errno != EAGAIN) fail("send");
        if (part < 0) {
            nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
            continue;
        }
        bytes += part;
        count -= (size_t)part;
    }
}

// MARK: entering

// Sends a request and reads its answer, a line, while the socket still blocks.
static const char *ask(int fd, const char *request) {
    static char line[4096];
    size_t count = 0;
    send_all(fd, request, strlen(request));
    send_all(fd, "\n", 1);
    while (count < sizeof line - 1 && recv(fd, line + count, 1, 0) == 1)
        if (line[count++] == '\n') break;
    if (!count || line[count - 1] != '\n') fail("an answer is missing");
    line[count - 1] = 0;
    return line;
}

static void demand(int fd, const char *request, const char *answer) {
    if (strcmp(ask(fd, request), answer)) fail(request);
}

static int dial(int number) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)servers[number].port)};
    struct timeval patience = {.tv_sec = 20};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    if (inet_pton(AF_INET, servers[number].host, &address.sin_addr) != 1) fail("no address");
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    return fd;
}

// Joins; on another server than the first it takes a while until the servers are linked.
static void join(int fd, int number) {
    char request[256], answer[300];
    double deadline = now() + 20;
    if (number)
        sprintf(request, "JOIN %s:%s", channel, servers[0].host);
    else
        sprintf(request, "JOIN %s", channel);
    sprintf(answer, "RESULT %s 1", request);
    while (strcmp(ask(fd, request), answer)) {
        if (now() > deadline) fail("a member cannot join");
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static void enter(int i) {
    int number = i % server_count;
    char request[96];
    members[i].fd = dial(number);
    sprintf(request, "REGISTER u%d word", i);
    demand(members[i].fd, request, "RESULT REGISTER 1");
    sprintf(request, "LOGIN u%d word", i);
    demand(members[i].fd, request, "RESULT LOGIN 1");
    if (i == 0) {
        char answer[128];
        sprintf(request, "CREATE %s", channel);
        sprintf(answer, "RESULT %s 1", request);
        demand(members[i].fd, request, answer);
    }
    join(members[i].fd, number);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &members[i]};
    fcntl(members[i].fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(poller, EPOLL_CTL_ADD, members[i].fd, &event);
}

// MARK: talking

static void take(struct member *member, uint32_t number) {
    if (number != member->next) disorder++;
    member->next = number + 1;
    if (is_measuring) deliveries++;
    missing[number % RING]--;
    while (arrived < sent && missing[arrived % RING] == 0) arrived++;
}

static void receive(struct member *member) {
    static char buffer[1 << 18];
    memcpy(buffer, member->tail, (size_t)member->held);
    ssize_t count = recv(member->fd, buffer + member->held, sizeof buffer - NUMBER, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail("a server closed a connection");
    char *end = buffer + member->held + count, *at = buffer;
    member->held = 0;
    while ((at = memchr(at, '^', (size_t)(end - at)))) {
        if (end - at < NUMBER) {
            member->held = (int)(end - at);
            memcpy(member->tail, at, (size_t)member->held);
            return;
        }
        uint32_t number = 0;
        for (int i = 1; i < NUMBER; i++) number = number * 10 + (uint32_t)(at[i] - '0');
        take(member, number);
        at += NUMBER;
    }
}

static void fill_window(void) {
    static char bytes[WIDTH * 64];
    size_t count = 0;
    while (sent - arrived < (uint32_t)window && count + WIDTH <= sizeof bytes) {
        char head[64], number[NUMBER + 1];
        char *line = bytes + count;
        memset(line, 'x', WIDTH - 1);
        memcpy(line, head, (size_t)sprintf(head, "SAY %s ", channel));
        sprintf(number, "^%010u", sent);
        memcpy(line + WIDTH - 1 - NUMBER, number, NUMBER);
        line[WIDTH - 1] = '\n';
        missing[sent++ % RING] = (uint32_t)member_count;
        count += WIDTH;
    }
    if (count) send_all(members[0].fd, bytes, count);
}

static void turn(void) {
    struct epoll_event events[1024];
    int count = epoll_wait(poller, events, 1024, 5000);
    if (count == 0) fail("a delivery is lost");
    for (int i = 0; i < count; i++) receive(events[i].data.ptr);
}

int main(int count, char **words) {
    if (count < 5 || count > 4 + SERVERS) return 2;
    member_count = atoi(words[1]);
    window = atoi(words[2]);
    double seconds = atof(words[3]), first, began = 0;
    for (int i = 4; i < count; i++)
        if (sscanf(words[i], "%63[^:]:%d", servers[server_count].host,
                   &servers[server_count].port) == 2)
            server_count++;
    if (server_count != count - 4 || window < 1 || window > RING / 2) return 2;
    poller = epoll_create1(0);
    members = calloc((size_t)member_count, sizeof *members);
    sprintf(channel, "c%x", getpid());
    for (int i = 0; i < member_count; i++) enter(i);
    first = now();
    for (;;) {
        fill_window();
        turn();
        if (!is_measuring && now() - first > seconds / 10) {
            is_measuring = 1;
            began = now();
        }
        if (is_measuring && now() - began > seconds) break;
    }
    double took = now() - began;
    uint64_t counted = deliveries;
    while (arrived < sent) turn();
    printf("{\"seconds\":%.3f,\"deliveries\":%lu,\"per_second\":%.1f,\"disorder\":%u}\n", took, counted,
           (double)counted / took, disorder);
}
