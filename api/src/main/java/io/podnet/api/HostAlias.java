package io.podnet.api;

import java.util.List;
import java.util.Objects;

/**
 * Names for an address in a pod's {@code /etc/hosts}: Kubernetes' {@code HostAlias}.
 *
 * @param ip the address
 * @param hostnames names for it, at least one, in file order
 */
@API(status = API.Status.STABLE, since = "0.1")
public record HostAlias(IpAddress ip, List<String> hostnames) {
    public HostAlias {
        Objects.requireNonNull(ip, "ip");
        hostnames = List.copyOf(hostnames);
        if (hostnames.isEmpty()) {
            throw new PodnetException.Invalid("host alias for " + ip + " has no hostnames");
        }
        hostnames.forEach(name -> Names.dnsSubdomain("host alias", name));
    }
}
