package io.podnet.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.Bandwidth;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.spi.NetworkPlugin.Capability;
import io.podnet.testkit.machine.Traffic;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Whether a plugin can what it says it can. What it does not say is not asked for. */
final class CapabilityChecks {
    private static final IpAddress WISH = IpAddress.parse("10.244.1.77");
    private static final IpAddress NOBODYS = IpAddress.parse("10.244.1.200");
    private static final int HOST_PORT = 8080;
    /** 4 Mbit/s: half a megabyte takes a second, less what the burst lets pass at once. */
    private static final String RATE = "4M";

    private static final int BYTES = 500_000;
    private static final long AT_LEAST_NANOS = 500_000_000;

    private final PluginNode node;

    CapabilityChecks(PluginNode node) {
        this.node = node;
    }

    private boolean says(Capability capability) {
        return node.start().capabilities().contains(capability);
    }

    void ips() {
        if (!says(Capability.IPS)) {
            return;
        }
        PluginPod pod = node.setUp(node.pod(node.podSpec().requestedIp(WISH).build()));
        assertEquals(List.of(WISH), pod.status().ips());
        PluginPod other = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod late = node.pod(node.podSpec().requestedIp(WISH).build());
        assertThrows(PodnetException.Conflict.class, () -> node.plugin().setUpPod(late.request()));
        assertEquals(before, node.settledKernel());
        assertEquals(Optional.empty(), node.ipam.lease(late.id()));
        assertEquals(WISH, Traffic.sourceSeen(pod.machine(), other.machine(), other.ip()));
    }

    void portMappings() {
        if (!says(Capability.PORT_MAPPINGS)) {
            return;
        }
        node.node().forward();
        List<String> before = node.settledKernel();
        PluginPod pod = node.setUp(node.pod(
                node.podSpec().hostPort(HOST_PORT, Traffic.PORT, Protocol.TCP).build()));
        assertEquals(List.of(), node.plugin().check(pod.request()));
        InetSocketAddress nodePort = new InetSocketAddress(PluginNode.NODE.toInetAddress(), HOST_PORT);
        InetSocketAddress inside = new InetSocketAddress(pod.ip().toInetAddress(), Traffic.PORT);
        assertTrue(Traffic.connects(node.outside(), nodePort, pod.machine(), inside));
        PluginPod late = node.pod(
                node.podSpec().hostPort(HOST_PORT, Traffic.PORT, Protocol.TCP).build());
        assertThrows(PodnetException.class, () -> node.plugin().setUpPod(late.request()), "the host port is taken");
        node.tearDown(late);
        assertTrue(Traffic.connects(node.outside(), nodePort, pod.machine(), inside), "the first keeps it");
        node.tearDown(pod);
        assertEquals(before, node.settledKernel());
    }

    void bandwidth() {
        if (!says(Capability.BANDWIDTH)) {
            return;
        }
        PluginPod free = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod receiver = node.setUp(node.pod(
                node.podSpec().annotation(Bandwidth.INGRESS_ANNOTATION, RATE).build()));
        PluginPod sender = node.setUp(node.pod(
                node.podSpec().annotation(Bandwidth.EGRESS_ANNOTATION, RATE).build()));
        assertEquals(List.of(), node.plugin().check(receiver.request()));
        assertEquals(List.of(), node.plugin().check(sender.request()));
        // Only ever slower on a busy machine.
        assertTrue(
                Traffic.nanosFor(free.machine(), receiver.machine(), receiver.ip(), BYTES) > AT_LEAST_NANOS,
                "what the pod receives is faster than its limit");
        assertTrue(
                Traffic.nanosFor(sender.machine(), free.machine(), free.ip(), BYTES) > AT_LEAST_NANOS,
                "what the pod sends is faster than its limit");
        node.tearDown(receiver);
        node.tearDown(sender);
        assertEquals(before, node.settledKernel());
    }

    void antiSpoofing() {
        if (!says(Capability.ANTI_SPOOFING)) {
            return;
        }
        PluginPod pod = node.setUp();
        PluginPod target = node.setUp();
        pod.machine().addAddress(pod.id().ifName(), NOBODYS + "/32");
        assertFalse(
                Traffic.reachesBriefly(Traffic.bound(pod.machine(), NOBODYS), target.machine(), target.ip()),
                "the target sees a source that is nobody's");
        assertEquals(pod.ip(), Traffic.sourceSeen(pod.machine(), target.machine(), target.ip()));
    }
}
