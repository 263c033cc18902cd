// SPDX-License-Identifier: Apache-2.0

// libpcap, looked up when the first capture begins: the programs run where it is not installed.
// What is declared here of its interface has not changed since version 1.5; see pcap(3PCAP).

#include "CShim.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

typedef struct pcap pcap_t;

struct pcap_packet_header {
    struct timeval time;  // its microseconds are nanoseconds where those were asked for
    uint32_t captured;
    uint32_t length;
};

struct pcap_program {
    unsigned length;
    void *instructions;
};

struct pcap_statistics {
    unsigned received, dropped, dropped_by_interface;
    unsigned reserve[8];
};

enum { ERROR_TEXT = 256, NANOSECONDS = 1, WARNINGS = 0 };

#define UNKNOWN_NETMASK 0xFFFFFFFFU

typedef void packet_handler(unsigned char *, const struct pcap_packet_header *,
                            const unsigned char *);

static struct {
    pcap_t *(*create)(const char *, char *);
    int (*set_snaplen)(pcap_t *, int);
    int (*set_buffer_size)(pcap_t *, int);
    int (*set_timeout)(pcap_t *, int);
    int (*set_tstamp_precision)(pcap_t *, int);
    int (*activate)(pcap_t *);
    int (*get_tstamp_precision)(pcap_t *);
    int (*setnonblock)(pcap_t *, int, char *);
    int (*compile)(pcap_t *, struct pcap_program *, const char *, int, unsigned);
    int (*setfilter)(pcap_t *, struct pcap_program *);
    void (*freecode)(struct pcap_program *);
    int (*datalink)(pcap_t *);
    int (*get_selectable_fd)(pcap_t *);
    int (*dispatch)(pcap_t *, int, packet_handler *, unsigned char *);
    int (*stats)(pcap_t *, struct pcap_statistics *);
    const char *(*statustostr)(int);
    char *(*geterr)(pcap_t *);
    void (*close)(pcap_t *);
} library;

static void say(struct cshim_capture_text *problem, const char *what, const char *why) {
    snprintf(problem->text, sizeof problem->text, "%s: %s", what, why);
}

static int load(struct cshim_capture_text *problem) {
    problem->no_library = 1;
    static const char *const names[] = {"libpcap.so.0.8", "libpcap.so.1", "libpcap.so"};
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"pcap_create", &library.create},
        {"pcap_set_snaplen", &library.set_snaplen},
        {"pcap_set_buffer_size", &library.set_buffer_size},
        {"pcap_set_timeout", &library.set_timeout},
        {"pcap_set_tstamp_precision", &library.set_tstamp_precision},
        {"pcap_activate", &library.activate},
        {"pcap_get_tstamp_precision", &library.get_tstamp_precision},
        {"pcap_setnonblock", &library.setnonblock},
        {"pcap_compile", &library.compile},
        {"pcap_setfilter", &library.setfilter},
        {"pcap_freecode", &library.freecode},
        {"pcap_datalink", &library.datalink},
        {"pcap_get_selectable_fd", &library.get_selectable_fd},
        {"pcap_dispatch", &library.dispatch},
        {"pcap_stats", &library.stats},
        {"pcap_statustostr", &library.statustostr},
        {"pcap_geterr", &library.geterr},
        {"pcap_close", &library.close},
    };
    void *handle = NULL;
    for (size_t i = 0; handle == NULL && i < sizeof names / sizeof *names; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        say(problem, "libpcap cannot be loaded", dlerror());
        return -1;
    }
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *found = dlsym(handle, symbols[i].name);
        if (found == NULL) {
            say(problem, "libpcap is too old", symbols[i].name);
            return -1;
        }
        *(void **)symbols[i].place = found;
    }
    problem->no_library = 0;
    return 0;
}

int cshim_capture_privilege(void) {
    // Bound to no protocol, it is never given a packet.
    int probe = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (probe < 0) return -errno;
    close(probe);
    return 0;
}

static int set_filter(pcap_t *capture, const char *filter, struct cshim_capture_text *problem) {
    struct pcap_program program = {0};
    int result = library.compile(capture, &program, filter, 1, UNKNOWN_NETMASK);
    if (result == 0) {
        result = library.setfilter(capture, &program);
        library.freecode(&program);
    }
    if (result != 0) say(problem, filter, library.geterr(capture));
    return result;
}

static int begin(pcap_t *capture, const char *interface, const char *filter, int buffer,
                 int timeout, struct cshim_capture_text *problem) {
    // Not in immediate mode, whose fixed slots are too few: it drops packets.
    // Longer than any packet: on loopback they come in one piece of up to 64 KiB and their header.
    library.set_snaplen(capture, 262144);
    library.set_buffer_size(capture, buffer);
    library.set_timeout(capture, timeout);
    library.set_tstamp_precision(capture, NANOSECONDS);
    int status = library.activate(capture);
    if (status < WARNINGS) {
        const char *more = library.geterr(capture);
        say(problem, interface, more[0] ? more : library.statustostr(status));
        return -1;
    }
    if (library.get_tstamp_precision(capture) != NANOSECONDS) {
        say(problem, interface, "the kernel gives no times in nanoseconds");
        return -1;
    }
    if (set_filter(capture, filter, problem) != 0) return -1;
    char text[ERROR_TEXT];
    if (library.setnonblock(capture, 1, text) == 0) return 0;
    say(problem, interface, text);
    return -1;
}

// Not by the filter's word "inbound": libpcap itself filters what comes first, and knows no
// directions. Where the kernel is too old for it, libpcap drops what leaves over loopback.
static void ignore_outgoing(pcap_t *capture) {
#ifdef PACKET_IGNORE_OUTGOING
    int yes = 1;
    setsockopt(library.get_selectable_fd(capture), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
               sizeof yes);
#else
    (void)capture;
#endif
}

void *cshim_capture_open(const char *interface, const char *filter, int incoming_only, int buffer,
                         int timeout, struct cshim_capture_text *problem) {
    char text[ERROR_TEXT] = "";
    if (library.close == NULL && load(problem) < 0) return NULL;
    pcap_t *capture = library.create(interface, text);
    if (capture == NULL) {
        say(problem, interface, text);
        return NULL;
    }
    if (begin(capture, interface, filter, buffer, timeout, problem) < 0) {
        library.close(capture);
        return NULL;
    }
    if (incoming_only) ignore_outgoing(capture);
    return capture;
}

int cshim_capture_link_type(void *capture) { return library.datalink(capture); }

int cshim_capture_descriptor(void *capture) { return library.get_selectable_fd(capture); }

struct delivery {
    cshim_packet_handler *handler;
    void *context;
};

static void deliver(unsigned char *user, const struct pcap_packet_header *header,
                    const unsigned char *bytes) {
    const struct delivery *delivery = (const struct delivery *)user;
    int64_t time = (int64_t)header->time.tv_sec * 1000000000 + header->time.tv_usec;
    delivery->handler(delivery->context, time, header->length, bytes, header->captured);
}

int cshim_capture_dispatch(void *capture, int most, cshim_packet_handler *handler,
                           void *context) {
    struct delivery delivery = {handler, context};
    return library.dispatch(capture, most, deliver, (unsigned char *)&delivery);
}

int cshim_capture_dropped(void *capture, uint64_t *count) {
    struct pcap_statistics statistics = {0};
    int result = library.stats(capture, &statistics);
    *count = (uint64_t)statistics.dropped + statistics.dropped_by_interface;
    return result;
}

void cshim_capture_error(void *capture, struct cshim_capture_text *problem) {
    snprintf(problem->text, sizeof problem->text, "%s", library.geterr(capture));
}

void cshim_capture_close(void *capture) { library.close(capture); }
