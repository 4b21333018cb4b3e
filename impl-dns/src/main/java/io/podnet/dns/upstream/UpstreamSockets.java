package io.podnet.dns.upstream;

import io.podnet.api.IpFamily;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/** Opens sockets towards upstream servers: the network namespace that they are asked from. Identity counts, not equality. */
public interface UpstreamSockets {
    /**
     * Opens an unbound UDP channel.
     *
     * @param family the server's family
     * @return the channel, to be closed
     * @throws IOException where it cannot be opened
     */
    DatagramChannel datagram(IpFamily family) throws IOException;

    /**
     * Opens an unconnected TCP channel.
     *
     * @param family the server's family
     * @return the channel, to be closed
     * @throws IOException where it cannot be opened
     */
    SocketChannel stream(IpFamily family) throws IOException;
}
