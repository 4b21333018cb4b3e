package io.podnet.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A rule set like kube-proxy's as a file for iptables-restore: what the tool alone needs for it is the floor. */
final class RawRules {
    private RawRules() {}

    static String serviceIp(int service) {
        return "10.96." + service / 250 + "." + (service % 250 + 1);
    }

    static String endpointIp(int endpoint) {
        return "10." + (128 + endpoint / 62500) + "." + endpoint / 250 % 250 + "." + (endpoint % 250 + 1);
    }

    static void writeAll(Path file, int services, int endpoints) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write("*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-POSTROUTING - [0:0]\n");
            for (int s = 0; s < services; s++) {
                out.write(chain("SVC", s));
                for (int e = 0; e < endpoints; e++) {
                    out.write(chain("SEP", s * endpoints + e));
                }
            }
            out.write("""
                    -A PREROUTING -j KUBE-SERVICES
                    -A OUTPUT -j KUBE-SERVICES
                    -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
                    -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
                    -A KUBE-POSTROUTING -j MASQUERADE
                    """);
            for (int s = 0; s < services; s++) {
                service(out, s, endpoints);
            }
            out.write("COMMIT\n");
        }
    }

    private static String chain(String kind, int number) {
        return String.format(Locale.ROOT, ":KUBE-%s-%016d - [0:0]%n", kind, number);
    }

    private static void service(BufferedWriter out, int service, int endpoints) throws IOException {
        String to = "-d " + serviceIp(service) + "/32 -p tcp";
        String name = "ns/svc" + service + ":http";
        String chain = String.format(Locale.ROOT, "KUBE-SVC-%016d", service);
        out.write("-A KUBE-SERVICES " + to + " -m comment --comment \"" + name + " cluster IP\" -m tcp --dport 80 -j "
                + chain + "\n");
        out.write("-A " + chain + " ! -s 10.0.0.0/8 " + to + " -m tcp --dport 80 -j KUBE-MARK-MASQ\n");
        for (int e = 0; e < endpoints; e++) {
            String ip = endpointIp(service * endpoints + e);
            String target = String.format(Locale.ROOT, "KUBE-SEP-%016d", service * endpoints + e);
            String chance = e == endpoints - 1
                    ? ""
                    : String.format(
                            Locale.ROOT, " -m statistic --mode random --probability %.10f", 1.0 / (endpoints - e));
            out.write("-A " + chain + " -m comment --comment \"" + name + " -> " + ip + ":8080\"" + chance + " -j "
                    + target + "\n");
            out.write("-A " + target + " -s " + ip + "/32 -j KUBE-MARK-MASQ\n");
            out.write("-A " + target + " -p tcp -m tcp -j DNAT --to-destination " + ip + ":8080\n");
        }
    }

    static void writeOne(Path file) throws IOException {
        Files.writeString(
                file,
                "*nat\n" + chain("SVC", 0)
                        + String.format(Locale.ROOT, "-A KUBE-SVC-%016d -j KUBE-SEP-%016d%nCOMMIT%n", 0, 1),
                StandardCharsets.US_ASCII);
    }
}
