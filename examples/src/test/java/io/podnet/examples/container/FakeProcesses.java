package io.podnet.examples.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A process table that a test fills. */
public final class FakeProcesses implements ProcessTable {
    private record Fake(Entry entry, Map<String, String> environment, Path executable) {}

    private final Map<Long, Fake> processes = new TreeMap<>();
    private final List<String> signals = new ArrayList<>();
    private final Map<Long, Integer> deaf = new HashMap<>();
    private long ticks = 1000;
    private long nextPid = 100;

    public Entry add(long pid, long parent, long start, String marker, String executable) {
        Entry entry = new Entry(pid, parent, start);
        processes.put(
                pid,
                new Fake(
                        entry,
                        marker.isEmpty() ? Map.of() : Map.of(ContainerCommand.MARKER, marker),
                        Path.of(executable)));
        return entry;
    }

    public long newPid() {
        return nextPid++;
    }

    public void end(long pid) {
        processes.remove(pid);
    }

    public void ignoresTerm(long pid) {
        deaf.put(pid, 1);
    }

    public void setTicks(long now) {
        ticks = now;
    }

    public List<String> signals() {
        return signals;
    }

    @Override
    public Optional<Entry> find(long pid) {
        return Optional.ofNullable(processes.get(pid)).map(Fake::entry);
    }

    @Override
    public List<Entry> all() {
        return processes.values().stream().map(Fake::entry).toList();
    }

    @Override
    public Optional<String> variable(long pid, String name) {
        return Optional.ofNullable(processes.get(pid))
                .map(fake -> fake.environment().get(name));
    }

    @Override
    public Optional<Path> executable(long pid) {
        return Optional.ofNullable(processes.get(pid)).map(Fake::executable);
    }

    @Override
    public long nowTicks() {
        return ticks;
    }

    @Override
    public void send(Entry process, Signal signal) {
        signals.add(signal + " " + process.pid());
        if (signal == Signal.KILL || !deaf.containsKey(process.pid())) {
            end(process.pid());
        }
    }
}
