package io.podnet.bridge.ipam;

import io.podnet.api.AttachmentId;
import io.podnet.api.PodnetException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whoever an address file names: container id CRLF interface name (containernetworking/plugins, plugins/ipam/host-local/
 * backend/disk/backend.go). Wider than {@link AttachmentId}: old files have no interface, and other programs' ids need
 * not be ours to be respected.
 *
 * @param id the container's id
 * @param ifName the interface, empty in a file of an old version
 */
record Holder(String id, String ifName) {
    /** What kubelet calls a pod's interface; stands in for the one that an old file does not name. */
    private static final String DEFAULT_INTERFACE = "eth0";
    // Neither part may contain a colon.
    private static final char MARKER_SEPARATOR = ':';
    private static final Pattern CONTENT = Pattern.compile("([!-~]+)(?:\r?\n([!-~]+))?");

    static Holder of(AttachmentId owner) {
        return new Holder(owner.sandboxId(), owner.ifName());
    }

    /** Reads an address file's content; empty where it is empty or garbled. */
    static Optional<Holder> parse(byte[] content) {
        var matcher = CONTENT.matcher(new String(content, StandardCharsets.ISO_8859_1).strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Holder(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)));
    }

    /** Reads a pending marker's name. */
    static Optional<Holder> ofMarker(String name) {
        int separator = name.indexOf(MARKER_SEPARATOR);
        return separator < 0
                ? Optional.empty()
                : Optional.of(new Holder(name.substring(0, separator), name.substring(separator + 1)));
    }

    String marker() {
        return id + MARKER_SEPARATOR + ifName;
    }

    byte[] content() {
        return (id + "\r\n" + ifName).getBytes(StandardCharsets.US_ASCII);
    }

    Holder withoutInterface() {
        return new Holder(id, "");
    }

    /** Gives the attachment, empty where another program's id fits none. */
    Optional<AttachmentId> attachment() {
        try {
            return Optional.of(new AttachmentId(id, ifName.isEmpty() ? DEFAULT_INTERFACE : ifName));
        } catch (PodnetException.Invalid foreign) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return ifName.isEmpty() ? id : id + "/" + ifName;
    }
}
