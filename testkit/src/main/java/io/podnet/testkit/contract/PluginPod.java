package io.podnet.testkit.contract;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPlugin.SetUp;
import io.podnet.testkit.machine.Machine;

/** A pod's namespace, and its record as it is now. */
final class PluginPod {
    private final Machine machine;
    private AttachmentRecord record;

    PluginPod(Machine machine, AttachmentRecord record) {
        this.machine = machine;
        this.record = record;
    }

    Machine machine() {
        return machine;
    }

    AttachmentRecord record() {
        return record;
    }

    void record(AttachmentRecord next) {
        record = next;
    }

    AttachmentId id() {
        return record.id();
    }

    SetUp request() {
        return new SetUp(record, machine.namespace());
    }

    PodNetworkStatus status() {
        return record.status().orElseThrow();
    }

    IpAddress ip() {
        return status().ips().get(0);
    }

    @Override
    public String toString() {
        return machine.name();
    }
}
