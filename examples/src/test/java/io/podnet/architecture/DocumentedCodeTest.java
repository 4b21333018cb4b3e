package io.podnet.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of the documentation is compiled with the library as it is. */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static final String IMPORTS = Stream.of(
                    "io.podnet.api",
                    "io.podnet.spi",
                    "io.podnet.services",
                    "io.podnet.testkit.contract",
                    "io.podnet.testkit.store",
                    "java.nio.file",
                    "java.time",
                    "java.util",
                    "java.util.concurrent.atomic")
            .map(room -> "import " + room + ".*;\n")
            .collect(Collectors.joining("", "", "import io.podnet.api.Service;\n"));

    @TempDir
    Path classes;

    @Test
    void whatProvidersAreShownCompiles() throws IOException {
        List<String> blocks = blocks("docs/how-to.md");
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(6);
        String code = String.join("\n", blocks).replaceAll("(?m)^public class", "class");
        assertThat(compile(IMPORTS + code)).isEmpty();
        for (String name : List.of("NetworkPlugin", "Ipam", "ServiceProxy", "NameResolver", "ClusterStore")) {
            assertThat(code).as("code for " + name).containsPattern("(implements|extends) " + name + "(Contract)?\\b");
        }
    }

    @Test
    void whatUsersAreShownCompiles() throws IOException {
        List<String> blocks = blocks("README.md");
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(4);
        for (String block : blocks) {
            // A page may leave out a value, and the end of what it begins.
            String body = block.replaceAll("= …;.*", "= null;");
            long open = body.chars().filter(c -> c == '{').count()
                    - body.chars().filter(c -> c == '}').count();
            String method = "class Shown { void shown() throws Exception {\n" + body + "}".repeat((int) open) + "\n} }";
            assertThat(compile(IMPORTS + method)).as(block).isEmpty();
        }
    }

    @Test
    void codeThatDoesNotCompileIsFound() {
        assertThat(compile(IMPORTS + "class Wrong { Ipam.Lease lease = Podnet.builder().noSuchMethod(); }"))
                .contains("noSuchMethod");
    }

    private static List<String> blocks(String page) throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("docs/failures"))) {
            directory = directory.getParent();
        }
        Matcher found = BLOCK.matcher(Files.readString(directory.resolve(page)));
        return found.results().map(match -> match.group(1)).toList();
    }

    /** What the compiler says against it. */
    private String compile(String source) {
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        JavaFileObject unit = new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        boolean done = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, said, options, null, List.of(unit))
                .call();
        return done ? "" : said.getDiagnostics().toString();
    }
}
