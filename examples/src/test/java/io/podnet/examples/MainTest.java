package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Bad input that is found before the node is touched: one sentence, exit code 1 or 2, nothing changed. */
class MainTest {
    @TempDir
    Path directory = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Outcome(command.execute(args), out.toString(), err.toString());
    }

    private Outcome agent(String... more) {
        String[] args = new String[6 + more.length];
        System.arraycopy(
                new String[] {"agent", "--once", "--manifests", directory.toString(), "--state", state().toString()},
                0,
                args,
                0,
                6);
        System.arraycopy(more, 0, args, 6, more.length);
        return run(args);
    }

    private Path state() {
        return directory.resolve("state");
    }

    private void refuses(Outcome outcome, String sentence) {
        assertThat(outcome.err()).startsWith(sentence).containsOnlyOnce("\n");
        assertThat(outcome.code()).isIn(1, 2);
        assertThat(state()).doesNotExist();
    }

    @Test
    void commandsAndOptionsAreChecked() {
        refuses(run(), "Missing required subcommand; see 'examples/run --help'");
        refuses(run("agent"), "Missing required options");
        refuses(run("pods", "--state", "x", "-o", "xml"), "Invalid value for option '--output'");
        assertThat(run("--help").out()).contains("quickstart", "agent", "pods");
        assertThat(run("--help").code()).isZero();
    }

    @Test
    void settingsAreChecked() {
        refuses(agent("--pod-cidr", "10.1.2.3/24"), "10.1.2.3/24 has host bits set; the network is 10.1.2.0/24");
        refuses(agent("--pod-cidr", "10.1.2.0"), "'10.1.2.0'");
        refuses(
                agent("--interface-name", "abcdefghijklmnop"),
                "interface name 'abcdefghijklmnop' has 16 characters, the kernel takes at most 15");
        refuses(agent("--node-name", "Node_A"), "node name 'Node_A' is not a DNS subdomain");
    }

    @Test
    void manifestsAreChecked() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: p\nspec:\n");
        refuses(agent(), "a.yaml:4: not valid YAML or JSON");

        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n";
        Files.writeString(directory.resolve("a.yaml"), pod);
        Files.writeString(directory.resolve("b.yaml"), pod);
        refuses(agent(), "b.yaml: pod default/p is in a.yaml already");
    }

    @Test
    void aDirectoryThatIsNotThereIsSaid() {
        refuses(
                run("agent", "--manifests", directory.resolve("absent").toString(), "--state", state().toString()),
                "manifests directory " + directory.resolve("absent") + " does not exist");
        for (String command : List.of("pods", "services")) {
            refuses(run(command, "--state", state().toString()), "state directory " + state() + " does not exist");
            refuses(
                    run(command, "--state", directory.toString()),
                    "directory " + directory + " is no state directory: no node has started there");
        }
    }

    @Test
    void aClusterWithoutNodesIsSaid() throws IOException {
        Files.createDirectory(directory.resolve("nodes"));
        for (String command : List.of("pods", "services")) {
            refuses(run(command, "--state", directory.toString()), "directory " + directory + " is no state directory");
        }
    }
}
