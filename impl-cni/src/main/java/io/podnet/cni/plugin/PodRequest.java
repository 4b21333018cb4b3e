package io.podnet.cni.plugin;

import io.podnet.api.Bandwidth;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.Names;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.BandwidthLimits;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What one container asks for, by CNI_ARGS, the configuration's {@code args} and {@code runtimeConfig}. */
final class PodRequest {
    /** The annotation that keeps the configuration an attachment was made with; its teardown needs no other. */
    static final String CONFIG = "podnet.io/cni-config";

    /** The annotation that keeps what another IPAM plugin than host-local answered. */
    static final String IPAM_RESULT = "podnet.io/cni-ipam-result";

    private static final String MAC = "podnet.io/mac-address";

    private PodRequest() {}

    /** @param given what another IPAM plugin answered, which has looked at requests itself; empty where none was asked */
    static PodSpec spec(CniEnvironment environment, PluginConfig config, Optional<CniResult> given) {
        CniArgs args = environment.args();
        PodSpec.Builder spec = PodSpec.of(namespace(args), name(environment))
                .annotation(CONFIG, config.json().without("prevResult").toString());
        args.podUid().ifPresent(spec::uid);
        for (HostPort port : config.runtimeConfig().portMappings()) {
            spec.hostPort(port);
        }
        bandwidth(spec, config.runtimeConfig().bandwidth());
        if (given.isPresent()) {
            given.get().ips().forEach(ip -> spec.requestedIp(ip.address().address()));
            spec.annotation(IPAM_RESULT, given.get().toJson().toString());
        } else {
            requestedIps(args, config).forEach(spec::requestedIp);
        }
        mac(args, config).ifPresent(mac -> spec.annotation(MAC, mac.toString()));
        return spec.build();
    }

    /** Containers of other runtimes than Kubernetes' have no namespace; all of theirs are in one. */
    private static String namespace(CniArgs args) {
        return args.podNamespace().filter(PodRequest::isLabel).orElse("cni");
    }

    private static boolean isLabel(String text) {
        try {
            Names.dnsLabel("namespace", text);
            return true;
        } catch (PodnetException.Invalid foreign) {
            return false;
        }
    }

    private static String name(CniEnvironment environment) {
        String name = environment.args().podName().orElse(environment.containerId());
        try {
            return Names.dnsSubdomain("pod name", name.toLowerCase(Locale.ROOT).replace('_', '-'));
        } catch (PodnetException.Invalid foreign) {
            return "container-" + Integer.toHexString(name.hashCode());
        }
    }

    private static void bandwidth(PodSpec.Builder spec, BandwidthLimits limits) {
        // The burst is the shaper's to choose: a far too large one, as is often sent, makes a limit useless at first.
        if (limits.ingressRate() > 0) {
            spec.annotation(Bandwidth.INGRESS_ANNOTATION, Long.toString(limits.ingressRate()));
        }
        if (limits.egressRate() > 0) {
            spec.annotation(Bandwidth.EGRESS_ANNOTATION, Long.toString(limits.egressRate()));
        }
    }

    private static Optional<JsonObject> cniArgs(PluginConfig config) {
        return config.json().object("args").flatMap(args -> args.object("cni"));
    }

    private static List<IpAddress> requestedIps(CniArgs args, PluginConfig config) {
        List<String> texts = new ArrayList<>();
        args.ip().ifPresent(ips -> texts.addAll(List.of(ips.split(","))));
        cniArgs(config).ifPresent(cni -> texts.addAll(cni.texts("ips")));
        texts.addAll(config.runtimeConfig().ips());
        return texts.stream()
                .map(text -> IpAddress.parse(text.replaceFirst("/[0-9]{1,3}$", "")))
                .distinct()
                .toList();
    }

    /** The later wins, as in the reference. */
    private static Optional<MacAddress> mac(CniArgs args, PluginConfig config) {
        Optional<String> wanted = args.mac();
        Optional<String> second =
                cniArgs(config).flatMap(cni -> cni.text("mac")).filter(text -> !text.isEmpty());
        String third = config.runtimeConfig().mac();
        return (third.isEmpty() ? second.or(() -> wanted) : Optional.of(third)).map(MacAddress::parse);
    }
}
