package io.podnet.examples.cniplugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of a program that lives for one call, as its JVM can map them (JEP 350): loading them is half of what it does. It
 * lies beside the jars and is as much to be trusted as they are. A JVM that it does not fit, after an update of Java, loads
 * classes as ever.
 *
 * @param file the archive
 */
record ClassArchive(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
    private static final String NAME = "podnet-cni.jsa";
    private static final long LONGEST_SECONDS = 60;

    static ClassArchive of(Path jars) {
        return new ClassArchive(jars.resolve(NAME));
    }

    /** Lets the program practise, keeps what it loaded, and gives the command line that uses it. */
    List<String> with(List<String> command) throws IOException {
        Path fresh = file.resolveSibling("." + NAME + ".new");
        Files.deleteIfExists(fresh);
        try {
            if (run(inserted(command, "-XX:ArchiveClassesAtExit=" + fresh)) && Files.exists(fresh)) {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                return inserted(command, "-XX:SharedArchiveFile=" + file);
            }
            LOG.warn("there is no archive of classes; calls without the daemon will take longer");
            return command;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static List<String> inserted(List<String> command, String option) {
        List<String> longer = new ArrayList<>(command);
        longer.add(1, option);
        return longer;
    }

    private static boolean run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("CNI_"));
        Process process = builder.start();
        try {
            return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
