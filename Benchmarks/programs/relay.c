// SPDX-License-Identifier: Apache-2.0
//
// A chat relay with nothing to spare: what one thread on poll(2) costs on this machine.
//
//     relay [-p PORT] [-z]
//
//     -z   polls with timeout 0 first, and blocks only where nothing is ready
//
// Lines in, lines out, on 127.0.0.1; the first line it prints is "READY PORT".
//
//     NICK <name>       is answered "OK <name>", or "ERR nick"
//     @<name> <text>    goes to that client alone; to nobody: "ERR nosuchnick"
//     STAT              is answered "STAT reads=<recv calls>"
//     anything else     goes to all other clients that have a name; what one recv() has brought
//                       leaves in one send() for each of them

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CLIENTS = 20000, READ_SIZE = 65536, MAX_LINE = 8192, MAX_NAME = 31, BUCKETS = 65536 };

struct client {
    int fd, slot, is_named;
    char name[MAX_NAME + 1];
    char *partial;
    size_t partial_length, partial_capacity;
    char *unsent;
    size_t unsent_start, unsent_end, unsent_capacity;
};

static struct client *clients[MAX_CLIENTS];  // by descriptor
static struct pollfd polled[MAX_CLIENTS];
static int polled_count;
static struct client *named[MAX_CLIENTS];  // without gaps, for broadcasts
static int named_count;
static int listener;
static unsigned long reads;

// Names: open addressing; a deleted entry leaves a tombstone.
static struct client *buckets[BUCKETS];
static struct client tombstone;

static uint32_t hash(const char *text, size_t length) {
    uint32_t value = 2166136261u;
    while (length--) value = (value ^ (uint8_t)*text++) * 16777619u;
    return value & (BUCKETS - 1);
}

static struct client *find(const char *name, size_t length) {
    for (uint32_t i = hash(name, length);; i = (i + 1) & (BUCKETS - 1)) {
        struct client *found = buckets[i];
        if (!found) return NULL;
        if (found != &tombstone && strlen(found->name) == length &&
            !memcmp(found->name, name, length))
            return found;
    }
}

static void insert(struct client *client) {
    uint32_t i = hash(client->name, strlen(client->name));
    while (buckets[i] && buckets[i] != &tombstone) i = (i + 1) & (BUCKETS - 1);
    buckets[i] = client;
}

static void delete(struct client *client) {
    uint32_t i = hash(client->name, strlen(client->name));
    while (buckets[i] && buckets[i] != client) i = (i + 1) & (BUCKETS - 1);
    if (buckets[i]) buckets[i] = &tombstone;
}

static void drop(struct client *client) {
    if (client->is_named) {
        delete(client);
        int i = 0;
        while (named[i] != client) i++;
        named[i] = named[--named_count];
    }
    int slot = client->slot;
    polled[slot] = polled[--polled_count];
    if (slot != polled_count) clients[polled[slot].fd]->slot = slot;
    clients[client->fd] = NULL;
    close(client->fd);
    free(client->partial);
    free(client->unsent);
    free(client);
}

static void keep_unsent(struct client *client, const char *bytes, size_t count) {
    size_t held = client->unsent_end - client->unsent_start;
    if (client->unsent_end + count > client->unsent_capacity) {
        if (held) memmove(client->unsent, client->unsent + client->unsent_start, held);
        client->unsent_start = 0;
        client->unsent_end = held;
        while (held + count > client->unsent_capacity)
            client->unsent_capacity = client->unsent_capacity ? client->unsent_capacity * 2 : 4096;
        client->unsent = realloc(client->unsent, client->unsent_capacity);
    }
    memcpy(client->unsent + client->unsent_end, bytes, count);
    client->unsent_end += count;
    polled[client->slot].events = POLLIN | POLLOUT;
}

static void deliver(struct client *client, const char *bytes, size_t count) {
    if (client->unsent_end == client->unsent_start) {
        ssize_t sent = send(client->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == (ssize_t)count) return;
        if (sent < 0 && errno != EAGAIN) return;
        if (sent < 0) sent = 0;
        bytes += sent;
        count -= (size_t)sent;
        client->unsent_start = client->unsent_end = 0;
    }
    keep_unsent(client, bytes, count);
}

static void flush(struct client *client) {
    ssize_t sent = send(client->fd, client->unsent + client->unsent_start,
                        client->unsent_end - client->unsent_start, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) client->unsent_start += (size_t)sent;
    if (client->unsent_start < client->unsent_end) return;
    free(client->unsent);
    client->unsent = NULL;
    client->unsent_start = client->unsent_end = client->unsent_capacity = 0;
    polled[client->slot].events = POLLIN;
}

static void broadcast(struct client *from, const char *bytes, size_t count) {
    for (int i = 0; i < named_count; i++)
        if (named[i] != from) deliver(named[i], bytes, count);
}

static void name_client(struct client *client, const char *name, size_t length) {
    char answer[64];
    if (length > MAX_NAME) length = MAX_NAME;
    if (client->is_named || find(name, length)) {
        deliver(client, "ERR nick\n", 9);
        return;
    }
    memcpy(client->name, name, length);
    client->is_named = 1;
    insert(client);
    named[named_count++] = client;
    deliver(client, answer, (size_t)sprintf(answer, "OK %s\n", client->name));
}

static int is_command(const char *line, size_t length) {
    return line[0] == '@' || (length > 5 && !memcmp(line, "NICK ", 5)) ||
           (length == 5 && !memcmp(line, "STAT\n", 5));
}

static void command(struct client *client, const char *line, size_t length) {
    if (line[0] == '@') {
        const char *space = memchr(line, ' ', length);
        struct client *to = space ? find(line + 1, (size_t)(space - line - 1)) : NULL;
        if (to)
            deliver(to, line, length);
        else
            deliver(client, "ERR nosuchnick\n", 15);
    } else if (line[0] == 'N') {
        name_client(client, line + 5, length - 6);
    } else {
        char answer[64];
        deliver(client, answer, (size_t)sprintf(answer, "STAT reads=%lu\n", reads));
    }
}

// The bytes end with a line feed.
static void lines(struct client *client, const char *bytes, size_t count) {
    const char *end = bytes + count, *run = NULL;
    while (bytes < end) {
        const char *next = (const char *)memchr(bytes, '\n', (size_t)(end - bytes)) + 1;
        if (is_command(bytes, (size_t)(next - bytes))) {
            if (run) broadcast(client, run, (size_t)(bytes - run));
            run = NULL;
            command(client, bytes, (size_t)(next - bytes));
        } else if (!run) {
            run = bytes;
        }
        bytes = next;
    }
    if (run) broadcast(client, run, (size_t)(end - run));
}

static void receive(struct client *client) {
    static char buffer[READ_SIZE + MAX_LINE];
    size_t held = client->partial_length;
    if (held) memcpy(buffer, client->partial, held);
    ssize_t count = recv(client->fd, buffer + held, READ_SIZE, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        drop(client);
        return;
    }
    reads++;
    size_t total = held + (size_t)count;
    const char *last = memrchr(buffer, '\n', total);
    size_t whole = last ? (size_t)(last - buffer) + 1 : 0, rest = total - whole;
    if (rest > MAX_LINE) {
        drop(client);
        return;
    }
    if (rest > client->partial_capacity) {
        client->partial_capacity = rest < 256 ? 256 : MAX_LINE;
        client->partial = realloc(client->partial, client->partial_capacity);
    }
    if (rest) memcpy(client->partial, buffer + whole, rest);
    client->partial_length = rest;
    if (whole) lines(client, buffer, whole);
}

static void accept_all(void) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
        if (fd < 0) return;
        if (fd >= MAX_CLIENTS) {
            close(fd);
            return;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct client *client = calloc(1, sizeof *client);
        client->fd = fd;
        client->slot = polled_count;
        clients[fd] = client;
        polled[polled_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
}

static void listen_on(int port) {
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024)) {
        perror("relay");
        exit(1);
    }
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("READY %d\n", ntohs(address.sin_port));
    fflush(stdout);
    polled[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    polled_count = 1;
}

int main(int count, char **words) {
    int port = 0, asks_first = 0, option;
    while ((option = getopt(count, words, "p:z")) != -1) switch (option) {
            case 'p': port = atoi(optarg); break;
            case 'z': asks_first = 1; break;
            default: return 2;
        }
    signal(SIGPIPE, SIG_IGN);
    listen_on(port);
    for (;;) {
        int ready = asks_first ? poll(polled, (nfds_t)polled_count, 0) : 0;
        if (ready == 0) ready = poll(polled, (nfds_t)polled_count, -1);
        // Backwards, as drop() moves the last entry into the gap.
        for (int i = polled_count - 1; i > 0 && ready > 0; i--) {
            int events = polled[i].revents;
            if (!events) continue;
            ready--;
            polled[i].revents = 0;
            struct client *client = clients[polled[i].fd];
            if (events & POLLOUT) flush(client);
            if (events & ~POLLOUT) receive(client);
        }
        if (polled[0].revents) accept_all();
    }
}
