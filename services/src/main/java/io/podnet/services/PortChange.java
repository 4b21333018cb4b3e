package io.podnet.services;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.Objects;
import java.util.Optional;

/**
 * A service port's change in one family.
 *
 * @param name the service port
 * @param family the family
 * @param before what it was; empty for a new one
 * @param after what it is; empty for one that went
 */
public record PortChange(
        ServicePortName name, IpFamily family, Optional<VirtualPort> before, Optional<VirtualPort> after) {
    public PortChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(family, "family");
        if (before.isEmpty() && after.isEmpty()) {
            throw new PodnetException.Invalid("a change of " + name + " needs a state before or after it");
        }
    }
}
