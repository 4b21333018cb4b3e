/*
 * The kernel's own cost of attaching a pod: namespace, pin, veth, addresses, route, over raw netlink, with nothing
 * remembered and nothing checked. What Podnet is measured against.
 *
 * usage: floor PODS   (in throw-away network and mount namespaces, with a writable /run/netns)
 * prints: "attach PODS p50_us mean_us", then "detach PODS p50_us mean_us" (one RTM_DELLINK after the other)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    char body[1024];
};

static uint32_t sequence;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double micros(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int rtnetlink(void) {
    struct sockaddr_nl local = {.nl_family = AF_NETLINK};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof local) < 0) die("netlink socket");
    return fd;
}

static void start(struct request *r, int type, int flags, const void *fixed, int length) {
    memset(r, 0, sizeof *r);
    r->header.nlmsg_type = type;
    r->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    r->header.nlmsg_seq = ++sequence;
    r->header.nlmsg_len = NLMSG_LENGTH(length);
    memcpy(NLMSG_DATA(&r->header), fixed, length);
}

static struct rtattr *attribute(struct request *r, int type, const void *data, int length) {
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->header.nlmsg_len));
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(length);
    if (length) memcpy(RTA_DATA(a), data, length);
    r->header.nlmsg_len = NLMSG_ALIGN(r->header.nlmsg_len) + RTA_ALIGN(a->rta_len);
    return a;
}

static void close_nest(struct request *r, struct rtattr *nest) {
    nest->rta_len = (char *)r + r->header.nlmsg_len - (char *)nest;
}

static void carry_out(int fd, struct request *r, const char *what) {
    char answer[4096];
    if (send(fd, r, r->header.nlmsg_len, 0) < 0) die(what);
    if (recv(fd, answer, sizeof answer, 0) < 0) die(what);
    struct nlmsghdr *header = (struct nlmsghdr *)answer;
    int error = *(int *)NLMSG_DATA(header);
    if (header->nlmsg_type == NLMSG_ERROR && error) {
        errno = -error;
        die(what);
    }
}

static void named(struct request *r, const char *name, unsigned flags) {
    struct ifinfomsg link = {.ifi_flags = flags, .ifi_change = flags};
    start(r, RTM_NEWLINK, 0, &link, sizeof link);
    attribute(r, IFLA_IFNAME, name, strlen(name) + 1);
}

static void no_ipv6_addresses(struct request *r) {
    uint8_t none = IN6_ADDR_GEN_MODE_NONE;
    struct rtattr *families = attribute(r, IFLA_AF_SPEC, 0, 0);
    struct rtattr *inet6 = attribute(r, AF_INET6, 0, 0);
    attribute(r, IFLA_INET6_ADDR_GEN_MODE, &none, 1);
    close_nest(r, inet6);
    close_nest(r, families);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *what, int pods, double *each, double total) {
    qsort(each, pods, sizeof *each, compare);
    printf("%s %d %.0f %.0f\n", what, pods, each[pods / 2], total / pods);
}

int main(int count, char **arguments) {
    int pods = count > 1 ? atoi(arguments[1]) : 50;
    double *each = calloc(pods, sizeof *each);
    int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    int node = rtnetlink();
    struct request r;
    struct ifinfomsg any = {0};
    struct rtattr *info, *data, *peer;

    start(&r, RTM_NEWLINK, NLM_F_CREATE, &any, sizeof any);
    attribute(&r, IFLA_IFNAME, "cbr0", 5);
    info = attribute(&r, IFLA_LINKINFO, 0, 0);
    attribute(&r, IFLA_INFO_KIND, "bridge", 6);
    close_nest(&r, info);
    carry_out(node, &r, "bridge");
    named(&r, "cbr0", IFF_UP);
    carry_out(node, &r, "bridge up");
    int bridge = if_nametoindex("cbr0");
    mkdir("/run/netns", 0755);

    double begin = micros();
    for (int i = 0; i < pods; i++) {
        char pin[64], host[IFNAMSIZ];
        double at = micros();
        snprintf(pin, sizeof pin, "/run/netns/floor%d", i);
        snprintf(host, sizeof host, "fl%d", i);
        close(open(pin, O_CREAT | O_RDONLY | O_CLOEXEC, 0600));
        if (unshare(CLONE_NEWNET) || mount("/proc/thread-self/ns/net", pin, "none", MS_BIND, 0)) die("namespace");
        int pod = rtnetlink();
        int target = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        if (setns(home, CLONE_NEWNET)) die("way home");

        start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &any, sizeof any);
        attribute(&r, IFLA_IFNAME, host, strlen(host) + 1);
        attribute(&r, IFLA_MASTER, &bridge, 4);
        info = attribute(&r, IFLA_LINKINFO, 0, 0);
        attribute(&r, IFLA_INFO_KIND, "veth", 4);
        data = attribute(&r, IFLA_INFO_DATA, 0, 0);
        peer = attribute(&r, VETH_INFO_PEER, &any, sizeof any);
        attribute(&r, IFLA_IFNAME, "eth0", 5);
        attribute(&r, IFLA_NET_NS_FD, &target, 4);
        close_nest(&r, peer);
        close_nest(&r, data);
        close_nest(&r, info);
        carry_out(node, &r, "veth");
        named(&r, host, 0);
        no_ipv6_addresses(&r);
        carry_out(node, &r, "host end");
        named(&r, host, IFF_UP);
        carry_out(node, &r, "host end up");

        named(&r, "lo", IFF_UP);
        carry_out(pod, &r, "lo up");
        named(&r, "eth0", 0);
        no_ipv6_addresses(&r);
        carry_out(pod, &r, "pod end");
        named(&r, "eth0", IFF_UP);
        carry_out(pod, &r, "pod end up");
        start(&r, RTM_GETLINK, 0, &any, sizeof any);
        r.header.nlmsg_flags = NLM_F_REQUEST;
        attribute(&r, IFLA_IFNAME, "eth0", 5);
        char answer[8192];
        if (send(pod, &r, r.header.nlmsg_len, 0) < 0 || recv(pod, answer, sizeof answer, 0) < 0) die("index");
        int index = ((struct ifinfomsg *)NLMSG_DATA((struct nlmsghdr *)answer))->ifi_index;
        struct ifaddrmsg address = {.ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = index};
        uint32_t ip = htonl(0x0a160002 + i), gateway = htonl(0x0a160001);
        start(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &address, sizeof address);
        attribute(&r, IFA_LOCAL, &ip, 4);
        attribute(&r, IFA_ADDRESS, &ip, 4);
        carry_out(pod, &r, "address");
        struct rtmsg route = {.rtm_family = AF_INET,
                              .rtm_table = RT_TABLE_MAIN,
                              .rtm_protocol = RTPROT_BOOT,
                              .rtm_scope = RT_SCOPE_UNIVERSE,
                              .rtm_type = RTN_UNICAST};
        start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &route, sizeof route);
        attribute(&r, RTA_GATEWAY, &gateway, 4);
        attribute(&r, RTA_OIF, &index, 4);
        carry_out(pod, &r, "route");
        close(pod);
        close(target);
        each[i] = micros() - at;
    }
    report("attach", pods, each, micros() - begin);

    begin = micros();
    for (int i = 0; i < pods; i++) {
        char pin[64], host[IFNAMSIZ];
        double at = micros();
        snprintf(pin, sizeof pin, "/run/netns/floor%d", i);
        snprintf(host, sizeof host, "fl%d", i);
        start(&r, RTM_DELLINK, 0, &any, sizeof any);
        attribute(&r, IFLA_IFNAME, host, strlen(host) + 1);
        carry_out(node, &r, "delete");
        umount2(pin, MNT_DETACH);
        unlink(pin);
        each[i] = micros() - at;
    }
    report("detach", pods, each, micros() - begin);
    return 0;
}
