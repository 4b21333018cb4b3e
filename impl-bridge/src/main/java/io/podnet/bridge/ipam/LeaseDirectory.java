package io.podnet.bridge.ipam;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of one network. What host-local knows lies in {@code <state>/<network>}: a file for each address, {@code
 * last_reserved_ip.N}, {@code lock}. What only we know lies beside it, in {@code <state>/.podnet/<network>}, since
 * host-local walks through everything below its own directory, and no network's name begins with a dot:
 *
 * <pre>
 * boot                     id of the boot whose leases these are
 * generation               changes before each change by one of us
 * cooling/ADDRESS          a released address file; its modification time is the release's
 * instances/INSTANCE/OWNER an uncommitted lease, made by that user of the directory
 * staging/INSTANCE~N       an address file before it gets its name
 * </pre>
 *
 * <p>All but staging and syncing happens under the lock.
 */
final class LeaseDirectory {
    private static final String SIDE = ".podnet";
    private static final String LAST_RESERVED = "last_reserved_ip.";
    private static final int LONGEST_CONTENT = 1024;

    /** Longer ago than any file system's ticks. */
    private static final Duration MARK = Duration.ofMinutes(1);

    /**
     * Which state of the files was seen.
     *
     * @param modified the time of host-local's directory: a mark of ours, until somebody makes or removes a name in it
     * @param generation who of us changed something last
     */
    record Stamp(Instant modified, String generation) {}

    private final FileOps files;
    private final Path state;
    private final Path network;
    private final Path side;
    private final String instance;
    private final AtomicLong staged = new AtomicLong();

    LeaseDirectory(FileOps files, Path state, String network, String instance) {
        this.files = files;
        this.state = state;
        this.network = state.resolve(network);
        this.side = state.resolve(SIDE).resolve(network);
        this.instance = instance;
    }

    String instance() {
        return instance;
    }

    /** Makes what is missing, and refuses directories that others could write to. */
    void prepare() throws IOException {
        for (Path directory : List.of(
                state, network, side, cooling(), instances(), instances().resolve(instance), staging())) {
            FileOps.Stat found = existing(directory);
            if (!found.directory() || found.writableByOthers()) {
                throw new PodnetException.Invalid(directory
                        + " must be a directory, no link, that only its owner can write to; others could hand out or"
                        + " free addresses (chmod go-w)");
            }
        }
    }

    private FileOps.Stat existing(Path directory) throws IOException {
        Optional<FileOps.Stat> found = files.stat(directory);
        if (found.isPresent()) {
            return found.get();
        }
        files.createDirectory(directory);
        files.syncDirectory(directory.resolveSibling("."));
        return files.stat(directory).orElseThrow(() -> new NoSuchFileException(directory.toString()));
    }

    FileOps.Lock lock() throws IOException {
        try {
            return files.lock(network.resolve("lock"));
        } catch (NoSuchFileException removed) {
            prepare();
            return files.lock(network.resolve("lock"));
        }
    }

    Stamp stamp() throws IOException {
        return stampOf(text(side.resolve("generation")));
    }

    /**
     * Gives the directory a time that no change by others has from now on, and remembers it. Times come from a clock of some
     * milliseconds' ticks (tmpfs, and all file systems before Linux 6.13), so that a change right after ours would not
     * show by itself.
     */
    Stamp mark(String generation, Instant now) throws IOException {
        files.setModified(network, now.minus(MARK));
        return stampOf(generation);
    }

    /** The same for a state that was just read: what did not change for long needs no mark, and others need not read it again. */
    Stamp settle(Stamp read, Instant now) throws IOException {
        return read.modified().isAfter(now.minus(MARK.dividedBy(2))) ? mark(read.generation(), now) : read;
    }

    private Stamp stampOf(String generation) throws IOException {
        Instant modified = files.stat(network).map(FileOps.Stat::modified).orElse(Instant.MIN);
        return new Stamp(modified, generation);
    }

    /** Tells the others that something is about to change. */
    void announce(String generation) throws IOException {
        files.overwrite(side.resolve("generation"), bytes(generation));
    }

    /** Reads everything into an empty table. */
    void scan(LeaseTable table, Instant now) throws IOException {
        for (String name : files.list(network)) {
            Optional<IpAddress> address = address(name);
            if (address.isEmpty()) {
                continue;
            }
            Optional<FileOps.Stat> stat = files.stat(network.resolve(name));
            if (stat.isPresent() && !stat.get().regular()) {
                table.obstruct(address.get());
            } else if (stat.isPresent()) {
                holder(address.get())
                        .ifPresentOrElse(
                                holder -> table.hold(address.get(), holder),
                                () -> table.garbled().add(address.get()));
            }
        }
        for (String user : files.list(instances())) {
            for (String marker : files.list(instances().resolve(user))) {
                Holder.ofMarker(marker).ifPresent(holder -> table.pending().put(holder, user));
            }
        }
        scanCooling(table, now);
        for (int i = 0; i < table.pools().size(); i++) {
            address(text(network.resolve(LAST_RESERVED + i)).strip())
                    .ifPresent(table.pools().get(i)::continueAfter);
        }
    }

    private void scanCooling(LeaseTable table, Instant now) throws IOException {
        List<Map.Entry<IpAddress, Instant>> released = new ArrayList<>();
        for (String name : files.list(cooling())) {
            Optional<IpAddress> address = address(name);
            Optional<FileOps.Stat> stat = files.stat(cooling().resolve(name));
            if (address.isPresent() && stat.isPresent()) {
                Instant modified = stat.get().modified();
                released.add(Map.entry(address.get(), modified.isAfter(now) ? now : modified));
            }
        }
        released.sort(Map.Entry.comparingByValue(Comparator.naturalOrder()));
        for (Map.Entry<IpAddress, Instant> entry : released) {
            if (table.holderOf(entry.getKey()).isPresent()) {
                table.spend(entry.getKey());
            } else {
                table.cool(entry.getKey(), entry.getValue());
            }
        }
        table.expire(now);
    }

    /** Reads who holds an address; empty where nobody does or the file is garbled. */
    Optional<Holder> holder(IpAddress address) throws IOException {
        return files.read(file(address), LONGEST_CONTENT).flatMap(Holder::parse);
    }

    /** Tells whether an address file says nothing of a holder. */
    boolean garbled(IpAddress address) throws IOException {
        boolean regular = files.stat(file(address)).map(FileOps.Stat::regular).orElse(false);
        return regular && holder(address).isEmpty();
    }

    /** Tells when an address file was written. */
    Optional<Instant> modified(IpAddress address) throws IOException {
        return files.stat(file(address)).map(FileOps.Stat::modified);
    }

    /** Names a file that {@link #stage} may make. */
    Path newStaged() {
        return staging().resolve(instance + "~" + staged.incrementAndGet());
    }

    /** Writes an address file's content, durable, so that its name never stands for less. */
    void stage(Path file, Holder holder) throws IOException {
        files.createFile(file, holder.content());
    }

    void unstage(Path file) throws IOException {
        files.delete(file);
    }

    /** Removes staged files whose user is gone. */
    void sweepStaging(Processes processes) throws IOException {
        for (String name : files.list(staging())) {
            int end = name.indexOf('~');
            if (end < 0 || !processes.alive(name.substring(0, end))) {
                files.delete(staging().resolve(name));
            }
        }
    }

    /** Gives an address to the staged file's holder; false where it is taken. */
    boolean link(IpAddress address, Path stagedFile) throws IOException {
        return files.link(file(address), stagedFile);
    }

    void remove(IpAddress address) throws IOException {
        files.delete(file(address));
    }

    /** Frees an address and remembers when, in one step; the earlier touch changes nothing that matters. */
    void cool(IpAddress address, Instant now) throws IOException {
        files.setModified(file(address), now);
        files.rename(file(address), cooling().resolve(address.toString()));
    }

    void removeTombstone(IpAddress address) throws IOException {
        files.delete(cooling().resolve(address.toString()));
    }

    void lastReserved(int set, IpAddress address) throws IOException {
        files.overwrite(network.resolve(LAST_RESERVED + set), bytes(address.toString()));
    }

    void mark(Holder holder) throws IOException {
        files.createFile(instances().resolve(instance).resolve(holder.marker()), new byte[0]);
    }

    void unmark(Holder holder, String user) throws IOException {
        files.delete(instances().resolve(user).resolve(holder.marker()));
    }

    List<String> users() throws IOException {
        return files.list(instances());
    }

    List<Holder> marked(String user) throws IOException {
        return files.list(instances().resolve(user)).stream()
                .flatMap(name -> Holder.ofMarker(name).stream())
                .toList();
    }

    void removeUser(String user) throws IOException {
        files.delete(instances().resolve(user));
    }

    /** Makes this user one whose uncommitted leases the next start frees, although the process goes on. */
    String retire() throws IOException {
        for (String name : files.list(staging())) {
            if (name.startsWith(instance + "~")) {
                files.delete(staging().resolve(name));
            }
        }
        if (files.list(instances().resolve(instance)).isEmpty()) {
            removeUser(instance);
        } else {
            files.rename(instances().resolve(instance), instances().resolve("closed~" + instance));
        }
        return instance;
    }

    String boot() throws IOException {
        return text(side.resolve("boot"));
    }

    void boot(String id) throws IOException {
        Path fresh = newStaged();
        files.createFile(fresh, bytes(id));
        files.rename(fresh, side.resolve("boot"));
        files.syncDirectory(side);
    }

    /** Makes address files that were made or removed durable. */
    void sync() throws IOException {
        files.syncDirectory(network);
    }

    private Path file(IpAddress address) {
        return network.resolve(address.toString());
    }

    private Path cooling() {
        return side.resolve("cooling");
    }

    private Path instances() {
        return side.resolve("instances");
    }

    private Path staging() {
        return side.resolve("staging");
    }

    private String text(Path file) throws IOException {
        return files.read(file, LONGEST_CONTENT)
                .map(content -> new String(content, StandardCharsets.ISO_8859_1))
                .orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Optional<IpAddress> address(String name) {
        try {
            IpAddress address = IpAddress.parse(name);
            return address.toString().equals(name) ? Optional.of(address) : Optional.empty();
        } catch (PodnetException.Invalid other) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
