package io.podnet.examples.agent;

import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which store the nodes of a cluster share. */
public final class StoreOptions {
    /** The stores there are. */
    public enum Store {
        /** In this process. */
        memory,
        /** In etcd. */
        etcd
    }

    @Option(
            names = "--store",
            paramLabel = "NAME",
            description = "What the nodes share: etcd, or, within one process, memory.")
    private @Nullable Store store;

    @Option(
            names = "--etcd-endpoints",
            paramLabel = "URL[,URL...]",
            description = "Where etcd listens, for example http://192.0.2.1:2379.")
    private @Nullable String etcdEndpoints;

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The cluster's name, where several share one etcd; default: ${DEFAULT-VALUE}.")
    private String clusterName = "";

    /** For picocli. */
    public StoreOptions() {}

    /**
     * Tells which store is wanted.
     *
     * @return the store; empty where none was named
     * @throws PodnetException.Invalid where endpoints and store do not fit
     */
    public Optional<Store> store() {
        if (store == Store.etcd && etcdEndpoints == null) {
            throw new PodnetException.Invalid("--store etcd needs --etcd-endpoints, for example http://192.0.2.1:2379");
        }
        if (store != Store.etcd && etcdEndpoints != null) {
            throw new PodnetException.Invalid("--etcd-endpoints goes with --store etcd");
        }
        return Optional.ofNullable(store);
    }

    /**
     * Gives a node its own connection to what is named; the store in memory is one that nobody else sees.
     *
     * @param builder the node's
     */
    public void applyTo(PodnetBuilder builder) {
        builder.clusterName(clusterName);
        store().ifPresent(wanted -> builder.clusterStore(
                wanted.name(), etcdEndpoints == null ? Map.of() : Map.of("endpoints", etcdEndpoints)));
    }
}
