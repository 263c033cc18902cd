// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CShim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int cshim_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int cshim_accept(int listener, void *address, uint32_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int cshim_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int cshim_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

int cshim_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? flags : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int cshim_unsent_bytes(int socket, int *count) { return ioctl(socket, SIOCOUTQ, count); }

int cshim_unread_bytes(int socket, int *count) { return ioctl(socket, SIOCINQ, count); }

int cshim_terminal_width(int descriptor, int *columns) {
    struct winsize size;
    int result = ioctl(descriptor, TIOCGWINSZ, &size);
    if (result == 0) *columns = size.ws_col;
    return result;
}

int cshim_open_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

int cshim_is_closed(int descriptor) { return fcntl(descriptor, F_GETFD) == -1 && errno == EBADF; }

int cshim_open_null(void) { return open("/dev/null", O_RDWR | O_CLOEXEC); }

int cshim_open_directory(int parent, const char *name) {
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int cshim_poll(void *descriptors, uint64_t count, int64_t nanoseconds) {
    struct timespec timeout = {.tv_sec = nanoseconds / 1000000000,
                               .tv_nsec = nanoseconds % 1000000000};
    return ppoll(descriptors, count, nanoseconds < 0 ? NULL : &timeout, NULL);
}

int cshim_get_descriptor_limits(uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    int result = getrlimit(RLIMIT_NOFILE, &limit);
    if (result == 0) {
        *soft = limit.rlim_cur;
        *hard = limit.rlim_max;
    }
    return result;
}

int cshim_set_descriptor_limits(uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(RLIMIT_NOFILE, &limit);
}

// sched_setattr(2), which not every C library declares.
struct attributes {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice;
    uint64_t deadline;
    uint64_t period;
};

int cshim_lower_priority(void) {
    // A thread that is niced alone keeps a processor for what is left of its slice, some milliseconds,
    // before one that wakes up gets it. Since Linux 6.12 who has the shorter slice is let in at once: so
    // this one has the longest there is, 100 ms. Older kernels pass over that. Batches wake nobody else
    // off a processor.
    int nice = getpriority(PRIO_PROCESS, 0) + 10;
    if (nice > 19) nice = 19;
    struct attributes attributes = {
        .size = sizeof attributes, .policy = SCHED_BATCH, .nice = nice, .slice = 100000000};
    // Both are of the calling thread alone, as Linux has it.
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return 0;
    return setpriority(PRIO_PROCESS, 0, nice);
}

int cshim_forbid_core_dumps(void) {
    // Dumps that go to a program heed no limit (core(5)) but this one: at one byte Linux gives up, as it
    // takes that for a dump of a program that takes dumps. A file of one byte is not made either.
    struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};
    return setrlimit(RLIMIT_CORE, &limit);
}

const char *cshim_error_name(int code) { return strerrorname_np(code); }

int cshim_error_text(int code, char *buffer, uint64_t capacity) {
    const char *text = strerrordesc_np(code);
    if (text == NULL || capacity == 0) return -1;
    strncpy(buffer, text, capacity - 1);
    buffer[capacity - 1] = 0;
    return 0;
}
