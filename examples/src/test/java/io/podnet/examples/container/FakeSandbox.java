package io.podnet.examples.container;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.spi.PodSandbox;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A sandbox whose processes exist only in a {@link FakeProcesses}. */
public final class FakeSandbox implements PodSandbox {
    /** A process that ends when the test says so. */
    public static final class FakeProcess extends Process {
        private final long pid;
        private final CompletableFuture<Process> end = new CompletableFuture<>();
        private int code;

        FakeProcess(long pid) {
            this.pid = pid;
        }

        public void exit(int exitCode) {
            code = exitCode;
            end.complete(this);
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            end.join();
            return code;
        }

        @Override
        public int exitValue() {
            return code;
        }

        @Override
        public void destroy() {
            exit(143);
        }

        @Override
        public boolean isAlive() {
            return !end.isDone();
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public CompletableFuture<Process> onExit() {
            return end;
        }
    }

    private final FakeProcesses processes;
    private final List<Command> started = new ArrayList<>();
    private final List<FakeProcess> children = new ArrayList<>();
    private final List<Long> others = new ArrayList<>();
    private boolean broken;

    public FakeSandbox(FakeProcesses processes) {
        this.processes = processes;
    }

    public void breakStarts(boolean value) {
        broken = value;
    }

    public void contains(long pid) {
        others.add(pid);
    }

    public List<Command> started() {
        return started;
    }

    public FakeProcess last() {
        return children.get(children.size() - 1);
    }

    public void exitLast(int code) {
        processes.end(last().pid());
        last().exit(code);
    }

    @Override
    public NamespaceRef network() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path directory() {
        return Path.of("/nowhere");
    }

    @Override
    public Process start(Command command) {
        if (broken) {
            throw new PodnetException.NotFound("nsenter is missing");
        }
        started.add(command);
        FakeProcess child = new FakeProcess(processes.newPid());
        children.add(child);
        processes.add(
                child.pid(),
                1,
                processes.nowTicks(),
                command.environment().getOrDefault(ContainerCommand.MARKER, ""),
                "/bin/" + command.command().get(0));
        return child;
    }

    @Override
    public Process start(ProcessBuilder builder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel openSocketChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Long> processes() {
        List<Long> pids = new ArrayList<>(others);
        children.forEach(child -> pids.add(child.pid()));
        return pids.stream().filter(pid -> processes.find(pid).isPresent()).toList();
    }

    @Override
    public void close() {}
}
