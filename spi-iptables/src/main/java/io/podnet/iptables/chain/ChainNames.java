package io.podnet.iptables.chain;

import io.podnet.services.Backend;
import io.podnet.services.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Names chains as kube-proxy does (pkg/proxy/iptables/proxier.go, portProtoHash and servicePortEndpointChainName): a
 * prefix and the first 16 characters of the base32 of a SHA-256, 28 characters at most, which is the kernel's limit.
 * For one thread at a time.
 */
public final class ChainNames {
    /** Cluster policy: to all endpoints. */
    public static final String SVC = "KUBE-SVC-";
    /** Local policy: to local endpoints. */
    public static final String SVL = "KUBE-SVL-";
    /** From outside. */
    public static final String EXT = "KUBE-EXT-";
    /** Source ranges. */
    public static final String FW = "KUBE-FW-";
    /** One endpoint. */
    public static final String SEP = "KUBE-SEP-";

    private static final byte[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_LENGTH = 16;
    private static final byte[] SEP_BYTES = SEP.getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> PREFIXES = Set.of(SVC, SVL, EXT, FW, SEP);

    private final MessageDigest digest;
    private final byte[] endpointName = Arrays.copyOf(SEP_BYTES, SEP_BYTES.length + HASH_LENGTH);

    /** Prepares names. */
    public ChainNames() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Hashes a service port.
     *
     * @param name the service port
     * @return what follows the prefix of its chains
     */
    public String hash(ServicePortName name) {
        byte[] out = new byte[HASH_LENGTH];
        hash(text(name), "", out, 0);
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /**
     * Names the chains of a service port's endpoints.
     *
     * @param name the service port
     * @param backends its endpoints
     * @return a name for each, in the same order
     */
    public String[] endpointChains(ServicePortName name, List<Backend> backends) {
        byte[] text = text(name);
        String[] chains = new String[backends.size()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = endpointChain(text, backends.get(i));
        }
        return chains;
    }

    private String endpointChain(byte[] text, Backend backend) {
        hash(text, backend.toString(), endpointName, SEP_BYTES.length);
        return new String(endpointName, StandardCharsets.ISO_8859_1);
    }

    /**
     * Names the chain of an endpoint of a service port.
     *
     * @param name the service port
     * @param backend the endpoint
     * @return the chain's name
     */
    public String endpointChain(ServicePortName name, Backend backend) {
        return endpointChain(text(name), backend);
    }

    private static byte[] text(ServicePortName name) {
        return (name + protocol(name)).getBytes(StandardCharsets.UTF_8);
    }

    private void hash(byte[] text, String more, byte[] out, int from) {
        digest.update(text);
        byte[] hashed = digest.digest(more.getBytes(StandardCharsets.US_ASCII));
        // 16 characters of 5 bits are 10 bytes.
        for (int i = 0; i < HASH_LENGTH; i++) {
            int bit = i * 5;
            int pair = (hashed[bit / 8] & 0xff) << 8 | (hashed[bit / 8 + 1] & 0xff);
            out[from + i] = BASE32[pair >>> (11 - bit % 8) & 31];
        }
    }

    /** The protocol as it is written in rules. */
    static String protocol(ServicePortName name) {
        return switch (name.protocol()) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case SCTP -> "sctp";
        };
    }

    /**
     * Tells whether a chain of the nat table belongs to a service.
     *
     * @param chain a chain's name
     * @return true with one of the prefixes
     */
    public static boolean isServiceChain(String chain) {
        return chain.startsWith("KUBE-") && PREFIXES.stream().anyMatch(chain::startsWith);
    }
}
