package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.spi.PodSandbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerCommandTest {
    private static final PodManifest POD = ManifestReader.read("f", """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: p, namespace: n, labels: {tier: front}, annotations: {a/b: c}}
                    spec:
                      hostname: h
                      subdomain: s
                      setHostnameAsFQDN: true
                      containers:
                        - name: c
                          command: [run, "$(IP)"]
                          args: ["$(LATER)", "$(UNKNOWN)", "$(PATH)"]
                          env:
                            - {name: EARLY, value: "$(LATER)"}
                            - {name: LATER, value: "x$(IP)"}
                            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                            - {name: IPS, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}
                            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                            - {name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
                            - {name: NOTE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['a/b']"}}}
                            - {name: NONE, valueFrom: {fieldRef: {fieldPath: "metadata.labels['none']"}}}
                            - {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                            - {name: BOTH, value: "$(IP)/$(NS)"}
                    """).pods().get(0);

    private static PodSandbox.Command command() {
        return new ContainerCommand(
                        POD.spec(),
                        "node-a",
                        "cluster.local",
                        List.of("10.0.0.2", "fd00::2"),
                        Map.of("PATH", "/bin", "X", "y"))
                .of(POD.containers().get(0), "mark", Path.of("/log"));
    }

    @Test
    void commandAndArgumentsSeeAllVariablesOfTheManifestAndNoOthers() {
        assertThat(command().command()).containsExactly("run", "10.0.0.2", "x$(IP)", "$(UNKNOWN)", "$(PATH)");
    }

    @Test
    void aVariableSeesThoseBeforeIt() {
        assertThat(command().environment()).containsEntry("EARLY", "$(LATER)").containsEntry("BOTH", "10.0.0.2/n");
    }

    @Test
    void fieldsOfThePodAreFilledIn() {
        assertThat(command().environment())
                .containsEntry("IPS", "10.0.0.2,fd00::2")
                .containsEntry("NODE", "node-a")
                .containsEntry("TIER", "front")
                .containsEntry("NOTE", "c")
                .containsEntry("NONE", "")
                .containsEntry("HOSTNAME", "h.s.n.svc.cluster.local")
                .containsEntry("PATH", "/bin")
                .containsEntry(ContainerCommand.MARKER, "mark")
                .doesNotContainKey("X");
    }
}
