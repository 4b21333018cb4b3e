package io.podnet.cni.runtime;

import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A network's plugins, called one after the other: SPEC.md section 3. Keeps nothing. */
final class Chain {
    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);
    private final PluginRunner runner;
    private final NetworkConfigList list;

    Chain(PluginRunner runner, NetworkConfigList list) {
        this.runner = runner;
        this.list = list;
    }

    /**
     * Finds all executables, so that a missing one is told before anything is changed. Who hands out addresses is a matter of
     * the plugin, which may do it itself: libcni's ValidateNetworkList does not look for it either.
     */
    void requireInstalled() {
        for (PluginConfig plugin : list.plugins()) {
            runner.path().find(plugin.type());
        }
    }

    /** Adds; each result is told as soon as it is there, so that a failure further on knows what to take back. */
    CniResult add(Attachment attachment, Consumer<CniResult> intermediate) {
        CniEnvironment environment = environment(CniCommand.ADD, attachment);
        Optional<CniResult> result = Optional.empty();
        for (PluginConfig plugin : list.plugins()) {
            JsonObject answer = runner.ask(plugin.type(), environment, call(plugin, result, attachment));
            CniResult next = read(plugin, answer);
            intermediate.accept(next);
            result = Optional.of(next);
        }
        return result.orElseThrow(() -> new PodnetException.Invalid("network " + list.name() + " has no plugins"));
    }

    private CniResult read(PluginConfig plugin, JsonObject answer) {
        try {
            return CniResult.read(answer, list.version()).as(list.version());
        } catch (CniException e) {
            throw new PodnetException.PluginFailed(
                    "CNI plugin '" + plugin.type() + "' of network " + list.name() + " answered ADD with "
                            + e.getMessage(),
                    e.code());
        }
    }

    /** Checks; stops at the first difference. */
    void check(Attachment attachment, CniResult result) {
        CniEnvironment environment = environment(CniCommand.CHECK, attachment);
        for (PluginConfig plugin : list.plugins()) {
            runner.tell(plugin.type(), environment, call(plugin, Optional.of(result), attachment));
        }
    }

    /** Deletes in reverse order, whatever becomes of each. Gives the failures. */
    List<PodnetException> delete(Attachment attachment, Optional<CniResult> result) {
        CniEnvironment environment = environment(CniCommand.DEL, attachment);
        List<PodnetException> failures = new ArrayList<>();
        for (int i = list.plugins().size() - 1; i >= 0; i--) {
            PluginConfig plugin = list.plugins().get(i);
            attempt(failures, () -> runner.tell(plugin.type(), environment, call(plugin, result, attachment)));
        }
        return failures;
    }

    /**
     * Tells each plugin what must stay. One that is not installed (yet) has nothing here that anybody could collect, and
     * must not keep a runtime from starting. Gives the failures.
     */
    List<PodnetException> gc(Collection<ValidAttachment> valid) {
        CniEnvironment environment =
                CniEnvironment.of(CniCommand.GC, runner.path().texts());
        List<PodnetException> failures = new ArrayList<>();
        for (PluginConfig plugin : list.plugins()) {
            JsonObject stdin = ValidAttachment.write(call(plugin), valid);
            attempt(failures, () -> {
                try {
                    runner.tell(plugin.type(), environment, stdin);
                } catch (PodnetException.NotFound e) {
                    LOG.atWarn()
                            .addKeyValue("network", list.name())
                            .addKeyValue("plugin", plugin.type())
                            .log("no garbage collection: {}", e.getMessage());
                }
            });
        }
        return failures;
    }

    /** Asks each plugin whether it can serve; stops at the first that cannot. */
    void status() {
        CniEnvironment environment =
                CniEnvironment.of(CniCommand.STATUS, runner.path().texts());
        for (PluginConfig plugin : list.plugins()) {
            runner.tell(plugin.type(), environment, call(plugin));
        }
    }

    private JsonObject call(PluginConfig plugin) {
        return plugin.forCall(list.name(), list.version(), Optional.empty(), RuntimeConfig.EMPTY)
                .json();
    }

    private JsonObject call(PluginConfig plugin, Optional<CniResult> result, Attachment attachment) {
        return plugin.forCall(list.name(), list.version(), result, attachment.capabilityArgs())
                .json();
    }

    private CniEnvironment environment(CniCommand command, Attachment attachment) {
        return new CniEnvironment(
                command,
                attachment.containerId(),
                attachment.netns(),
                attachment.ifName(),
                attachment.args(),
                runner.path().texts(),
                false);
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        } catch (CniException e) {
            failures.add(new PodnetException.Invalid(e.error().toString(), e));
        }
    }
}
