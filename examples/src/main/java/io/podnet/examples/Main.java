package io.podnet.examples;

import io.podnet.api.PodnetException;
import io.podnet.examples.agent.AgentCommand;
import io.podnet.examples.cluster.ClusterCommand;
import io.podnet.examples.cniplugin.CniDaemonCommand;
import io.podnet.examples.cniplugin.InstallCniCommand;
import io.podnet.examples.cnitool.CnitoolCommand;
import io.podnet.examples.explain.ExplainCommand;
import io.podnet.examples.pods.PodsCommand;
import io.podnet.examples.quickstart.QuickstartCommand;
import io.podnet.examples.services.ServicesCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The programs' common door: a command's name, its options, and one sentence where something is wrong. */
@Command(
        name = "examples/run",
        description = "Podnet's runnable examples.",
        mixinStandardHelpOptions = true,
        subcommands = {
            QuickstartCommand.class,
            AgentCommand.class,
            ClusterCommand.class,
            PodsCommand.class,
            ServicesCommand.class,
            ExplainCommand.class,
            InstallCniCommand.class,
            CniDaemonCommand.class,
            CnitoolCommand.class
        })
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command's name and its options
     */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        // A JVM that is already going down must not be waited for by its own shutdown hook.
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, args) -> {
                    CommandLine command = e.getCommandLine();
                    say(
                            command,
                            e.getMessage() + "; see '"
                                    + command.getCommandSpec().qualifiedName() + " --help'");
                    return BAD_INPUT;
                })
                .setExecutionExceptionHandler((e, command, result) -> {
                    if (e instanceof PodnetException) {
                        say(command, String.valueOf(e.getMessage()));
                        return e instanceof PodnetException.Invalid ? BAD_INPUT : FAILED;
                    }
                    throw e;
                });
    }

    private static void say(CommandLine command, String sentence) {
        PrintWriter err = command.getErr();
        err.println(sentence.lines()
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("failed"));
        err.flush();
    }
}
