package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamespaceChannelsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final NamespaceThreads threads = new NamespaceThreads();

    @AfterEach
    void everybodyIsHome() throws Exception {
        threads.close();
        ThreadsAtHome.assertAll();
    }

    private static void loopbackUp(NetworkNamespace pod) throws Exception {
        Process up = NamespaceCommand.find()
                .entering(NamespaceKind.NET, pod.path())
                .processBuilder(List.of("ip", "link", "set", "lo", "up"))
                .start();
        assertThat(up.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isZero();
    }

    @Test
    void channelsStayInTheNamespaceTheyWereOpenedIn() throws Exception {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            loopbackUp(pod);
            NamespaceChannels channels = new NamespaceChannels(threads, pod);
            try (ServerSocketChannel server = channels.serverSocket();
                    SocketChannel inside = channels.socket();
                    SocketChannel outside = SocketChannel.open()) {
                server.bind(new InetSocketAddress(LOOPBACK, 80));
                SocketAddress address = server.getLocalAddress();
                assertThat(inside.connect(address)).isTrue();
                try (SocketChannel accepted = server.accept()) {
                    accepted.write(ByteBuffer.wrap(new byte[] {42}));
                    ByteBuffer got = ByteBuffer.allocate(1);
                    assertThat(inside.read(got)).isEqualTo(1);
                    assertThat(got.get(0)).isEqualTo((byte) 42);
                }
                assertThatThrownBy(() -> outside.connect(address)).isInstanceOf(java.io.IOException.class);
            }
        }
    }

    @Test
    void onePortInEveryPod() throws Exception {
        try (NetworkNamespace one = threads.makeUnpinned();
                NetworkNamespace two = threads.makeUnpinned();
                DatagramChannel first = new NamespaceChannels(threads, one).datagram();
                DatagramChannel second = new NamespaceChannels(threads, two).datagram(StandardProtocolFamily.INET);
                DatagramChannel third = new NamespaceChannels(threads, two).datagram(StandardProtocolFamily.INET)) {
            InetSocketAddress dns = new InetSocketAddress("0.0.0.0", 53);
            first.bind(dns);
            second.bind(dns);
            assertThatThrownBy(() -> third.bind(dns)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void nsenterIsAskedForByFixedPathsAndWithoutAShell() {
        NamespaceCommand command = NamespaceCommand.find(List.of(Path.of("/nowhere"), Path.of("/bin/sh")))
                .entering(NamespaceKind.UTS, Path.of("/u"))
                .entering(NamespaceKind.NET, Path.of("/n"))
                .entering(NamespaceKind.MNT, Path.of("/m"))
                .entering(NamespaceKind.IPC, Path.of("/i"));
        assertThat(command.arguments(Path.of("/srv"), List.of("--help", "$(reboot)")))
                .containsExactly(
                        "/bin/sh",
                        "--net=/n",
                        "--ipc=/i",
                        "--uts=/u",
                        "--mount=/m",
                        "--wdns=/srv",
                        "--",
                        "--help",
                        "$(reboot)");
        assertThatThrownBy(() -> NamespaceCommand.find(List.of(Path.of("/nowhere"))))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("util-linux");
        assertThatThrownBy(() -> command.entering(NamespaceKind.NET, Path.of("n")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> command.arguments(Path.of("/"), List.of()))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> command.arguments(Path.of("srv"), List.of("true")))
                .isInstanceOf(PodnetException.Invalid.class);
    }
}
