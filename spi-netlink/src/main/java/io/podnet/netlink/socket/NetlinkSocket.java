package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A netlink socket (man 7 netlink) with extended acknowledgements on, and strict checking where the protocol has it. It
 * belongs to the network namespace of the thread that opened it; any thread may use it afterwards, one at a time.
 */
public final class NetlinkSocket implements NetlinkTransport {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_NL = 12;

    /** How long an answer may take. The kernel answers before send returns, so that only a lost answer is ever late. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Room for the errors of a batch in which every message fails. */
    private static final int RECEIVE_QUEUE = 4 * 1024 * 1024;

    // Offsets in the scratch memory.
    private static final int ADDRESS = 0;
    private static final int LENGTH = 16;
    private static final int OPTION = 24;
    private static final int HEADER = 40;
    private static final int VECTOR = 96;

    private final Libc libc;
    private final NetlinkBuffers buffers;
    private final int fd;
    private int portId;
    private int sendQueue;
    private boolean closed;

    private NetlinkSocket(NetlinkBuffers buffers, int fd) {
        this.libc = buffers.libc();
        this.buffers = buffers;
        this.fd = fd;
        buffers.lend(this);
    }

    /**
     * Opens a socket in the calling thread's network namespace with memory of its own.
     *
     * @param protocol NETLINK_*
     * @return an open socket
     * @throws PodnetException.Unsupported where the kernel lacks the protocol or extended acknowledgements
     */
    public static NetlinkSocket open(int protocol) {
        return open(protocol, NetlinkBuffers.allocate());
    }

    /**
     * Opens a socket in the calling thread's network namespace, by system calls alone: no other thread is caused to
     * exist, nothing is loaded.
     *
     * @param protocol NETLINK_*
     * @param buffers memory that no other socket uses; given back by {@link #close}
     * @return an open socket
     * @throws PodnetException.Unsupported where the kernel lacks the protocol or extended acknowledgements
     */
    public static NetlinkSocket open(int protocol, NetlinkBuffers buffers) {
        int fd = buffers.libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            throw Refusal.of("socket", "AF_NETLINK protocol " + protocol, -fd, "");
        }
        NetlinkSocket socket = new NetlinkSocket(buffers, fd);
        try {
            socket.configure(protocol);
            return socket;
        } catch (PodnetException refused) {
            socket.close();
            throw refused;
        }
    }

    private void configure(int protocol) {
        require(NETLINK_EXT_ACK, "NETLINK_EXT_ACK", "4.12");
        require(NETLINK_CAP_ACK, "NETLINK_CAP_ACK", "4.3");
        if (protocol == LinuxNetlink.NETLINK_ROUTE) {
            require(NETLINK_GET_STRICT_CHK, "NETLINK_GET_STRICT_CHK", "4.20");
        }
        ByteBuffer scratch = buffers.scratch();
        scratch.putLong(OPTION, PATIENCE.toSeconds()).putLong(OPTION + 8, 0);
        check(libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, at(OPTION), 16), "setsockopt SO_RCVTIMEO");
        enlarge(SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_QUEUE);

        scratch.putShort(ADDRESS, (short) AF_NETLINK)
                .putShort(ADDRESS + 2, (short) 0)
                .putInt(ADDRESS + 4, 0)
                .putInt(ADDRESS + 8, 0);
        check(libc.bind(fd, at(ADDRESS), SOCKADDR_NL), "bind");
        scratch.putInt(LENGTH, SOCKADDR_NL);
        check(libc.getsockname(fd, at(ADDRESS), at(LENGTH)), "getsockname");
        portId = scratch.getInt(ADDRESS + 4);
        layOutMessageHeader();
    }

    /** Fills struct msghdr and its iovec, as 64-bit Linux lays them out; only the name's length changes per call. */
    private void layOutMessageHeader() {
        ByteBuffer scratch = buffers.scratch();
        scratch.putLong(VECTOR, buffers.replyAddress())
                .putLong(VECTOR + 8, buffers.reply().capacity());
        scratch.putLong(HEADER, at(ADDRESS)) // msg_name
                .putInt(HEADER + 8, SOCKADDR_NL)
                .putLong(HEADER + 16, at(VECTOR)) // msg_iov
                .putLong(HEADER + 24, 1)
                .putLong(HEADER + 32, 0) // msg_control
                .putLong(HEADER + 40, 0)
                .putLong(HEADER + 48, 0); // msg_flags
    }

    private void require(int option, String name, String since) {
        buffers.scratch().putInt(OPTION, 1);
        int result = libc.setsockopt(fd, SOL_NETLINK, option, at(OPTION), 4);
        if (result < 0) {
            throw new PodnetException.Unsupported("the kernel refuses the socket option " + name + " ("
                    + Errno.nameOf(result) + "); Podnet needs Linux " + since + " or newer for it");
        }
    }

    /** The forced option needs CAP_NET_ADMIN in the first user namespace; the other is bounded by a sysctl. */
    private int enlarge(int forced, int bounded, int bytes) {
        buffers.scratch().putInt(OPTION, bytes);
        int result = libc.setsockopt(fd, SOL_SOCKET, forced, at(OPTION), 4);
        return result < 0 ? libc.setsockopt(fd, SOL_SOCKET, bounded, at(OPTION), 4) : result;
    }

    private long at(int offset) {
        return buffers.scratchAddress() + offset;
    }

    private static void check(int result, String call) {
        if (result < 0) {
            throw Refusal.of(call, "a netlink socket", -result, "");
        }
    }

    /**
     * Joins a multicast group.
     *
     * @param group group number, for rtnetlink RTNLGRP_*
     */
    void join(int group) {
        buffers.scratch().putInt(OPTION, group);
        check(
                libc.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, at(OPTION), 4),
                "setsockopt NETLINK_ADD_MEMBERSHIP");
    }

    /**
     * Has the kernel drop every datagram whose first message is of another type. Answers to requests are no exception.
     *
     * @param type nlmsg_type
     */
    void admitOnly(int type) {
        TypeFilter filter = TypeFilter.of(libc, type);
        try {
            check(
                    libc.setsockopt(fd, SOL_SOCKET, TypeFilter.SO_ATTACH_FILTER, filter.program(), TypeFilter.PROGRAM),
                    "setsockopt SO_ATTACH_FILTER");
        } finally {
            Reference.reachabilityFence(filter);
        }
    }

    /**
     * Gives the descriptor, for poll.
     *
     * @return an open descriptor
     */
    int fd() {
        return fd;
    }

    @Override
    public int portId() {
        return portId;
    }

    @Override
    public ByteBuffer requestBuffer(int capacity) {
        return buffers.request(capacity);
    }

    @Override
    public ByteBuffer replyBuffer() {
        return buffers.reply();
    }

    @Override
    public int send(int length) {
        if (closed) {
            return -Errno.EBADF.number();
        }
        if (length > NetlinkBuffers.SIZE && length > sendQueue) {
            // A datagram must fit into the send queue whole; the kernel doubles what it is told.
            enlarge(SO_SNDBUFFORCE, SO_SNDBUF, length);
            sendQueue = length;
        }
        // A netlink socket that was not connected sends to port 0, the kernel.
        while (true) {
            long sent = libc.send(fd, buffers.requestAddress(), length, 0);
            if (!Errno.EINTR.is(sent)) {
                return (int) sent;
            }
        }
    }

    @Override
    public int receive() {
        return receive(MSG_TRUNC);
    }

    @Override
    public int receiveNow() {
        return receive(MSG_TRUNC | MSG_DONTWAIT);
    }

    private int receive(int flags) {
        if (closed) {
            return -Errno.EBADF.number();
        }
        ByteBuffer scratch = buffers.scratch();
        int capacity = buffers.reply().capacity();
        while (true) {
            scratch.putInt(HEADER + 8, SOCKADDR_NL);
            long received = libc.recvmsg(fd, at(HEADER), flags);
            if (received > capacity) {
                return -Errno.EMSGSIZE.number();
            }
            // Other processes may send to our port; only port 0 is the kernel.
            boolean foreign = received >= 0 && scratch.getInt(ADDRESS + 4) != 0;
            if (!foreign && !Errno.EINTR.is(received)) {
                return (int) received;
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(fd);
            buffers.giveBack(this);
        }
    }
}
