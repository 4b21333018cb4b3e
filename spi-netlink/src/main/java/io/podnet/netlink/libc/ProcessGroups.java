package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;

/** Signals to process groups, which is the only way to reach what a program has started. Stateless; safe for any thread. */
public final class ProcessGroups {
    private static final int SIGKILL = 9;

    private ProcessGroups() {}

    /**
     * Kills all processes of a group.
     *
     * @param leader the group's id: the id of the process that began it, at least 2
     * @return false where the group has no process
     * @throws PodnetException.PermissionDenied where none of them may be killed
     */
    public static boolean kill(long leader) {
        if (leader < 2) {
            throw new IllegalArgumentException("kill(2) reads " + -leader + " as something else than a group");
        }
        Libc libc = Libc.instance();
        int killed = libc.checked(libc.functions().kill((int) -leader, SIGKILL));
        if (killed < 0 && !Errno.ESRCH.is(killed)) {
            throw Refusal.of("kill", "process group " + leader, killed);
        }
        return killed == 0;
    }
}
