// SPDX-License-Identifier: Apache-2.0

// vfork: the child runs in our memory, while our thread stands still, until it has executed the
// program. So it makes plain system calls only, and its error comes back through `failed_step`
// and `code` without a pipe. All signals are blocked meanwhile, so no handler of ours runs in it.

#define _GNU_SOURCE
#include "CShim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int place_descriptors(const struct cshim_spawn *request) {
    int sources[3] = {request->input, request->output, request->error};
    // First out of the way of 0, 1 and 2, so that none is overwritten before it is copied.
    for (int i = 0; i < 3; i++) {
        sources[i] = fcntl(sources[i], F_DUPFD, 3);
        if (sources[i] < 0) return -1;
    }
    for (int i = 0; i < 3; i++)
        if (dup2(sources[i], i) < 0) return -1;
    return close_range(3, ~0U, 0);
}

// 0 while nobody has changed it: then what is started has it from us.
static _Atomic unsigned long usual_timer_slack;

int cshim_set_timer_slack(uint64_t nanoseconds) {
    int usual = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
    if (usual < 0) return usual;
    unsigned long unset = 0;
    atomic_compare_exchange_strong(&usual_timer_slack, &unset, (unsigned long)usual);
    return prctl(PR_SET_TIMERSLACK, (unsigned long)nanoseconds, 0, 0, 0);
}

static int set_limit(uint64_t count) {
    struct rlimit limit;
    if (count == 0) return 0;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
    limit.rlim_cur = count;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

// All zeros are the kernel's sigaction for SIG_DFL. Not through the C library, which keeps two of
// the signals for itself.
static void reset_signals(void) {
    static const char standard[64];
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        syscall(SYS_rt_sigaction, number, standard, NULL, 8);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static __attribute__((noinline)) enum cshim_spawn_step
become(const struct cshim_spawn *request, pid_t parent) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    if (usual_timer_slack) prctl(PR_SET_TIMERSLACK, usual_timer_slack, 0, 0, 0);
    if (place_descriptors(request) < 0) return CSHIM_SPAWN_DESCRIPTORS;
    if (set_limit(request->descriptor_limit) < 0) return CSHIM_SPAWN_LIMIT;
    if (request->directory && chdir(request->directory) < 0) return CSHIM_SPAWN_DIRECTORY;
    reset_signals();
    execvpe(request->program, request->arguments, request->environment);
    return CSHIM_SPAWN_EXEC;
}

int cshim_spawn(const struct cshim_spawn *request, int *failed_step) {
    volatile int step = CSHIM_SPAWN_DONE, code = 0;
    sigset_t all, before;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        step = become(request, parent);
        code = errno;
        _exit(127);
    }
    if (child < 0) {
        step = CSHIM_SPAWN_FORK;
        code = errno;
    } else if (step != CSHIM_SPAWN_DONE) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *failed_step = step;
    return step == CSHIM_SPAWN_DONE ? child : -code;
}

char *const *cshim_environment(void) { return environ; }

int cshim_pidfd_open(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int cshim_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

struct cshim_wait cshim_wait(int process) {
    int status = 0;
    struct cshim_wait result = {0};
    result.process = waitpid(process, &status, WNOHANG | __WALL);
    if (result.process < 0) result.process = -errno;
    if (result.process <= 0) return result;
    result.exited = WIFEXITED(status);
    result.value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return result;
}
