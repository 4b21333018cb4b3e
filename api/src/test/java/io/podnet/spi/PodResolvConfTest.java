package io.podnet.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodResolvConfTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void systemdResolvedsStubStandsForTheServersBehindIt() throws IOException {
        Path behind = file("behind", "nameserver 192.0.2.1\n");
        assertThat(PodResolvConf.behindStub(file("stub", "nameserver 127.0.0.53\noptions edns0\n"), behind))
                .isEqualTo(behind);
        for (String text :
                new String[] {"", "nameserver 192.0.2.2\n", "nameserver 127.0.0.53\nnameserver 192.0.2.2\n"}) {
            Path own = file("own", text);
            assertThat(PodResolvConf.behindStub(own, behind)).as(text).isEqualTo(own);
        }
        Path stub = file("stub", "nameserver 127.0.0.53\n");
        assertThat(PodResolvConf.behindStub(stub, directory.resolve("absent"))).isEqualTo(stub);
    }
}
