package io.podnet.cluster;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Where the services' entries are. Names that may be longer than a key are digested; their entries name them in full. */
final class ClusterKeys {
    /** Above all that a node must know to carry services. */
    static final StoreKey SERVICES = StoreKey.of("services");

    /** Above the services themselves. */
    static final StoreKey SERVICE = SERVICES.child("service");

    /** Above the slices that somebody made by hand. */
    static final StoreKey SLICE = SERVICES.child("slice");

    /** Above the slices that nodes make of their pods, by node. */
    static final StoreKey ENDPOINTS = SERVICES.child("endpoints");

    /** Above the pods, by node: only names need them. */
    static final StoreKey PODS = StoreKey.of("pods");

    /** Above who holds which cluster IP. */
    static final StoreKey CLUSTER_IPS = StoreKey.of("allocations", "cluster-ip");

    /** Above who holds which number on the nodes. */
    static final StoreKey NODE_PORTS = StoreKey.of("allocations", "node-port");

    private static final int DIGEST_BYTES = 16;

    private ClusterKeys() {}

    static StoreKey service(ServiceId id) {
        return SERVICE.child(id.namespace()).child(id.name());
    }

    static StoreKey slice(SliceId id) {
        return SLICE.child(digest(id));
    }

    static StoreKey endpoints(String node, SliceId id) {
        return ENDPOINTS.child(node).child(digest(id));
    }

    static StoreKey pod(String node, PodId id) {
        return PODS.child(node).child(digest(id.namespace() + "/" + id.name()));
    }

    static StoreKey clusterIp(IpAddress ip) {
        return CLUSTER_IPS.child(StoreKey.segmentOf(new Cidr(ip, ip.family().bits())));
    }

    static StoreKey nodePort(int number) {
        return NODE_PORTS.child(Integer.toString(number));
    }

    /** The node of a key below {@link #ENDPOINTS} or {@link #PODS}. */
    static String nodeOf(StoreKey key, StoreKey parent) {
        String rest = key.path().substring(parent.path().length() + 1);
        return rest.substring(0, rest.indexOf('/'));
    }

    private static String digest(SliceId id) {
        return digest(id.service().namespace() + "/" + id.service().name() + "/" + id.name());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
