package io.podnet.iptables.chain;

import io.podnet.services.Backend;
import io.podnet.services.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
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

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int HASH_LENGTH = 16;
    private static final Set<String> PREFIXES = Set.of(SVC, SVL, EXT, FW, SEP);

    private final MessageDigest digest;

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
        return hash(name + protocol(name));
    }

    /**
     * Hashes an endpoint of a service port.
     *
     * @param name the service port
     * @param backend the endpoint
     * @return what follows the prefix of its chain
     */
    public String hash(ServicePortName name, Backend backend) {
        return hash(name + protocol(name) + backend);
    }

    private String hash(String text) {
        byte[] hashed = digest.digest(text.getBytes(StandardCharsets.UTF_8));
        char[] out = new char[HASH_LENGTH];
        // 16 characters of 5 bits are 10 bytes.
        for (int i = 0; i < HASH_LENGTH; i++) {
            int bit = i * 5;
            int pair = (hashed[bit / 8] & 0xff) << 8 | (hashed[bit / 8 + 1] & 0xff);
            out[i] = BASE32.charAt(pair >>> (11 - bit % 8) & 31);
        }
        return new String(out);
    }

    /** The protocol as it is written in rules. */
    static String protocol(ServicePortName name) {
        return name.protocol().name().toLowerCase(Locale.ROOT);
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
