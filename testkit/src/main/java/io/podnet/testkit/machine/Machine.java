package io.podnet.testkit.machine;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A network namespace that stands for a machine, or for a pod of one. Safe for any thread. */
public final class Machine implements AutoCloseable {
    private final String name;
    private final NamespaceThreads threads;
    private final MadeNamespaces<RouteNetlink> made;
    private final NamespaceChannels channels;

    Machine(String name, NamespaceThreads threads, MadeNamespaces<RouteNetlink> made) throws IOException {
        this.name = name;
        this.threads = threads;
        this.made = made;
        this.channels = new NamespaceChannels(threads, made.network());
    }

    /**
     * Gives the name.
     *
     * @return as given when it was made
     */
    public String name() {
        return name;
    }

    /**
     * Gives the namespace.
     *
     * @return open until this is closed
     */
    public NetworkNamespace namespace() {
        return made.network();
    }

    /**
     * Gives its links, addresses and routes.
     *
     * @return rtnetlink of the namespace, open until this is closed
     */
    public RouteNetlink route() {
        return made.result();
    }

    /**
     * Calls something on a thread that is inside. It must not log and start neither thread nor process, which would be born
     * there.
     *
     * @param task what
     * @param <T> what it gives
     * @return what it gave
     */
    public <T> T inside(Supplier<T> task) {
        return threads.callIn(namespace(), task::get);
    }

    NamespaceThreads threads() {
        return threads;
    }

    /**
     * Gives an interface an address.
     *
     * @param link the interface
     * @param address with its prefix length
     */
    public void addAddress(String link, String address) {
        route().addresses()
                .create(AssignedAddress.of(route().links().get(link).index(), InterfaceAddress.parse(address)));
    }

    /**
     * Adds a route.
     *
     * @param destination the network
     * @param gateway the next router, on a link
     */
    public void addRoute(String destination, IpAddress gateway) {
        route().routes().create(Route.to(Cidr.parse(destination)).via(gateway));
    }

    /**
     * Adds a route to what is on a link itself.
     *
     * @param destination the network
     * @param link the interface
     */
    public void addLinkRoute(String destination, String link) {
        route().routes()
                .create(Route.to(Cidr.parse(destination))
                        .on(route().links().get(link).index()));
    }

    /** Lets it forward packets of both families. */
    public void forward() {
        for (String key : List.of("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")) {
            Sysctls.in(threads, namespace()).write(SysctlKey.parse(key), "1");
        }
    }

    /**
     * Opens an unbound UDP channel inside.
     *
     * @return the channel, any thread may use it
     */
    public DatagramChannel openDatagramChannel() {
        return opened(channels::datagram);
    }

    /**
     * Opens an unconnected TCP channel inside.
     *
     * @return the channel, any thread may use it
     */
    public SocketChannel openSocketChannel() {
        return opened(channels::socket);
    }

    /**
     * Opens an unbound TCP server channel inside.
     *
     * @return the channel, any thread may use it
     */
    public ServerSocketChannel openServerSocketChannel() {
        return opened(channels::serverSocket);
    }

    private interface Opener<C> {
        C open() throws IOException;
    }

    private static <C> C opened(Opener<C> opener) {
        try {
            return opener.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a process inside. It shares everything but the network with this JVM.
     *
     * @param builder command and redirections; it is not changed
     * @return the process; its pid is the command's own
     */
    public Process start(ProcessBuilder builder) {
        ProcessBuilder inside = new ProcessBuilder(command(builder.command()))
                .redirectErrorStream(builder.redirectErrorStream())
                .redirectInput(builder.redirectInput())
                .redirectOutput(builder.redirectOutput())
                .redirectError(builder.redirectError())
                .directory(builder.directory());
        inside.environment().clear();
        inside.environment().putAll(builder.environment());
        return opened(inside::start);
    }

    private List<String> command(List<String> command) {
        // nsenter's own way to keep the directory: it enters nothing that would change it.
        return NamespaceCommand.find()
                .entering(NamespaceKind.NET, namespace().path())
                .processBuilder(command)
                .command();
    }

    /**
     * Runs a program inside to its end.
     *
     * @param command program and arguments; no shell sees them
     * @return what it printed
     * @throws AssertionError where it failed, with what it printed
     */
    public String run(String... command) {
        Process process = start(new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true));
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed on " + name + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodnetException.TimedOut("interrupted while " + command[0] + " ran");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Removes it, with all that is inside, where no process and no socket keeps it. Idempotent. */
    @Override
    public void close() {
        made.result().close();
        made.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
