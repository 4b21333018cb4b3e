package io.podnet.examples.desired;

import io.podnet.examples.manifest.FileContent;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The directory at one moment.
 *
 * @param files what its files say, by file name
 * @param settled false where a file is being written, so that looking again soon is worth it
 */
public record Snapshot(NavigableMap<String, FileContent> files, boolean settled) {
    public Snapshot {
        files = Collections.unmodifiableNavigableMap(new TreeMap<>(files));
    }
}
