package io.podnet.iptables;

import static io.podnet.iptables.Lab.PATIENCE;
import static io.podnet.iptables.Lab.clusterIp;
import static io.podnet.iptables.Lab.eventually;
import static io.podnet.iptables.Lab.podIp;
import static io.podnet.iptables.Lab.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.Tool;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the proxy does to the kernel's rules, and what it leaves alone. */
class ProxyKernelTest {
    private static final Service WEB = clusterIp("web", List.of("10.96.0.1", "fd96::1"), Protocol.TCP);
    private static final Service DNS = clusterIp("dns", List.of("10.96.0.2"), Protocol.UDP);

    /** Rules of somebody else in every table, some of them with names and jumps that look like ours. */
    private static final String FOREIGN = """
            *mangle
            :MINE - [0:0]
            -A PREROUTING -j MINE
            -A MINE -p tcp -m tcp --dport 9 -j MARK --set-xmark 0x1/0xffffffff
            COMMIT
            *filter
            :KUBE-FIREWALL - [0:0]
            :MINE - [0:0]
            -A INPUT -j KUBE-FIREWALL
            -A INPUT -j MINE
            -A MINE -p udp -m udp --dport 9 -j DROP
            COMMIT
            *nat
            :KUBE-KUBELET-CANARY - [0:0]
            :MINE - [0:0]
            -A POSTROUTING -j MINE
            -A OUTPUT -j MINE
            -A MINE -p udp -m udp --dport 9 -j ACCEPT
            COMMIT
            """;

    private static void write(IptablesServiceProxy proxy, ServiceChanges changes) {
        assertThat(proxy.awaitProgrammed(proxy.apply(changes), PATIENCE))
                .as(() -> proxy.status().toString())
                .isTrue();
    }

    private static ServiceChanges two() {
        return ServiceChanges.complete(
                List.of(WEB, DNS),
                List.of(
                        slice(WEB, List.of(podIp(1), podIp(2))),
                        slice(WEB, List.of("fd44:1::1")),
                        slice(DNS, List.of(podIp(1)))));
    }

    private static List<String> foreign(Lab lab) {
        List<String> all = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            for (String line : lab.save(family)) {
                boolean ours = line.matches("(:|-A )KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|PROXY-FIREWALL|FORWARD"
                                + "|MARK-MASQ|POSTROUTING|(SVC|SVL|EXT|FW|SEP)-).*")
                        || line.matches(
                                ".*-j KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|PROXY-FIREWALL|FORWARD|POSTROUTING)");
                if (!ours) {
                    all.add(line);
                }
            }
        }
        return all;
    }

    private static List<String> ours(Lab lab) {
        return lab.save(IpFamily.IPV4).stream()
                .filter(line -> line.contains("KUBE-S"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void foreignRulesStayByteIdenticalFromStartToCleanUp(Flavour flavour) {
        try (Lab lab = new Lab(flavour)) {
            for (IpFamily family : IpFamily.values()) {
                lab.restore(family, FOREIGN);
            }
            List<String> before = foreign(lab);
            IptablesServiceProxy proxy = lab.proxy();
            write(proxy, two());
            assertThat(ours(lab)).isNotEmpty();
            assertThat(foreign(lab)).isEqualTo(before);
            write(proxy, new ServiceChanges(false, List.of(), List.of(DNS.id()), List.of(), List.of()));
            assertThat(foreign(lab)).isEqualTo(before);
            List<String> left = ours(lab);
            proxy.close();
            assertThat(ours(lab)).as("close leaves rules").isEqualTo(left);
            assertThat(foreign(lab)).isEqualTo(before);
            IptablesServiceProxy again = lab.proxy();
            write(again, two());
            again.cleanUp();
            for (IpFamily family : IpFamily.values()) {
                assertThat(lab.save(family)).noneMatch(line -> line.contains("KUBE-SE") || line.contains("KUBE-POST"));
            }
            assertThat(foreign(lab)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatSomebodyElseChangesIsPutRight(Flavour flavour) {
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            List<List<Drift>> repaired = new CopyOnWriteArrayList<>();
            proxy.addListener(new ServiceProxyListener() {
                @Override
                public void onDriftRepaired(List<Drift> drift) {
                    repaired.add(drift);
                }
            });
            write(proxy, two());
            List<String> right = lab.save(IpFamily.IPV4);
            List<String> right6 = lab.save(IpFamily.IPV6);
            String svc = right.stream()
                    .filter(line -> line.startsWith("-A KUBE-SVC-"))
                    .findFirst()
                    .orElseThrow();
            String chain = svc.split(" ", -1)[1];
            String tool = lab.iptables(IpFamily.IPV4, "");
            List<String[]> changes = List.of(
                    new String[] {tool, "-F"},
                    new String[] {tool, "-t", "nat", "-F"},
                    new String[] {tool, "-t", "nat", "-D", "PREROUTING", "1"},
                    new String[] {tool, "-t", "nat", "-I", "KUBE-SERVICES", "1", "-j", "RETURN"},
                    new String[] {tool, "-t", "nat", "-A", "KUBE-POSTROUTING", "-j", "ACCEPT"},
                    new String[] {tool, "-t", "nat", "-D", chain, "1"},
                    // A rule in the place of another of the same length: no count betrays it.
                    new String[] {
                        tool, "-R", "KUBE-FORWARD", "1", "-m", "conntrack", "--ctstate", "INVALID", "-j", "ACCEPT"
                    },
                    new String[] {lab.iptables(IpFamily.IPV6, ""), "-t", "nat", "-F"});
            for (String[] change : changes) {
                int before = repaired.size();
                long begun = System.nanoTime();
                lab.run(change);
                eventually(
                        String.join(" ", change) + " is undone",
                        () -> lab.save(IpFamily.IPV4).equals(right)
                                && lab.save(IpFamily.IPV6).equals(right6));
                eventually("the listener hears of it", () -> repaired.size() > before);
                System.out.println(String.join(" ", change) + ": undone and told after "
                        + (System.nanoTime() - begun) / 1_000_000 + " ms");
            }
            assertThat(proxy.check()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangeRightAfterAForeignFlushIsNoFailure(Flavour flavour) {
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            List<PodnetException> failures = new CopyOnWriteArrayList<>();
            List<List<Drift>> repaired = new CopyOnWriteArrayList<>();
            proxy.addListener(new ServiceProxyListener() {
                @Override
                public void onFailure(long generation, PodnetException why) {
                    failures.add(why);
                }

                @Override
                public void onDriftRepaired(List<Drift> drift) {
                    repaired.add(drift);
                }
            });
            write(proxy, two());
            for (int i = 3; i < 8; i++) {
                lab.run(lab.iptables(IpFamily.IPV4, ""), "-t", "nat", "-F");
                lab.run(lab.iptables(IpFamily.IPV4, ""), "-t", "nat", "-X");
                EndpointSlice moved = slice(WEB, List.of(podIp(i)));
                write(proxy, new ServiceChanges(false, List.of(), List.of(), List.of(moved), List.of()));
                assertThat(proxy.check()).isEmpty();
            }
            assertThat(failures).isEmpty();
            eventually("the listener hears of it", () -> repaired.size() == 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfAnEndpointTouchesTheServicesChainsAlone(Flavour flavour) {
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            write(proxy, two());
            EndpointSlice moved = slice(WEB, List.of(podIp(2), podIp(3)));
            ServiceChanges change = new ServiceChanges(false, List.of(), List.of(), List.of(moved), List.of());
            assertThat(proxy.plan(change).steps().stream()
                            .filter(step -> step.kind().equals("chain"))
                            .map(step -> step.action() + " " + step.name().replaceAll("-[A-Z0-9]{16}", "")))
                    .containsExactlyInAnyOrder("CREATE nat KUBE-SEP", "CHANGE nat KUBE-SVC", "DELETE nat KUBE-SEP");
            List<String> before = lab.save(IpFamily.IPV4);
            write(proxy, change);
            List<String> after = lab.save(IpFamily.IPV4);
            assertThat(after)
                    .filteredOn(line -> !before.contains(line))
                    .allMatch(line -> line.matches("(:|-A )KUBE-S(EP|VC).*"));
            assertThat(after).anyMatch(line -> line.endsWith("--to-destination " + podIp(3) + ":8080"));
            assertThat(after).noneMatch(line -> line.contains(podIp(1) + "/32") && line.contains("default/web"));
            assertThat(proxy.check()).isEmpty();
        }
    }

    @Test
    void theLockOfTheMachineIsWaitedFor() throws Exception {
        try (Lab lab = new Lab(Flavour.LEGACY);
                IptablesServiceProxy proxy = lab.proxy(Map.of("lockWait", "PT1S", "syncPeriod", "PT1S"))) {
            Process holder = new ProcessBuilder("flock", "--no-fork", "/run/xtables.lock", "sleep", "120").start();
            try {
                eventually("the lock is held", () -> {
                    // Nobody gets it without waiting.
                    try {
                        return new ProcessBuilder("flock", "--nonblock", "/run/xtables.lock", "true")
                                        .start()
                                        .waitFor()
                                != 0;
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                long generation = proxy.apply(two());
                List<Condition> seen = new ArrayList<>();
                eventually("the status tells of the failure", () -> {
                    seen.add(proxy.status());
                    return seen.get(seen.size() - 1).message().contains("lock");
                });
                // NOT_READY where changes have waited for two periods by then.
                assertThat(seen.get(seen.size() - 1).code()).isNotEqualTo(Condition.Code.READY);
                holder.destroy();
                holder.waitFor();
                assertThat(proxy.awaitProgrammed(generation, PATIENCE)).isTrue();
                assertThat(proxy.status().code()).isEqualTo(Condition.Code.READY);
            } finally {
                holder.destroy();
                holder.waitFor();
            }
            assertThat(proxy.check()).isEmpty();
        }
    }

    /** A change is not lost with the write that failed: kubernetes/kubernetes#112604. */
    @ParameterizedTest
    @EnumSource
    void whatFailedIsWrittenLater(Flavour flavour, @TempDir Path directory) throws IOException {
        try (Lab lab = new Lab(flavour)) {
            for (String name : List.of("iptables-", "ip6tables-")) {
                for (String end : List.of("-restore", "-save")) {
                    Path tool = Path.of("/usr/sbin", name + flavour.word() + end);
                    Files.createSymbolicLink(directory.resolve(tool.getFileName()), tool);
                }
            }
            Path restore = directory.resolve("iptables-" + flavour.word() + "-restore");
            try (IptablesServiceProxy proxy =
                    ProxyParts.open(lab.context(Map.of("syncPeriod", "PT1S")), List.of(directory), System::nanoTime)) {
                write(proxy, two());
                Files.delete(restore);
                Files.createSymbolicLink(restore, Path.of("/bin/false"));
                List<String> failures = new CopyOnWriteArrayList<>();
                proxy.addListener(new ServiceProxyListener() {
                    @Override
                    public void onFailure(long generation, io.podnet.api.PodnetException failure) {
                        failures.add(failure.getMessage());
                    }
                });
                long generation = proxy.apply(new ServiceChanges(
                        false, List.of(), List.of(), List.of(slice(WEB, List.of(podIp(7)))), List.of()));
                eventually("two failures", () -> failures.size() >= 2);
                assertThat(failures.get(0)).contains("-restore");
                assertThat(proxy.awaitProgrammed(WEB.id(), java.time.Duration.ofMillis(10)))
                        .isFalse();
                Files.delete(restore);
                Files.createSymbolicLink(
                        restore, Path.of("/usr/sbin", restore.getFileName().toString()));
                assertThat(proxy.awaitProgrammed(generation, PATIENCE)).isTrue();
                assertThat(proxy.awaitProgrammed(WEB.id(), PATIENCE)).isTrue();
                assertThat(ours(lab)).anyMatch(line -> line.contains(podIp(7) + ":8080"));
                assertThat(proxy.check()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheToolsOfIpv6Ipv4Works(Flavour flavour, @TempDir Path directory) throws IOException {
        for (String end : List.of("-restore", "-save")) {
            Path tool = Path.of("/usr/sbin", "iptables-" + flavour.word() + end);
            Files.createSymbolicLink(directory.resolve(tool.getFileName()), tool);
        }
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy =
                        ProxyParts.open(lab.context(Map.of()), List.of(directory), System::nanoTime)) {
            write(proxy, two());
            assertThat(ours(lab)).isNotEmpty();
            assertThat(lab.save(IpFamily.IPV6)).noneMatch(line -> line.contains("KUBE"));
            assertThat(proxy.status().code()).isEqualTo(Condition.Code.LIMITED);
            assertThat(proxy.status().message()).contains("Debian package iptables");
        }
    }

    @Test
    void theToolsWithRulesAreChosenElseNft() {
        try (Lab lab = new Lab(Flavour.NFT);
                IptablesServiceProxy proxy = lab.proxy(Map.of("backend", "auto"))) {
            assertThat(proxy.status().message()).contains("iptables-nft-restore");
        }
        try (Lab lab = new Lab(Flavour.LEGACY)) {
            lab.run("iptables-legacy", "-A", "INPUT", "-j", "ACCEPT");
            try (IptablesServiceProxy proxy = lab.proxy(Map.of("backend", "auto"))) {
                assertThat(proxy.status().message()).contains("iptables-legacy-restore");
            }
        }
    }

    /** Rules of both backends are asked for each packet: those of the former one would go on sending to its endpoints. */
    @ParameterizedTest
    @EnumSource
    void rulesThatTheOtherToolsMadeBeforeGo(Flavour flavour) {
        Flavour former = flavour == Flavour.NFT ? Flavour.LEGACY : Flavour.NFT;
        try (Lab before = new Lab(former);
                IptablesServiceProxy there = before.proxy()) {
            for (IpFamily family : IpFamily.values()) {
                before.restore(family, FOREIGN);
            }
            List<String> foreign = foreign(before);
            write(there, two());
            assertThat(ours(before)).isNotEmpty();
            there.close();
            try (IptablesServiceProxy proxy = before.proxy(Map.of("backend", flavour.word()))) {
                write(proxy, two());
                Lab.eventually(
                        "the former tools' rules are gone", () -> ours(before).isEmpty());
                for (IpFamily family : IpFamily.values()) {
                    assertThat(before.run("iptables-" + flavour.word() + "-save"))
                            .contains("KUBE-SVC-");
                    assertThat(before.save(family)).noneMatch(line -> line.contains("KUBE-SVC-"));
                }
                assertThat(foreign(before)).isEqualTo(foreign);
                assertThat(proxy.check()).isEmpty();
            }
        }
    }

    /** Most chains in one write: the order and the shortcuts of large inputs. */
    @ParameterizedTest
    @EnumSource
    void largeClustersAreBareOfCommentsAndComeAndGo(Flavour flavour) {
        List<Service> services = new ArrayList<>();
        List<EndpointSlice> slices = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Service service = clusterIp("svc" + i, List.of("10.96.1." + (i + 1)), Protocol.TCP);
            List<String> pods = new ArrayList<>();
            for (int e = 0; e < 8; e++) {
                pods.add("10.244." + (2 + e) + "." + (i + 1));
            }
            services.add(service);
            slices.add(slice(service, pods));
        }
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            write(proxy, ServiceChanges.complete(services, slices));
            List<String> large = lab.save(IpFamily.IPV4);
            assertThat(large)
                    .filteredOn(line -> line.startsWith("-A KUBE-SEP-"))
                    .hasSize(2 * 8 * 150);
            assertThat(large).noneMatch(line -> line.matches("-A KUBE-S(EP|VC)-.*--comment.*"));
            assertThat(proxy.check()).isEmpty();
            write(proxy, ServiceChanges.complete(services.subList(0, 100), slices.subList(0, 100)));
            List<String> small = lab.save(IpFamily.IPV4);
            assertThat(small)
                    .filteredOn(line -> line.startsWith("-A KUBE-SEP-"))
                    .hasSize(2 * 8 * 100)
                    .allMatch(line -> line.contains("--comment"));
            assertThat(small).filteredOn(line -> line.startsWith(":KUBE-SEP-")).hasSize(800);
            assertThat(proxy.check()).isEmpty();
            write(proxy, ServiceChanges.complete(services, slices));
            assertThat(lab.save(IpFamily.IPV4)).containsExactlyInAnyOrderElementsOf(large);
        }
    }

    @Test
    void missingToolsAreAClearError(@TempDir Path empty) {
        try (Lab lab = new Lab(Flavour.NFT)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> ProxyParts.open(lab.context(Map.of()), List.of(empty), System::nanoTime))
                    .isInstanceOf(io.podnet.api.PodnetException.Unsupported.class)
                    .hasMessageContaining("install the Debian package iptables");
            assertThat(Tool.find(List.of(empty), Flavour.NFT, IpFamily.IPV4)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void optionsAreChecked() {
        try (Lab lab = new Lab(Flavour.NFT)) {
            for (Map<String, String> bad : List.of(
                    Map.of("backend", "ebpf"),
                    Map.of("masqueradeBit", "32"),
                    Map.of("masqueradeAll", "yes"),
                    Map.of("detectLocal", "bridge:a\"b"),
                    Map.of("detectLocal", "magic"),
                    Map.of("nodePortAddresses", "127.0.0.0/8"),
                    Map.of("syncPeriod", "30"),
                    Map.of("colour", "blue"))) {
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> lab.proxy(bad))
                        .as(bad.toString().toLowerCase(Locale.ROOT))
                        .isInstanceOf(io.podnet.api.PodnetException.Invalid.class);
            }
        }
    }
}
