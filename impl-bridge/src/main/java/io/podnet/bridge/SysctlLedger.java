package io.podnet.bridge;

import io.podnet.api.Drift;
import io.podnet.api.PodnetException;
import io.podnet.netlink.sysctl.NamespaceSysctls;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.SysctlSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the node's namespace that were changed, with the values they had, so that the last one out can put them
 * back. The old value is on disk before the new one is in the kernel.
 */
final class SysctlLedger {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final NamespaceSysctls sysctls;
    private final Path file;

    SysctlLedger(NamespaceSysctls sysctls, Path stateDirectory) {
        this.sysctls = sysctls;
        this.file = stateDirectory.resolve("sysctls");
    }

    /** Brings settings to their values; those that this kernel does not have are passed over. */
    void set(List<SysctlSetting> wanted) {
        Map<String, String> before = read();
        List<SysctlSetting> changes = new ArrayList<>();
        for (SysctlSetting setting : wanted) {
            Optional<String> present = sysctls.read(setting.key());
            if (present.isPresent() && !present.get().equals(setting.value())) {
                before.putIfAbsent(setting.key().toString(), present.get());
                changes.add(setting);
            }
        }
        if (!changes.isEmpty()) {
            write(before);
            sysctls.writeAll(changes);
        }
    }

    /** Compares settings with what they should be; those that this kernel does not have are passed over. */
    List<Drift> check(List<SysctlSetting> wanted) {
        List<Drift> drifts = new ArrayList<>();
        for (SysctlSetting setting : wanted) {
            sysctls.read(setting.key())
                    .filter(present -> !present.equals(setting.value()))
                    .ifPresent(present ->
                            drifts.add(new Drift("sysctl", setting.key().toString(), setting.value(), present)));
        }
        return drifts;
    }

    /** Puts back what was there before the first change. */
    void restore() {
        Map<String, String> before = read();
        for (Map.Entry<String, String> entry : before.entrySet()) {
            sysctls.write(SysctlKey.parse(entry.getKey()), entry.getValue());
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be removed: " + e, e);
        }
    }

    private Map<String, String> read() {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    int equals = line.indexOf('=');
                    if (equals > 0) {
                        values.put(line.substring(0, equals), line.substring(equals + 1));
                    }
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be read: " + e, e);
        }
        return values;
    }

    private void write(Map<String, String> values) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, PRIVATE);
            Files.write(
                    temporary,
                    values.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be written: " + e, e);
        }
    }
}
