package io.podnet.dns;

import io.podnet.api.Cidr;
import io.podnet.api.PodSpec;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A resolver and a pod's namespace that it serves. */
public final class ServedPod implements AutoCloseable {
    public static final String ADDRESS = "127.0.0.10";

    private final NamespaceThreads threads = new NamespaceThreads();
    private final PodPlace pod;
    private final NameResolver resolver;
    private final Path directory;

    public ServedPod(Map<String, String> options) throws Exception {
        directory = Files.createTempDirectory("podnet-dns-test");
        Path node = directory.resolve("resolv.conf");
        Files.writeString(node, "nameserver 192.0.2.1\nsearch corp.example\n");
        pod = new PodPlace(threads);
        Map<String, String> all = new TreeMap<>(options);
        all.putIfAbsent("threads", "1");
        resolver = new DnsResolverProvider()
                .create(new NameResolverProvider.Context(
                        "cluster.local",
                        List.of(Cidr.parse("10.0.0.0/16"), Cidr.parse("fd00:10::/64")),
                        List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("fd00:96::/112")),
                        List.of(),
                        node,
                        NetworkNamespace.current(),
                        directory,
                        all));
        resolver.attachPod(PodSpec.of("shop", "web").build(), pod.namespace());
    }

    public NameResolver resolver() {
        return resolver;
    }

    public PodPlace pod() {
        return pod;
    }

    public NamespaceThreads threads() {
        return threads;
    }

    /** Asks with dig over UDP. */
    public String dig(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("dig", "@" + ADDRESS, "+tries=1", "+time=2"));
        command.addAll(List.of(arguments));
        return pod.run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws Exception {
        resolver.close();
        pod.close();
        threads.close();
        Files.delete(directory.resolve("resolv.conf"));
        Files.delete(directory);
    }
}
