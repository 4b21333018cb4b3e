package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.examples.state.ContainerStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdoptionTest {
    private static final Optional<Path> REDIS = Optional.of(Path.of("/usr/bin/redis-check-rdb"));

    private final FakeProcesses processes = new FakeProcesses();
    private final ContainerStatus starting = ContainerStatus.fresh("c").starting(500, 0);

    private Optional<Long> find(Long... inPod) {
        return new Adoption(processes)
                .find(starting, "box/c/1", REDIS, List.of(inPod))
                .map(ProcessTable.Entry::pid);
    }

    @Test
    void aProgramThatOverwroteItsEnvironmentIsRecognisedByExecutableAgeAndNamespace() {
        processes.add(10, 1, 505, "", "/usr/bin/redis-check-rdb");
        assertThat(find(10L)).contains(10L);
    }

    @Test
    void anOlderOrAForeignProgramIsNot() {
        processes.add(10, 1, 499, "", "/usr/bin/redis-check-rdb");
        processes.add(11, 1, 505, "", "/usr/bin/tcpdump");
        processes.add(12, 1, 505, "box/other/1", "/usr/bin/redis-check-rdb");
        processes.add(13, 1, 505, "", "/usr/bin/redis-check-rdb");
        assertThat(find(10L, 11L, 12L)).isEmpty();
    }

    @Test
    void ofAFamilyTheRootIsTheContainer() {
        processes.add(20, 19, 506, "box/c/1", "/bin/sh");
        processes.add(19, 1, 505, "box/c/1", "/bin/sh");
        assertThat(find(19L, 20L)).contains(19L);
    }

    @Test
    void aMarkBeatsALikeness() {
        processes.add(10, 1, 501, "", "/usr/bin/redis-check-rdb");
        processes.add(11, 1, 505, "box/c/1", "/bin/sh");
        assertThat(find(10L, 11L)).contains(11L);
    }
}
