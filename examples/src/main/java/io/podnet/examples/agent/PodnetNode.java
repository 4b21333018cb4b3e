package io.podnet.examples.agent;

import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.PodNode;
import io.podnet.examples.reconcile.RunningPod;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The node as Podnet makes it. The manifest's digest travels in the pod's annotations, so that Podnet's own record says
 * which version of a manifest a pod was made from, whatever happened to this agent.
 */
final class PodnetNode implements PodNode {
    private static final String HASH = "podnet.io/manifest-hash";

    private final Podnet podnet;

    PodnetNode(Podnet podnet) {
        this.podnet = podnet;
    }

    private static RunningPod running(PodNetwork pod) {
        return new RunningPod(
                pod.id(),
                pod.record().id().sandboxId(),
                pod.spec().annotations().getOrDefault(HASH, ""),
                pod.ips().stream().map(Object::toString).toList(),
                pod.sandbox());
    }

    @Override
    public List<RunningPod> pods() {
        return podnet.pods().stream().map(PodnetNode::running).toList();
    }

    @Override
    public RunningPod setUp(PodManifest manifest) {
        PodSpec spec = manifest.spec();
        Map<String, String> annotations = new HashMap<>(spec.annotations());
        annotations.put(HASH, manifest.hash());
        return running(podnet.setUp(spec.withAnnotations(annotations)));
    }

    @Override
    public void tearDownAll(Collection<PodId> pods) {
        podnet.tearDownAll(pods);
    }

    @Override
    public void removeAll() {
        podnet.removeAll();
    }

    @Override
    public void close() {
        podnet.close();
    }
}
