package io.podnet.released;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.API;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison can fail: two tiny jars, one change between them. */
class CompareTest {
    private static final String HEAD =
            "package tiny; import io.podnet.api.API; @API(status = API.Status.%s, since = \"0.1\") ";
    private static final String STABLE = HEAD.formatted("STABLE");
    private static final String KEPT = STABLE + "public final class Kept { public void stays() {} }";

    @TempDir
    Path work;

    private Path accepted;
    private String said = "";

    @BeforeEach
    void nothingIsAccepted() throws IOException {
        accepted = Files.createFile(work.resolve("accepted"));
    }

    @Test
    void theSameIsCompatible() throws IOException {
        assertThat(compare(KEPT, KEPT)).isZero();
        assertThat(said).contains("1 STABLE types of the release compared, 0 EXPERIMENTAL");
    }

    @Test
    void aSignatureThatChangedBreaksAStableType() throws IOException {
        String old = STABLE + "public interface Plugin { void setUp(String pod); }";
        assertThat(compare(old, old.replace("String pod", "int pod"))).isOne();
        assertThat(said).contains("broken: STABLE tiny.Plugin#setUp(String) METHOD_REMOVED");
    }

    @Test
    void aStableTypeThatIsGoneIsBroken() throws IOException {
        assertThat(compare(KEPT + STABLE.substring(STABLE.indexOf('@')) + "class Other {}", KEPT))
                .isZero();
        assertThat(compare(STABLE + "public class Gone {}", KEPT)).isOne();
        assertThat(said).contains("broken: STABLE tiny.Gone CLASS_REMOVED");
    }

    @Test
    void anInterfaceMayGetDefaultsOnly() throws IOException {
        String old = STABLE + "public interface Plugin { void setUp(); }";
        assertThat(compare(old, old.replace("void setUp();", "void setUp(); default void more() {}")))
                .isZero();
        assertThat(compare(old, old.replace("void setUp();", "default void setUp() {}")))
                .isZero();
        assertThat(compare(old, old.replace("void setUp();", "void setUp(); void more();")))
                .isOne();
        assertThat(said).contains("broken: STABLE tiny.Plugin#more() METHOD_ADDED_TO_INTERFACE");
    }

    @Test
    void aRecordsNewComponentIsBrokenHoweverDeepItIsNested() throws IOException {
        String old = STABLE + "public interface Store { interface Change { record Put(int key) {} } }";
        assertThat(compare(old, old.replace("int key", "int key, int revision")))
                .isOne();
        assertThat(said).contains("broken: STABLE tiny.Store$Change$Put#Put(int) CONSTRUCTOR_REMOVED");
    }

    @Test
    void aTypeOfElementsIsPartOfTheSignature() throws IOException {
        String old = STABLE + "public interface Names { java.util.List<String> all(); }";
        assertThat(compare(old, old.replace("<String>", "<Integer>"))).isOne();
        assertThat(said).contains("tiny.Names#all() METHOD_RETURN_TYPE_GENERICS_CHANGED");
    }

    @Test
    void experimentalTypesAreToldAndInternalOnesAreNot() throws IOException {
        for (String status : List.of("EXPERIMENTAL", "INTERNAL")) {
            String old = HEAD.formatted(status) + "public interface Some { void gone(); }";
            assertThat(compare(List.of(KEPT, old), List.of(KEPT, old.replace("void gone();", ""))))
                    .isZero();
            assertThat(said.contains("told: EXPERIMENTAL tiny.Some#gone() METHOD_REMOVED"))
                    .isEqualTo(status.equals("EXPERIMENTAL"));
            assertThat(said.contains("tiny.Some")).isEqualTo(status.equals("EXPERIMENTAL"));
        }
    }

    @Test
    void aPackagesWordCountsWhereATypeSaysNothing() throws IOException {
        String room = "@API(status = API.Status.EXPERIMENTAL, since = \"0.1\") package tiny; import io.podnet.api.API;";
        String old = "package tiny; public interface Silent { void gone(); }";
        assertThat(compare(List.of(KEPT, room, old), List.of(KEPT, room, old.replace("void gone();", ""))))
                .isZero();
        assertThat(said).contains("told: EXPERIMENTAL tiny.Silent#gone() METHOD_REMOVED");
    }

    @Test
    void aMembersOwnWordCounts() throws IOException {
        String old = STABLE
                + "public interface Plugin { @API(status = API.Status.EXPERIMENTAL, since = \"0.1\") void gone(); }";
        assertThat(compare(old, STABLE + "public interface Plugin {}")).isZero();
        assertThat(said).contains("told: EXPERIMENTAL tiny.Plugin#gone() METHOD_REMOVED");
    }

    @Test
    void whatIsDeprecatedMayGoButNotChange() throws IOException {
        String old = HEAD.formatted("DEPRECATED") + "public class Old { public static int count; }";
        assertThat(compare(List.of(KEPT, old), List.of(KEPT))).isZero();
        assertThat(said).contains("told: DEPRECATED tiny.Old CLASS_REMOVED");
        assertThat(compare(List.of(KEPT, old), List.of(KEPT, old.replace("int count", "long count"))))
                .isOne();
    }

    @Test
    void aPromiseIsNotTakenBackByAWord() throws IOException {
        assertThat(compare(KEPT, KEPT.replace("STABLE", "EXPERIMENTAL"))).isOne();
        assertThat(said).contains("broken: STABLE tiny.Kept STATUS_LOWERED");
        assertThat(compare(KEPT, KEPT.replace("STABLE", "DEPRECATED"))).isZero();
    }

    @Test
    void whatIsAcceptedPassesAndMustBeTrue() throws IOException {
        Files.writeString(accepted, "# A reason.\n\ntiny.Kept#stays() METHOD_REMOVED  # and another\n");
        assertThat(compare(KEPT, KEPT.replace("public void stays() {}", ""))).isZero();
        assertThat(compare(KEPT, KEPT)).isOne();
        assertThat(said).contains("take the line out: tiny.Kept#stays() METHOD_REMOVED");
    }

    @Test
    void aReleaseWithoutPromisesIsNoProof() throws IOException {
        assertThat(compare("package tiny; public class Other {}", KEPT)).isOne();
        assertThat(said).contains("no STABLE type");
    }

    private int compare(String released, String now) throws IOException {
        return compare(List.of(released), List.of(now));
    }

    private int compare(List<String> released, List<String> now) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = Compare.run(jar(released), jar(now), accepted, new PrintStream(out, true, StandardCharsets.UTF_8));
        said = out.toString(StandardCharsets.UTF_8);
        return code;
    }

    private Path jar(List<String> sources) throws IOException {
        Path classes = Files.createTempDirectory(work, "classes");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        for (String source : sources) {
            String name = source.startsWith("@API")
                    ? "package-info"
                    : source.replaceFirst("(?s).*?public (?:final )?(?:class|interface) (\\w+).*", "$1");
            units.add(
                    new SimpleJavaFileObject(
                            URI.create("string:///tiny/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return source;
                        }
                    });
        }
        String api = Path.of(API.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        List<String> options = List.of("-proc:none", "-cp", api, "-d", classes.toString());
        assertThat(compiler.getTask(null, null, null, options, null, units).call())
                .isTrue();
        Path directory = Files.createTempDirectory(work, "jars");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(directory.resolve("tiny.jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                jar.write(Files.readAllBytes(file));
            }
        }
        return directory;
    }
}
