package io.podnet.api;

import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Follows a proxy: how far the kernel is, and what hinders it. Passes everything on to those who want to know. */
final class ProgrammedGenerations implements ServiceProxyListener {
    private final List<ServiceProxyListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<ServiceId, Long> newest = new HashMap<>();
    private long programmed;
    private String failure = "";

    void add(ServiceProxyListener listener) {
        listeners.add(listener);
    }

    /** Notes that a service's newest state is in a generation. */
    synchronized void told(ServiceId service, long generation) {
        newest.put(service, generation);
    }

    synchronized void forget(ServiceId service) {
        newest.remove(service);
    }

    /** A new proxy counts from the beginning. */
    synchronized void reset() {
        newest.clear();
        programmed = 0;
        failure = "";
    }

    synchronized long newest(ServiceId service) {
        return newest.getOrDefault(service, 0L);
    }

    synchronized boolean isProgrammed(ServiceId service) {
        long generation = newest(service);
        return generation > 0 && generation <= programmed;
    }

    synchronized String failure() {
        return failure;
    }

    @Override
    public void onProgrammed(long generation) {
        synchronized (this) {
            programmed = Math.max(programmed, generation);
            failure = "";
        }
        listeners.forEach(listener -> listener.onProgrammed(generation));
    }

    @Override
    public void onFailure(long generation, PodnetException cause) {
        synchronized (this) {
            failure = String.valueOf(cause.getMessage());
        }
        listeners.forEach(listener -> listener.onFailure(generation, cause));
    }

    @Override
    public void onDriftRepaired(List<Drift> drift) {
        listeners.forEach(listener -> listener.onDriftRepaired(drift));
    }

    @Override
    public void onNoEndpoints(ServiceId service, Optional<String> portName) {
        listeners.forEach(listener -> listener.onNoEndpoints(service, portName));
    }

    @Override
    public void onExternalIpRefused(ServiceId service, IpAddress ip) {
        listeners.forEach(listener -> listener.onExternalIpRefused(service, ip));
    }
}
