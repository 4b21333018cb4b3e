package io.podnet.examples.state;

import java.util.List;
import java.util.Map;

/**
 * What a packet's way on the node depends on besides pods and services, as the agent last knew it.
 *
 * @param nodeName the node's name
 * @param zone the node's zone; empty for none
 * @param addresses the node's own addresses
 * @param podCidrs networks of the pods' addresses
 * @param serviceCidrs networks of cluster IPs
 * @param externalCidrs networks of external addresses
 * @param podInterface the node's interface that pods' packets arrive by
 * @param serviceProxy the service proxy's name; the word that stands for no proxy without one
 * @param proxyOptions its options
 */
public record NodeFacts(
        String nodeName,
        String zone,
        List<String> addresses,
        List<String> podCidrs,
        List<String> serviceCidrs,
        List<String> externalCidrs,
        String podInterface,
        String serviceProxy,
        Map<String, String> proxyOptions) {
    public NodeFacts {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        externalCidrs = List.copyOf(externalCidrs);
        proxyOptions = Map.copyOf(proxyOptions);
    }
}
