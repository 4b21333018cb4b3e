package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.List;

/**
 * A key of a {@link ClusterStore}: segments of a tree's path, each an RFC 1123 subdomain. It maps to one such name
 * reversibly, so that a store whose objects are named after DNS (Kubernetes) can hold it.
 *
 * @param path the segments from the root down, with slashes between them
 */
@API(status = API.Status.STABLE, since = "0.1")
public record StoreKey(String path) implements Comparable<StoreKey> {
    private static final int MAX_NAME = 253;

    public StoreKey {
        for (String segment : path.split("/", -1)) {
            Names.dnsSubdomain("segment of a store key", segment);
        }
        if (dnsName(path).length() > MAX_NAME) {
            throw new PodnetException.Invalid(
                    "store key '" + path + "' is too long: its DNS name has more than " + MAX_NAME + " characters");
        }
    }

    /**
     * Makes a key.
     *
     * @param segments from the root down, at least one
     * @return the key
     * @throws PodnetException.Invalid where a segment is no RFC 1123 subdomain
     */
    public static StoreKey of(String... segments) {
        for (String segment : segments) {
            Names.dnsSubdomain("segment of a store key", segment);
        }
        return new StoreKey(String.join("/", segments));
    }

    /**
     * Goes one down.
     *
     * @param segment the new last segment
     * @return the longer key
     */
    public StoreKey child(String segment) {
        return new StoreKey(path + "/" + Names.dnsSubdomain("segment of a store key", segment));
    }

    /**
     * Gives the last segment.
     *
     * @return the name below the parent
     */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Tells whether this key is strictly below another.
     *
     * @param parent the other
     * @return false for the same key
     */
    public boolean isBelow(StoreKey parent) {
        return path.length() > parent.path.length()
                && path.startsWith(parent.path)
                && path.charAt(parent.path.length()) == '/';
    }

    /**
     * Writes the key as one RFC 1123 subdomain: a hyphen becomes {@code -h}, the step to the next segment {@code -s}. This
     * can never change: names made with it are in stores.
     *
     * @return at most 253 characters
     */
    public String toDnsName() {
        return dnsName(path);
    }

    private static String dnsName(String path) {
        return path.replace("-", "-h").replace("/", "-s");
    }

    /**
     * Reads what {@link #toDnsName} wrote.
     *
     * @param name the name
     * @return the key
     * @throws PodnetException.Invalid where no key has that name
     */
    public static StoreKey ofDnsName(String name) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '-') {
                path.append(c == '/' ? '?' : c);
            } else {
                i++;
                char escape = i < name.length() ? name.charAt(i) : '?';
                path.append(escape == 'h' ? '-' : escape == 's' ? '/' : '?');
            }
        }
        return new StoreKey(path.toString());
    }

    /**
     * Writes a network as a segment, for example {@code 10-244-1-0-26}; IPv6 with all eight groups. This can never change.
     *
     * @param cidr the network
     * @return a DNS label
     */
    public static String segmentOf(Cidr cidr) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = cidr.network().toBytes();
        if (cidr.family() == IpFamily.IPV4) {
            for (byte part : bytes) {
                text.append(part & 0xff).append('-');
            }
        } else {
            for (int i = 0; i < bytes.length; i += 2) {
                text.append(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)))
                        .append('-');
            }
        }
        return text.append(cidr.prefixLength()).toString();
    }

    /**
     * Reads what {@link #segmentOf} wrote.
     *
     * @param segment the segment
     * @return the network
     * @throws PodnetException.Invalid where it is none
     */
    public static Cidr cidrOf(String segment) {
        String[] parts = segment.split("-", -1);
        if (parts.length != 5 && parts.length != 9) {
            throw new PodnetException.Invalid("'" + segment + "' names no network");
        }
        String separator = parts.length == 5 ? "." : ":";
        String address = String.join(separator, List.of(parts).subList(0, parts.length - 1));
        Cidr cidr = InterfaceAddress.parse(IpAddress.parse(address) + "/" + parts[parts.length - 1])
                .cidr();
        if (!segmentOf(cidr).equals(segment)) {
            throw new PodnetException.Invalid("'" + segment + "' names no network, '" + segmentOf(cidr) + "' would");
        }
        return cidr;
    }

    @Override
    public int compareTo(StoreKey other) {
        return path.compareTo(other.path);
    }

    /**
     * Writes the key.
     *
     * @return the path
     */
    @Override
    public String toString() {
        return path;
    }
}
