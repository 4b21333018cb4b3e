package io.podnet.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour, on the real kernel. */
class QuickstartRealKernelTest {
    @TempDir
    Path programs = Path.of("");

    @Test
    void theTourHolds() throws Exception {
        StringWriter out = new StringWriter();
        // In Debian redis-server is a link to this program of redis-tools, which tells them apart by their names.
        Files.createSymbolicLink(programs.resolve("redis-server"), Path.of("/usr/bin/redis-check-rdb"));
        String path = System.getenv("PATH") + ":" + programs;

        new Quickstart(new Tour(new PrintWriter(out)), Map.of("PATH", path)).run();

        assertThat(out.toString())
                .contains("receiver sees 10.244.1.3")
                .contains("ok: its address leads to shop", "ok: so does its name")
                .contains("ok: no record", "ok: no lease", "ok: no mount is left");
    }
}
