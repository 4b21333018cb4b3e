package io.podnet.examples.explain;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.examples.state.ServiceRecord;
import java.util.List;
import java.util.Optional;

/**
 * Where a packet is sent to.
 *
 * @param ip the address
 * @param port the port
 */
record Target(IpAddress ip, int port) {
    private static final String FORMS = "IP:PORT, [IPv6]:PORT or NAMESPACE/SERVICE:PORT";

    /** Reads a destination; of a service's several addresses the one of the sender's family is taken. */
    static Target parse(String text, List<ServiceRecord> services, Optional<IpAddress> from) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new PodnetException.Invalid("'" + text + "' is no destination; write " + FORMS);
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.contains("/")) {
            return ofService(host, port, services, from);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            return new Target(IpAddress.parse(host.substring(1, host.length() - 1)), number(port));
        }
        if (host.contains(":")) {
            throw new PodnetException.Invalid(
                    "'" + text + "' is no destination; write an IPv6 address in brackets, [" + host + "]:" + port);
        }
        return new Target(IpAddress.parse(host), number(port));
    }

    private static Target ofService(String host, String port, List<ServiceRecord> services, Optional<IpAddress> from) {
        String[] names = host.split("/", 2);
        ServiceId id = new ServiceId(names[0], names[1]);
        Service service = services.stream()
                .filter(record -> record.id().equals(id))
                .flatMap(record -> record.service().stream())
                .findFirst()
                .orElseThrow(() -> new PodnetException.NotFound("there is no service " + id));
        IpAddress ip = service.clusterIps().stream()
                .filter(candidate -> from.isEmpty() || from.get().family() == candidate.family())
                .findFirst()
                .orElseThrow(() -> new PodnetException.NotFound("service " + id + " has no cluster IP"
                        + (service.clusterIps().isEmpty() ? "" : " of that family") + "; name an address"));
        int number = service.ports().stream()
                .filter(candidate -> candidate.name().equals(port))
                .mapToInt(ServicePort::port)
                .findFirst()
                .orElseGet(() -> number(port));
        return new Target(ip, number);
    }

    private static int number(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 65_535) {
                return number;
            }
        }
        throw new PodnetException.Invalid("'" + text + "' is no port in 1..65535");
    }

    @Override
    public String toString() {
        String address = ip.toString();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
