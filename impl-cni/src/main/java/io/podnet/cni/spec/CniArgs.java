package io.podnet.cni.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code CNI_ARGS}: what the runtime says beside the configuration, as {@code KEY=VALUE;KEY=VALUE}.
 *
 * @param values the values by key, in order
 */
public record CniArgs(Map<String, String> values) {
    /** No arguments. */
    public static final CniArgs NONE = new CniArgs(Map.of());

    /** The key by which a runtime says that plugins may ignore keys they do not know. */
    public static final String IGNORE_UNKNOWN = "IgnoreUnknown";

    /** The key of the pod's Kubernetes namespace. */
    public static final String POD_NAMESPACE = "K8S_POD_NAMESPACE";

    /** The key of the pod's name. */
    public static final String POD_NAME = "K8S_POD_NAME";

    /** The key of the sandbox's id. */
    public static final String INFRA_CONTAINER_ID = "K8S_POD_INFRA_CONTAINER_ID";

    /** The key of the pod's UID. */
    public static final String POD_UID = "K8S_POD_UID";

    public CniArgs {
        values.forEach(CniArgs::check);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || !isPlain(key) || !isPlain(value)) {
            throw new CniException(
                    CniError.INVALID_ENVIRONMENT,
                    "CNI_ARGS has the pair '" + CniNames.shown(key + "=" + value) + "'",
                    "a pair is KEY=VALUE, with a key, without ';', a second '=' and control characters");
        }
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(c -> c == ';' || c == '=' || Character.isISOControl(c));
    }

    /**
     * Reads the variable.
     *
     * @param text pairs joined by {@code ;}; empty for none
     * @return the arguments; of a key that comes twice the last value
     * @throws CniException with code 4 where a pair is none
     */
    public static CniArgs parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    check("", pair);
                }
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new CniArgs(values);
    }

    /**
     * Gives a value.
     *
     * @param key the key; capitals count
     * @return its value; empty where there is none, or where it is empty
     */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /**
     * Gives the pod's Kubernetes namespace. A runtime says what it likes: to be checked before it is more than a text.
     *
     * @return {@code K8S_POD_NAMESPACE}
     */
    public Optional<String> podNamespace() {
        return get(POD_NAMESPACE);
    }

    /**
     * Gives the pod's name. A runtime says what it likes: to be checked before it is more than a text.
     *
     * @return {@code K8S_POD_NAME}
     */
    public Optional<String> podName() {
        return get(POD_NAME);
    }

    /**
     * Gives the pod's UID.
     *
     * @return {@code K8S_POD_UID}
     */
    public Optional<String> podUid() {
        return get(POD_UID);
    }

    /**
     * Gives the addresses that the runtime asks for.
     *
     * @return {@code IP}
     */
    public Optional<String> ip() {
        return get("IP");
    }

    /**
     * Gives the MAC address that the runtime asks for.
     *
     * @return {@code MAC}
     */
    public Optional<String> mac() {
        return get("MAC");
    }

    /**
     * Tells whether unknown keys are to be ignored.
     *
     * @return true for {@code IgnoreUnknown} of {@code 1} or {@code true}
     */
    public boolean ignoresUnknown() {
        return get(IGNORE_UNKNOWN)
                .filter(value -> value.equals("1") || value.equalsIgnoreCase("true"))
                .isPresent();
    }

    /**
     * Writes the variable.
     *
     * @return pairs joined by {@code ;}
     */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining(";"));
    }
}
