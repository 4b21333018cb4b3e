package io.podnet.cni.plugin;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.cni.spec.VersionInfo;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Podnet as a CNI plugin. Answers the verbs of CNI 0.3.0 to 1.1.0 (SPEC.md, section 2) for configurations of the
 * reference's {@code bridge} with {@code host-local}. Every answer is CNI's: nothing is thrown. Several processes may work
 * with one state directory, and several networks with one bridge.
 *
 * <p>Safe for any thread; calls for one attachment are serialised, GC has its network alone.
 */
public final class PodnetPlugin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodnetPlugin.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final CniVersion OLDEST = CniVersion.V0_3_0;
    private static final int STRIPES = 64;

    private final NetworkFiles files;
    private final NetworkNamespace node;
    private final NetworkNamespace home;
    private final NamespaceThreads threads;
    private final RouteNetlink route;
    private final Networks networks;
    private final AttachmentVerbs attachments;
    private final NetworkVerbs wholes;
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    private PodnetPlugin(
            NetworkFiles files, NetworkNamespace node, NamespaceThreads threads, RouteNetlink route, String bootId) {
        this.files = files;
        this.node = node;
        this.home = NetworkNamespace.ofPid(ProcessHandle.current().pid());
        this.threads = threads;
        this.route = route;
        OpenNetwork.Opener opener = new OpenNetwork.Opener(files, node, PodnetPlugin.class.getClassLoader());
        this.networks = new Networks(files, opener);
        IpamDelegate delegate = new IpamDelegate(node);
        this.attachments =
                new AttachmentVerbs(networks, new ResultParts(route), new ForeignLinks(threads), delegate, bootId);
        this.wholes = new NetworkVerbs(networks, files, opener, delegate);
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /**
     * Opens the plugin. Nothing is changed in the kernel before the first ADD.
     *
     * @param stateDirectory for records, locks and pending deletes; made with mode 0700 where it is missing
     * @param nodeNamespace the network namespace that bridges are in; empty for this process's
     * @return the plugin, to be closed
     * @throws PodnetException.Invalid where others may write to the directory, or the path is no network namespace
     * @throws PodnetException.NotFound where the providers {@code bridge} and {@code host-local} are not on the class path
     */
    public static PodnetPlugin open(Path stateDirectory, Optional<Path> nodeNamespace) {
        NetworkFiles files = NetworkFiles.open(stateDirectory);
        NetworkNamespace node = nodeNamespace
                .map(NetworkNamespace::open)
                .orElseGet(() -> NetworkNamespace.ofPid(ProcessHandle.current().pid()));
        try {
            return open(files, node);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static PodnetPlugin open(NetworkFiles files, NetworkNamespace node) {
        NamespaceThreads threads = new NamespaceThreads();
        try {
            RouteNetlink route = threads.callIn(node, () -> RouteNetlink.open());
            try {
                return new PodnetPlugin(files, node, threads, route, bootId());
            } catch (RuntimeException e) {
                route.close();
                throw e;
            }
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new PodnetException.StateFailure(BOOT_ID + " cannot be read: " + e, e);
        }
    }

    /**
     * Gives the directory of deletes that came while nobody was there.
     *
     * @return a directory of mode 0700
     */
    public Path pendingDirectory() {
        return files.pending();
    }

    /**
     * Answers a call.
     *
     * @param call the call
     * @return what to print and how to end
     */
    public PluginAnswer call(PluginCall call) {
        CniVersion version = CniVersion.NEWEST;
        try {
            CniEnvironment environment = call.environment();
            if (environment.command() == CniCommand.VERSION) {
                return PluginAnswer.of(supported().toJson());
            }
            requireSameNamespace(call);
            PluginConfig config = PluginConfig.read(JsonObject.parse("the configuration", call.config()));
            requireVersion(environment.command(), config.version());
            version = config.version();
            return answer(call, environment, config);
        } catch (CniException e) {
            return PluginAnswer.of(e.error(), version);
        } catch (PodnetException e) {
            return PluginAnswer.of(Errors.of(e), version);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a call failed in a way that it should not");
            return PluginAnswer.of(new CniError(CniError.INTERNAL, String.valueOf(e), ""), version);
        }
    }

    private static VersionInfo supported() {
        List<String> versions = Arrays.stream(CniVersion.values())
                .filter(one -> one.isAtLeast(OLDEST))
                .map(CniVersion::toString)
                .toList();
        return new VersionInfo(CniVersion.NEWEST.toString(), versions);
    }

    private static void requireVersion(CniCommand command, CniVersion version) {
        if (!version.isAtLeast(OLDEST) || !version.isAtLeast(command.since())) {
            throw new CniException(
                    CniError.INCOMPATIBLE_VERSION,
                    "a configuration of CNI version " + version + " does not allow " + command,
                    command + " needs " + (command.since().isAtLeast(OLDEST) ? command.since() : OLDEST) + " or later");
        }
    }

    /** The reference would work where its caller is; a daemon is where it is. */
    private void requireSameNamespace(PluginCall call) {
        if (call.callerNamespace().isPresent()) {
            try (NetworkNamespace caller =
                    NetworkNamespace.ofFd(call.callerNamespace().getAsInt())) {
                if (!caller.id().equals(node.id())) {
                    throw new CniException(
                            CniError.INVALID_ENVIRONMENT,
                            "called from another network namespace than the one that Podnet serves",
                            caller.id() + ", not " + node.id());
                }
            }
        }
    }

    private PluginAnswer answer(PluginCall call, CniEnvironment environment, PluginConfig config) {
        switch (environment.command()) {
            case GC -> wholes.collectGarbage(environment, config);
            case STATUS -> wholes.status(environment, config);
            default -> {
                return aboutAttachment(call, environment, config);
            }
        }
        return PluginAnswer.DONE;
    }

    private PluginAnswer aboutAttachment(PluginCall call, CniEnvironment environment, PluginConfig config) {
        ReentrantLock lock =
                locks[Math.floorMod((environment.containerId() + "/" + environment.ifName()).hashCode(), STRIPES)];
        lock.lock();
        try (HeldPod pod = HeldPod.open(call, environment, node, home)) {
            switch (environment.command()) {
                case ADD -> {
                    return PluginAnswer.of(
                            attachments.add(environment, config, pod.required()).toJson());
                }
                case CHECK -> attachments.check(environment, config, pod.required());
                default -> attachments.delete(environment, config, pod.present());
            }
            return PluginAnswer.DONE;
        } finally {
            lock.unlock();
        }
    }

    /** What {@code CNI_NETNS} leads to, proved to be a network namespace, and neither the node's nor this process's. */
    private record HeldPod(Optional<NetworkNamespace> present, Optional<CniException> absence)
            implements AutoCloseable {
        static HeldPod open(PluginCall call, CniEnvironment environment, NetworkNamespace node, NetworkNamespace home) {
            if (call.podNamespace().isEmpty()) {
                return new HeldPod(
                        Optional.empty(),
                        Optional.of(new CniException(
                                CniError.INVALID_ENVIRONMENT, "CNI_NETNS leads nowhere", environment.netns())));
            }
            try {
                return new HeldPod(
                        Optional.of(NetworkNamespace.ofFd(call.podNamespace().getAsInt())
                                .requireOtherThan(node)
                                .requireOtherThan(home)),
                        Optional.empty());
            } catch (PodnetException.Invalid | PodnetException.NotFound e) {
                // DEL comes with whatever is left at the path; what is no namespace is a container that is gone.
                return new HeldPod(
                        Optional.empty(),
                        Optional.of(new CniException(
                                new CniError(
                                        CniError.INVALID_ENVIRONMENT,
                                        "CNI_NETNS is not a container's network namespace",
                                        environment.netns() + ": " + e.getMessage()),
                                e)));
            }
        }

        NetworkNamespace required() {
            return present.orElseThrow(() -> absence.orElseThrow());
        }

        @Override
        public void close() {
            present.ifPresent(NetworkNamespace::close);
        }
    }

    /** Ends this process's part: containers keep their network. Idempotent. */
    @Override
    public void close() {
        networks.close();
        route.close();
        threads.close();
        node.close();
        home.close();
    }
}
