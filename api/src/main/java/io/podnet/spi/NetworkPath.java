package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Condition;
import io.podnet.api.IpFamily;
import java.util.Objects;

/**
 * How pods of another node are reached.
 *
 * @param node the other node's name
 * @param family the pods' family
 * @param way what is done with packets, in the plugin's own word, for example {@code vxlan} or {@code host-gw}; or none where
 *     there is no way
 * @param device the link that packets leave by; empty where there is no way
 * @param mtu bytes of the largest packet of a pod that the way takes; 0 where there is none
 * @param condition whether it works, as far as is known
 */
@API(status = API.Status.STABLE, since = "0.1")
public record NetworkPath(String node, IpFamily family, String way, String device, int mtu, Condition condition) {
    public NetworkPath {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(way, "way");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(condition, "condition");
    }
}
