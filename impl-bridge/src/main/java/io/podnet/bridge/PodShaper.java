package io.podnet.bridge;

import io.podnet.netlink.route.RouteNetlink;

/** stub */
final class PodShaper {
    PodShaper(RouteNetlink node) {}

    void setUp(PodWiring wiring) {}

    void remove(PodWiring wiring) {}
}
