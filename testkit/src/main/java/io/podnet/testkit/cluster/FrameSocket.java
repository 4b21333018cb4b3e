package io.podnet.testkit.cluster;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.testkit.machine.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What comes in by an interface, and what is to go out by it, frame by frame: packet(7). For one thread at a time. */
final class FrameSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int ETH_P_ALL = 3;
    private static final int SOCKADDR_LL = 20;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int ROOM = 16 << 20;
    private static final int LARGEST = 1 << 17;

    private final Libc libc = Libc.instance();
    private final ByteBuffer memory = Libc.allocate(LARGEST);
    private final int fd;

    private FrameSocket(int fd) {
        this.fd = fd;
    }

    /** Opens a socket on an interface; frames that others send out by it do not come. */
    static FrameSocket open(Machine machine, int link) {
        Libc libc = Libc.instance();
        // Without a protocol nothing comes before it is bound to its interface.
        int fd = machine.inside(() -> libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (fd < 0) {
            throw Refusal.of("socket", "a packet socket on " + machine, fd);
        }
        FrameSocket socket = new FrameSocket(fd);
        try {
            socket.prepare(machine, link);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepare(Machine machine, int link) {
        option(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
        // The second is for those who may go beyond the machine's net.core.rmem_max.
        option(SOL_SOCKET, SO_RCVBUF, ROOM);
        option(SOL_SOCKET, SO_RCVBUFFORCE, ROOM);
        memory.putShort(0, (short) AF_PACKET);
        memory.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) ETH_P_ALL).order(ByteOrder.nativeOrder());
        memory.putInt(4, link);
        int bound = libc.bind(fd, libc.addressOf(memory), SOCKADDR_LL);
        if (bound < 0) {
            throw Refusal.of("bind", "a packet socket to link " + link + " on " + machine, bound);
        }
    }

    private void option(int level, int name, int value) {
        memory.putInt(0, value);
        libc.setsockopt(fd, level, name, libc.addressOf(memory), Integer.BYTES);
    }

    int fd() {
        return fd;
    }

    /** Reads a frame; null where none waits. */
    byte @Nullable [] read() {
        long read = libc.recv(fd, libc.addressOf(memory), LARGEST, 0);
        if (read <= 0) {
            return null;
        }
        byte[] frame = new byte[(int) read];
        memory.get(0, frame);
        return frame;
    }

    /** Sends a frame; one for which there is no room vanishes, as on any link. */
    void write(byte[] frame) {
        memory.put(0, frame);
        long sent = libc.send(fd, libc.addressOf(memory), frame.length, 0);
        if (Errno.EINTR.is(sent)) {
            libc.send(fd, libc.addressOf(memory), frame.length, 0);
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
