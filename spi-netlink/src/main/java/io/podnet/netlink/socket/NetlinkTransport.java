package io.podnet.netlink.socket;

import java.nio.ByteBuffer;

/**
 * Moves netlink datagrams: a socket, or a stand-in for tests. The transport owns both buffers, so that their addresses
 * are taken once.
 *
 * <p>Results are kernel-style: zero or more is success, less is {@code -errno}. One user at a time; a
 * {@link NetlinkConversation} sees to that.
 */
public interface NetlinkTransport extends AutoCloseable {
    /**
     * Gives the port id that the kernel knows this transport by and puts into its answers.
     *
     * @return nl_pid, as an unsigned number
     */
    int portId();

    /**
     * Gives the buffer to write requests to, growing it where needed.
     *
     * @param capacity bytes that must fit
     * @return native byte order, starting with the contents of the buffer given before
     * @throws io.podnet.api.PodnetException.LimitReached where one datagram can not be that long
     */
    ByteBuffer requestBuffer(int capacity);

    /**
     * Gives the buffer that answers are received into.
     *
     * @return native byte order, always the same
     */
    ByteBuffer replyBuffer();

    /**
     * Sends the first bytes of the request buffer as one datagram. The kernel works on it before this returns.
     *
     * @param length bytes
     * @return bytes sent, or -errno
     */
    int send(int length);

    /**
     * Waits for a datagram from the kernel, at most the transport's time.
     *
     * @return its bytes, all of them in the reply buffer, or -errno: EAGAIN where the time ran out, EMSGSIZE where it
     *     was longer than the buffer, ENOBUFS where the kernel had to drop answers
     */
    int receive();

    /**
     * Takes a datagram that has arrived already.
     *
     * @return as {@link #receive}, with EAGAIN where there is none
     */
    int receiveNow();

    /** Gives everything back. A second call does nothing. Not to be called while another thread is inside a call. */
    @Override
    void close();
}
