// SPDX-License-Identifier: Apache-2.0
//
// Load for a chat server, from one thread: what a delivery costs the server in processor time.
//
//     load relay|padded|json PORT PID fanout RECEIVERS WINDOW SECONDS
//     load relay|padded|hello|json PORT PID pingpong PAIRS IDLE SECONDS
//     load relay|padded|hello|json PORT PID idle CLIENTS
//     load padded|hello|json PORT PID talk CLIENTS GROUP WINDOW MESSAGES
//
// PID is the server's, whose processor time and memory are read. Every message has 200 bytes on
// the wire when it is sent, in each protocol, and its text ends with a caret and a number of ten
// digits; each receiver checks that its numbers follow each other. A tenth of the time is warm-up.
// Prints one JSON object.
//
// fanout: one sender, so many receivers; at most WINDOW messages are on their way, and one has
// arrived when all have it. pingpong: two clients throw one message to and fro, in each of so many
// pairs, while IDLE clients with a name say nothing. In `relay` and `hello` a pair talks by name,
// in `padded` it has a channel to itself and in `json` a room. In `json` who says something gets it
// as well: that is a delivery like any other. talk: what `splitclient stress` does. Clients in groups
// of GROUP neighbours, who hear each other, say so many messages each, all at once; at most WINDOW of
// each are on their way, and leave by the half window. In `hello` groups are pairs, in `json` there
// is one.

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

enum { WIDTH = 200, NUMBER = 11, RING = 65536, NAME = 24, ROOM_FOR_NAME = 32 };

struct client {
    int fd, index, held;
    uint32_t next;
    char tail[NUMBER];  // the beginning of a number whose rest has not come
    char name[NAME];
};

static enum { RELAY, PADDED, HELLO, JSON } protocol;
static int port, server, poller;
static struct client *clients;
static int client_count;
static uint64_t deliveries;
static uint32_t disorder;
static int is_measuring;

static void fail(const char *what) {
    fprintf(stderr, "load: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static double clock_of(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time)) fail("no such clock");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double now(void) { return clock_of(CLOCK_MONOTONIC); }

static double server_cpu(void) {
    clockid_t clock;
    if (clock_getcpuclockid(server, &clock)) fail("the server is gone");
    return clock_of(clock);
}

static long server_memory(void) {
    char path[64], line[256];
    long kibibytes = 0;
    sprintf(path, "/proc/%d/status", server);
    FILE *file = fopen(path, "r");
    if (!file) fail("the server is gone");
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kibibytes) == 1) break;
    fclose(file);
    return kibibytes;
}

// MARK: one connection

static void send_all(int fd, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) fail("send");
        if (sent < 0) {
            nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
            continue;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void send_text(int fd, const char *text) {
    char frame[WIDTH];
    size_t length = strlen(text);
    if (protocol != PADDED) {
        send_all(fd, text, length);
        if (protocol != JSON) send_all(fd, "\n", 1);
        return;
    }
    memset(frame, ' ', WIDTH);
    memcpy(frame, text, length);
    send_all(fd, frame, WIDTH);
}

// Reads until `text` has come; the socket still blocks.
static void await(int fd, const char *text) {
    char got[4096];
    size_t count = 0;
    while (!memmem(got, count, text, strlen(text))) {
        if (count == sizeof got) fail("an answer is missing");
        ssize_t part = recv(fd, got + count, sizeof got - count, 0);
        if (part <= 0) fail("an answer is missing");
        count += (size_t)part;
    }
}

static int dial(const char *name) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};
    char text[96];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    switch (protocol) {
    case PADDED:
        send_text(fd, name);
        send_text(fd, "/ready?");
        await(fd, "is not a valid control message");
        break;
    case RELAY:
        sprintf(text, "NICK %s", name);
        send_text(fd, text);
        await(fd, "OK ");
        break;
    case HELLO:
        sprintf(text, "HELLO-FROM %s", name);
        send_text(fd, text);
        await(fd, "HELLO ");
        break;
    case JSON:
        sprintf(text, "{\"request\":\"login\",\"content\":\"%s\"}", name);
        send_text(fd, text);
        await(fd, "logged in");
        break;
    }
    return fd;
}

// Puts a client into a channel or a room, where there are some, and waits until it is there.
static void enter(int fd, int is_first, const char *channel) {
    char text[96];
    if (protocol == PADDED) {
        sprintf(text, "%s %s", is_first ? "/create" : "/join", channel);
        send_text(fd, text);
        send_text(fd, "/entered?");
        await(fd, "/entered? is not a valid control message");
    } else if (protocol == JSON) {
        const char *form = "{\"request\":\"%s\",\"content\":\"%s\"}";
        if (is_first) {
            sprintf(text, form, "create", channel);
            send_text(fd, text);
        }
        sprintf(text, form, "join", channel);
        send_text(fd, text);
        send_text(fd, "{\"request\":\"entered?\",\"content\":null}");
        await(fd, "\"error\"");
    }
}

// A message of 200 bytes; in `padded` the server puts the sender's name before the text.
static void message(char *bytes, const char *to, uint32_t number) {
    static const char json_head[] = "{\"request\":\"msg\",\"content\":\"", json_tail[] = "\"}";
    int length = protocol == PADDED ? WIDTH - ROOM_FOR_NAME
                 : protocol == JSON ? WIDTH - (int)strlen(json_tail)
                                    : WIDTH - 1;
    memset(bytes, protocol == PADDED ? ' ' : '\n', WIDTH);
    memset(bytes, 'x', (size_t)length);
    char head[NAME + 8];
    if (protocol == HELLO) memcpy(bytes, head, (size_t)sprintf(head, "SEND %s ", to));
    if (protocol == RELAY && to) memcpy(bytes, head, (size_t)sprintf(head, "@%s ", to));
    if (protocol == JSON) {
        memcpy(bytes, json_head, strlen(json_head));
        memcpy(bytes + length, json_tail, strlen(json_tail));
    }
    char digits[NUMBER + 1];
    sprintf(digits, "^%010u", number);
    memcpy(bytes + length - NUMBER, digits, NUMBER);
}

static void receive(struct client *client, void (*take)(struct client *, uint32_t)) {
    static char buffer[1 << 18];
    memcpy(buffer, client->tail, (size_t)client->held);
    ssize_t count =
        recv(client->fd, buffer + client->held, sizeof buffer - NUMBER, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail("the server closed a connection");
    char *end = buffer + client->held + count, *at = buffer;
    client->held = 0;
    while ((at = memchr(at, '^', (size_t)(end - at)))) {
        if (end - at < NUMBER) {
            client->held = (int)(end - at);
            memcpy(client->tail, at, (size_t)client->held);
            return;
        }
        uint32_t number = 0;
        for (int i = 1; i < NUMBER; i++) number = number * 10 + (uint32_t)(at[i] - '0');
        take(client, number);
        at += NUMBER;
    }
}

static void ignore(struct client *client, uint32_t number) {
    (void)client;
    (void)number;
}

// Watches all clients, and reads away what their arrival has caused.
static void begin(void) {
    struct epoll_event events[256];
    int count;
    for (int i = 0; i < client_count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        fcntl(clients[i].fd, F_SETFL, O_NONBLOCK);
        epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].fd, &event);
    }
    while ((count = epoll_wait(poller, events, 256, 60)) > 0)
        for (int i = 0; i < count; i++) receive(events[i].data.ptr, ignore);
    for (int i = 0; i < client_count; i++) clients[i].held = 0;
}

static void turn(void (*take)(struct client *, uint32_t)) {
    struct epoll_event events[1024];
    int count = epoll_wait(poller, events, 1024, 5000);
    if (count == 0) fail("a delivery is lost");
    for (int i = 0; i < count; i++) receive(events[i].data.ptr, take);
}

// MARK: measuring

static double began, cpu_before;

static void measure_from_here(void) {
    is_measuring = 1;
    began = now();
    cpu_before = server_cpu();
}

static void report(uint64_t count) {
    double seconds = now() - began, cpu = server_cpu() - cpu_before;
    printf("{\"seconds\":%.3f,\"deliveries\":%lu,\"per_second\":%.0f,\"cpu_us\":%.4f,\"disorder\":%u}\n",
           seconds, count, (double)count / seconds, cpu * 1e6 / (double)count, disorder);
}

// MARK: fanout

static int receivers, window;
static uint32_t missing[RING], sent, arrived;

static void take_broadcast(struct client *client, uint32_t number) {
    if (number != client->next) disorder++;
    client->next = number + 1;
    if (is_measuring) deliveries++;
    missing[number % RING]--;
    while (arrived < sent && missing[arrived % RING] == 0) arrived++;
}

static void fill_window(void) {
    static char bytes[WIDTH * 512];
    size_t count = 0;
    while (sent - arrived < (uint32_t)window && count + WIDTH <= sizeof bytes) {
        missing[sent % RING] = (uint32_t)receivers + (protocol == JSON);
        message(bytes + count, NULL, sent++);
        count += WIDTH;
    }
    if (count) send_all(clients[0].fd, bytes, count);
}

static void fanout(double seconds) {
    char channel[NAME];
    sprintf(channel, "c%x", getpid());
    client_count = receivers + 1;
    clients = calloc((size_t)client_count, sizeof *clients);
    for (int i = 0; i < client_count; i++) {
        sprintf(clients[i].name, "%c%xn%d", i ? 'r' : 's', getpid(), i);
        clients[i].fd = dial(clients[i].name);
        enter(clients[i].fd, i == 0, channel);
    }
    begin();
    double first = now();
    for (;;) {
        fill_window();
        turn(take_broadcast);
        if (!is_measuring && now() - first > seconds / 10) measure_from_here();
        if (is_measuring && now() - began > seconds) break;
    }
    while (arrived < sent) turn(take_broadcast);
    report(deliveries);
}

// MARK: pingpong

static void throw_back(struct client *client, uint32_t number) {
    char bytes[WIDTH];
    struct client *other = &clients[client->index ^ 1];
    if (protocol == JSON && ((number ^ client->next) & 1)) {  // It is its own.
        if (is_measuring) deliveries++;
        return;
    }
    if (number != client->next) disorder++;
    client->next = number + 2;
    if (is_measuring) deliveries++;
    message(bytes, other->name, number + 1);
    send_all(client->fd, bytes, WIDTH);
}

static void pingpong(int pairs, int idle, double seconds) {
    char name[NAME], channel[NAME], bytes[WIDTH];
    for (int i = 0; i < idle; i++) {
        sprintf(name, "i%xn%d", getpid(), i);
        dial(name);
    }
    client_count = 2 * pairs;
    clients = calloc((size_t)client_count, sizeof *clients);
    for (int i = 0; i < client_count; i++) {
        clients[i].index = i;
        clients[i].next = i & 1 ? 0 : 1;
        sprintf(clients[i].name, "p%xn%d", getpid(), i);
        sprintf(channel, "c%xn%d", getpid(), i / 2);
        clients[i].fd = dial(clients[i].name);
        enter(clients[i].fd, !(i & 1), channel);
    }
    begin();
    for (int i = 0; i < client_count; i += 2) {
        message(bytes, clients[i + 1].name, 0);
        send_all(clients[i].fd, bytes, WIDTH);
    }
    double first = now();
    for (;;) {
        turn(throw_back);
        if (!is_measuring && now() - first > seconds / 10) measure_from_here();
        if (is_measuring && now() - began > seconds) break;
    }
    report(deliveries);
}

// MARK: talk

enum { EACH = 1000000 };  // The number of a message is its sender's, times this, and its own.

struct talker {
    uint32_t sent, arrived, *missing;
    int is_dirty;
};

static struct talker *talkers;
static uint32_t *due, ring_mask, each;  // `due`: per receiver and neighbour, what comes next
static int group, *dirty, dirty_count;

static void mark(int index) {
    if (!talkers[index].is_dirty) dirty[dirty_count++] = index;
    talkers[index].is_dirty = 1;
}

static void take_said(struct client *client, uint32_t number) {
    uint32_t sender = number / EACH, sequence = number % EACH;
    if (sender >= (uint32_t)client_count) fail("a message of nobody");
    struct talker *talker = &talkers[sender];
    uint32_t *expected = &due[client->index * group + (int)sender % group];
    if (sequence != *expected) disorder++;
    *expected = sequence + 1;
    deliveries++;
    if (--talker->missing[sequence & ring_mask]) return;
    while (talker->arrived < talker->sent && !talker->missing[talker->arrived & ring_mask])
        talker->arrived++;
    mark((int)sender);
}

static void say(int index) {
    static char bytes[WIDTH * 512];
    struct talker *talker = &talkers[index];
    uint32_t left = each - talker->sent, room = (uint32_t)window - (talker->sent - talker->arrived);
    uint32_t least = (uint32_t)(window + 1) / 2, count = left < room ? left : room;
    if (!left || room < (left < least ? left : least)) return;
    if (count > 512) count = 512;
    for (uint32_t i = 0; i < count; i++) {
        talker->missing[talker->sent & ring_mask] = (uint32_t)(protocol == JSON ? group : group - 1);
        message(bytes + i * WIDTH, clients[index ^ 1].name, (uint32_t)index * EACH + talker->sent++);
    }
    send_all(clients[index].fd, bytes, count * WIDTH);
}

static void talk(int count, uint32_t messages) {
    char channel[NAME];
    if (protocol == JSON) group = count;
    if (protocol == HELLO) group = 2;
    if (count % group || count > 4000 || messages >= EACH || window > 512) exit(2);
    client_count = count;
    each = messages;
    for (ring_mask = 1; ring_mask < (uint32_t)window; ring_mask *= 2) continue;
    ring_mask--;
    clients = calloc((size_t)count, sizeof *clients);
    talkers = calloc((size_t)count, sizeof *talkers);
    dirty = calloc((size_t)count, sizeof *dirty);
    due = calloc((size_t)count * (size_t)group, sizeof *due);
    for (int i = 0; i < count; i++) {
        talkers[i].missing = calloc(ring_mask + 1, sizeof(uint32_t));
        clients[i].index = i;
        sprintf(clients[i].name, "t%xn%d", getpid(), i);
        sprintf(channel, "c%xn%d", getpid(), i / group);
        clients[i].fd = dial(clients[i].name);
        enter(clients[i].fd, i % group == 0, channel);
        mark(i);
    }
    begin();
    uint64_t wanted = (uint64_t)count * messages * (uint64_t)(protocol == JSON ? group : group - 1);
    measure_from_here();
    while (deliveries < wanted) {
        for (int i = 0; i < dirty_count; i++) {
            talkers[dirty[i]].is_dirty = 0;
            say(dirty[i]);
        }
        dirty_count = 0;
        turn(take_said);
    }
    report(deliveries);
}

// MARK: idle

static void idle(int count) {
    char name[NAME];
    long before = 0;
    for (int i = 0; i < count; i++) {
        sprintf(name, "i%xn%d", getpid(), i);
        dial(name);
        if (i == 0) before = server_memory();
    }
    long after = server_memory();
    printf("{\"bytes_per_client\":%.1f,\"kib_with_one\":%ld}\n",
           (double)(after - before) * 1024 / (count - 1), before);
}

int main(int count, char **words) {
    if (count < 6) return 2;
    protocol = !strcmp(words[1], "padded")  ? PADDED
               : !strcmp(words[1], "hello") ? HELLO
               : !strcmp(words[1], "json")  ? JSON
                                            : RELAY;
    port = atoi(words[2]);
    server = atoi(words[3]);
    poller = epoll_create1(0);
    if (!strcmp(words[4], "idle")) {
        idle(atoi(words[5]));
    } else if (!strcmp(words[4], "fanout") && count == 8) {
        receivers = atoi(words[5]);
        window = atoi(words[6]);
        fanout(atof(words[7]));
    } else if (!strcmp(words[4], "pingpong") && count == 8) {
        pingpong(atoi(words[5]), atoi(words[6]), atof(words[7]));
    } else if (!strcmp(words[4], "talk") && count == 9) {
        group = atoi(words[6]);
        window = atoi(words[7]);
        talk(atoi(words[5]), (uint32_t)atoi(words[8]));
    } else {
        return 2;
    }
}
