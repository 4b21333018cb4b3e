package io.podnet.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that has a stable name when it fails has a page that tells what to do. */
class FailurePagesTest {
    private static final Path ROOT = root();
    private static final Path PAGES = ROOT.resolve("docs/failures");

    private static final Pattern CONDITION = Pattern.compile("new Condition\\(");
    private static final Pattern REASON = Pattern.compile(
            "\\G\\s*(?:\\w+ \\? )?(?:Condition\\.)?Code\\.\\w+(?:\\s*: (?:Condition\\.)?Code\\.\\w+)?,\\s*"
                    + "(?:[\\w =]+ \\? )?\"(\\w+)\"(?:\\s*: \"(\\w+)\")?,");
    private static final Pattern ROW =
            Pattern.compile("^\\| (.*) \\| (.*) \\| \\[[-a-z]+]\\(([-a-z]+\\.md)\\) \\|$", Pattern.MULTILINE);

    /** Nothing failed with these. */
    private static final List<String> WELL = List.of("Ready");

    @Test
    void everyKindOfExceptionHasAPage() {
        for (Class<?> kind : PodnetException.class.getPermittedSubclasses()) {
            List<Path> pages = pages(kind.getSimpleName());
            assertThat(pages)
                    .as("rows of docs/failures/README.md for " + kind.getSimpleName())
                    .isNotEmpty();
            assertThat(pages)
                    .as(kind.getSimpleName())
                    .anySatisfy(
                            page -> assertThat(text(page)).contains("`PodnetException." + kind.getSimpleName() + "`"));
        }
    }

    @Test
    void everyReasonOfAConditionHasAPage() {
        Map<String, Path> reasons = reasons();
        assertThat(reasons)
                .hasSizeGreaterThan(25)
                .containsKeys("BridgeFull", "PoolCoolingDown", "NotJoined", "PathMtu");
        reasons.forEach((reason, source) -> {
            if (!WELL.contains(reason)) {
                List<Path> pages = pages(reason);
                assertThat(pages)
                        .as("rows of docs/failures/README.md for " + reason + " of " + source)
                        .isNotEmpty();
                assertThat(pages)
                        .as(reason)
                        .anySatisfy(page -> assertThat(text(page)).contains("`" + reason + "`"));
            }
        });
    }

    @Test
    void everyCodeOfThePluginHasARow() throws IllegalAccessException {
        String page = text(PAGES.resolve("podnet-cni-codes.md"));
        for (var field : CniError.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                assertThat(page).as(field.getName()).contains("\n| " + field.getInt(null) + " | ");
            }
        }
        Path own = ROOT.resolve("impl-cni/src/main/java/io/podnet/cni/plugin/Errors.java");
        Matcher more = Pattern.compile("PLUGIN_SPECIFIC \\+ (\\d+);").matcher(text(own));
        assertThat(more.results().map(match -> "\n| " + (100 + Integer.parseInt(match.group(1))) + " | "))
                .hasSize(4)
                .allSatisfy(row -> assertThat(page).contains(row));
    }

    @Test
    void everyPageIsListedAndSaysWhyAndWhatToDo() throws IOException {
        String list = text(PAGES.resolve("README.md"));
        try (Stream<Path> files = Files.list(PAGES)) {
            assertThat(files.filter(file -> !file.endsWith("README.md")).toList())
                    .hasSizeGreaterThan(20)
                    .allSatisfy(page -> {
                        assertThat(list).contains("](" + page.getFileName() + ")");
                        assertThat(text(page))
                                .startsWith("# ")
                                .containsPattern("\\*\\*(Why|How to read it)\\.\\*\\*|\\| Why \\||\\| When \\|");
                        assertThat(text(page)).containsPattern("\\*\\*What to do\\.\\*\\*|\\| What to do \\|");
                    });
        }
    }

    /** The pages of the rows that name something. */
    private static List<Path> pages(String name) {
        return ROW.matcher(text(PAGES.resolve("README.md")))
                .results()
                .filter(row -> Arrays.asList(row.group(2).split("[, `]+")).contains(name))
                .map(row -> PAGES.resolve(row.group(3)))
                .toList();
    }

    /** Each reason that the library's code gives, with a file that does. */
    private static SortedMap<String, Path> reasons() {
        SortedMap<String, Path> found = new TreeMap<>();
        for (Path source : sources()) {
            String code = text(source);
            Matcher made = CONDITION.matcher(code);
            while (made.find()) {
                Matcher reason = REASON.matcher(code).region(made.end(), code.length());
                assertThat(reason.find())
                        .as(source + " makes a condition whose reason cannot be read: give it a literal")
                        .isTrue();
                found.put(reason.group(1), source);
                if (reason.group(2) != null) {
                    found.put(reason.group(2), source);
                }
            }
        }
        return found;
    }

    private static List<Path> sources() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .filter(code ->
                            !code.startsWith(ROOT.resolve("examples")) && !code.startsWith(ROOT.resolve("benchmarks")))
                    .flatMap(FailurePagesTest::javaBelow)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaBelow(Path directory) {
        try {
            return Files.walk(directory).filter(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("docs/failures"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
