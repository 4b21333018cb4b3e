package io.podnet.dns.index;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.dns.wire.WireName;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the model keeps of a service. Immutable. */
final class ServiceDefinition {
    private static final byte[] NOTHING = new byte[0];

    private final byte @Nullable [] externalName;
    private final boolean headless;
    private final boolean publishNotReady;
    private final byte[] v4;
    private final byte[] v6;
    private final List<PortRecords> ports;

    private ServiceDefinition(
            byte @Nullable [] externalName,
            boolean headless,
            boolean publishNotReady,
            byte[] v4,
            byte[] v6,
            List<PortRecords> ports) {
        this.externalName = externalName;
        this.headless = headless;
        this.publishNotReady = publishNotReady;
        this.v4 = v4;
        this.v6 = v6;
        this.ports = ports;
    }

    /** Takes a service; an external name that is none is {@link PodnetException.Invalid}. */
    static ServiceDefinition of(Service service) {
        byte[] externalName = null;
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            String target = service.externalName()
                    .orElseThrow(() -> new PodnetException.Invalid(
                            "service " + service.id() + " is ExternalName and names nothing; give it externalName"));
            externalName = WireName.asIs(target);
        }
        List<PortRecords> ports = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            ports.add(PortRecords.virtual(portName(port.name(), port.protocol()), port.port()));
        }
        return new ServiceDefinition(
                externalName,
                externalName == null && service.clusterIps().isEmpty(),
                service.publishNotReadyAddresses(),
                packed(service.clusterIps(), 4),
                packed(service.clusterIps(), 16),
                service.clusterIps().isEmpty() ? List.of() : List.copyOf(ports));
    }

    /** The two labels of a port that has a name. */
    static byte @Nullable [] portName(String name, Protocol protocol) {
        return name.isEmpty()
                ? null
                : WireName.labels("_" + name, "_" + protocol.name().toLowerCase(Locale.ROOT));
    }

    static byte[] packed(List<IpAddress> addresses, int family) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (IpAddress address : addresses) {
            if (address.family().bits() == 8 * family) {
                packed.writeBytes(address.toBytes());
            }
        }
        return octets(packed);
    }

    /** Most services have no address of one family; ten thousand empty arrays would be of use to nobody. */
    static byte[] octets(ByteArrayOutputStream collected) {
        return collected.size() == 0 ? NOTHING : collected.toByteArray();
    }

    /** The service's records with these slices; null where its name does not exist. */
    @Nullable
    ServiceRecords records(ServiceKey key, List<SliceRecords> slices) {
        if (externalName != null) {
            return ServiceRecords.external(key, externalName);
        }
        return headless ? HeadlessRecords.of(key, slices, publishNotReady) : ServiceRecords.virtual(key, v4, v6, ports);
    }
}
