package io.podnet.examples.agent;

import io.podnet.examples.container.ProcessTable;
import io.podnet.examples.state.ContainerLogs;
import java.time.Clock;
import java.util.Map;

/**
 * What the agent finds around it.
 *
 * @param nodeName the node's name
 * @param clusterDomain the domain of the pods' names
 * @param logs the containers' output
 * @param processes the process table
 * @param clock tells the time
 * @param bootId names the machine's present boot
 * @param environment the agent's environment
 */
record Surroundings(
        String nodeName,
        String clusterDomain,
        ContainerLogs logs,
        ProcessTable processes,
        Clock clock,
        String bootId,
        Map<String, String> environment) {}
