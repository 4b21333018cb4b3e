package io.podnet.netlink.unix;

/**
 * Who connected, as the kernel noted it then: {@code struct ucred} of unix(7).
 *
 * @param pid its process id as this process sees it, 0 where it cannot
 * @param uid its effective user id
 * @param gid its effective group id
 */
public record PeerCredentials(int pid, int uid, int gid) {}
