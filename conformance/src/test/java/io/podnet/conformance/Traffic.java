package io.podnet.conformance;

import io.podnet.api.Protocol;

/** As Kubernetes' names say it; what they call http is any TCP here. */
enum Traffic {
    http(Protocol.TCP),
    udp(Protocol.UDP);

    private final Protocol protocol;

    Traffic(Protocol protocol) {
        this.protocol = protocol;
    }

    Protocol protocol() {
        return protocol;
    }
}
