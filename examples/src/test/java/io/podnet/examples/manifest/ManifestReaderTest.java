package io.podnet.examples.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.DnsPolicy;
import io.podnet.api.PodId;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestReaderTest {
    private static final Path MANIFESTS = manifests();

    private static Path manifests() {
        try {
            return Path.of(Objects.requireNonNull(ManifestReaderTest.class.getResource("/manifests"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FileContent good(String name) throws IOException {
        FileContent content = ManifestReader.read(name, Files.readString(MANIFESTS.resolve("good/" + name)));
        assertThat(content.problems()).isEmpty();
        assertThat(content.complete()).isTrue();
        return content;
    }

    static List<Path> bad() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS.resolve("bad"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadManifestIsOneSentenceWithItsLine(Path file) throws IOException {
        String text = Files.readString(file);
        String expected = text.lines().findFirst().orElseThrow().substring("# expect: ".length());

        FileContent content = ManifestReader.read(file.getFileName().toString(), text);

        assertThat(content.objects()).isEmpty();
        assertThat(content.problems())
                .singleElement()
                .asString()
                .contains(expected)
                .doesNotContain("\n");
        assertThat(content.malformed().isEmpty()).isEqualTo(!content.complete());
    }

    @Test
    void everythingThatCountsIsRead() throws IOException {
        FileContent content = good("full.yaml");

        PodManifest pod = content.pods().get(0);
        assertThat(content.notes()).isEmpty();
        assertThat(pod.id()).isEqualTo(new PodId("shop", "web"));
        assertThat(pod.restartPolicy()).isEqualTo(RestartPolicy.ON_FAILURE);
        assertThat(pod.gracePeriod()).isEqualTo(Duration.ofSeconds(5));
        assertThat(pod.spec().uid()).contains("0b8f");
        assertThat(pod.spec().labels()).containsEntry("app", "web");
        assertThat(pod.spec().bandwidth().ingressBitsPerSecond()).hasValue(10_000_000);
        assertThat(pod.spec().hostname()).contains("www");
        assertThat(pod.spec().subdomain()).contains("front");
        assertThat(pod.spec().setHostnameAsFqdn()).isTrue();
        assertThat(pod.spec().dnsPolicy()).isEqualTo(DnsPolicy.NONE);
        assertThat(pod.spec().dnsConfig().options()).containsEntry("ndots", "2").containsEntry("edns0", "");
        assertThat(pod.spec().hostAliases()).hasSize(1);
        assertThat(pod.spec().hostPorts())
                .map(Object::toString)
                .containsExactly("TCP 8080->80", "UDP 192.0.2.1:53->53");
        ContainerManifest container = pod.containers().get(0);
        assertThat(container.command()).containsExactly("/bin/sh", "-c");
        assertThat(container.args()).containsExactly("echo $(GREETING)");
        assertThat(container.workingDir()).contains(Path.of("/tmp"));
        assertThat(container.env())
                .containsExactly(
                        new EnvVar("NAME", "metadata.name", true), new EnvVar("GREETING", "hello $(NAME)", false));
    }

    @Test
    void severalDocumentsAndListsAreReadAndUnknownKindsSkipped() throws IOException {
        FileContent content = good("several.yaml");

        assertThat(content.pods()).map(pod -> pod.id().name()).containsExactly("one", "two");
        assertThat(content.services()).map(service -> service.id().name()).containsExactly("one");
        assertThat(content.notes())
                .singleElement()
                .asString()
                .startsWith("several.yaml:22: kind Deployment is skipped");
    }

    @Test
    void aliasesAndMergeKeysAreWrittenOut() throws IOException {
        List<PodManifest> pods = good("aliases.yaml").pods();

        assertThat(pods).hasSize(2);
        assertThat(pods.get(1).containers()).isEqualTo(pods.get(0).containers());
        assertThat(pods.get(1).spec().hostname()).contains("zwei");
    }

    @Test
    void jsonIsReadWithTabsAndSeveralValues() throws IOException {
        assertThat(good("pod.json").pods()).map(pod -> pod.id().name()).containsExactly("json", "json2");
    }

    @Test
    void theCanonicalTextGivesThePodAgain() throws IOException {
        PodManifest pod = good("full.yaml").pods().get(0);

        assertThat(ManifestReader.read("again", pod.json()).pods()).containsExactly(pod);
    }

    @Test
    void orderCommentsAndSpellingDoNotMakeAnotherPod() {
        String one = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: b, c: d}}\nspec: {containers: []}\n";
        String same = "# text\nkind: Pod\napiVersion: 'v1'\nmetadata:\n  labels: {c: d, a: b}\n  name: p\n"
                + "spec:\n  containers: []\n  hostname:\n";
        String other = one.replace("a: b", "a: x");

        String hash = ManifestReader.read("f", one).pods().get(0).hash();
        assertThat(ManifestReader.read("f", same).pods().get(0).hash()).isEqualTo(hash);
        assertThat(ManifestReader.read("f", other).pods().get(0).hash()).isNotEqualTo(hash);
    }

    @Test
    void aQuotedNothingIsAStringAndNothingIsNull() {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
                + "    - name: c\n      command: [a, '', \"\"]\n      env: [{name: X, value: }, {name: Y, value: ''}]\n"
                + "  hostname:\n";

        FileContent content = ManifestReader.read("f", pod);

        assertThat(content.problems()).isEmpty();
        assertThat(content.pods().get(0).containers().get(0).command()).containsExactly("a", "", "");
        assertThat(content.pods().get(0).json()).doesNotContain("hostname").contains("\"Y\",\"value\":\"\"");
    }

    @Test
    void aMalformedPodDoesNotSpoilItsNeighbours() {
        String text = "apiVersion: v1\nkind: Pod\nmetadata: {name: good}\nspec: {containers: []}\n---\n"
                + "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec: {restartPolicy: x}\n";

        FileContent content = ManifestReader.read("f.yaml", text);

        assertThat(content.pods()).map(pod -> pod.id().name()).containsExactly("good");
        assertThat(content.malformed()).containsOnlyKeys(ObjectKey.of(new PodId("default", "bad")));
        assertThat(content.complete()).isTrue();
    }

    @Test
    void whatHasNoEffectIsSaid() {
        String text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostAlias: []\n  volumes: [{name: v}]\n"
                + "  containers: [{name: c, image: nginx, livenessProbe: {}}]\n";

        assertThat(ManifestReader.read("f.yaml", text).notes())
                .containsExactlyInAnyOrder(
                        "f.yaml:1: pod default/p: spec.hostAlias is not used",
                        "f.yaml:1: pod default/p: spec.volumes is not used",
                        "f.yaml:1: pod default/p: spec.containers[0].command is absent, so no process is started:"
                                + " images are not run",
                        "f.yaml:1: pod default/p: spec.containers[0].livenessProbe is not used");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(ManifestReader.read("f.yaml", "a: " + "[".repeat(2_000)).problems())
                .hasSize(1);
        assertThat(ManifestReader.read("f.json", "{\"a\": " + "[".repeat(500) + "]".repeat(500) + "}")
                        .problems())
                .singleElement()
                .asString()
                .contains("nested deeper than 64 levels");
    }

    @Test
    void aHugeTextIsRefused() {
        assertThat(ManifestReader.read("f.yaml", "a".repeat((1 << 20) + 1)).problems())
                .containsExactly("f.yaml:1: more than 1048576 characters; split it into several files");
    }
}
