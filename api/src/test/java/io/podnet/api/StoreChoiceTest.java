package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.StoreKey;
import io.podnet.store.memory.MemoryHub;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who makes the store closes it. */
final class StoreChoiceTest {
    private final Providers<ClusterStoreProvider> providers =
            Providers.discover(ClusterStoreProvider.class, StoreChoiceTest.class.getClassLoader());
    private final Opened opened = new Opened();

    private ClusterStore open(StoreChoice choice) {
        return choice.open(providers, "default", "node-a", opened).orElseThrow();
    }

    @Test
    void aGivenStoreStaysOpen() {
        ClusterStore store = new MemoryHub().connect("node-a");
        assertThat(open(new StoreChoice.Given(store))).isSameAs(store);
        opened.closeAll(new Throwable());
        assertThat(store.put(StoreKey.of("a", "b"), "{}", Expect.ABSENT).applied())
                .isTrue();
    }

    @Test
    void aMadeStoreIsClosedWithTheNodeAndNobodyElses() {
        ClusterStore store = open(new StoreChoice.ByName("memory", Map.of()));
        assertThat(store.put(StoreKey.of("a", "b"), "{}", Expect.ABSENT).applied())
                .isTrue();
        assertThat(open(new StoreChoice.ByName("memory", Map.of())).get(StoreKey.of("a", "b")))
                .isEmpty();
        opened.closeAll(new Throwable());
        assertThatThrownBy(() -> store.get(StoreKey.of("a", "b"))).isInstanceOf(PodnetException.Conflict.class);
    }

    @Test
    void anUnknownStoreIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> open(new StoreChoice.ByName("zookeeper", Map.of())))
                .isInstanceOf(PodnetException.class)
                .hasMessageContaining("zookeeper")
                .hasMessageContaining("memory");
        assertThatThrownBy(() -> open(new StoreChoice.ByName("memory", Map.of("endpoints", "http://192.0.2.1:2379"))))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("endpoints");
    }

    @Test
    void withoutAChoiceTheNodeStandsAlone() {
        assertThat(new StoreChoice.None().open(providers, "default", "node-a", opened))
                .isEmpty();
    }
}
