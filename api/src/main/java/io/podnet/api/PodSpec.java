package io.podnet.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the network needs to know of a pod: the part of a Kubernetes {@code v1/Pod} that is not about containers.
 *
 * @param id namespace and name
 * @param uid the pod's uid in its orchestrator, empty where there is none
 * @param labels labels, which services select by
 * @param annotations annotations; Podnet reads those of {@link Bandwidth}
 * @param hostname the host name inside; empty for the pod's name
 * @param subdomain the headless service's name that gives the pod a domain name; empty for none
 * @param containerPorts ports that the pod says it serves, which services find by name
 * @param hostPorts ports of the node that lead to the pod
 * @param requestedIps addresses that the pod must get, at most one of a family; empty for any
 * @param dnsPolicy where resolv.conf comes from
 * @param dnsConfig what the pod adds to resolv.conf
 * @param hostAliases what the pod adds to /etc/hosts
 * @param setHostnameAsFqdn whether the kernel's host name is the pod's domain name; without a subdomain it means nothing
 */
@API(status = API.Status.STABLE, since = "0.1")
public record PodSpec(
        PodId id,
        Optional<String> uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<String> hostname,
        Optional<String> subdomain,
        List<ContainerPort> containerPorts,
        List<HostPort> hostPorts,
        List<IpAddress> requestedIps,
        DnsPolicy dnsPolicy,
        DnsConfig dnsConfig,
        List<HostAlias> hostAliases,
        boolean setHostnameAsFqdn) {

    // Linux __NEW_UTS_LEN; Kubernetes cuts a longer pod name for the host name.
    private static final int HOSTNAME_MAX = 63;

    public PodSpec {
        Objects.requireNonNull(id, "id");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        containerPorts = List.copyOf(containerPorts);
        hostPorts = List.copyOf(hostPorts);
        requestedIps = List.copyOf(requestedIps);
        hostAliases = List.copyOf(hostAliases);
        hostname.ifPresent(name -> Names.dnsLabel("hostname", name));
        subdomain.ifPresent(name -> Names.dnsLabel("subdomain", name));
        Bandwidth.fromAnnotations(annotations);
        requireDistinct(hostPorts);
        if (requestedIps.stream().map(IpAddress::family).distinct().count() != requestedIps.size()) {
            throw new PodnetException.Invalid("pod " + id + " requests two addresses of one family: " + requestedIps);
        }
    }

    /**
     * Makes a specification whose kernel's host name is the short one.
     *
     * @param id namespace and name
     * @param uid the pod's uid in its orchestrator, empty where there is none
     * @param labels labels
     * @param annotations annotations
     * @param hostname the host name inside; empty for the pod's name
     * @param subdomain the headless service's name; empty for none
     * @param containerPorts ports that the pod says it serves
     * @param hostPorts ports of the node that lead to the pod
     * @param requestedIps addresses that the pod must get, at most one of a family; empty for any
     * @param dnsPolicy where resolv.conf comes from
     * @param dnsConfig what the pod adds to resolv.conf
     * @param hostAliases what the pod adds to /etc/hosts
     */
    public PodSpec(
            PodId id,
            Optional<String> uid,
            Map<String, String> labels,
            Map<String, String> annotations,
            Optional<String> hostname,
            Optional<String> subdomain,
            List<ContainerPort> containerPorts,
            List<HostPort> hostPorts,
            List<IpAddress> requestedIps,
            DnsPolicy dnsPolicy,
            DnsConfig dnsConfig,
            List<HostAlias> hostAliases) {
        this(
                id,
                uid,
                labels,
                annotations,
                hostname,
                subdomain,
                containerPorts,
                hostPorts,
                requestedIps,
                dnsPolicy,
                dnsConfig,
                hostAliases,
                false);
    }

    private static void requireDistinct(List<HostPort> hostPorts) {
        for (int i = 0; i < hostPorts.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (hostPorts.get(i).conflictsWith(hostPorts.get(j))) {
                    throw new PodnetException.Invalid(
                            "host ports " + hostPorts.get(j) + " and " + hostPorts.get(i) + " conflict");
                }
            }
        }
    }

    /**
     * Starts a specification.
     *
     * @param namespace the Kubernetes namespace
     * @param name the pod's name
     * @return a builder with nothing else set
     * @throws PodnetException.Invalid where a name breaks Kubernetes' grammar
     */
    public static Builder of(String namespace, String name) {
        return new Builder(new PodId(namespace, name));
    }

    /**
     * Gives the short host name.
     *
     * @return {@link #hostname()}, else the pod's name cut to 63 characters without a trailing '-' or '.', as kubelet
     *     does
     */
    public String effectiveHostname() {
        String name = hostname.orElse(id.name());
        return name.length() <= HOSTNAME_MAX
                ? name
                : name.substring(0, HOSTNAME_MAX).replaceAll("[-.]+$", "");
    }

    /**
     * Gives the pod's domain name, as kubelet makes it (Kubernetes {@code pkg/kubelet/kubelet_pods.go},
     * GeneratePodHostNameAndDomain).
     *
     * @param clusterDomain the cluster's domain
     * @return the name without a trailing dot; empty where the pod has no subdomain
     */
    public Optional<String> fqdn(String clusterDomain) {
        return subdomain.map(sub -> effectiveHostname() + "." + sub + "." + id.namespace() + ".svc." + clusterDomain);
    }

    /**
     * Gives the host name that the pod's kernel has: uname(2)'s {@code nodename}.
     *
     * @param clusterDomain the cluster's domain
     * @return the pod's domain name where {@link #setHostnameAsFqdn} wants it and there is one, else {@link
     *     #effectiveHostname}
     */
    public String nodename(String clusterDomain) {
        String shortName = effectiveHostname();
        return setHostnameAsFqdn ? fqdn(clusterDomain).orElse(shortName) : shortName;
    }

    /**
     * Gives the limits that the annotations ask for.
     *
     * @return the limits
     */
    public Bandwidth bandwidth() {
        return Bandwidth.fromAnnotations(annotations);
    }

    /**
     * Gives this specification with other annotations.
     *
     * @param others all annotations of the copy
     * @return a copy
     */
    public PodSpec withAnnotations(Map<String, String> others) {
        return new PodSpec(
                id,
                uid,
                labels,
                others,
                hostname,
                subdomain,
                containerPorts,
                hostPorts,
                requestedIps,
                dnsPolicy,
                dnsConfig,
                hostAliases,
                setHostnameAsFqdn);
    }

    /** Collects a {@link PodSpec}. Not thread-safe. */
    public static final class Builder {
        private final PodId id;
        private Optional<String> uid = Optional.empty();
        private final Map<String, String> labels = new TreeMap<>();
        private final Map<String, String> annotations = new TreeMap<>();
        private Optional<String> hostname = Optional.empty();
        private Optional<String> subdomain = Optional.empty();
        private final List<ContainerPort> containerPorts = new ArrayList<>();
        private final List<HostPort> hostPorts = new ArrayList<>();
        private final List<IpAddress> requestedIps = new ArrayList<>();
        private DnsPolicy dnsPolicy = DnsPolicy.CLUSTER_FIRST;
        private DnsConfig dnsConfig = DnsConfig.EMPTY;
        private final List<HostAlias> hostAliases = new ArrayList<>();
        private boolean setHostnameAsFqdn;

        private Builder(PodId id) {
            this.id = id;
        }

        /**
         * Sets the orchestrator's uid.
         *
         * @param value the uid
         * @return this builder
         */
        public Builder uid(String value) {
            this.uid = Optional.of(value);
            return this;
        }

        /**
         * Adds a label.
         *
         * @param key key
         * @param value value
         * @return this builder
         */
        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /**
         * Adds an annotation.
         *
         * @param key key
         * @param value value
         * @return this builder
         */
        public Builder annotation(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        /**
         * Sets the host name.
         *
         * @param value an RFC 1123 label
         * @return this builder
         */
        public Builder hostname(String value) {
            this.hostname = Optional.of(value);
            return this;
        }

        /**
         * Sets the subdomain.
         *
         * @param value an RFC 1123 label
         * @return this builder
         */
        public Builder subdomain(String value) {
            this.subdomain = Optional.of(value);
            return this;
        }

        /**
         * Adds a port that the pod says it serves. Nothing is opened or closed by it.
         *
         * @param name what a service's {@code targetPort} may call it; empty for none
         * @param port port in the pod
         * @param protocol the protocol
         * @return this builder
         */
        public Builder containerPort(String name, int port, Protocol protocol) {
            containerPorts.add(new ContainerPort(name, port, protocol));
            return this;
        }

        /**
         * Adds a host port on all addresses of the node.
         *
         * @param port port on the node
         * @param containerPort port in the pod
         * @param protocol the protocol
         * @return this builder
         */
        public Builder hostPort(int port, int containerPort, Protocol protocol) {
            return hostPort(new HostPort(Optional.empty(), port, containerPort, protocol));
        }

        /**
         * Adds a host port.
         *
         * @param hostPort the mapping
         * @return this builder
         */
        public Builder hostPort(HostPort hostPort) {
            hostPorts.add(hostPort);
            return this;
        }

        /**
         * Asks for an address.
         *
         * @param ip an address in the node's pod CIDRs
         * @return this builder
         */
        public Builder requestedIp(IpAddress ip) {
            requestedIps.add(ip);
            return this;
        }

        /**
         * Sets the DNS policy.
         *
         * @param policy the policy; {@link DnsPolicy#CLUSTER_FIRST} where this is not called
         * @return this builder
         */
        public Builder dnsPolicy(DnsPolicy policy) {
            this.dnsPolicy = policy;
            return this;
        }

        /**
         * Sets what the pod adds to resolv.conf.
         *
         * @param config the additions
         * @return this builder
         */
        public Builder dnsConfig(DnsConfig config) {
            this.dnsConfig = config;
            return this;
        }

        /**
         * Adds names for an address.
         *
         * @param alias the line
         * @return this builder
         */
        public Builder hostAlias(HostAlias alias) {
            hostAliases.add(alias);
            return this;
        }

        /**
         * Sets whether the kernel's host name is the pod's domain name. A pod with a subdomain whose domain name has more
         * than 64 characters cannot be set up then.
         *
         * @param value whether it is; false where this is not called
         * @return this builder
         */
        public Builder setHostnameAsFqdn(boolean value) {
            this.setHostnameAsFqdn = value;
            return this;
        }

        /**
         * Makes the specification.
         *
         * @return an immutable specification
         * @throws PodnetException.Invalid where parts contradict each other or an annotation is no quantity
         */
        public PodSpec build() {
            return new PodSpec(
                    id,
                    uid,
                    labels,
                    annotations,
                    hostname,
                    subdomain,
                    containerPorts,
                    hostPorts,
                    requestedIps,
                    dnsPolicy,
                    dnsConfig,
                    hostAliases,
                    setHostnameAsFqdn);
        }
    }
}
