package io.podnet.cni.plugin;

import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a resolv.conf(5) as host-local's {@code resolvConf} does (backend/... dns.go): one server on a line. */
final class ResolvConfFile {
    private ResolvConfFile() {}

    static CniDns read(String path) {
        try {
            return parse(Files.readAllLines(Path.of(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new CniException(
                    new CniError(CniError.INVALID_CONFIGURATION, "ipam.resolvConf cannot be read", e.toString()), e);
        }
    }

    static CniDns parse(List<String> lines) {
        List<String> nameservers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        List<String> options = new ArrayList<>();
        String domain = "";
        for (String line : lines) {
            String text = line.strip();
            List<String> words = Arrays.asList(text.split("[ \t]+"));
            if (text.isEmpty() || text.startsWith("#") || text.startsWith(";") || words.size() < 2) {
                continue;
            }
            List<String> values = words.subList(1, words.size());
            switch (words.get(0)) {
                case "nameserver" -> nameservers.add(values.get(0));
                case "domain" -> domain = values.get(0);
                case "search" -> search.addAll(values);
                case "options" -> options.addAll(values);
                default -> {
                    // "sortlist" and what the future brings are not CNI's.
                }
            }
        }
        return new CniDns(nameservers, domain, search, options);
    }
}
