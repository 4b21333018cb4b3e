package io.podnet.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpFamily;
import io.podnet.iptables.restore.Flavour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Killed in the middle of a write, the next process ends at the rules of an undisturbed run, and cuts no flow. */
class KillKernelTest {
    private static final int KILLS = 4;

    private static final Map<String, String> OPTIONS = Map.of("minSyncPeriod", "PT0S", "detectLocal", "none");

    @ParameterizedTest
    @EnumSource
    void theNextProcessConverges(Flavour flavour) throws IOException, InterruptedException {
        try (Lab lab = new Lab(flavour);
                Lab fresh = new Lab(flavour)) {
            try (IptablesServiceProxy proxy = fresh.proxy(OPTIONS)) {
                proxy.awaitProgrammed(proxy.apply(DoomedProxy.services(DoomedProxy.SERVICES)), Lab.PATIENCE);
            }
            List<String> undisturbed = fresh.save(IpFamily.IPV4);
            assertThat(undisturbed).hasSizeGreaterThan(1000);
            // Of a service that is there all the time, to one of its endpoints.
            lab.run(("conntrack -I -p udp -s 10.244.1.9 -d 10.96.1.1 --sport 4000 --dport 80 -g 10.244.2.1:8080 -t 600"
                            + " -u SEEN_REPLY")
                    .split(" ", -1));
            String tracked = flowIds(lab);
            assertThat(tracked).isNotEmpty();
            Random random = new Random(1);
            for (int i = 0; i < KILLS; i++) {
                killInTheMiddle(lab, random.nextInt(250));
                try (IptablesServiceProxy proxy = lab.proxy(OPTIONS)) {
                    assertThat(proxy.awaitProgrammed(
                                    proxy.apply(DoomedProxy.services(DoomedProxy.SERVICES)), Lab.PATIENCE))
                            .isTrue();
                    assertThat(lab.save(IpFamily.IPV4)).containsExactlyInAnyOrderElementsOf(undisturbed);
                    assertThat(proxy.check()).isEmpty();
                    assertThat(flowIds(lab)).isEqualTo(tracked);
                }
            }
        }
    }

    /** The kernel's own numbers: a flow that was cut and came again has another. */
    private static String flowIds(Lab lab) {
        return lab.run("conntrack", "-L", "-p", "udp", "-d", "10.96.1.1", "-o", "id")
                .lines()
                .filter(line -> line.contains("id="))
                .map(line -> line.replaceAll(".*\\bid=(\\d+).*", "$1"))
                .collect(Collectors.joining(" "));
    }

    private static void killInTheMiddle(Lab lab, int millis) throws IOException, InterruptedException {
        Process doomed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedProxy.class.getName(),
                        lab.node.path().toString(),
                        lab.flavour.word())
                .redirectError(Redirect.DISCARD)
                .start();
        try (BufferedReader rounds =
                new BufferedReader(new InputStreamReader(doomed.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(rounds.readLine()).isEqualTo("round 0");
            assertThat(rounds.readLine()).isEqualTo("round 1");
            // A round takes some hundred milliseconds: this is somewhere in one of them.
            Thread.sleep(millis);
        } finally {
            doomed.destroyForcibly();
            doomed.waitFor();
        }
    }
}
