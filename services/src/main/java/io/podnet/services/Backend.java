package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Objects;

/**
 * Where a connection may be sent.
 *
 * @param ip the endpoint's address
 * @param port its port, 1 to 65535
 */
public record Backend(IpAddress ip, int port) implements Comparable<Backend> {
    public Backend {
        Objects.requireNonNull(ip, "ip");
    }

    @Override
    public int compareTo(Backend other) {
        int byIp = ip.compareTo(other.ip);
        return byIp != 0 ? byIp : Integer.compare(port, other.port);
    }

    /**
     * Writes the endpoint.
     *
     * @return for example {@code 10.244.1.5:8080} or {@code [fd00::5]:8080}
     */
    @Override
    public String toString() {
        return ip.family() == IpFamily.IPV6 ? "[" + ip + "]:" + port : ip + ":" + port;
    }
}
