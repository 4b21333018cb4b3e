package io.podnet.services.conntrack;

/** Why a tracked flow must be forgotten. */
public enum Staleness {
    /** It was translated to an endpoint that does not serve any more, while others do. */
    ENDPOINT_GONE,
    /** It was translated to an endpoint, and its service has no serving endpoint left (kubernetes/kubernetes#139628). */
    NO_ENDPOINTS,
    /** It began before its service had endpoints and was never translated. */
    NOT_TRANSLATED,
    /** It was translated for a service, or an address or port of one, that is gone (kubernetes/kubernetes#141371). */
    SERVICE_GONE
}
