package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.EndpointSlice;
import io.podnet.api.Protocol;
import io.podnet.api.ServicePort;
import io.podnet.netlink.namespace.NamespaceChannels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers over TCP that are longer than a compression pointer reaches. */
class LargeAnswersTest {
    private static final int PORTS = 40;

    /** Forty named ports of ten endpoints, then one of fifty more: their names stand behind offset 16383. */
    @Test
    void additionalRecordsBelongToTargetsWhereverTheseStand() throws Exception {
        List<ServicePort> ports = new ArrayList<>();
        List<EndpointSlice.Port> endpointPorts = new ArrayList<>();
        for (int i = 0; i < PORTS; i++) {
            ports.add(Shop.port("p" + i, Protocol.TCP, 1000 + i));
            endpointPorts.add(Shop.endpointPort("p" + i, Protocol.TCP, 1000 + i));
        }
        try (ServedPod served = new ServedPod(Map.of())) {
            served.resolver()
                    .apply(Shop.complete(
                            List.of(Shop.headless("shop", "many", ports.toArray(ServicePort[]::new))),
                            List.of(
                                    Shop.slice("shop", "many", "many-1", endpointPorts, addresses(1, 10)),
                                    Shop.slice(
                                            "shop",
                                            "many",
                                            "many-2",
                                            List.of(Shop.endpointPort("z", Protocol.TCP, 9)),
                                            addresses(2, 50))),
                            List.of(),
                            "shop"));
            PodClient client = new PodClient(
                    new NamespaceChannels(served.threads(), served.pod().namespace()));
            Message answer = new Message(client.stream(Message.newQuery(Record.newRecord(
                            Name.fromConstantString("many.shop.svc.cluster.local."), Type.SRV, DClass.IN))
                    .toWire()));
            List<Record> records = answer.getSection(Section.ANSWER);
            assertThat(records).hasSize(10 * PORTS + 50);
            Set<Name> targets = records.stream()
                    .map(record -> ((SRVRecord) record).getTarget())
                    .collect(Collectors.toSet());
            assertThat(answer.getSection(Section.ADDITIONAL))
                    .isNotEmpty()
                    .allMatch(record -> targets.contains(record.getName()));
        }
    }

    private static String[] addresses(int network, int count) {
        String[] all = new String[count];
        for (int i = 0; i < count; i++) {
            all[i] = "10.0." + network + "." + (i + 1);
        }
        return all;
    }
}
