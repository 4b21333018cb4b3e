package io.podnet.examples.explain;

import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.examples.explain.Situation.Sender;
import io.podnet.examples.table.Output;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import io.podnet.spi.ServiceProxyProvider;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code explain} command. */
@Command(
        name = "explain",
        description = "Tells a packet's way through a node's services, from its state directory; no agent need run.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
    private static final String NO_PROXY = "none";

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "The agent's state directory.")
    private Path state = Path.of("");

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

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}.")
    private Output output = Output.table;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Situation situation = Situation.load(state);
        Target target = Target.parse(to, situation.services(), situation.anyAddressOf(from));
        Sender sender = situation.sender(from, target.ip().family());
        Way way = Way.of(situation, sender, target, protocol, packet -> ofServices(situation, packet));
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(output == Output.json ? WayText.json(way) : WayText.words(way));
        out.flush();
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
