package io.podnet.benchmarks;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.MacAddress;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A delegate that gives pods addresses and no interfaces: the overlay around them is what is measured, at any number of pods. */
public final class UnwiredPluginProvider implements NetworkPluginProvider {
    @Override
    public String name() {
        return "unwired";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        return new Unwired(node.ipam());
    }

    private record Unwired(Ipam ipam) implements NetworkPlugin {
        @Override
        public void podCidrsChanged(List<Cidr> podCidrs) {}

        @Override
        public PodNetworkStatus setUpPod(SetUp request) {
            Ipam.Lease lease = ipam.reserve(request.record().id(), List.of());
            ipam.commit(request.record().id());
            return new PodNetworkStatus(
                    "eth0",
                    lease.assignments().stream().map(Ipam.Assignment::address).toList(),
                    List.of(),
                    MacAddress.parse("02:00:00:00:00:01"),
                    1450,
                    Optional.empty());
        }

        @Override
        public void tearDownPod(AttachmentRecord record) {
            ipam.release(record.id());
        }

        @Override
        public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
            return request.record().status();
        }

        @Override
        public List<Drift> check(SetUp request) {
            return List.of();
        }

        @Override
        public List<String> gc(Set<AttachmentId> valid) {
            return List.of();
        }

        @Override
        public Condition status() {
            return Condition.READY;
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Plan plan(AttachmentRecord record) {
            return new Plan(List.of());
        }

        @Override
        public void removeShared() {}

        @Override
        public void quiesce(Duration limit) {}

        @Override
        public void close() {}
    }
}
