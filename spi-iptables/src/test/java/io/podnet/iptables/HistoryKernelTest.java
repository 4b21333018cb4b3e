package io.podnet.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpFamily;
import io.podnet.iptables.restore.Flavour;
import io.podnet.services.ServiceCases;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules in the kernel depend on the desired state alone, not on the way to it. */
class HistoryKernelTest {
    private static final int HISTORIES = 4;
    private static final int STEPS = 12;

    private static Lab lab(Flavour flavour) {
        Lab lab = new Lab(flavour);
        lab.run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1");
        for (String address : List.of("192.168.1.10/24", "192.168.2.10/24", "192.0.2.4/32")) {
            lab.run("ip", "addr", "add", address, "dev", "d0");
        }
        for (String address : List.of("fd01::10/64", "fd02::10/64", "fdee::4/128")) {
            lab.run("ip", "-6", "addr", "add", address, "dev", "d0", "nodad");
        }
        lab.run("ip", "link", "set", "d0", "up");
        return lab;
    }

    private static List<List<String>> rules(Lab lab) {
        List<List<String>> all = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            all.add(lab.save(family).stream()
                    .filter(line -> !line.startsWith("*"))
                    .sorted()
                    .toList());
            // The order within each chain counts too.
            all.add(lab.save(family).stream()
                    .filter(line -> line.startsWith("-A "))
                    .toList());
        }
        return all;
    }

    private static void write(IptablesServiceProxy proxy, ServiceChanges changes) {
        assertThat(proxy.awaitProgrammed(proxy.apply(changes), Lab.PATIENCE))
                .as(() -> proxy.status().toString())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void everyHistoryEndsWhereAFreshStartBegins(Flavour flavour) {
        long base = Long.getLong("podnet.seed", 7L);
        int written = 0;
        for (int i = 0; i < HISTORIES; i++) {
            ServiceCases cases = new ServiceCases(base + i);
            try (Lab lived = lab(flavour);
                    Lab fresh = lab(flavour);
                    Lab restarted = lab(flavour)) {
                try (IptablesServiceProxy proxy = CasesNode.proxy(lived, cases.settings())) {
                    write(proxy, cases.first(15));
                    try (IptablesServiceProxy before = CasesNode.proxy(restarted, cases.settings())) {
                        write(before, cases.all());
                    }
                    for (int step = 0; step < STEPS; step++) {
                        write(proxy, cases.step());
                    }
                    assertThat(proxy.check()).as("seed " + (base + i)).isEmpty();
                }
                for (Lab lab : List.of(fresh, restarted)) {
                    try (IptablesServiceProxy proxy = CasesNode.proxy(lab, cases.settings())) {
                        write(proxy, cases.all());
                        assertThat(proxy.check()).as("seed " + (base + i)).isEmpty();
                    }
                }
                assertThat(rules(lived)).as("seed " + (base + i)).isEqualTo(rules(fresh));
                assertThat(rules(restarted)).as("seed " + (base + i)).isEqualTo(rules(fresh));
                written += rules(fresh).get(1).size();
            }
        }
        assertThat(written).isGreaterThan(HISTORIES * 30);
    }
}
