package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.sandbox.MountTable.Mount;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
    @Test
    void readsWhatTheKernelWrites() {
        assertThat(MountTable.parse(List.of(
                                "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
                                "90 27 0:4 net:[4026532178] /run/a\\040b\\134c rw - nsfs nsfs rw",
                                "91 27 0:30 / /x shared:7 master:2 rw - tmpfs with\\040blank rw",
                                "garbage",
                                ""))
                        .mounts())
                .containsExactly(
                        new Mount("/mnt2", "ext3", "/dev/root"),
                        new Mount("/run/a b\\c", "nsfs", "nsfs"),
                        new Mount("/x", "tmpfs", "with blank"));
        assertThat(MountTable.current().mounts()).extracting(Mount::point).contains("/", "/proc");
    }
}
