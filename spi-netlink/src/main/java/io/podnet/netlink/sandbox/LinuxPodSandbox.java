package io.podnet.netlink.sandbox;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.BegunTask;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceHandle;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's namespaces, held open; without ipc and uts where only the network namespace is the pod's own. */
final class LinuxPodSandbox implements PodSandbox {
    private final NamespaceThreads threads;
    private final NetworkNamespace network;
    private final Map<NamespaceKind, NamespaceHandle> others;
    private final PodDirectory directory;
    private final ProcessStart starts;
    private final Optional<BegunTask> furnishing;
    private volatile boolean closed;

    /**
     * @param furnishing what was begun with the sandbox and its processes need
     */
    LinuxPodSandbox(
            NamespaceThreads threads,
            NetworkNamespace network,
            Map<NamespaceKind, NamespaceHandle> others,
            PodDirectory directory,
            Optional<PodPins> pins,
            Optional<BegunTask> furnishing) {
        this.threads = threads;
        this.network = network;
        this.others = Map.copyOf(others);
        this.directory = directory;
        this.starts = new ProcessStart(threads, network, this.others, directory, pins);
        this.furnishing = furnishing;
    }

    @Override
    public NamespaceRef network() {
        return network;
    }

    @Override
    public Path directory() {
        return directory.path();
    }

    @Override
    public void settle() {
        furnishing.ifPresent(BegunTask::await);
    }

    /** A pin's path may lead to nothing by now, or to another pod. */
    private void requireOpen() {
        if (closed) {
            throw new PodnetException.Invalid(this
                    + " is closed: its pod was torn down, or the node was closed; ask the" + " node for the pod again");
        }
    }

    @Override
    public Process start(Command command) {
        requireOpen();
        settle();
        return starts.start(command);
    }

    @Override
    public Process start(ProcessBuilder builder) {
        requireOpen();
        settle();
        return starts.start(builder);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        requireOpen();
        return new NamespaceChannels(threads, network).datagram();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        requireOpen();
        return new NamespaceChannels(threads, network).socket();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        requireOpen();
        return new NamespaceChannels(threads, network).serverSocket();
    }

    @Override
    public List<Long> processes() {
        return NamespaceProcesses.in(network).stream().map(RunningProcess::pid).toList();
    }

    @Override
    public void close() {
        closed = true;
        // Whoever removes the sandbox next must find all of it.
        furnishing.ifPresent(BegunTask::close);
        network.close();
        others.values().forEach(NamespaceHandle::close);
    }

    @Override
    public String toString() {
        return "sandbox " + network;
    }
}
