package io.podnet.api;

import io.podnet.spi.NameResolver;
import io.podnet.spi.PodResolvConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The texts of a pod's {@code /etc/hosts}, {@code /etc/hostname} and {@code /etc/resolv.conf}. Source: Kubernetes {@code
 * pkg/kubelet/kubelet_pods.go} (managed hosts file) and {@code pkg/kubelet/network/dns/dns.go}.
 */
final class PodFiles {
    private PodFiles() {}

    static String hosts(PodSpec spec, List<IpAddress> ips, String clusterDomain) {
        StringBuilder text = new StringBuilder(256);
        text.append("# Managed by Podnet.\n");
        text.append("127.0.0.1\tlocalhost\n");
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        text.append("fe00::0\tip6-localnet\n");
        text.append("fe00::0\tip6-mcastprefix\n");
        text.append("fe00::1\tip6-allnodes\n");
        text.append("fe00::2\tip6-allrouters\n");
        String hostname = spec.effectiveHostname();
        String names =
                spec.fqdn(clusterDomain).map(fqdn -> fqdn + "\t" + hostname).orElse(hostname);
        for (IpAddress ip : ips) {
            text.append(ip).append('\t').append(names).append('\n');
        }
        if (!spec.hostAliases().isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            for (HostAlias alias : spec.hostAliases()) {
                text.append(alias.ip())
                        .append('\t')
                        .append(String.join("\t", alias.hostnames()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Makes a resolv.conf without a cluster resolver. */
    static NameResolver.ResolvConf resolvConf(PodSpec spec, Path nodeResolvConf) {
        return PodResolvConf.of(spec, nodeResolvConf, Optional.empty());
    }

    static void write(
            Path directory,
            PodSpec spec,
            List<IpAddress> ips,
            String clusterDomain,
            NameResolver.ResolvConf resolvConf) {
        try {
            StateDirectory.createPrivate(directory);
            Files.writeString(directory.resolve("hosts"), hosts(spec, ips, clusterDomain));
            Files.writeString(directory.resolve("hostname"), spec.nodename(clusterDomain) + "\n");
            Files.writeString(directory.resolve("resolv.conf"), PodResolvConf.text(resolvConf));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("files of pod " + spec.id() + " in " + directory + ": " + e, e);
        }
    }
}
