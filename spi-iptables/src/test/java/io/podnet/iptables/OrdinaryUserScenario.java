package io.podnet.iptables;

import io.podnet.iptables.restore.Tool;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.util.Optional;

/** A node's choice of tools in the namespaces of the process; for {@link OrdinaryUserTest}, in a JVM of its own. */
final class OrdinaryUserScenario {
    static final String CHOSEN = "chosen: ";

    private OrdinaryUserScenario() {}

    public static void main(String[] arguments) {
        try (NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace own =
                        NetworkNamespace.ofPid(ProcessHandle.current().pid())) {
            System.out.println(
                    CHOSEN + new FlavourChoice(Tool.DIRECTORIES, threads, own, true).choose(Optional.empty()));
        }
    }
}
