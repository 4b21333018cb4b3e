package io.podnet.examples.reconcile;

import io.podnet.api.PodId;
import io.podnet.spi.PodSandbox;
import java.util.List;

/**
 * A pod that has its network.
 *
 * @param id namespace and name
 * @param sandboxId Podnet's id of its sandbox, never used twice
 * @param manifestHash the digest of the manifest it was made from
 * @param ips its addresses
 * @param sandbox where its processes run
 */
public record RunningPod(PodId id, String sandboxId, String manifestHash, List<String> ips, PodSandbox sandbox) {
    public RunningPod {
        ips = List.copyOf(ips);
    }
}
