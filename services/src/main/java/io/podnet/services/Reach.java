package io.podnet.services;

/** What happens to traffic that arrives at a service port: kube-proxy's decision between chains and refusal. */
public enum Reach {
    /** It is sent to an endpoint. */
    SERVE,
    /** The service has no usable endpoint anywhere: an ICMP error tells the client at once. */
    REJECT,
    /** There are endpoints, but none that a Local policy admits here: dropped, so that clients try again elsewhere. */
    DROP
}
