package io.podnet.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    @TempDir
    Path classPath;

    /** A provider interface of the test's own. */
    public interface Greeter extends Provider {}

    /** Named like {@link Second}. */
    public static final class First implements Greeter {
        @Override
        public String name() {
            return "same";
        }
    }

    /** Named like {@link First}. */
    public static final class Second implements Greeter {
        @Override
        public String name() {
            return "same";
        }
    }

    /** The only one of its name. */
    public static final class Other implements Greeter {
        @Override
        public String name() {
            return "other";
        }
    }

    /** Written for interfaces that are not these. */
    public static final class Future implements Greeter {
        @Override
        public String name() {
            return "future";
        }

        @Override
        public int apiVersion() {
            return 2;
        }
    }

    /** Has a name that no record could hold. */
    public static final class Unspeakable implements Greeter {
        @Override
        public String name() {
            return "a/b";
        }
    }

    /** Fails when asked. */
    public static final class Failing implements Greeter {
        @Override
        public String name() {
            throw new IllegalStateException("asked too early");
        }
    }

    /** Cannot be made. */
    public static final class Unmade implements Greeter {
        /** Fails. */
        public Unmade() {
            throw new IllegalStateException("its settings are missing");
        }

        @Override
        public String name() {
            return "unmade";
        }
    }

    private ClassLoader declaring(String... providers) throws Exception {
        Path file = classPath.resolve("META-INF/services/" + Greeter.class.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, java.util.List.of(providers));
        return new URLClassLoader(
                new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader());
    }

    @Test
    void findsByName() throws Exception {
        Providers<Greeter> found =
                Providers.discover(Greeter.class, declaring(First.class.getName(), Other.class.getName()));
        assertThat(found.get("other")).isInstanceOf(Other.class);
        assertThat(found.names()).containsExactly("other", "same");
    }

    @Test
    void namesBothClassesOfADuplicate() throws Exception {
        ClassLoader loader = declaring(First.class.getName(), Second.class.getName());
        assertThatThrownBy(() -> Providers.discover(Greeter.class, loader))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining(First.class.getName())
                .hasMessageContaining(Second.class.getName());
    }

    @Test
    void namesAMissingOneTogetherWithThoseThatAreThere() throws Exception {
        Providers<Greeter> found = Providers.discover(
                Greeter.class,
                declaring("no.such.Provider", Future.class.getName(), Other.class.getName(), First.class.getName()));
        assertThatThrownBy(() -> found.get("absent"))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("'absent'")
                .hasMessageContaining("found: other, same")
                .hasMessageContaining("no.such.Provider")
                .hasMessageContaining("version 2");
    }

    @Test
    void aBrokenProviderHidesNoOther() throws Exception {
        Files.createDirectories(classPath.resolve("newer"));
        // The head of a class file of a Java far in the future.
        Files.write(classPath.resolve("newer/Java.class"), new byte[] {
            (byte) 0xCA,
            (byte) 0xFE,
            (byte) 0xBA,
            (byte) 0xBE,
            0,
            0,
            0x7F,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0
        });
        Providers<Greeter> found = Providers.discover(
                Greeter.class,
                declaring(
                        "newer.Java",
                        Unspeakable.class.getName(),
                        Failing.class.getName(),
                        Unmade.class.getName(),
                        Other.class.getName()));
        assertThat(found.names()).containsExactly("other");
        assertThatThrownBy(() -> found.get("mine"))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("newer/Java")
                .hasMessageContaining("'a/b'")
                .hasMessageContaining("asked too early")
                .hasMessageContaining("its settings are missing");
    }
}
