package io.podnet.cni.runtime;

import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What plugins say about their versions, asked again only where the file has changed. Safe for any thread. */
final class PluginVersions {
    // A plugin of the time before VERSION checks these first; the words are libcni's.
    private static final String DUMMY = "dummy";

    private record Build(Path file, Object identity, long modified, long size) {}

    private final PluginRunner runner;
    private final Map<Build, VersionInfo> known = new ConcurrentHashMap<>();

    PluginVersions(PluginRunner runner) {
        this.runner = runner;
    }

    VersionInfo of(String type) {
        Build build = build(runner.path().find(type));
        VersionInfo info = known.get(build);
        if (info == null) {
            info = ask(type);
            known.keySet().removeIf(old -> old.file().equals(build.file()));
            known.put(build, info);
        }
        return info;
    }

    private static Build build(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Build(
                    file,
                    "" + attributes.fileKey(),
                    attributes.lastModifiedTime().toMillis(),
                    attributes.size());
        } catch (IOException e) {
            throw new PodnetException.StateFailure("CNI plugin " + file + " cannot be looked at: " + e, e);
        }
    }

    private VersionInfo ask(String type) {
        CniEnvironment environment = new CniEnvironment(
                CniCommand.VERSION,
                DUMMY,
                DUMMY,
                DUMMY,
                CniArgs.NONE,
                runner.path().texts(),
                false);
        JsonObject stdin = JsonObject.EMPTY.with("cniVersion", CniVersion.NEWEST.toString());
        try {
            return VersionInfo.read(runner.ask(type, environment, stdin));
        } catch (PodnetException.PluginFailed e) {
            if (("" + e.getMessage()).contains("unknown CNI_COMMAND: VERSION")) {
                return VersionInfo.BEFORE_VERSION;
            }
            throw e;
        } catch (CniException e) {
            throw new PodnetException.PluginFailed("CNI plugin '" + type + "': " + e.getMessage(), e.code());
        }
    }
}
