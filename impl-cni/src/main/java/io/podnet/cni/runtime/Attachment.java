package io.podnet.cni.runtime;

import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import java.util.Objects;

/**
 * One interface of one container, and what the runtime says about it: libcni's {@code RuntimeConf}.
 *
 * @param containerId the container
 * @param netns path of its network namespace; empty where it is gone
 * @param ifName the interface's name in it
 * @param args {@code CNI_ARGS}
 * @param capabilityArgs what is told to plugins that declare the capability
 */
public record Attachment(String containerId, String netns, String ifName, CniArgs args, RuntimeConfig capabilityArgs) {
    /**
     * Checks the names.
     *
     * @throws io.podnet.cni.spec.CniException where one is against the specification's grammar
     */
    public Attachment {
        CniNames.containerId(containerId);
        CniNames.interfaceName(ifName);
        Objects.requireNonNull(netns, "netns");
        Objects.requireNonNull(args, "args");
        Objects.requireNonNull(capabilityArgs, "capabilityArgs");
    }

    Attachment withNetns(String other) {
        return new Attachment(containerId, other, ifName, args, capabilityArgs);
    }

    ValidAttachment id() {
        return new ValidAttachment(containerId, ifName);
    }

    /**
     * Writes the attachment's identity.
     *
     * @return container and interface
     */
    @Override
    public String toString() {
        return containerId + "/" + ifName;
    }
}
