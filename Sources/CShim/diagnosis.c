// SPDX-License-Identifier: Apache-2.0

// In a file of its own for <linux/tcp.h>: the tcp_info of <netinet/tcp.h> has no byte counts.

#include "CShim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

int cshim_diag_open(void) {
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -errno;
    // The kernel answers within send(); the time-out only guards against one that never does.
    struct timeval second = {.tv_sec = 1};
    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    return netlink;
}

static void fill(struct request *query, uint32_t sequence, int family,
                 const struct cshim_end *local, const struct cshim_end *remote) {
    memset(query, 0, sizeof *query);
    query->header.nlmsg_len = sizeof *query;
    query->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    query->header.nlmsg_flags = NLM_F_REQUEST;
    query->header.nlmsg_seq = sequence;
    query->body.sdiag_family = (uint8_t)family;
    query->body.sdiag_protocol = IPPROTO_TCP;
    query->body.idiag_ext = 1 << (INET_DIAG_INFO - 1);
    query->body.idiag_states = ~0U;
    memcpy(query->body.id.idiag_src, local->address, 16);
    memcpy(query->body.id.idiag_dst, remote->address, 16);
    query->body.id.idiag_sport = htons(local->port);
    query->body.id.idiag_dport = htons(remote->port);
    // Connections between link-local addresses belong to their interface.
    query->body.id.idiag_if = local->scope != 0 ? local->scope : remote->scope;
    query->body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    query->body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static void read_info(const struct inet_diag_msg *message, int length,
                      struct cshim_tcp_socket *found) {
    const struct rtattr *attribute = (const struct rtattr *)(message + 1);
    length -= (int)sizeof *message;
    for (; RTA_OK(attribute, length); attribute = RTA_NEXT(attribute, length)) {
        struct tcp_info info = {0};
        size_t size = RTA_PAYLOAD(attribute);
        size_t needed = offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(uint64_t);
        if (attribute->rta_type != INET_DIAG_INFO || size < needed) continue;
        memcpy(&info, RTA_DATA(attribute), size < sizeof info ? size : sizeof info);
        found->has_info = 1;
        found->bytes_received = info.tcpi_bytes_received;
    }
}

static int read_reply(const struct nlmsghdr *header, struct cshim_tcp_socket *found) {
    if (header->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *failure = NLMSG_DATA(header);
        return failure->error == 0 ? -EPROTO : failure->error;
    }
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return -EPROTO;
    const struct inet_diag_msg *message = NLMSG_DATA(header);
    memset(found, 0, sizeof *found);
    found->state = message->idiag_state;
    found->remote_port = ntohs(message->id.idiag_dport);
    found->inode = message->idiag_inode;
    found->receive_queue = message->idiag_rqueue;
    found->send_queue = message->idiag_wqueue;
    read_info(message, (int)(header->nlmsg_len - NLMSG_LENGTH(0)), found);
    return 0;
}

int cshim_diag_find(int netlink, int family, const struct cshim_end *local,
                    const struct cshim_end *remote, struct cshim_tcp_socket *found) {
    static _Atomic uint32_t next = 1;
    uint32_t sequence = next++;
    struct request query;
    _Alignas(struct nlmsghdr) char buffer[8192];
    const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;
    fill(&query, sequence, family, local, remote);
    if (send(netlink, &query, sizeof query, 0) < 0) return -errno;
    for (;;) {
        ssize_t count = recv(netlink, buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (!NLMSG_OK(header, (uint32_t)count)) return -EPROTO;
        // An answer to a question that an earlier call gave up on.
        if (header->nlmsg_seq != sequence) continue;
        return read_reply(header, found);
    }
}
