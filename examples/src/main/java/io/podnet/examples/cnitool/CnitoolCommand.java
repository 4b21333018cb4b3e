package io.podnet.examples.cnitool;

import io.podnet.api.Condition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code cnitool} command. */
@Command(
        name = "cnitool",
        description = {
            "Adds a network namespace to a CNI network, checks, deletes, collects garbage, asks for the status.",
            "Read from the environment: CNI_PATH (directories with plugins), NETCONFPATH (directory with networks;"
                    + " /etc/cni/net.d), CNI_ARGS, CAP_ARGS (capability arguments, JSON), CNI_IFNAME (eth0)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class CnitoolCommand {
    private static final int FAILED = 1;
    private static final String NETWORK = "NETWORK";
    private static final String NETNS = "NETNS";
    private static final String NAME_OF_NETWORK = "The network's name.";
    private static final String PATH_OF_NETNS = "Path of the network namespace.";

    @Option(
            names = {"-i", "--ifname"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The interface's name; default: CNI_IFNAME, or eth0.")
    private @Nullable String ifName;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/cni",
            scope = ScopeType.INHERIT,
            description = "Where results are kept; default: ${DEFAULT-VALUE}.")
    private Path cacheDirectory = Path.of("");

    @Option(
            names = "--no-file-checks",
            scope = ScopeType.INHERIT,
            description = "Take plugins and networks also from files that other users may write.")
    private boolean noFileChecks;

    @Spec
    private @Nullable CommandSpec spec;

    private final Map<String, String> environment;

    /** Makes the command in this process's environment. */
    public CnitoolCommand() {
        this(System.getenv());
    }

    /**
     * Makes the command in another environment.
     *
     * @param environment the variables
     */
    public CnitoolCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    private Call call(String network, Path netns) {
        return new Call(environment, network, netns, ifName, cacheDirectory, !noFileChecks);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    @Command(name = "add", description = "Adds the namespace to the network and prints the result.")
    int add(
            @Parameters(paramLabel = NETWORK, description = NAME_OF_NETWORK) String network,
            @Parameters(paramLabel = NETNS, description = PATH_OF_NETNS) Path netns) {
        out().println(call(network, netns).add());
        out().flush();
        return 0;
    }

    @Command(name = "check", description = "Asks whether the namespace's attachment is as it was added.")
    int check(
            @Parameters(paramLabel = NETWORK, description = NAME_OF_NETWORK) String network,
            @Parameters(paramLabel = NETNS, description = PATH_OF_NETNS) Path netns) {
        call(network, netns).check();
        return 0;
    }

    @Command(name = "del", description = "Deletes the namespace's attachment; also where it is gone already.")
    int del(
            @Parameters(paramLabel = NETWORK, description = NAME_OF_NETWORK) String network,
            @Parameters(paramLabel = NETNS, description = PATH_OF_NETNS) Path netns) {
        call(network, netns).del();
        return 0;
    }

    @Command(name = "gc", description = "Deletes all attachments to the network: to this tool none is valid.")
    int gc(
            @Parameters(paramLabel = NETWORK, description = NAME_OF_NETWORK) String network,
            @Parameters(paramLabel = NETNS, description = "Not used; there as in the reference tool.") Path netns) {
        call(network, netns).gc().forEach(removed -> err().println("removed " + removed));
        err().flush();
        return 0;
    }

    @Command(name = "status", description = "Asks whether namespaces can be added to the network.")
    int status(
            @Parameters(paramLabel = NETWORK, description = NAME_OF_NETWORK) String network,
            @Parameters(paramLabel = NETNS, description = "Not used; there as in the reference tool.") Path netns) {
        Condition condition = call(network, netns).status();
        if (condition.code() == Condition.Code.READY) {
            return 0;
        }
        err().println(condition.message());
        err().flush();
        return FAILED;
    }
}
