// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CShim.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int cshim_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int call, int descriptor, struct cshim_event wanted) {
    struct epoll_event event = {.events = wanted.events, .data.u32 = wanted.number};
    return epoll_ctl(epoll, call, descriptor, &event);
}

int cshim_epoll_add(int epoll, int descriptor, struct cshim_event wanted) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, wanted);
}

int cshim_epoll_change(int epoll, int descriptor, struct cshim_event wanted) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, wanted);
}

int cshim_epoll_remove(int epoll, int descriptor) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL);
}

// epoll_wait knows milliseconds only, and before Linux 5.11 there is nothing else. But an epoll is a
// descriptor that can be waited for, and ppoll knows nanoseconds. Who only asks needs no second call.
static int wait_for(int epoll, struct epoll_event *events, int64_t nanoseconds) {
    if (nanoseconds == 0) return epoll_wait(epoll, events, CSHIM_EVENTS, 0);
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    const struct timespec *limit = nanoseconds < 0 ? NULL : &time;
#ifdef SYS_epoll_pwait2
    long count = syscall(SYS_epoll_pwait2, epoll, events, CSHIM_EVENTS, limit, NULL, 8);
    // A sandbox that does not know the call forbids it.
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return (int)count;
#endif
    struct pollfd entry = {.fd = epoll, .events = POLLIN};
    int ready = ppoll(&entry, 1, limit, NULL);
    return ready <= 0 ? ready : epoll_wait(epoll, events, CSHIM_EVENTS, 0);
}

int cshim_epoll_wait(int epoll, struct cshim_event *ready, int64_t nanoseconds) {
    struct epoll_event events[CSHIM_EVENTS];
    int count = wait_for(epoll, events, nanoseconds);
    for (int i = 0; i < count; i++)
        ready[i] = (struct cshim_event){.events = events[i].events, .number = events[i].data.u32};
    return count;
}
