package io.podnet.iptables.restore;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The tools of one family and flavour.
 *
 * @param flavour the flavour
 * @param family the family
 * @param restore iptables-restore or its like
 * @param save iptables-save or its like
 */
public record Tool(Flavour flavour, IpFamily family, Path restore, Path save) {
    /** Where tools are looked for; the search path of the environment is not trusted. */
    public static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

    public Tool {
        Objects.requireNonNull(flavour, "flavour");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(restore, "restore");
        Objects.requireNonNull(save, "save");
    }

    /**
     * Looks for the tools.
     *
     * @param directories where to look, in order
     * @param flavour the flavour
     * @param family the family
     * @return the tools; empty where one is missing
     */
    public static Optional<Tool> find(List<Path> directories, Flavour flavour, IpFamily family) {
        String prefix = prefix(family) + "-" + flavour.word();
        return find(directories, prefix + "-restore")
                .flatMap(restore ->
                        find(directories, prefix + "-save").map(save -> new Tool(flavour, family, restore, save)));
    }

    private static Optional<Path> find(List<Path> directories, String name) {
        return directories.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Names what is missing.
     *
     * @param directories where it was looked for
     * @param flavour the flavour
     * @param family the family
     * @return the error to throw
     */
    public static PodnetException missing(List<Path> directories, Flavour flavour, IpFamily family) {
        String prefix = prefix(family) + "-" + flavour.word();
        return new PodnetException.Unsupported("services need " + prefix + "-restore and " + prefix
                + "-save, and there are none in " + directories + "; install the Debian package iptables");
    }

    private static String prefix(IpFamily family) {
        return family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    }

    /**
     * Names the tool.
     *
     * @return for example {@code iptables-nft-restore}
     */
    public String name() {
        return restore.getFileName().toString();
    }
}
