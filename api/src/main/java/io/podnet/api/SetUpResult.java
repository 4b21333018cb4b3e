package io.podnet.api;

import java.util.Objects;
import java.util.Optional;

/**
 * How one of several set-ups went.
 *
 * @param pod the pod
 * @param network its network, empty where it failed
 * @param failure why it failed, empty where it did not
 */
@API(status = API.Status.STABLE, since = "0.1")
public record SetUpResult(PodId pod, Optional<PodNetwork> network, Optional<PodnetException> failure) {
    public SetUpResult {
        Objects.requireNonNull(pod, "pod");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(failure, "failure");
    }
}
