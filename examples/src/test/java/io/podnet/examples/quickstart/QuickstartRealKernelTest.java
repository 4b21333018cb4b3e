package io.podnet.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The tour, on the real kernel. */
class QuickstartRealKernelTest {
    @Test
    void theTourHolds() throws Exception {
        StringWriter out = new StringWriter();

        new Quickstart(new Tour(new PrintWriter(out))).run();

        assertThat(out.toString())
                .contains("receiver sees 10.244.1.3")
                .contains("ok: no record", "ok: no lease", "ok: no mount is left");
    }
}
