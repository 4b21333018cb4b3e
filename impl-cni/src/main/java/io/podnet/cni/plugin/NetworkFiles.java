package io.podnet.cni.plugin;

import io.podnet.api.FileAttachmentStore;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniNames;
import io.podnet.spi.AttachmentStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The state directory's files of all networks, shared by the daemon and stand-alone programs:
 *
 * <pre>
 * pending/del-*                   deletes that came while the daemon was away
 * networks/NAME/lock              attachments beside each other, what concerns all of them alone (SPEC.md, "GC")
 * networks/NAME/attachments/*     a record for each attachment
 * networks/NAME/bridge/           the provider's own
 * </pre>
 *
 * <p>All directories are of mode 0700.
 */
final class NetworkFiles {
    private final Path root;

    private NetworkFiles(Path root) {
        this.root = root;
    }

    /** Opens the directory, and makes it where it is missing. */
    static NetworkFiles open(Path root) {
        NetworkFiles files = new NetworkFiles(root);
        makePrivate(root);
        makePrivate(files.pending());
        makePrivate(root.resolve("networks"));
        return files;
    }

    private static Path makePrivate(Path directory) {
        try {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            int mode = (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & 0170000) != 0040000 || (mode & 0022) != 0) {
                throw new PodnetException.Invalid(
                        directory + " must be a directory that only its owner may write to (chmod 0700)");
            }
            return directory;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be used: " + e, e);
        }
    }

    /** Where the shim leaves deletes. */
    Path pending() {
        return root.resolve("pending");
    }

    /** Makes a network's directories. */
    void prepare(String network) {
        makePrivate(of(network));
        makePrivate(attachments(network));
        makePrivate(provider(network));
    }

    private Path of(String network) {
        return root.resolve("networks").resolve(CniNames.networkName(network));
    }

    private Path attachments(String network) {
        return of(network).resolve("attachments");
    }

    Path provider(String network) {
        return of(network).resolve("bridge");
    }

    Path lock(String network) {
        return of(network).resolve("lock");
    }

    AttachmentStore store(String network) {
        return new FileAttachmentStore(attachments(network));
    }

    boolean isEmpty(String network) {
        try (DirectoryStream<Path> records = Files.newDirectoryStream(attachments(network))) {
            for (Path record : records) {
                // What begins with a dot was never finished.
                if (!record.getFileName().toString().startsWith(".")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("records of network " + network + " cannot be listed: " + e, e);
        }
    }

    /** Names all networks that ever had an attachment here. */
    List<String> networks() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root.resolve("networks"))) {
            directories.forEach(directory -> names.add(String.valueOf(directory.getFileName())));
            return names;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("networks in " + root + " cannot be listed: " + e, e);
        }
    }
}
