package io.podnet.cni.process;

import io.podnet.api.NamespaceRef;
import io.podnet.api.Phase;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.JsonObject;
import io.podnet.spi.telemetry.Observation;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs plugins in one network namespace, from the calling thread, which must be at home: a process inherits the thread's
 * namespace. A plugin gets the protocol's variables and a search path for its own tools, standard input, and nothing else of
 * this process: no environment, no descriptors, no inheritable capabilities. Safe for any thread.
 */
public final class PluginRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PluginRunner.class);
    // Plugins call iptables, nft and others by name.
    private static final Map<String, String> OWN = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    private static final int BUSY_RETRIES = 20;
    private static final long BUSY_WAIT_NANOS = 100_000_000;

    private final Optional<NamespaceRef> namespace;
    private final PluginPath path;
    private final PluginLimits limits;
    private final Telemetry telemetry;

    /**
     * Prepares runs.
     *
     * @param namespace where plugins start; empty for the calling thread's own. Stays the caller's to close
     * @param path where plugins are looked for
     * @param limits what each run may take
     */
    public PluginRunner(Optional<NamespaceRef> namespace, PluginPath path, PluginLimits limits) {
        this(namespace, path, limits, Telemetry.of(""));
    }

    /**
     * Prepares runs.
     *
     * @param namespace where plugins start; empty for the calling thread's own. Stays the caller's to close
     * @param path where plugins are looked for
     * @param limits what each run may take
     * @param telemetry is told of each run
     */
    public PluginRunner(Optional<NamespaceRef> namespace, PluginPath path, PluginLimits limits, Telemetry telemetry) {
        this.telemetry = telemetry;
        this.namespace = namespace;
        this.path = path;
        this.limits = limits;
    }

    /**
     * Gives the directories that plugins are looked for in.
     *
     * @return the search path
     */
    public PluginPath path() {
        return path;
    }

    /**
     * Runs a plugin and reads its answer.
     *
     * @param type the plugin
     * @param environment what is asked
     * @param stdin the configuration
     * @return the object that it printed
     * @throws PodnetException.PluginFailed where it failed, or printed something else
     * @throws PodnetException.TimedOut where it took too long; it is killed then, with all it started
     * @throws PodnetException.NotFound where there is no such plugin
     */
    public JsonObject ask(String type, CniEnvironment environment, JsonObject stdin) {
        return Answer.json(what(type, environment), run(type, environment, stdin));
    }

    /**
     * Runs a plugin that has nothing to answer.
     *
     * @param type the plugin
     * @param environment what is asked
     * @param stdin the configuration
     * @throws PodnetException.PluginFailed where it failed
     * @throws PodnetException.TimedOut where it took too long; it is killed then, with all it started
     * @throws PodnetException.NotFound where there is no such plugin
     */
    public void tell(String type, CniEnvironment environment, JsonObject stdin) {
        String printed = run(type, environment, stdin);
        if (!printed.isBlank()) {
            LOG.atDebug().addKeyValue("plugin", type).log("an answer that nobody asked for is ignored");
        }
    }

    private String run(String type, CniEnvironment environment, JsonObject stdin) {
        Observation call =
                telemetry.begin(Phase.CNI_CALL, type, environment.command().name());
        try {
            String printed = runOnce(type, environment, stdin);
            call.succeeded();
            return printed;
        } catch (RuntimeException e) {
            call.failed(e);
            throw e;
        }
    }

    private String runOnce(String type, CniEnvironment environment, JsonObject stdin) {
        Path executable = path.find(type);
        String what = what(type, environment);
        Ended ended = start(what, executable, environment, stdin);
        // A package manager may be writing the file; libcni waits too.
        for (int i = 0; i < BUSY_RETRIES && ended.wasBusy(); i++) {
            LockSupport.parkNanos(BUSY_WAIT_NANOS);
            ended = start(what, executable, environment, stdin);
        }
        return Answer.of(what, ended);
    }

    private Ended start(String what, Path executable, CniEnvironment environment, JsonObject stdin) {
        ProcessBuilder builder = Launch.of(executable, namespace);
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(OWN);
        variables.putAll(environment.toVariables());
        return PluginProcess.run(what, builder, stdin.toBytes(), limits);
    }

    private static String what(String type, CniEnvironment environment) {
        return "CNI plugin '" + type + "' (" + environment.command()
                + (environment.containerId().isEmpty()
                        ? ""
                        : " of " + environment.containerId() + "/" + environment.ifName())
                + ")";
    }
}
