package io.podnet.dns;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.dns.answer.ServerSettings;
import io.podnet.dns.index.PodNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The resolver's settings.
 *
 * @param pods option {@code pods}: which names of pods by address exist, {@code verified} by default
 * @param ttl option {@code ttl}: seconds that answers may be kept, 0 to 3600, 5 by default
 * @param podAddress option {@code podAddress}: where the server listens inside a pod, {@code 127.0.0.10} by default
 * @param listen option {@code listen}: addresses of the node to listen on too, apart by commas; none by default
 * @param port option {@code port}: the port on the node, 53 by default; inside pods it is always 53
 * @param threads option {@code threads}: event loops, 1 to 64; as many as processors, but no more than 4, by default
 * @param payloadSize option {@code payloadSize}: the most octets of a datagram, 512 to 4096, 1232 by default
 * @param withheldNamespaces option {@code withheldNamespaces}: namespaces whose services get no names, {@code svc,pod} by
 *     default
 * @param forwarding options whose names begin with {@code forward.} or {@code stub.}, for what answers other names
 */
record DnsOptions(
        PodNames pods,
        int ttl,
        IpAddress podAddress,
        List<IpAddress> listen,
        int port,
        int threads,
        int payloadSize,
        Set<String> withheldNamespaces,
        Map<String, String> forwarding) {
    private static final Set<String> NAMES =
            Set.of("pods", "ttl", "podAddress", "listen", "port", "threads", "payloadSize", "withheldNamespaces");
    private static final int MOST_THREADS = 64;
    private static final int THREADS = 4;

    DnsOptions {
        Objects.requireNonNull(pods, "pods");
        Objects.requireNonNull(podAddress, "podAddress");
        listen = List.copyOf(listen);
        withheldNamespaces = Set.copyOf(withheldNamespaces);
        forwarding = Map.copyOf(forwarding);
    }

    /** Reads options by name; unknown ones and wrong values are {@link PodnetException.Invalid}. */
    static DnsOptions of(Map<String, String> options) {
        Map<String, String> forwarding = new TreeMap<>(options);
        forwarding.keySet().removeIf(name -> !name.startsWith("forward.") && !name.startsWith("stub."));
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(NAMES);
        unknown.removeAll(forwarding.keySet());
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid("the resolver 'dns' has no option " + unknown + "; it has "
                    + new TreeSet<>(NAMES) + ", and forward.* and stub.DOMAIN");
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return new DnsOptions(
                PodNames.parse(options.getOrDefault("pods", "verified")),
                number(options, "ttl", 5, 0, 3600),
                IpAddress.parse(options.getOrDefault("podAddress", "127.0.0.10")),
                words(options.getOrDefault("listen", "")).stream()
                        .map(IpAddress::parse)
                        .toList(),
                number(options, "port", 53, 1, 65535),
                number(options, "threads", Math.min(processors, THREADS), 1, MOST_THREADS),
                number(options, "payloadSize", ServerSettings.PAYLOAD_SIZE, 512, 4096),
                Set.copyOf(words(options.getOrDefault("withheldNamespaces", "svc,pod"))),
                forwarding);
    }

    private static int number(Map<String, String> options, String name, int otherwise, int least, int most) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new PodnetException.Invalid(
                    "option " + name + " '" + text + "' is not a number of " + least + ".." + most);
        }
        return Integer.parseInt(text);
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Where pods and others reach the server, for the name server's own name. */
    List<IpAddress> addresses() {
        List<IpAddress> named =
                listen.stream().filter(address -> !address.isUnspecified()).toList();
        return named.isEmpty() ? List.of(podAddress) : named;
    }
}
