package io.podnet.iptables;

import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.Tool;
import io.podnet.services.LocalDetector;
import io.podnet.services.ModelSettings;
import io.podnet.spi.ServiceProxyProvider.Context;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A proxy on a lab's node with the settings of random cases. */
final class CasesNode {
    private CasesNode() {}

    static IptablesServiceProxy proxy(Lab lab, ModelSettings settings) {
        Context context = new Context(
                settings.nodeName(),
                settings.zone(),
                lab.node,
                settings.localDetector() instanceof LocalDetector.SourceCidrs sources ? sources.cidrs() : List.of(),
                settings.serviceCidrs(),
                settings.externalCidrs(),
                Path.of("/nowhere"),
                options(settings, lab.flavour));
        return ProxyParts.open(context, Tool.DIRECTORIES, System::nanoTime);
    }

    private static Map<String, String> options(ModelSettings settings, Flavour flavour) {
        Map<String, String> options = new HashMap<>();
        options.put("backend", flavour.word());
        options.put("minSyncPeriod", "PT0S");
        options.put("masqueradeAll", Boolean.toString(settings.masqueradeAll()));
        options.put(
                "nodePortAddresses",
                settings.nodePortAddresses().stream().map(Object::toString).collect(Collectors.joining(",")));
        LocalDetector detector = settings.localDetector();
        if (detector instanceof LocalDetector.BridgeInterface bridge) {
            options.put("detectLocal", "bridge:" + bridge.name());
        } else if (detector instanceof LocalDetector.InterfaceNamePrefix prefix) {
            options.put("detectLocal", "prefix:" + prefix.prefix());
        } else if (detector instanceof LocalDetector.None) {
            options.put("detectLocal", "none");
        }
        return options;
    }
}
