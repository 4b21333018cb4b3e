package io.podnet.examples.cnitool;

import io.podnet.api.Condition;
import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.runtime.CniRuntime;
import io.podnet.cni.runtime.ConfigDirectory;
import io.podnet.cni.runtime.ResultCache;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call of the tool: what its arguments and its environment mean. Source: the reference tool's cmd/root.go. */
final class Call {
    private static final int ID_BYTES = 10;

    private final CniRuntime runtime;
    private final NetworkConfigList network;
    private final Attachment attachment;

    Call(
            Map<String, String> environment,
            String network,
            Path netns,
            @Nullable String ifName,
            Path cacheDirectory,
            boolean trustedOnly) {
        Path directory = Path.of(value(environment, "NETCONFPATH", "/etc/cni/net.d"));
        PluginPath path = new PluginPath(
                CniEnvironment.directories(value(environment, "CNI_PATH", "")).stream()
                        .map(one -> Path.of(one).toAbsolutePath())
                        .toList(),
                trustedOnly);
        if (path.directories().isEmpty()) {
            throw new PodnetException.Invalid("CNI_PATH is not set; it names the directories with plugins, for example"
                    + " CNI_PATH=/usr/lib/cni");
        }
        Path absolute = netns.toAbsolutePath().normalize();
        try {
            this.attachment = new Attachment(
                    containerId(absolute),
                    absolute.toString(),
                    ifName == null || ifName.isEmpty() ? value(environment, "CNI_IFNAME", "eth0") : ifName,
                    CniArgs.parse(value(environment, "CNI_ARGS", "")),
                    capabilityArgs(value(environment, "CAP_ARGS", "")));
        } catch (CniException e) {
            throw new PodnetException.Invalid(e.error().toString(), e);
        }
        this.network = new ConfigDirectory(directory, trustedOnly).find(network);
        this.runtime = new CniRuntime(
                new PluginRunner(Optional.empty(), path, PluginLimits.DEFAULT), new ResultCache(cacheDirectory));
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static RuntimeConfig capabilityArgs(String text) {
        return text.isEmpty() ? RuntimeConfig.EMPTY : new RuntimeConfig(JsonObject.parse("CAP_ARGS", text));
    }

    private static String containerId(Path netns) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-512").digest(netns.toString().getBytes(StandardCharsets.UTF_8));
            return "cnitool-" + HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    String add() {
        return runtime.add(network, attachment).toJson().toPrettyString();
    }

    void check() {
        runtime.check(network, attachment);
    }

    void del() {
        runtime.del(network, attachment);
    }

    List<String> gc() {
        return runtime.gc(network, Set.of());
    }

    Condition status() {
        return runtime.status(network);
    }
}
