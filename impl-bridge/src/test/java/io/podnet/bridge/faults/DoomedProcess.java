package io.podnet.bridge.faults;

import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that works on a node of this one's until {@link Faults} kills it with SIGKILL. */
final class DoomedProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final int KILLED = 128 + 9;
    private static final String READY = "ready";
    private static final String OPERATION = "operation ";

    private final Process process;
    private final BufferedReader answers;

    /** What the process does to the node until it dies. */
    enum Work {
        START {
            @Override
            void prepare(Podnet node) {
                node.close();
            }

            @Override
            void perform(Podnet node) {
                throw new AssertionError("starting is performed without a node");
            }
        },
        SET_UP {
            @Override
            void prepare(Podnet node) {
                // Its pod is set up by the work itself.
            }

            @Override
            void perform(Podnet node) {
                node.setUp(Pods.victim());
            }
        },
        TEAR_DOWN {
            @Override
            void prepare(Podnet node) {
                node.setUp(Pods.victim());
            }

            @Override
            void perform(Podnet node) {
                node.tearDown(Pods.VICTIM);
            }
        };

        abstract void prepare(Podnet node);

        abstract void perform(Podnet node);
    }

    /** Starts a JVM, which then waits to be told what to do. */
    DoomedProcess(Path nodeNamespace, Path directory) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedProcess.class.getName(),
                        nodeNamespace.toString(),
                        directory.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Has the work done until an operation, at which the process dies.
     *
     * @return the names of all operations where it lived to the end, none otherwise
     */
    List<String> run(Work work, int killAt) throws IOException, InterruptedException {
        tell(work, killAt);
        List<String> operations = new ArrayList<>();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            operations.add(line.substring(OPERATION.length()));
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the child lives on after " + PATIENCE_SECONDS + " s");
        }
        if (process.exitValue() != (operations.isEmpty() ? KILLED : 0)) {
            throw new IOException("the child ended with " + process.exitValue());
        }
        return operations;
    }

    /** Has work tried that is expected to be refused, and gives the message. */
    String refusal(Work work) throws IOException {
        tell(work, Integer.MAX_VALUE);
        return answers.readLine();
    }

    private void tell(Work work, int killAt) throws IOException {
        String line = answers.readLine();
        if (!READY.equals(line)) {
            throw new IOException("the child said " + line);
        }
        OutputStream commands = process.getOutputStream();
        commands.write((work + " " + killAt + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The other JVM's part: node's namespace, directory; then on its input what to do and when to die. */
    public static void main(String[] arguments) throws IOException {
        Libc.instance();
        System.out.println(READY);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String[] command = input.readLine().split(" ");
        Work work = Work.valueOf(command[0]);
        try {
            work(arguments, work, Integer.parseInt(command[1]));
        } catch (PodnetException refused) {
            System.out.println(OPERATION + refused);
            System.out.flush();
        }
        // As abrupt as the other way to end: nothing is closed.
        Runtime.getRuntime().halt(0);
    }

    private static void work(String[] arguments, Work work, int killAt) {
        Podnet node = start(arguments);
        work.prepare(node);
        Faults.arm(Faults.Plan.killAt(killAt));
        if (work == Work.START) {
            start(arguments);
        } else {
            work.perform(node);
        }
        Faults.disarm().forEach(operation -> System.out.println(OPERATION + operation));
        System.out.flush();
    }

    private static Podnet start(String[] arguments) {
        Path directory = Path.of(arguments[1]);
        return Pods.faulty(Podnet.builder()
                        .nodeNamespace(Path.of(arguments[0]))
                        .netnsDirectory(directory.resolve("netns"))
                        .stateDirectory(directory.resolve("state")))
                .start();
    }
}
