package io.podnet.cni.process;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directories that plugins are looked for in: {@code CNI_PATH}.
 *
 * @param directories the directories, the first one wins; absolute
 * @param trustedOnly refuse executables that other users may write
 */
public record PluginPath(List<Path> directories, boolean trustedOnly) {
    public PluginPath {
        directories = List.copyOf(directories);
        for (Path directory : directories) {
            if (!directory.isAbsolute() || directory.toString().indexOf(':') >= 0) {
                throw new PodnetException.Invalid("plugin directory '" + directory
                        + "' is not absolute, or has a ':', which separates directories in CNI_PATH");
            }
        }
    }

    /**
     * Finds a plugin.
     *
     * @param type the plugin's type
     * @return the executable, after symbolic links
     * @throws PodnetException.Invalid where the type is no file name, or the executable is not to be trusted
     * @throws PodnetException.NotFound where no directory has it
     */
    public Path find(String type) {
        try {
            CniNames.pluginType(type);
        } catch (CniException e) {
            throw new PodnetException.Invalid(e.error().toString(), e);
        }
        for (Path directory : directories) {
            Path candidate = directory.resolve(type);
            if (Files.isRegularFile(candidate)) {
                return checked(candidate);
            }
        }
        throw new PodnetException.NotFound("there is no CNI plugin '" + type + "' in " + directories
                + "; install it there, or name its directory");
    }

    private Path checked(Path candidate) {
        if (!Files.isExecutable(candidate)) {
            throw new PodnetException.Invalid("CNI plugin " + candidate + " is not executable; use chmod +x");
        }
        return trustedOnly ? TrustedFiles.require(candidate) : candidate;
    }

    /**
     * Gives the directories as texts.
     *
     * @return for {@code CNI_PATH}
     */
    public List<String> texts() {
        return directories.stream().map(Path::toString).toList();
    }
}
