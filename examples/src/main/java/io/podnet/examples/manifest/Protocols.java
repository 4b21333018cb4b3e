package io.podnet.examples.manifest;

import io.podnet.api.Protocol;

/** Reads a port's {@code protocol}, with Kubernetes' default. */
final class Protocols {
    private Protocols() {}

    static Protocol of(Fields port) {
        String text = port.string("protocol").orElse("TCP");
        return switch (text) {
            case "TCP", "UDP", "SCTP" -> Protocol.valueOf(text);
            default -> throw port.error("protocol", "'" + text + "' is not one of TCP, UDP, SCTP");
        };
    }
}
