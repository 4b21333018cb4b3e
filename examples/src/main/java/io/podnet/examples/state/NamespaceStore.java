package io.podnet.examples.state;

import io.podnet.api.PodnetException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Which network namespaces stand for the nodes of a cluster, as files. For one thread. */
public final class NamespaceStore {
    private final AgentFiles files;

    /**
     * Opens a cluster's namespaces; nothing is made before the first write.
     *
     * @param stateDirectory the cluster's state directory
     */
    public NamespaceStore(Path stateDirectory) {
        this.files = new AgentFiles(stateDirectory.resolve("namespaces"));
    }

    /**
     * Writes a namespace down.
     *
     * @param name whose it is
     * @param inode its inode
     */
    public void save(String name, long inode) {
        files.write(name, Long.toString(inode));
    }

    /**
     * Reads a namespace's inode.
     *
     * @param name whose it is
     * @return the inode; empty where there is none
     * @throws PodnetException.StateFailure where the file says something else
     */
    public OptionalLong load(String name) {
        return files.read(name)
                .map(text -> {
                    try {
                        return OptionalLong.of(Long.parseLong(text));
                    } catch (NumberFormatException e) {
                        throw new PodnetException.StateFailure("the inode of " + name + " is '" + text + "'", e);
                    }
                })
                .orElse(OptionalLong.empty());
    }

    /**
     * Lists the namespaces.
     *
     * @return whose there are
     */
    public List<String> names() {
        return files.names();
    }

    /**
     * Forgets a namespace.
     *
     * @param name whose it is
     */
    public void remove(String name) {
        files.remove(name);
    }
}
