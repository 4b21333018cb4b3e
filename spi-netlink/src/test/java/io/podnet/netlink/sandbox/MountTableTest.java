package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.sandbox.MountTable.Mount;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static List<String> nsfsPoints(String... lines) {
        return MountPruning.points(
                MountTable.parse(List.of(lines)), mount -> mount.type().equals("nsfs"));
    }

    private static final String ROOT = "1 0 8:1 / / rw - ext4 /dev/a rw";
    private static final String RUN = "2 1 0:20 / /run rw - tmpfs tmpfs rw";
    private static final String NETNS = "3 2 0:20 /netns /run/netns rw shared:1 - tmpfs tmpfs rw";
    private static final String WEB = "4 3 0:4 net:[7] /run/netns/web rw shared:2 - nsfs nsfs rw";

    @Test
    void readsWhatTheKernelWrites() {
        assertThat(MountTable.parse(List.of(
                                "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
                                "90 27 0:4 net:[4026532178] /run/a\\040b\\134c rw - nsfs nsfs rw",
                                "91 27 0:30 / /x rw shared:7 master:2 - tmpfs with\\040blank rw",
                                "garbage",
                                ""))
                        .mounts())
                .containsExactly(
                        new Mount(36, 35, "98:0", "/mnt1", "/mnt2", "ext3", "/dev/root"),
                        new Mount(90, 27, "0:4", "net:[4026532178]", "/run/a b\\c", "nsfs", "nsfs"),
                        new Mount(91, 27, "0:30", "/", "/x", "tmpfs", "with blank"));
        assertThat(MountTable.current().mounts()).extracting(Mount::point).contains("/", "/proc");
    }

    @Test
    void aPinDirectoryGoesInOne() {
        assertThat(nsfsPoints(ROOT, RUN, NETNS, WEB, "5 3 0:4 net:[8] /run/netns/db rw - nsfs nsfs rw"))
                .containsExactly("/run/netns");
        assertThat(MountTable.parse(List.of(ROOT, RUN, NETNS)).hasSelfBindAt("/run/netns"))
                .isTrue();
        assertThat(MountTable.parse(List.of(ROOT, RUN)).hasSelfBindAt("/run")).isFalse();
    }

    @Test
    void aDirectoryWithOtherContentStays() {
        assertThat(nsfsPoints(ROOT, RUN, "4 2 0:4 net:[7] /run/netns/web rw - nsfs nsfs rw"))
                .containsExactly("/run/netns/web");
        assertThat(nsfsPoints(ROOT, RUN, NETNS, WEB, "5 3 0:30 / /run/netns/disk rw - tmpfs tmpfs rw"))
                .containsExactly("/run/netns/web");
        assertThat(nsfsPoints(ROOT, RUN, "3 2 0:20 /other /run/netns rw - tmpfs tmpfs rw", WEB))
                .containsExactly("/run/netns/web");
        assertThat(nsfsPoints(ROOT, RUN, NETNS)).isEmpty();
    }

    @Test
    void stackedMountsGoFromTheTop() {
        assertThat(nsfsPoints(ROOT, "4 1 0:4 net:[7] /a rw - nsfs nsfs rw", "5 4 0:4 net:[7] /a rw - nsfs nsfs rw"))
                .containsExactly("/a", "/a");
        assertThat(nsfsPoints(
                        ROOT,
                        RUN,
                        NETNS,
                        "6 3 0:20 /netns /run/netns rw - tmpfs tmpfs rw",
                        WEB, //
                        "7 6 0:4 net:[8] /run/netns/db rw - nsfs nsfs rw"))
                .containsExactly("/run/netns", "/run/netns");
    }

    @Test
    void whatLiesUnderAMountToBeKeptIsLeft() {
        assertThat(nsfsPoints(ROOT, "4 1 0:4 net:[7] /a rw - nsfs nsfs rw", "5 4 0:30 / /a rw - tmpfs tmpfs rw"))
                .isEmpty();
    }
}
