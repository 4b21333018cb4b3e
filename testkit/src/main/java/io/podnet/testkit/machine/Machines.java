package io.podnet.testkit.machine;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Veth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes machines and wires of one test, and removes them. Nothing outside of their namespaces is touched. Safe for any
 * thread.
 */
public final class Machines implements AutoCloseable {
    private final NamespaceThreads threads = new NamespaceThreads();
    private final List<Machine> made = new ArrayList<>();

    /** Prepares to make machines. */
    public Machines() {}

    /**
     * Makes a machine: a network namespace with its loopback interface up.
     *
     * @param name what it is called in messages
     * @return the machine; closed with these, or earlier
     * @throws PodnetException.PermissionDenied where the process may not make namespaces; it says how it may
     */
    public synchronized Machine make(String name) {
        MadeNamespaces<RouteNetlink> namespaces;
        try {
            namespaces = threads.make(NewNamespaces.network(), RouteNetlink::open);
        } catch (PodnetException.PermissionDenied e) {
            throw new PodnetException.PermissionDenied(
                    "a test's machines are network namespaces, and this process may not make any: " + e.getMessage()
                            + ". Run the tests as root, or, where user namespaces are allowed, inside 'unshare -Urnm' with its"
                            + " loopback interface up, where the JDK looks whether there is IPv6: unshare -Urnm sh -c"
                            + " 'ip link set lo up && mvn test'",
                    e);
        }
        try {
            namespaces.result().links().change(1, LinkAttributes.none().up());
            Machine machine = new Machine(name, threads, namespaces);
            made.add(machine);
            return machine;
        } catch (IOException e) {
            namespaces.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            namespaces.close();
            throw e;
        }
    }

    /**
     * Connects two machines by a veth pair, both ends up, without addresses that nobody asked for.
     *
     * @param one a machine
     * @param linkOfOne the new interface's name there
     * @param other another machine
     * @param linkOfOther the new interface's name there
     */
    public void connect(Machine one, String linkOfOne, Machine other, String linkOfOther) {
        LinkAttributes peer =
                LinkAttributes.named(linkOfOther).namespaceFd(other.namespace().fd());
        one.route()
                .links()
                .create(new Veth(peer), LinkAttributes.named(linkOfOne).noAddressGeneration());
        // In the message that brings a link up it would come too late.
        other.route().links().change(linkOfOther, LinkAttributes.none().noAddressGeneration());
        other.route().links().change(linkOfOther, LinkAttributes.none().up());
        one.route().links().change(linkOfOne, LinkAttributes.none().up());
    }

    /** Removes all machines that are left. Idempotent. */
    @Override
    public synchronized void close() {
        made.forEach(Machine::close);
        made.clear();
        threads.close();
    }
}
