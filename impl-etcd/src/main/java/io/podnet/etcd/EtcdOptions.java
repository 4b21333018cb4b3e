package io.podnet.etcd;

import io.podnet.api.PodnetException;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of the store {@code etcd}.
 *
 * @param endpoints where etcd listens
 * @param timeout how long a call may take
 * @param probe how often an idle watch asks whether etcd is still there
 */
record EtcdOptions(List<URI> endpoints, Duration timeout, Duration probe) {
    private static final String ENDPOINTS = "endpoints";
    private static final String TIMEOUT = "timeout";
    private static final String PROBE = "probe";
    private static final Set<String> NAMES = Set.of(ENDPOINTS, TIMEOUT, PROBE);

    static EtcdOptions of(Map<String, String> texts) {
        for (String name : texts.keySet()) {
            if (!NAMES.contains(name)) {
                throw new PodnetException.Invalid(
                        "the store 'etcd' has no option '" + name + "', only endpoints, timeout and probe");
            }
        }
        String endpoints = texts.get(ENDPOINTS);
        if (endpoints == null) {
            throw new PodnetException.Invalid(
                    "the store 'etcd' needs the option endpoints, for example http://192.0.2.1:2379,http://192.0.2.2:2379");
        }
        return new EtcdOptions(
                Arrays.stream(endpoints.split(",", -1))
                        .map(text -> endpoint(text.strip()))
                        .toList(),
                duration(texts, TIMEOUT, "PT5S"),
                duration(texts, PROBE, "PT2S"));
    }

    private static URI endpoint(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new PodnetException.Invalid("etcd endpoint '" + text + "' is no URI", e);
        }
        boolean valid = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() > 0
                && uri.getRawPath().isEmpty()
                && uri.getRawQuery() == null
                && uri.getRawUserInfo() == null;
        if (!valid) {
            throw new PodnetException.Invalid(
                    "etcd endpoint '" + text + "' is not of the form http://HOST:PORT or https://HOST:PORT");
        }
        return uri;
    }

    private static Duration duration(Map<String, String> texts, String name, String otherwise) {
        String text = texts.getOrDefault(name, otherwise);
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new PodnetException.Invalid(
                    name + " '" + text + "' is not an ISO-8601 duration such as " + otherwise, e);
        }
        if (duration.toMillis() < 100 || duration.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new PodnetException.Invalid(name + " " + text + " is not in PT0.1S..PT1M");
        }
        return duration;
    }
}
