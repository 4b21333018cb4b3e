package io.podnet.examples.agent;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What is one node's own.
 *
 * @param name the node's name
 * @param state its state directory
 * @param namespace its network namespace; empty for the process's own
 * @param netnsDirectory where its pods' network namespaces are pinned
 * @param zone its zone
 * @param podCidr its pods' network; empty for the network plugin's choice, or the usual one
 * @param networkPlugin the plugin, where the options name none
 */
public record NodePlace(
        String name,
        Path state,
        Optional<Path> namespace,
        Path netnsDirectory,
        Optional<String> zone,
        Optional<String> podCidr,
        String networkPlugin) {
    public NodePlace {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(netnsDirectory, "netnsDirectory");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(podCidr, "podCidr");
        Objects.requireNonNull(networkPlugin, "networkPlugin");
    }
}
