package io.podnet.iptables;

import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.restore.RuleTool;
import io.podnet.iptables.restore.SavedRules;
import io.podnet.services.Backend;
import io.podnet.services.VirtualPort;
import io.podnet.spi.ServiceProxy.EndpointCount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads how many flows went to each endpoint: the kernel counts them at the rule that translates. */
final class EndpointCounters {
    private final ServiceChains chains;

    EndpointCounters(EmitterSettings settings) {
        chains = new ServiceChains(settings);
    }

    List<EndpointCount> read(RuleTool tool, Collection<VirtualPort> ports) {
        Map<String, EndpointCount> counts = new HashMap<>();
        List<String> order = new ArrayList<>();
        for (VirtualPort port : ports) {
            for (Backend backend : ServiceChains.endpoints(port)) {
                String chain = chains.endpointChain(port, backend);
                order.add(chain);
                counts.put(chain, new EndpointCount(port.name().port(), backend.ip(), backend.port(), 0, 0));
            }
        }
        tool.save(true, new SavedRules.Visitor() {
            @Override
            public void chain(String table, String chain, boolean builtIn) {
                // Chains count nothing.
            }

            @Override
            public void rule(String table, String chain, String line, int from, long packets, long bytes) {
                EndpointCount known = counts.get(chain);
                if (known != null && table.equals("nat") && line.indexOf("-j DNAT", from) >= 0) {
                    counts.put(chain, new EndpointCount(known.portName(), known.ip(), known.port(), packets, bytes));
                }
            }
        });
        List<EndpointCount> all = new ArrayList<>();
        for (String chain : order) {
            EndpointCount count = counts.get(chain);
            if (count != null) {
                all.add(count);
            }
        }
        return all;
    }
}
