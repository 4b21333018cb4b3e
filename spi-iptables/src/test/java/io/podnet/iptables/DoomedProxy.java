package io.podnet.iptables;

import io.podnet.api.EndpointSlice;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.iptables.restore.Tool;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxyProvider.Context;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that writes services until it is killed: all of them, then half, and so on. */
final class DoomedProxy {
    static final int SERVICES = 120;

    private DoomedProxy() {}

    static ServiceChanges services(int count) {
        List<Service> services = new ArrayList<>();
        List<EndpointSlice> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Service service = Lab.clusterIp("svc" + i, List.of("10.96.1." + (i + 1)), Protocol.UDP);
            services.add(service);
            List<String> pods = new ArrayList<>();
            for (int e = 0; e < 6; e++) {
                pods.add("10.244." + (2 + e) + "." + (i + 1));
            }
            slices.add(Lab.slice(service, pods));
        }
        return ServiceChanges.complete(services, slices);
    }

    /**
     * Runs.
     *
     * @param arguments the namespace's path, legacy or nft
     */
    public static void main(String[] arguments) {
        Context context = new Context(
                "node-a",
                Optional.empty(),
                NetworkNamespace.open(Path.of(arguments[0])),
                List.of(),
                List.of(),
                List.of(),
                Path.of("/nowhere"),
                Map.of("backend", arguments[1], "minSyncPeriod", "PT0S", "detectLocal", "none"));
        IptablesServiceProxy proxy = ProxyParts.open(context, Tool.DIRECTORIES, System::nanoTime);
        for (int round = 0; ; round++) {
            System.out.println("round " + round);
            proxy.awaitProgrammed(proxy.apply(services(round % 2 == 0 ? SERVICES : SERVICES / 2)), Lab.PATIENCE);
        }
    }
}
