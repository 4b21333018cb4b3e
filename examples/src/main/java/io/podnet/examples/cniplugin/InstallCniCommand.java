package io.podnet.examples.cniplugin;

import io.podnet.api.PodnetException;
import io.podnet.cni.daemon.Executable;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code install-cni} command. */
@Command(
        name = "install-cni",
        description = "Puts the CNI plugin podnet-cni into a directory of plugins, ready to be called.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class InstallCniCommand implements Callable<Integer> {
    /** What a call without the daemon needs of the class path; the rest would only make it slower. */
    private static final Pattern NEEDED =
            Pattern.compile("(podnet-(api|spi-netlink|impl-bridge|impl-cni)|jnr-|jffi|asm|jackson-|slf4j-).*\\.jar");

    private static final String MAIN = "io.podnet.cni.daemon.StandAlone";

    @Option(names = "--bin-dir", required = true, paramLabel = "DIR", description = "The runtime's plugin directory.")
    private Path binDirectory = Path.of("");

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = Places.STATE,
            description = "Records and pending deletes, shared with cni-daemon; default: ${DEFAULT-VALUE}.")
    private Path state = Path.of("");

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.SOCKET,
            description = "Where cni-daemon listens; default: ${DEFAULT-VALUE}.")
    private Path socket = Path.of("");

    @Option(
            names = "--lib-dir",
            paramLabel = "DIR",
            description = "Where the jars are put that answer a call without the daemon; default: lib in --state.")
    private @Nullable Path libDirectory;

    @Option(names = "--stand-alone", description = "There is never a daemon: each call starts a JVM, a DEL too.")
    private boolean standAlone;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Path directory = state.toAbsolutePath().normalize();
        makePrivate(directory);
        makePrivate(directory.resolve("pending"));
        Path jars = (libDirectory == null ? directory.resolve("lib") : libDirectory)
                .toAbsolutePath()
                .normalize();
        Executable executable = new Executable(
                standAlone
                        ? Optional.empty()
                        : Optional.of(socket.toAbsolutePath().normalize()),
                directory,
                ClassArchive.of(jars).with(command(jars, directory)));
        out.println("install-cni: " + executable.install(binDirectory));
        out.flush();
        return 0;
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static List<String> command(Path jars, Path state) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new PodnetException.Unsupported("this JVM does not know its own program")));
        command.addAll(options());
        command.addAll(List.of("-cp", copyJars(jars), MAIN, state.toString()));
        return command;
    }

    /** What a JVM that lives for one call is told. */
    static List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                // What a JVM has to say would be taken for a part of the answer.
                "-Xlog:disable",
                "-Xlog:all=warning,cds*=off:stderr",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        if (Runtime.version().feature() >= 22) {
            // JEP 472: the kernel is reached through a native library.
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        return options;
    }

    private static String copyJars(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            String name = String.valueOf(jar.getFileName());
            if (NEEDED.matcher(name).matches()) {
                Path copy = directory.resolve(name);
                Path fresh = directory.resolve("." + name + ".new");
                Files.copy(jar, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
                copies.add(copy.toString());
            }
        }
        if (copies.stream().noneMatch(copy -> copy.contains("podnet-impl-cni"))) {
            throw new PodnetException.Unsupported("install-cni copies jars; start it by examples/run");
        }
        return String.join(File.pathSeparator, copies);
    }
}
