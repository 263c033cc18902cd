// SPDX-License-Identifier: Apache-2.0

// The system calls that Swift's Glibc module lacks, one function each, and the few functions of
// libpcap that captures need, looked up at run time; nothing else.
// Calls return what the kernel returns; those documented with "-errno" return it negated.
//
// This header must stay free of _GNU_SOURCE and of <sys/resource.h>: with either, its types differ
// from those of the Glibc module and no Swift file can import both.

#ifndef CHATSPEC_CSHIM_H
#define CHATSPEC_CSHIM_H

#include <stdint.h>

// Descriptors. All are made close-on-exec, sockets and events non-blocking as well.
int cshim_socket(int family);
int cshim_accept(int listener, void *address, uint32_t *length);
int cshim_eventfd(void);
int cshim_pipe(int descriptors[2]);
int cshim_set_nonblocking(int descriptor);
int cshim_unsent_bytes(int socket, int *count);
int cshim_unread_bytes(int socket, int *count);
int cshim_terminal_width(int descriptor, int *columns);
int cshim_open_read(const char *path);
int cshim_open_null(void);
int cshim_is_closed(int descriptor);
int cshim_open_directory(int parent, const char *name);

// poll with a time-out in nanoseconds; a negative one waits for ever.
int cshim_poll(void *descriptors, uint64_t count, int64_t nanoseconds);

// epoll. The events are those of poll, and each comes with the number that it was registered with.
struct cshim_event {
    uint32_t events;
    uint32_t number;
};
int cshim_epoll(void);
int cshim_epoll_add(int epoll, int descriptor, struct cshim_event wanted);
int cshim_epoll_change(int epoll, int descriptor, struct cshim_event wanted);
int cshim_epoll_remove(int epoll, int descriptor);
// At most CSHIM_EVENTS of those that are ready.
enum { CSHIM_EVENTS = 256 };
int cshim_epoll_wait(int epoll, struct cshim_event *ready, int64_t nanoseconds);

// How much later than asked for the calling thread may be woken. What cshim_spawn starts has the slack
// that was usual before the first call.
int cshim_set_timer_slack(uint64_t nanoseconds);

// Limits of open descriptors.
int cshim_get_descriptor_limits(uint64_t *soft, uint64_t *hard);
int cshim_set_descriptor_limits(uint64_t soft, uint64_t hard);
int cshim_forbid_core_dumps(void);
int cshim_lower_priority(void);

// How malloc gets memory from the system.
void cshim_let_heap_grow_seldom(void);

// Signals.
int cshim_block_signals(const int *signals, int count);
int cshim_unblock_signals(const int *signals, int count);
int cshim_signalfd(const int *signals, int count);
int cshim_read_signal(int descriptor, int *signal);
int cshim_ignore_signal(int signal);
int cshim_exit_on_signal(int signal, int status);
const char *cshim_signal_name(int signal);

// Errors. The name is NULL for a number that the C library does not know.
const char *cshim_error_name(int code);
int cshim_error_text(int code, char *buffer, uint64_t capacity);

// Processes. `environ` itself is a mutable global that Swift does not let be read.
char *const *cshim_environment(void);

enum cshim_spawn_step {
    CSHIM_SPAWN_DONE = 0,
    CSHIM_SPAWN_FORK,
    CSHIM_SPAWN_DESCRIPTORS,
    CSHIM_SPAWN_LIMIT,
    CSHIM_SPAWN_DIRECTORY,
    CSHIM_SPAWN_EXEC,
};

struct cshim_spawn {
    const char *program;
    char *const *arguments;
    char *const *environment;
    const char *directory;      // NULL keeps ours
    int input, output, error;   // become 0, 1 and 2
    uint64_t descriptor_limit;  // 0 keeps ours
};

// The process id, or -errno with *failed_step saying which step it was.
int cshim_spawn(const struct cshim_spawn *request, int *failed_step);
int cshim_pidfd_open(int process);
int cshim_become_subreaper(void);

// The result of a non-blocking wait for one process.
struct cshim_wait {
    int process;  // 0 while it runs, -errno if there is no such child
    int exited;   // whether `value` is an exit status rather than a signal
    int value;
};
struct cshim_wait cshim_wait(int process);

// Socket diagnosis (NETLINK_SOCK_DIAG, exact look-up of one TCP socket).
struct cshim_end {
    uint8_t address[16];  // network order; IPv4 uses the first four
    uint32_t scope;       // the interface of a link-local address, else 0
    uint16_t port;        // host order
};

struct cshim_tcp_socket {
    uint8_t state;
    uint8_t has_info;
    uint16_t remote_port;  // host order; 0 for a listener
    uint32_t inode;        // 0 when no process holds the socket
    uint32_t receive_queue;
    uint32_t send_queue;
    uint64_t bytes_received;
};

int cshim_diag_open(void);
// 0, or -errno; -ENOENT when there is no such socket.
int cshim_diag_find(int netlink, int family, const struct cshim_end *local,
                    const struct cshim_end *remote, struct cshim_tcp_socket *found);

// The index of the interface by which packets to an address leave (of 4 or 16 bytes in network
// order; `scope` as above), 0 if the address is this machine's, or -errno.
int cshim_route_interface(int family, const uint8_t *address, uint32_t scope);

// Captures (libpcap). A capture is used by one thread at a time; libpcap's numbers of link types.
struct cshim_capture_text {
    char text[512];
    int no_library;  // whether libpcap is what is missing
};

// Time in nanoseconds since 1970; `length` is what the packet had on the wire. The bytes are the
// capture's and last as long as the call.
typedef void cshim_packet_handler(void *context, int64_t time, uint32_t length,
                                  const uint8_t *bytes, uint32_t captured);

// 0, or -errno: whether this process may open a packet socket (CAP_NET_RAW).
int cshim_capture_privilege(void);
// NULL, and what is the matter. `buffer` in bytes, `timeout` in milliseconds. `incoming_only` is
// for loopback, which shows every packet twice.
void *cshim_capture_open(const char *interface, const char *filter, int incoming_only, int buffer,
                         int timeout, struct cshim_capture_text *problem);
int cshim_capture_link_type(void *capture);
int cshim_capture_descriptor(void *capture);
// Hands over at most so many packets and does not wait; how many, or a negative number.
int cshim_capture_dispatch(void *capture, int most, cshim_packet_handler *handler,
                           void *context);
// How many packets were lost since the capture began.
int cshim_capture_dropped(void *capture, uint64_t *count);
void cshim_capture_error(void *capture, struct cshim_capture_text *problem);
void cshim_capture_close(void *capture);

#endif
