// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CShim.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t set_of(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    return set;
}

int cshim_block_signals(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    return pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int cshim_unblock_signals(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    return pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int cshim_signalfd(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int cshim_read_signal(int descriptor, int *signal) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    if (count < 0) return -1;
    *signal = (int)info.ssi_signo;
    return 0;
}

int cshim_ignore_signal(int number) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    return sigaction(number, &action, NULL);
}

static volatile sig_atomic_t exit_status;

static void leave(int number) {
    (void)number;
    _exit(exit_status);
}

int cshim_exit_on_signal(int number, int status) {
    struct sigaction former, action = {.sa_handler = leave};
    exit_status = status;
    if (sigaction(number, NULL, &former) < 0) return -1;
    // Who is started under nohup, say, stays deaf to it.
    return former.sa_handler == SIG_IGN ? 0 : sigaction(number, &action, NULL);
}

const char *cshim_signal_name(int number) { return sigabbrev_np(number); }
