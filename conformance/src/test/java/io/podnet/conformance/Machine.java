package io.podnet.conformance;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A network namespace that stands for a machine. */
final class Machine implements AutoCloseable {
    private final MadeNamespaces<RouteNetlink> made;
    private final Sockets sockets;

    Machine(NamespaceThreads threads) throws IOException {
        made = threads.make(NewNamespaces.network(), RouteNetlink::open);
        made.result().links().change(1, LinkAttributes.none().up());
        sockets = Sockets.of(new NamespaceChannels(threads, made.network()));
    }

    RouteNetlink route() {
        return made.result();
    }

    Path path() {
        return made.network().path();
    }

    int fd() {
        return made.network().fd();
    }

    Sockets sockets() {
        return sockets;
    }

    Client client() {
        return Client.in(sockets);
    }

    void addAddress(String link, String address) {
        route().addresses()
                .create(AssignedAddress.of(route().links().get(link).index(), InterfaceAddress.parse(address)));
    }

    void addRoute(String destination, IpAddress via) {
        route().routes().create(Route.to(Cidr.parse(destination)).via(via));
    }

    /** Runs a program inside and gives what it printed. */
    String run(String... command) throws IOException, InterruptedException {
        return feed("", command);
    }

    /** The same for a program that reads. */
    String feed(String input, String... command) throws IOException, InterruptedException {
        Process process = NamespaceCommand.find()
                .entering(NamespaceKind.NET, path())
                .processBuilder(List.of(command))
                .redirectErrorStream(true)
                .start();
        try (OutputStream to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    @Override
    public void close() {
        made.result().close();
        made.close();
    }
}
