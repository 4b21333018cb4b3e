package io.podnet.api;

/** How many families a service has: Kubernetes' {@code ipFamilyPolicy}. */
@API(status = API.Status.STABLE, since = "0.1")
public enum IpFamilyPolicy {
    /** One: the first of those asked for, or the cluster's first. */
    SINGLE_STACK("SingleStack"),
    /** Both where the cluster has both, else the one it has. */
    PREFER_DUAL_STACK("PreferDualStack"),
    /** Both; refused where the cluster has one only. */
    REQUIRE_DUAL_STACK("RequireDualStack");

    private final String text;

    IpFamilyPolicy(String text) {
        this.text = text;
    }

    /**
     * Gives Kubernetes' spelling.
     *
     * @return {@code SingleStack}, {@code PreferDualStack} or {@code RequireDualStack}
     */
    public String text() {
        return text;
    }

    /**
     * Finds a policy.
     *
     * @param text Kubernetes' spelling
     * @return the policy
     * @throws PodnetException.Invalid where it is none
     */
    public static IpFamilyPolicy parse(String text) {
        for (IpFamilyPolicy policy : values()) {
            if (policy.text.equals(text)) {
                return policy;
            }
        }
        throw new PodnetException.Invalid(
                "'" + text + "' is not one of SingleStack, PreferDualStack, RequireDualStack");
    }
}
