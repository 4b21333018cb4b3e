package io.podnet.api;

/**
 * One interface of one sandbox: CNI's attachment, the pair of container id and interface name (SPEC.md section 2). It
 * owns leases, links, rules and records.
 *
 * @param sandboxId the sandbox's id, in CNI's grammar for container ids
 * @param ifName the interface's name inside the pod, at most 15 characters
 */
@API(status = API.Status.STABLE, since = "0.1")
public record AttachmentId(String sandboxId, String ifName) {

    public AttachmentId {
        Names.cniId("sandbox id", sandboxId);
        Names.interfaceName(ifName);
    }

    /**
     * Writes the id.
     *
     * @return {@code sandboxId/ifName}
     */
    @Override
    public String toString() {
        return sandboxId + "/" + ifName;
    }
}
