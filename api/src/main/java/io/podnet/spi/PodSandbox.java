package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod's namespaces, open in this process. Containers of the pod run inside and reach each other over 127.0.0.1.
 * Closing releases this process's handles; the sandbox stays. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface PodSandbox extends AutoCloseable {
    /**
     * A process to run in the pod, with the pod's own {@code /etc/hosts}, {@code /etc/hostname} and {@code
     * /etc/resolv.conf}.
     *
     * @param command program and arguments, at least the program; never seen by a shell
     * @param environment the whole environment
     * @param workingDirectory where it starts; empty for {@code /}
     * @param output file that its standard output and error are appended to; empty for {@code /dev/null}
     */
    record Command(
            List<String> command,
            Map<String, String> environment,
            Optional<Path> workingDirectory,
            Optional<Path> output) {
        public Command {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            Objects.requireNonNull(workingDirectory, "workingDirectory");
            Objects.requireNonNull(output, "output");
            if (command.isEmpty() || command.get(0).isEmpty()) {
                throw new PodnetException.Invalid("a command needs a program");
            }
            if (command.stream().anyMatch(part -> part.indexOf('\0') >= 0)) {
                throw new PodnetException.Invalid("a command must not contain NUL characters");
            }
        }
    }

    /**
     * Gives the network namespace.
     *
     * @return the namespace, valid until this is closed
     */
    NamespaceRef network();

    /**
     * Gives the directory with the pod's files.
     *
     * @return the directory; {@code hosts}, {@code hostname} and {@code resolv.conf} in it are what containers see in
     *     {@code /etc}
     */
    Path directory();

    /**
     * Waits until all of a sandbox is there that was only begun, see {@link Sandboxes#begin}. Starting a process, the
     * namespace's path and closing wait for that by themselves. Does nothing by default.
     *
     * @throws PodnetException where something could not be made; nothing of that is left
     */
    default void settle() {}

    /**
     * Starts a process in the pod. It outlives this JVM.
     *
     * @param command what to run
     * @return the running process; its pid is the command's own
     * @throws io.podnet.api.PodnetException.Invalid after {@link #close}
     * @throws io.podnet.api.PodnetException where it cannot be started
     */
    Process start(Command command);

    /**
     * Starts a process in the pod with Java's own means: the builder's command is run inside, everything else of it
     * (environment, directory, redirections) is kept.
     *
     * @param builder command and redirections; it is not changed
     * @return the running process
     * @throws io.podnet.api.PodnetException.Invalid after {@link #close}, and where the builder has no command
     * @throws io.podnet.api.PodnetException where it cannot be started
     */
    Process start(ProcessBuilder builder);

    /**
     * Opens an unbound UDP channel inside the pod. Any thread may use it.
     *
     * @return the channel
     * @throws IOException where it cannot be opened
     */
    DatagramChannel openDatagramChannel() throws IOException;

    /**
     * Opens an unconnected TCP channel inside the pod. Any thread may use it.
     *
     * @return the channel
     * @throws IOException where it cannot be opened
     */
    SocketChannel openSocketChannel() throws IOException;

    /**
     * Opens an unbound TCP server channel inside the pod. Any thread may use it.
     *
     * @return the channel
     * @throws IOException where it cannot be opened
     */
    ServerSocketChannel openServerSocketChannel() throws IOException;

    /**
     * Finds the processes whose network namespace is the pod's.
     *
     * @return their pids, as this process sees them
     */
    List<Long> processes();

    @Override
    void close();
}
