// SPDX-License-Identifier: Apache-2.0

#include "CShim.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    struct rtmsg body;
    char attributes[64];
};

static void append(struct request *query, unsigned short type, const void *value, size_t size) {
    char *end = (char *)query + NLMSG_ALIGN(query->header.nlmsg_len);
    struct rtattr attribute = {.rta_len = (unsigned short)RTA_LENGTH(size), .rta_type = type};
    memcpy(end, &attribute, sizeof attribute);
    memcpy(end + RTA_LENGTH(0), value, size);
    query->header.nlmsg_len = NLMSG_ALIGN(query->header.nlmsg_len) + RTA_SPACE(size);
}

static int read_interface(const struct nlmsghdr *header, ssize_t count) {
    if (!NLMSG_OK(header, (uint32_t)count)) return -EPROTO;
    if (header->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *failure = NLMSG_DATA(header);
        return failure->error == 0 ? -EPROTO : failure->error;
    }
    const struct rtmsg *route = NLMSG_DATA(header);
    if (route->rtm_type == RTN_LOCAL) return 0;
    int length = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *route));
    for (const struct rtattr *found = RTM_RTA(route); RTA_OK(found, length);
         found = RTA_NEXT(found, length)) {
        int index;
        if (found->rta_type != RTA_OIF || RTA_PAYLOAD(found) < sizeof index) continue;
        memcpy(&index, RTA_DATA(found), sizeof index);
        return index;
    }
    return -ENODEV;
}

int cshim_route_interface(int family, const uint8_t *address, uint32_t scope) {
    struct request query = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
                                       .nlmsg_type = RTM_GETROUTE,
                                       .nlmsg_flags = NLM_F_REQUEST}};
    size_t size = family == AF_INET ? 4 : 16;
    query.body.rtm_family = (unsigned char)family;
    query.body.rtm_dst_len = (unsigned char)(8 * size);
    append(&query, RTA_DST, address, size);
    if (scope != 0) append(&query, RTA_OIF, &scope, sizeof scope);
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return -errno;
    struct timeval second = {.tv_sec = 1};
    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    _Alignas(struct nlmsghdr) char buffer[4096];
    int result = send(netlink, &query, query.header.nlmsg_len, 0) < 0 ? -errno : 0;
    ssize_t count = -1;
    while (result == 0 && (count = recv(netlink, buffer, sizeof buffer, 0)) < 0)
        if (errno != EINTR) result = -errno;
    close(netlink);
    return result < 0 ? result : read_interface((const struct nlmsghdr *)buffer, count);
}
