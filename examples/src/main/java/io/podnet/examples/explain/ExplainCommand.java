package io.podnet.examples.explain;

import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.examples.explain.Situation.Sender;
import io.podnet.examples.table.StateView;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import io.podnet.spi.ServiceProxyProvider;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code explain} command. */
@Command(
        name = "explain",
        description = "Tells a packet's way through a node's services, from its state directory; no agent need run.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
    private static final String NO_PROXY = "none";

    @Mixin
    private StateView view = new StateView();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "NAMESPACE/POD",
            description = "Who sends: a pod, an IP address, or 'node' for a process of the node.")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "IP:PORT",
            description = "Where to: IP:PORT, [IPv6]:PORT, or NAMESPACE/SERVICE:PORT.")
    private String to = "";

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "TCP",
            description = "TCP, UDP or SCTP; default: ${DEFAULT-VALUE}.")
    private Protocol protocol = Protocol.TCP;

    @Override
    public Integer call() {
        Situation situation = Situation.load(view.state());
        Target target = Target.parse(to, situation.services(), situation.anyAddressOf(from));
        Sender sender = situation.sender(from, target.ip());
        Way way = Way.of(situation, sender, target, protocol, packet -> ofServices(situation, packet));
        view.show(() -> WayText.words(way), () -> WayText.json(way));
        return 0;
    }

    private static Explanation ofServices(Situation situation, Packet packet) {
        String proxy = situation.facts().serviceProxy();
        if (proxy.equals(NO_PROXY)) {
            return new Explanation(List.of("this node has no service proxy"), Verdict.PASS, List.of());
        }
        return Providers.discover(ServiceProxyProvider.class, ExplainCommand.class.getClassLoader())
                .get(proxy)
                .explain(situation.view(), situation.desired(), packet);
    }
}
