package io.podnet.cni.daemon;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_PATH;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PluginAnswer;
import io.podnet.cni.plugin.PluginCall;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.netlink.libc.Libc;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process for one call, where no daemon is: the executable becomes it. It shares the state directory's locks and records
 * with the daemon, and works off pending deletes first. Its one argument is the state directory.
 */
public final class StandAlone {
    private static final int MOST_CONFIG = 1 << 20;
    private static final Duration PRACTICE = Duration.ofSeconds(1);

    private StandAlone() {}

    /**
     * Answers the call that the environment and standard input make, and ends. Without {@code CNI_COMMAND} there is no call,
     * the executable answers that itself: then it practises, for a JVM that is to archive what it loaded.
     *
     * @param args the state directory
     * @throws IOException where standard input cannot be read
     */
    public static void main(String[] args) throws IOException {
        if (!System.getenv().containsKey("CNI_COMMAND")) {
            WarmUp.run(Path.of(args[0]), PRACTICE);
            return;
        }
        PluginAnswer answer = answer(Path.of(args[0]), System.getenv(), System.in);
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write(answer.output().getBytes(StandardCharsets.UTF_8));
        }
        System.exit(answer.exitCode());
    }

    private static PluginAnswer answer(Path state, Map<String, String> environment, InputStream in) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("CNI_")) {
                variables.put(name, value);
            }
        });
        String config = new String(in.readNBytes(MOST_CONFIG), StandardCharsets.UTF_8);
        String netns = variables.getOrDefault("CNI_NETNS", "");
        int pod = netns.isEmpty() ? -1 : Libc.instance().open(netns, O_PATH | O_CLOEXEC, 0);
        try (PodnetPlugin plugin = PodnetPlugin.open(state, Optional.empty())) {
            new PendingDeletes(plugin).work(variables.getOrDefault("CNI_CONTAINERID", ""));
            return plugin.call(new PluginCall(
                    variables, config, OptionalInt.empty(), pod < 0 ? OptionalInt.empty() : OptionalInt.of(pod)));
        } catch (PodnetException e) {
            return PluginAnswer.of(e);
        }
    }
}
