package io.podnet.benchmarks;

import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.netlink.sandbox.LinuxSandboxProvider;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sandboxes without namespaces, on nodes that have real ones. */
public final class UnwiredSandboxProvider implements SandboxProvider {
    @Override
    public String name() {
        return "unwired";
    }

    @Override
    public Sandboxes create() {
        return new UnwiredSandboxes(new LinuxSandboxProvider().create());
    }

    private record UnwiredSandboxes(Sandboxes real) implements Sandboxes {
        @Override
        public PodSandbox create(Pins pins) {
            return new UnwiredSandbox(pins.directory());
        }

        @Override
        public PodSandbox join(Path netns, Path directory) {
            return new UnwiredSandbox(directory);
        }

        @Override
        public Optional<PodSandbox> open(Pins pins, long inode) {
            return Optional.empty();
        }

        @Override
        public void remove(Pins pins, long inode) {}

        @Override
        public HeldNamespace nodeNamespace(Optional<Path> path) {
            return real.nodeNamespace(path);
        }

        @Override
        public List<IpAddress> addresses(NamespaceRef namespace) {
            return real.addresses(namespace);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private record UnwiredSandbox(Path directory) implements PodSandbox {
        @Override
        public NamespaceRef network() {
            return new NamespaceRef() {
                @Override
                public int fd() {
                    return -1;
                }

                @Override
                public Path path() {
                    return Path.of("/proc/self/ns/net");
                }

                @Override
                public long inode() {
                    return 1;
                }
            };
        }

        @Override
        public Process start(Command command) {
            throw new UnsupportedOperationException("there is no namespace to start in");
        }

        @Override
        public Process start(ProcessBuilder builder) {
            throw new UnsupportedOperationException("there is no namespace to start in");
        }

        @Override
        public DatagramChannel openDatagramChannel() {
            throw new UnsupportedOperationException("there is no namespace to open in");
        }

        @Override
        public SocketChannel openSocketChannel() {
            throw new UnsupportedOperationException("there is no namespace to open in");
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() {
            throw new UnsupportedOperationException("there is no namespace to open in");
        }

        @Override
        public List<Long> processes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
