package io.podnet.cni.spec;

/**
 * The capability {@code bandwidth}; seen from the container as in Kubernetes' annotations.
 *
 * @param ingressRate what the container receives, bits per second; 0 for no limit
 * @param ingressBurst what it may receive at once, bits
 * @param egressRate what the container sends, bits per second; 0 for no limit
 * @param egressBurst what it may send at once, bits
 */
public record BandwidthLimits(long ingressRate, long ingressBurst, long egressRate, long egressBurst) {
    /** No limit. */
    public static final BandwidthLimits NONE = new BandwidthLimits(0, 0, 0, 0);

    /**
     * Reads the limits.
     *
     * @param json the object, of {@code runtimeConfig.bandwidth} or of a plugin's own configuration
     * @return the limits
     * @throws CniException with code 7 where a field is no whole number, or negative
     */
    public static BandwidthLimits read(JsonObject json) {
        return new BandwidthLimits(
                limit(json, "ingressRate"),
                limit(json, "ingressBurst"),
                limit(json, "egressRate"),
                limit(json, "egressBurst"));
    }

    private static long limit(JsonObject json, String name) {
        long value = json.number(name, 0);
        if (value < 0) {
            throw new CniException(CniError.INVALID_CONFIGURATION, name + " is " + value, "it is bits, 0 for no limit");
        }
        return value;
    }

    /**
     * Writes the limits.
     *
     * @return the object, without directions that have none
     */
    public JsonObject toJson() {
        var json = JsonObject.newNode();
        if (ingressRate > 0) {
            json.put("ingressRate", ingressRate).put("ingressBurst", ingressBurst);
        }
        if (egressRate > 0) {
            json.put("egressRate", egressRate).put("egressBurst", egressBurst);
        }
        return JsonObject.of(json);
    }
}
