package io.podnet.cni.plugin;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.PluginConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The executable that {@code ipam.type} names, asked as SPEC.md section 4 has it: the same environment, the same
 * configuration, found by {@code CNI_PATH}.
 */
final class IpamDelegate {
    static final String HOST_LOCAL = "host-local";

    /** It speaks from the container's link, which is there before its addresses under the reference alone. */
    private static final String DHCP = "dhcp";

    private final NamespaceRef node;

    IpamDelegate(NamespaceRef node) {
        this.node = node;
    }

    /** Tells whether somebody else gives the addresses. */
    static boolean isFor(PluginConfig config) {
        Optional<String> type = config.ipamType();
        if (type.filter(DHCP::equals).isPresent()) {
            throw new CniException(
                    CniError.UNSUPPORTED_FIELD,
                    "ipam.type 'dhcp' is not supported",
                    "it needs the container's link before there are addresses, and podnet-cni makes both at once");
        }
        return type.filter(name -> !name.equals(HOST_LOCAL)).isPresent();
    }

    /** Tells whether somebody else may have given addresses of an attachment that is not known here any more. */
    static boolean mayHaveGiven(PluginConfig config) {
        return config.ipamType()
                .filter(type -> !type.equals(HOST_LOCAL) && !type.equals(DHCP))
                .isPresent();
    }

    CniResult add(CniEnvironment environment, PluginConfig config) {
        return asked(
                config,
                () -> CniResult.read(
                        runner(environment).ask(type(config), environment, config.json()), config.version()));
    }

    /** DEL, CHECK, STATUS or GC, as the environment says. */
    void tell(CniEnvironment environment, PluginConfig config) {
        asked(config, () -> {
            runner(environment).tell(type(config), environment, config.json());
            return true;
        });
    }

    private static <T> T asked(PluginConfig config, Supplier<T> question) {
        try {
            return question.get();
        } catch (PodnetException.NotFound absent) {
            throw new CniException(
                    new CniError(
                            CniError.INVALID_CONFIGURATION,
                            "there is no IPAM plugin '" + type(config) + "' in CNI_PATH",
                            "" + absent.getMessage()),
                    absent);
        }
    }

    private PluginRunner runner(CniEnvironment environment) {
        PluginPath path =
                new PluginPath(environment.path().stream().map(Path::of).toList(), true);
        return new PluginRunner(Optional.of(node), path, PluginLimits.DEFAULT);
    }

    private static String type(PluginConfig config) {
        return config.ipamType().orElseThrow();
    }
}
