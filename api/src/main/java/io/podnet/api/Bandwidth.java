package io.podnet.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A pod's limits, from the annotations {@code kubernetes.io/ingress-bandwidth} and {@code
 * kubernetes.io/egress-bandwidth}. Source: Kubernetes {@code pkg/util/bandwidth/utils.go}, which takes quantities from
 * 1k to 1P.
 *
 * @param ingressBitsPerSecond limit of what the pod receives, in bits per second; empty for no limit
 * @param egressBitsPerSecond limit of what the pod sends, in bits per second; empty for no limit
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Bandwidth(OptionalLong ingressBitsPerSecond, OptionalLong egressBitsPerSecond) {
    /** The annotation for what the pod receives. */
    public static final String INGRESS_ANNOTATION = "kubernetes.io/ingress-bandwidth";

    /** The annotation for what the pod sends. */
    public static final String EGRESS_ANNOTATION = "kubernetes.io/egress-bandwidth";

    /** No limit in either direction. */
    public static final Bandwidth UNLIMITED = new Bandwidth(OptionalLong.empty(), OptionalLong.empty());

    private static final long MIN = 1_000L;
    private static final long MAX = 1_000_000_000_000_000L;
    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.valueOf(1_000L)),
            Map.entry("M", BigDecimal.valueOf(1_000_000L)),
            Map.entry("G", BigDecimal.valueOf(1_000_000_000L)),
            Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
            Map.entry("P", BigDecimal.valueOf(MAX)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)));

    /**
     * Reads the two annotations.
     *
     * @param annotations a pod's annotations
     * @return the limits; {@link #UNLIMITED} where there are none
     * @throws PodnetException.Invalid where a value is no quantity between 1k and 1P
     */
    public static Bandwidth fromAnnotations(Map<String, String> annotations) {
        return new Bandwidth(
                parse(INGRESS_ANNOTATION, annotations.get(INGRESS_ANNOTATION)),
                parse(EGRESS_ANNOTATION, annotations.get(EGRESS_ANNOTATION)));
    }

    private static OptionalLong parse(String annotation, @Nullable String quantity) {
        if (quantity == null) {
            return OptionalLong.empty();
        }
        if (!quantity.matches("[0-9]{1,18}(\\.[0-9]{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE][0-9]{1,2})?")) {
            throw new PodnetException.Invalid("annotation " + annotation + ": '" + quantity
                    + "' is not a Kubernetes quantity; write it like 10M (bits per second)");
        }
        BigDecimal value;
        if (quantity.matches(".*[eE][0-9]+")) {
            value = new BigDecimal(quantity);
        } else {
            String number = quantity.replaceAll("[a-zA-Z]+$", "");
            BigDecimal factor = SUFFIXES.getOrDefault(quantity.substring(number.length()), BigDecimal.ONE);
            value = new BigDecimal(number).multiply(factor);
        }
        if (value.compareTo(BigDecimal.valueOf(MIN)) < 0 || value.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            throw new PodnetException.Invalid(
                    "annotation " + annotation + ": " + quantity + " is not between 1k and 1P bits per second");
        }
        return OptionalLong.of(value.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    /**
     * Tells whether there is any limit.
     *
     * @return true where at least one direction is limited
     */
    public boolean isLimited() {
        return ingressBitsPerSecond.isPresent() || egressBitsPerSecond.isPresent();
    }
}
