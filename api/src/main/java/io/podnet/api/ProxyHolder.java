package io.podnet.api;

import io.podnet.spi.Providers;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's proxy, made when it is first needed: a node without services needs none of a proxy's tools. Its state
 * directory is the sign that there may be rules in the kernel; it is made before the proxy, and goes with the rules. For
 * one thread at a time.
 */
final class ProxyHolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);
    private static final String DIRECTORY = "service-proxy";

    private final Optional<String> name;
    private final Providers<ServiceProxyProvider> providers;
    private final StateDirectory state;
    private final BiFunction<Path, Map<String, String>, ServiceProxyProvider.Context> context;
    private final Map<String, String> options;
    private final ProgrammedGenerations generations;
    private @Nullable ServiceProxy proxy;
    private String failure = "";

    ProxyHolder(
            Optional<String> name,
            Providers<ServiceProxyProvider> providers,
            StateDirectory state,
            BiFunction<Path, Map<String, String>, ServiceProxyProvider.Context> context,
            Map<String, String> options,
            ProgrammedGenerations generations) {
        this.name = name;
        this.providers = providers;
        this.state = state;
        this.context = context;
        this.options = options;
        this.generations = generations;
        name.ifPresent(providers::get);
    }

    boolean isConfigured() {
        return name.isPresent();
    }

    /** Why the proxy could not be made when it was last tried; empty where it was not, or could. */
    String failure() {
        return failure;
    }

    Optional<ServiceProxy> current() {
        return Optional.ofNullable(proxy);
    }

    /** Gives the proxy, and makes it where it is not there. */
    ServiceProxy get() {
        ServiceProxy present = proxy;
        if (present == null) {
            present = make(
                    name.orElseThrow(() -> new PodnetException.Unsupported(
                            "this node has no service proxy; choose one, for example serviceProxy(\"iptables\")")),
                    options);
            present.addListener(generations);
            proxy = present;
        }
        return present;
    }

    private ServiceProxy make(String provider, Map<String, String> settings) {
        boolean wasThere = Files.isDirectory(directory(Names.cniId("service proxy", provider)));
        try {
            ServiceProxyProvider maker = providers.get(provider);
            ServiceProxy made = Providers.required(
                    maker, maker.create(context.apply(state.directory(DIRECTORY, provider), settings)));
            failure = "";
            return made;
        } catch (PodnetException e) {
            failure = String.valueOf(e.getMessage());
            if (!wasThere) {
                forget(provider);
            }
            throw e;
        }
    }

    private Path directory(String provider) {
        return state.root().resolve(DIRECTORY).resolve(provider);
    }

    /** Tells whether an earlier process may have left rules. */
    boolean wasUsed() {
        return name.filter(provider -> Files.isDirectory(directory(provider))).isPresent();
    }

    /** Removes what proxies of other names left, that an earlier process was configured with. */
    void cleanUpOthers() {
        for (String other : used()) {
            if (name.filter(other::equals).isEmpty()) {
                try (ServiceProxy left = make(other, Map.of())) {
                    LOG.atInfo().addKeyValue("proxy", other).log("removing what the proxy of an earlier process left");
                    left.cleanUp();
                    forget(other);
                } catch (PodnetException e) {
                    LOG.atWarn()
                            .addKeyValue("proxy", other)
                            .log("what the proxy of an earlier process left stays: {}", e.getMessage());
                }
            }
        }
        failure = "";
    }

    private List<String> used() {
        Path all = state.root().resolve(DIRECTORY);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(all)) {
            return directories
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + all + " cannot be listed: " + e, e);
        }
    }

    /** Removes everything from the kernel, where there may be something. */
    void cleanUp() {
        if (name.isEmpty() || (proxy == null && !wasUsed())) {
            return;
        }
        get().cleanUp();
        close();
        forget(name.get());
    }

    private void forget(String provider) {
        Path directory = directory(provider);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be removed: " + e, e);
        }
    }

    @Override
    public void close() {
        ServiceProxy present = proxy;
        proxy = null;
        generations.reset();
        if (present != null) {
            present.close();
        }
    }
}
