package io.podnet.cni.runtime;

import io.podnet.api.Condition;
import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Attaches containers to networks by their plugins, with libcni's effects: SPEC.md section 3. Calls for one attachment are done
 * one after the other, and {@link #gc} alone, also where several processes use one cache. Safe for any thread.
 */
public final class CniRuntime {
    private final PluginRunner runner;
    private final ResultCache cache;
    private final AttachmentLocks locks;
    private final PluginVersions versions;

    /**
     * Makes a runtime.
     *
     * @param runner runs plugins
     * @param cache keeps results
     */
    public CniRuntime(PluginRunner runner, ResultCache cache) {
        this.runner = runner;
        this.cache = cache;
        this.locks = new AttachmentLocks(cache.directory());
        this.versions = new PluginVersions(runner);
    }

    /**
     * Gives what is kept of attachments.
     *
     * @return the cache
     */
    public ResultCache cache() {
        return cache;
    }

    /**
     * Adds an attachment. What is about to be done is on disk before the first plugin runs; where one fails, or the result
     * cannot be written, all of them are told to delete.
     *
     * @param list the network
     * @param attachment the attachment, with a network namespace
     * @return the last plugin's result
     * @throws PodnetException.Conflict where it is added already
     * @throws PodnetException.PluginFailed where a plugin fails
     */
    public CniResult add(NetworkConfigList list, Attachment attachment) {
        Chain chain = new Chain(runner, list);
        chain.requireInstalled();
        requireNamespace(attachment.netns());
        return locks.with(list.name(), attachment, () -> add(list, attachment, chain));
    }

    private CniResult add(NetworkConfigList list, Attachment attachment, Chain chain) {
        if (cache.read(list.name(), attachment).isPresent()) {
            throw new PodnetException.Conflict("container " + attachment + " has a cached attachment to network "
                    + list.name() + "; delete it before it is added again");
        }
        CachedAttachment intent = new CachedAttachment(list.name(), attachment, list.json(), Optional.empty());
        cache.write(intent);
        List<CniResult> reached = new ArrayList<>();
        try {
            CniResult result = chain.add(attachment, reached::add);
            cache.write(intent.with(result));
            return result;
        } catch (PodnetException e) {
            takeBack(chain, list, attachment, reached, e);
            throw e;
        }
    }

    private static void requireNamespace(String netns) {
        if (netns.isEmpty()) {
            throw new PodnetException.Invalid("ADD needs a network namespace");
        }
        try (NetworkNamespace own = NetworkNamespace.current();
                NetworkNamespace given = NetworkNamespace.open(Path.of(netns))) {
            given.requireOtherThan(own);
        }
    }

    private void takeBack(
            Chain chain,
            NetworkConfigList list,
            Attachment attachment,
            List<CniResult> reached,
            PodnetException cause) {
        Optional<CniResult> last = reached.isEmpty() ? Optional.empty() : Optional.of(reached.get(reached.size() - 1));
        List<PodnetException> failures = chain.delete(attachment, last);
        failures.forEach(cause::addSuppressed);
        if (failures.isEmpty()) {
            try {
                cache.remove(list.name(), attachment);
            } catch (PodnetException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /**
     * Asks all plugins whether an attachment is as ADD left it.
     *
     * @param list the network
     * @param attachment the attachment
     * @throws PodnetException.PluginFailed where the first plugin says that it is not
     * @throws PodnetException.Unsupported where the network's version has no CHECK
     * @throws PodnetException.NotFound where there is no result of an ADD
     */
    public void check(NetworkConfigList list, Attachment attachment) {
        if (!list.version().isAtLeast(CniCommand.CHECK.since())) {
            throw new PodnetException.Unsupported("network " + list.name() + " has CNI version " + list.version()
                    + ", and CHECK is there since " + CniCommand.CHECK.since());
        }
        if (list.disableCheck()) {
            return;
        }
        locks.with(list.name(), attachment, () -> {
            CniResult result = cache.read(list.name(), attachment)
                    .flatMap(CachedAttachment::result)
                    .orElseThrow(() -> new PodnetException.NotFound(
                            "there is no result of adding " + attachment + " to network " + list.name()));
            new Chain(runner, list).check(attachment, result);
            return result;
        });
    }

    /**
     * Deletes an attachment. Goes on past errors; what is kept of it goes when every plugin was content. Idempotent.
     *
     * @param list the network
     * @param attachment the attachment; without a network namespace where that is gone
     * @throws PodnetException.Incomplete where a plugin failed; calling again tries all of them again
     */
    public void del(NetworkConfigList list, Attachment attachment) {
        locks.with(list.name(), attachment, () -> delete(list, attachment));
    }

    private boolean delete(NetworkConfigList list, Attachment attachment) {
        Optional<CniResult> result = list.version().isAtLeast(CniCommand.CHECK.since())
                ? cache.read(list.name(), attachment).flatMap(CachedAttachment::result)
                : Optional.empty();
        Attachment existing = attachment.withNetns(existing(attachment.netns()));
        List<PodnetException> failures = new Chain(runner, list).delete(existing, convertible(result, list));
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "deleting " + attachment + " from network " + list.name() + ": "
                            + failures.get(0).getMessage()
                            + (failures.size() == 1 ? "" : " (and " + (failures.size() - 1) + " more)"),
                    failures);
        }
        cache.remove(list.name(), attachment);
        return true;
    }

    /** A namespace that is gone is told as an empty path, as the specification says. */
    private static String existing(String netns) {
        if (netns.isEmpty()) {
            return "";
        }
        try (NetworkNamespace given = NetworkNamespace.open(Path.of(netns));
                NetworkNamespace own = NetworkNamespace.current()) {
            return given.id().equals(own.id()) ? "" : netns;
        } catch (PodnetException.NotFound | PodnetException.Invalid gone) {
            return "";
        }
    }

    private static Optional<CniResult> convertible(Optional<CniResult> result, NetworkConfigList list) {
        try {
            return result.map(one -> one.as(list.version()));
        } catch (CniException e) {
            return Optional.empty();
        }
    }

    /**
     * Deletes everything in a network that belongs to no valid attachment: what is kept here of others, then the addresses
     * that host-local holds for others, then each plugin's own GC where the network's version has it. The first two make up
     * for plugins without GC, which answer it like those that have it.
     *
     * @param list the network
     * @param valid all attachments that must stay, those of other runtimes too; with none everything goes
     * @return what was deleted, for people
     * @throws PodnetException.Incomplete where something could not be deleted
     */
    public List<String> gc(NetworkConfigList list, Set<ValidAttachment> valid) {
        return locks.alone(list.name(), () -> gc(list, valid, true));
    }

    /**
     * Deletes what is kept here of attachments that are not valid, and leaves alone what other runtimes attached to the same
     * network.
     *
     * @param list the network
     * @param valid the attachments that must stay
     * @return what was deleted, for people
     * @throws PodnetException.Incomplete where something could not be deleted
     */
    public List<String> gcOwn(NetworkConfigList list, Set<ValidAttachment> valid) {
        return locks.alone(list.name(), () -> gc(list, valid, false));
    }

    private List<String> gc(NetworkConfigList list, Set<ValidAttachment> valid, boolean foreign) {
        List<String> removed = new ArrayList<>();
        if (list.disableGc()) {
            return removed;
        }
        List<PodnetException> failures = new ArrayList<>();
        for (CachedAttachment entry : cache.list()) {
            if (entry.network().equals(list.name())
                    && !valid.contains(entry.attachment().id())) {
                collect(listOf(entry, list), entry.attachment(), removed, failures);
            }
        }
        if (foreign) {
            collectForeign(list, valid, removed, failures);
        }
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "garbage collection of network " + list.name() + ": "
                            + failures.get(0).getMessage(),
                    failures);
        }
        return removed;
    }

    private void collectForeign(
            NetworkConfigList list, Set<ValidAttachment> valid, List<String> removed, List<PodnetException> failures) {
        for (ValidAttachment owner : HostLocalLeases.owners(list)) {
            if (!valid.contains(owner)) {
                Attachment lost =
                        new Attachment(owner.containerId(), "", owner.ifName(), CniArgs.NONE, RuntimeConfig.EMPTY);
                collect(list, lost, removed, failures);
            }
        }
        if (list.version().isAtLeast(CniCommand.GC.since())) {
            failures.addAll(new Chain(runner, list).gc(valid));
        }
    }

    private void collect(
            NetworkConfigList list, Attachment attachment, List<String> removed, List<PodnetException> failures) {
        try {
            delete(list, attachment);
            removed.add("attachment " + attachment + " to network " + list.name());
        } catch (PodnetException e) {
            failures.add(e);
        }
    }

    /**
     * Gives the configuration that an attachment was made with, which may not be in any directory any more.
     *
     * @param entry what is kept of the attachment
     * @param current the network's configuration now, where the kept one cannot be read
     * @return the configuration
     */
    public static NetworkConfigList listOf(CachedAttachment entry, NetworkConfigList current) {
        try {
            return entry.list();
        } catch (CniException e) {
            return current;
        }
    }

    /**
     * Tells whether containers can be added now. Plugins are asked where the network's version has STATUS; for older ones
     * all executables have to be there, and to speak the version.
     *
     * @param list the network
     * @return code, reason and remedy
     */
    public Condition status(NetworkConfigList list) {
        try {
            Chain chain = new Chain(runner, list);
            chain.requireInstalled();
            if (list.version().isAtLeast(CniCommand.STATUS.since())) {
                chain.status();
            } else {
                requireVersion(list);
            }
            return Condition.READY;
        } catch (PodnetException.PluginFailed e) {
            boolean limited = e.code() == CniError.LIMITED_CONNECTIVITY;
            return new Condition(
                    Condition.Code.NOT_READY,
                    limited ? "CniLimitedConnectivity" : "CniPluginNotAvailable",
                    "" + e.getMessage());
        } catch (PodnetException e) {
            return new Condition(Condition.Code.NOT_READY, "CniPluginNotAvailable", "" + e.getMessage());
        }
    }

    private void requireVersion(NetworkConfigList list) {
        for (PluginConfig plugin : list.plugins()) {
            List<String> spoken = versions.of(plugin.type()).supportedVersions();
            if (!spoken.contains(list.version().toString())) {
                throw new PodnetException.PluginFailed(
                        "CNI plugin '" + plugin.type() + "' does not speak version " + list.version() + " of network "
                                + list.name() + "; it speaks " + String.join(", ", spoken),
                        CniError.INCOMPATIBLE_VERSION);
            }
        }
    }
}
