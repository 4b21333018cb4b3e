package io.podnet.cni.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Condition;
import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.process.Scripts;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains, with plugins that fail on purpose. What real ones do is in the host's tests. */
class CniRuntimeTest {
    private static final String RESULT =
            "[ $CNI_COMMAND != ADD ] || echo '{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"eth0\",\"sandbox\":\"/x\"}],"
                    + "\"ips\":[{\"interface\":0,\"address\":\"10.1.2.3/24\"}]}'";
    private static final String PREVIOUS =
            "\"prevResult\":{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"eth0\",\"sandbox\":\"/x\"}],"
                    + "\"ips\":[{\"interface\":0,\"address\":\"10.1.2.3/24\"}]}";

    @TempDir
    Path directory;

    private Scripts scripts;
    private NamespaceThreads threads;
    private NetworkNamespace pod;
    private CniRuntime runtime;
    private ResultCache cache;

    @BeforeEach
    void makePod() throws IOException {
        scripts = new Scripts(directory.resolve("bin"));
        threads = new NamespaceThreads();
        pod = threads.makeUnpinned();
        cache = new ResultCache(directory.resolve("cache"));
        runtime = new CniRuntime(
                new PluginRunner(
                        Optional.empty(), new PluginPath(List.of(scripts.directory()), true), PluginLimits.DEFAULT),
                cache);
        for (String name : List.of("one", "two", "three")) {
            scripts.recording(
                    name,
                    name.equals("one")
                            ? RESULT
                            : "[ $CNI_COMMAND != ADD ] || sed -n 's/.*\"prevResult\"://; s/}$//p' "
                                    + scripts.directory().resolve(name) + ".ADD");
        }
    }

    @AfterEach
    void removePod() {
        pod.close();
        threads.close();
    }

    private static NetworkConfigList list(String version, String more) {
        return NetworkConfigList.read(
                JsonObject.parse(
                        "list",
                        "{\"cniVersion\":\"" + version + "\",\"name\":\"net\"," + more
                                + "\"plugins\":[{\"type\":\"one\",\"capabilities\":{\"mac\":true}},{\"type\":\"two\"},{\"type\":\"three\"}]}"));
    }

    private static NetworkConfigList list(String version) {
        return list(version, "");
    }

    private Attachment attachment(String id) {
        return new Attachment(
                id,
                pod.path().toString(),
                "eth0",
                CniArgs.parse("A=1;B=2"),
                RuntimeConfig.EMPTY.withMac("02:00:00:00:00:07"));
    }

    private String netns() {
        return "netns=" + pod.path() + "\n";
    }

    private Path file(String id) {
        return directory.resolve("cache/results/net-" + id + "-eth0");
    }

    @Test
    void addsAlongTheChainAndDeletesTheOtherWayRound() throws IOException {
        CniResult result = runtime.add(list("1.0.0"), attachment("c1"));
        assertThat(result.ips()).hasSize(1);
        assertThat(scripts.calls()).isEqualTo("ADD one " + netns() + "ADD two " + netns() + "ADD three " + netns());
        assertThat(scripts.stdin("one", "ADD"))
                .isEqualTo(
                        "{\"type\":\"one\",\"name\":\"net\",\"cniVersion\":\"1.0.0\",\"runtimeConfig\":{\"mac\":\"02:00:00:00:00:07\"}}");
        assertThat(scripts.stdin("two", "ADD"))
                .isEqualTo("{\"type\":\"two\",\"name\":\"net\",\"cniVersion\":\"1.0.0\"," + PREVIOUS + "}");

        runtime.check(list("1.0.0"), attachment("c1"));
        assertThat(scripts.stdin("one", "CHECK")).contains(PREVIOUS);
        runtime.del(list("1.0.0"), attachment("c1"));
        assertThat(scripts.calls()).endsWith("DEL three " + netns() + "DEL two " + netns() + "DEL one " + netns());
        assertThat(scripts.stdin("one", "DEL")).contains(PREVIOUS);
        assertThat(file("c1")).doesNotExist();
        runtime.del(list("1.0.0"), attachment("c1"));
        assertThat(scripts.stdin("one", "DEL")).doesNotContain("prevResult");
    }

    /** Two hosts, as two processes of cnitool are. */
    @Test
    void callsForOneAttachmentAreDoneOneAfterTheOther() throws Exception {
        Path log = directory.resolve("log");
        Path go = directory.resolve("go");
        scripts.recording(
                "one",
                "echo begin $CNI_COMMAND >> " + log + "\n" + RESULT + "\nwhile [ ! -e " + go
                        + " ]; do sleep 0.02; done\necho end $CNI_COMMAND >> " + log);
        CniRuntime other = new CniRuntime(
                new PluginRunner(
                        Optional.empty(), new PluginPath(List.of(scripts.directory()), true), PluginLimits.DEFAULT),
                new ResultCache(directory.resolve("cache")));
        CompletableFuture<CniResult> added =
                CompletableFuture.supplyAsync(() -> runtime.add(list("1.0.0"), attachment("c1")));
        while (!Files.exists(log)) {
            assertThat(added).isNotDone();
            Thread.sleep(10);
        }
        Thread deleting = new Thread(() -> other.del(list("1.0.0"), attachment("c1")));
        deleting.start();
        while (deleting.getState() != Thread.State.TIMED_WAITING) {
            assertThat(Files.readString(log)).isEqualTo("begin ADD\n");
            assertThat(deleting.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        Files.createFile(go);
        added.get();
        deleting.join();
        assertThat(Files.readAllLines(log)).containsExactly("begin ADD", "end ADD", "begin DEL", "end DEL");
        assertThat(file("c1")).doesNotExist();
    }

    @Test
    void tellsNoPreviousResultOnDelBefore040() throws IOException {
        runtime.add(list("0.3.1"), attachment("c1"));
        assertThat(scripts.stdin("two", "ADD")).contains("\"prevResult\":{\"cniVersion\":\"0.3.1\"");
        assertThatThrownBy(() -> runtime.check(list("0.3.1"), attachment("c1")))
                .isInstanceOf(PodnetException.Unsupported.class);
        runtime.del(list("0.3.1"), attachment("c1"));
        assertThat(scripts.stdin("one", "DEL")).doesNotContain("prevResult");
    }

    @Test
    void checkStopsAtTheFirstDifferenceAndCanBeSwitchedOff() throws IOException {
        runtime.add(list("1.0.0"), attachment("c1"));
        scripts.recording("two", "echo '{\"code\":100,\"msg\":\"changed\"}'; exit 1");
        assertThatThrownBy(() -> runtime.check(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.PluginFailed.class)
                .hasMessageContaining("changed");
        assertThat(scripts.calls()).contains("CHECK two").doesNotContain("CHECK three");
        runtime.check(list("1.0.0", "\"disableCheck\":true,"), attachment("c1"));
        assertThatThrownBy(() -> runtime.check(list("1.0.0"), attachment("other")))
                .isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    void takesAFailedAddBack() throws IOException {
        scripts.recording("three", "[ $CNI_COMMAND != ADD ] || { echo '{\"code\":11,\"msg\":\"later\"}'; exit 1; }");
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .isInstanceOfSatisfying(PodnetException.PluginFailed.class, e -> {
                    assertThat(e.retryable()).isTrue();
                    assertThat(e.getSuppressed()).isEmpty();
                });
        assertThat(scripts.calls())
                .endsWith(
                        "ADD three " + netns() + "DEL three " + netns() + "DEL two " + netns() + "DEL one " + netns());
        // What had come about by then helps those who delete by it.
        assertThat(scripts.stdin("one", "DEL")).contains(PREVIOUS);
        assertThat(file("c1")).doesNotExist();
    }

    @Test
    void keepsWhatItCouldNotTakeBack() throws IOException {
        scripts.recording("three", "[ $CNI_COMMAND != ADD ] || exit 1");
        scripts.recording("two", RESULT + "; [ $CNI_COMMAND != DEL ] || exit 1");
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(scripts.calls()).contains("DEL one");
        assertThat(file("c1")).exists();
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.Conflict.class);
        scripts.recording("two", "");
        assertThat(runtime.gc(list("1.0.0"), Set.of())).containsExactly("attachment c1/eth0 to network net");
        assertThat(file("c1")).doesNotExist();
    }

    @Test
    void deletesPastErrorsAndAMissingExecutable() throws IOException {
        runtime.add(list("1.0.0"), attachment("c1"));
        scripts.recording("three", "exit 1");
        Files.delete(scripts.directory().resolve("two"));
        assertThatThrownBy(() -> runtime.del(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.Incomplete.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
        assertThat(scripts.calls()).endsWith("DEL one " + netns());
        assertThat(file("c1")).exists();
        scripts.recording("three", "");
        scripts.recording("two", "");
        runtime.del(list("1.0.0"), attachment("c1"));
        assertThat(file("c1")).doesNotExist();
    }

    @Test
    void tellsAGoneNamespaceAsAnEmptyPath() throws IOException {
        runtime.add(list("1.0.0"), attachment("c1"));
        Path plain = Files.createFile(directory.resolve("plain"));
        for (String gone : List.of(
                "",
                directory.resolve("absent").toString(),
                plain.toString(),
                "/proc/self/ns/mnt",
                "/proc/thread-self/ns/net")) {
            runtime.del(list("1.0.0"), new Attachment("c1", gone, "eth0", CniArgs.NONE, RuntimeConfig.EMPTY));
            assertThat(scripts.calls()).as(gone).endsWith("DEL one netns=\n");
        }
    }

    @Test
    @DisplayName("netns path injection: what is no other network namespace is refused before anything runs")
    void netnsPathInjection() throws Exception {
        Path plain = Files.createFile(directory.resolve("plain"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), pod.path());
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        for (String netns : List.of(
                "",
                plain.toString(),
                directory.toString(),
                link.toString(),
                dangling.toString(),
                fifo.toString(),
                directory.resolve("absent").toString(),
                "/dev/zero",
                "/proc/self/ns/mnt",
                "/proc/thread-self/ns/net")) {
            assertThatThrownBy(() -> runtime.add(
                            list("1.0.0"), new Attachment("c1", netns, "eth0", CniArgs.NONE, RuntimeConfig.EMPTY)))
                    .as(netns)
                    .isInstanceOf(PodnetException.class);
        }
        assertThat(scripts.calls()).isEmpty();
        assertThat(directory.resolve("cache")).doesNotExist();
    }

    @Test
    void changesNothingWhereAnExecutableIsMissing() throws IOException {
        Files.delete(scripts.directory().resolve("three"));
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("three");
        assertThat(scripts.calls()).isEmpty();
        assertThat(directory.resolve("cache")).doesNotExist();
    }

    @Test
    void writesDownWhatItIsAboutToDo() throws IOException {
        Path seen = directory.resolve("seen");
        scripts.recording("one", "[ $CNI_COMMAND != ADD ] || cat " + file("c1") + " > " + seen + "; " + RESULT);
        runtime.add(list("1.0.0"), attachment("c1"));
        assertThat(Files.readString(seen)).contains("\"containerId\":\"c1\"").doesNotContain("\"result\"");
    }

    @Test
    void takesBackWhereTheResultCannotBeWritten() throws IOException {
        Path results = directory.resolve("cache/results");
        scripts.recording("three", "[ $CNI_COMMAND != ADD ] || chmod 777 " + results + "; " + RESULT);
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("writable for others");
        assertThat(scripts.calls()).endsWith("DEL one " + netns());
    }

    @Test
    void refusesAResultThatIsNone() throws IOException {
        scripts.recording(
                "one", "[ $CNI_COMMAND != ADD ] || echo '{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"x\"}]}'");
        assertThatThrownBy(() -> runtime.add(list("1.0.0"), attachment("c1")))
                .isInstanceOf(PodnetException.PluginFailed.class)
                .hasMessageContaining("'one'")
                .hasMessageContaining("address");
        assertThat(scripts.calls()).endsWith("DEL one " + netns());
    }

    @Test
    void gcDeletesWhatIsNotValidThenTellsThePlugins() throws IOException {
        runtime.add(list("1.1.0"), attachment("c1"));
        runtime.add(list("1.1.0"), attachment("c2"));
        Path leases = Files.createDirectories(directory.resolve("ipam/net"));
        Files.writeString(leases.resolve("10.1.2.3"), "c2\r\neth0");
        Files.writeString(leases.resolve("10.1.2.4"), "lost\r\neth0");
        Files.writeString(leases.resolve("10.1.2.5"), "");
        Files.writeString(leases.resolve("lock"), "");
        Files.writeString(leases.resolve("last_reserved_ip.0"), "10.1.2.4");
        NetworkConfigList withLeases = NetworkConfigList.read(JsonObject.parse(
                "list",
                list("1.1.0")
                        .json()
                        .toString()
                        .replace(
                                "{\"type\":\"two\"}",
                                "{\"type\":\"two\",\"ipam\":{\"type\":\"host-local\",\"dataDir\":\""
                                        + directory.resolve("ipam") + "\"}}")));
        assertThat(runtime.gc(withLeases, Set.of(new ValidAttachment("c2", "eth0"))))
                .containsExactly("attachment c1/eth0 to network net", "attachment lost/eth0 to network net");
        assertThat(scripts.calls()).endsWith("GC one netns=\nGC two netns=\nGC three netns=\n");
        assertThat(scripts.stdin("three", "GC"))
                .isEqualTo(
                        "{\"type\":\"three\",\"name\":\"net\",\"cniVersion\":\"1.1.0\",\"cni.dev/valid-attachments\":[{\"containerID\":\"c2\",\"ifname\":\"eth0\"}],\"cni.dev/attachments\":[{\"containerID\":\"c2\",\"ifname\":\"eth0\"}]}");
        assertThat(file("c1")).doesNotExist();
        assertThat(file("c2")).exists();
        assertThat(runtime.gc(list("1.1.0", "\"disableGC\":true,"), Set.of())).isEmpty();
        assertThat(file("c2")).exists();
    }

    @Test
    void gcOfAnOwnNetworkPartLeavesTheRestAlone() throws IOException {
        runtime.add(list("1.1.0"), attachment("c1"));
        Path leases = Files.createDirectories(directory.resolve("ipam/net"));
        Files.writeString(leases.resolve("10.1.2.4"), "foreign\r\neth0");
        NetworkConfigList withLeases = NetworkConfigList.read(JsonObject.parse(
                "list",
                list("1.1.0")
                        .json()
                        .toString()
                        .replace(
                                "{\"type\":\"two\"}",
                                "{\"type\":\"two\",\"ipam\":{\"type\":\"host-local\",\"dataDir\":\""
                                        + directory.resolve("ipam") + "\"}}")));
        assertThat(runtime.gcOwn(withLeases, Set.of())).containsExactly("attachment c1/eth0 to network net");
        assertThat(scripts.calls()).doesNotContain("GC");
    }

    @Test
    void gcGoesOnPastErrors() throws IOException {
        runtime.add(list("1.1.0"), attachment("c1"));
        scripts.recording("one", "exit 1");
        assertThatThrownBy(() -> runtime.gc(list("1.1.0"), Set.of()))
                .isInstanceOf(PodnetException.Incomplete.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
        assertThat(scripts.calls()).contains("GC three");
    }

    @Test
    void statusIsThePluginsOwnWordFrom110On() throws IOException {
        assertThat(runtime.status(list("1.1.0"))).isEqualTo(Condition.READY);
        scripts.recording("two", "echo '{\"code\":51,\"msg\":\"slow\"}'; exit 1");
        // SPEC.md, "Error": not available either, and what is there already may suffer too.
        assertThat(runtime.status(list("1.1.0")))
                .extracting(Condition::code, Condition::reason)
                .containsExactly(Condition.Code.NOT_READY, "CniLimitedConnectivity");
        scripts.recording("two", "echo '{\"code\":50,\"msg\":\"down\"}'; exit 1");
        Condition condition = runtime.status(list("1.1.0"));
        assertThat(condition.code()).isEqualTo(Condition.Code.NOT_READY);
        assertThat(condition.message()).contains("down");
        Files.delete(scripts.directory().resolve("one"));
        assertThat(runtime.status(list("1.1.0")).message()).contains("no CNI plugin 'one'");
    }

    @Test
    void statusBefore110AsksForVersions() throws IOException {
        String speaks =
                "[ $CNI_COMMAND != VERSION ] || echo '{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[\"0.4.0\",\"1.0.0\"]}'";
        for (String name : List.of("one", "two", "three")) {
            scripts.recording(name, speaks);
        }
        assertThat(runtime.status(list("1.0.0"))).isEqualTo(Condition.READY);
        int asked = scripts.calls().length();
        assertThat(runtime.status(list("1.0.0"))).isEqualTo(Condition.READY);
        assertThat(scripts.calls()).hasSize(asked);
        assertThat(runtime.status(list("0.3.1")).message()).contains("does not speak version 0.3.1");
        scripts.recording("three", "echo 'unknown CNI_COMMAND: VERSION'; exit 1");
        assertThat(runtime.status(list("1.0.0")).message()).contains("it speaks 0.1.0");
    }
}
