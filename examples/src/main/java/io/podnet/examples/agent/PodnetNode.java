package io.podnet.examples.agent;

import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceStatus;
import io.podnet.api.ServicesResult;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.PodNode;
import io.podnet.examples.reconcile.Readiness;
import io.podnet.examples.reconcile.RunningPod;
import io.podnet.examples.reconcile.ServiceNode;
import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node as Podnet makes it. The manifest's digest travels in the pod's annotations, so that Podnet's own record says
 * which version of a manifest a pod was made from, whatever happened to this agent.
 */
final class PodnetNode implements PodNode, ServiceNode {
    private static final String HASH = "podnet.io/manifest-hash";

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

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
    public void setReadiness(PodId pod, Readiness readiness) {
        if (readiness == Readiness.ENDED) {
            podnet.ended(pod);
        } else {
            podnet.setReady(pod, readiness == Readiness.READY);
        }
    }

    @Override
    public void terminating(PodId pod) {
        podnet.terminating(pod);
    }

    @Override
    public void namespaces(Collection<String> names) {
        podnet.namespaces(names);
    }

    @Override
    public ServicesResult replaceServices(Collection<ServiceSpec> services, Collection<EndpointSlice> slices) {
        return podnet.services().replaceAll(services, slices);
    }

    @Override
    public List<ServiceStatus> services() {
        return podnet.services().list();
    }

    @Override
    public Condition servicesStatus() {
        return podnet.services().status();
    }

    @Override
    public List<IpAddress> addresses() {
        return podnet.addresses();
    }

    @Override
    public void onServicesChanged(Runnable changed) {
        podnet.services().addListener(new ServiceProxyListener() {
            @Override
            public void onProgrammed(long generation) {
                changed.run();
            }

            @Override
            public void onFailure(long generation, PodnetException failure) {
                changed.run();
            }

            @Override
            public void onDriftRepaired(List<Drift> drift) {
                LOG.warn("somebody else changed the services' rules; {} put right", drift.size());
            }

            @Override
            public void onExternalIpRefused(ServiceId service, IpAddress ip) {
                LOG.warn(
                        "service {}: address {} is refused, since it is in no network of --external-cidr", service, ip);
            }
        });
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
