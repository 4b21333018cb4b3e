package io.podnet.examples.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceReaderTest {
    private static FileContent read(String text) {
        return ManifestReader.read("f.yaml", text);
    }

    private static ServiceManifest service(String spec) {
        FileContent content = read("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: " + spec + "\n");
        assertThat(content.problems()).isEmpty();
        assertThat(content.notes()).isEmpty();
        return content.services().get(0);
    }

    @Test
    void defaultsAreKubernetes() {
        Service service = service("{ports: [{port: 80}]}").spec().service();

        assertThat(service.id().toString()).isEqualTo("default/web");
        assertThat(service.type()).isEqualTo(Service.Type.CLUSTER_IP);
        assertThat(service.ports())
                .containsExactly(new ServicePort("", Protocol.TCP, 80, "80", OptionalInt.empty(), Optional.empty()));
        assertThat(service.sessionAffinityTimeoutSeconds()).isEmpty();
        assertThat(service.internalTrafficPolicy()).isEqualTo(Service.TrafficPolicy.CLUSTER);
        assertThat(service.externalTrafficPolicy()).isEqualTo(Service.TrafficPolicy.CLUSTER);
        assertThat(service.selector()).isEmpty();
        assertThat(service("{sessionAffinity: ClientIP, ports: [{port: 80}]}")
                        .spec()
                        .service()
                        .sessionAffinityTimeoutSeconds())
                .hasValue(10_800);
    }

    @Test
    void everyFieldIsReadAndWrittenAgain() {
        String text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\n  labels: {a: b}\n"
                + "  annotations: {c: d}\nspec:\n  type: LoadBalancer\n  selector: {app: web}\n"
                + "  clusterIPs: [10.96.0.7, 'fd00:10:96::7']\n  ipFamilies: [IPv4, IPv6]\n"
                + "  ipFamilyPolicy: RequireDualStack\n  externalIPs: [192.0.2.1]\n  sessionAffinity: ClientIP\n"
                + "  sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}\n  internalTrafficPolicy: Local\n"
                + "  externalTrafficPolicy: Local\n  trafficDistribution: PreferSameZone\n"
                + "  publishNotReadyAddresses: true\n  loadBalancerSourceRanges: [192.0.2.0/24]\n"
                + "  healthCheckNodePort: 30001\n  allocateLoadBalancerNodePorts: false\n  ports:\n"
                + "    - {name: http, port: 80, targetPort: web, nodePort: 30080, appProtocol: h2c}\n"
                + "    - {name: dns, protocol: UDP, port: 53, targetPort: 5353}\n"
                + "status: {loadBalancer: {ingress: [{ip: 192.0.2.9}, {ip: 192.0.2.8, ipMode: Proxy}]}}\n";

        FileContent content = read(text);
        assertThat(content.problems()).isEmpty();
        assertThat(content.notes()).isEmpty();
        ServiceManifest manifest = content.services().get(0);
        Service service = manifest.spec().service();

        assertThat(manifest.spec().ipFamilyPolicy()).contains(IpFamilyPolicy.REQUIRE_DUAL_STACK);
        assertThat(manifest.spec().ipFamilies()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
        assertThat(manifest.spec().allocateLoadBalancerNodePorts()).isFalse();
        assertThat(service.labels()).isEqualTo(Map.of("a", "b"));
        assertThat(service.clusterIps()).map(IpAddress::toString).containsExactly("10.96.0.7", "fd00:10:96::7");
        assertThat(service.ports().get(0).targetPort()).isEqualTo("web");
        assertThat(service.ports().get(0).nodePort()).hasValue(30_080);
        assertThat(service.ports().get(1).protocol()).isEqualTo(Protocol.UDP);
        assertThat(service.sessionAffinityTimeoutSeconds()).hasValue(5);
        assertThat(service.externalTrafficPolicy()).isEqualTo(Service.TrafficPolicy.LOCAL);
        assertThat(service.trafficDistribution()).contains("PreferSameZone");
        assertThat(service.loadBalancer())
                .isEqualTo(new Service.LoadBalancer(
                        List.of(
                                new Service.Ingress(IpAddress.parse("192.0.2.9"), false),
                                new Service.Ingress(IpAddress.parse("192.0.2.8"), true)),
                        List.of(Cidr.parse("192.0.2.0/24")),
                        OptionalInt.of(30_001)));
        assertThat(read(ServiceJson.of(service).toString()).services())
                .map(again -> again.spec().service())
                .containsExactly(service);
        assertThat(read(manifest.json()).services()).containsExactly(manifest);
    }

    @Test
    void headlessServicesAndAliasesAreWrittenAgain() {
        for (String spec :
                List.of("{clusterIP: None, selector: {a: b}}", "{type: ExternalName, externalName: example.org}")) {
            ServiceManifest manifest = service(spec);
            assertThat(read(ServiceJson.of(manifest.spec().service()).toString())
                            .services()
                            .get(0)
                            .spec())
                    .isEqualTo(manifest.spec());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec: service default/web needs a port",
                "{ports: [{}]} | spec.ports[0].port: is required",
                "{ports: [{port: 0}]} | spec.ports[0].port: 0 is not in 1..65535",
                "{ports: [{port: 80}, {port: 81}]} | several ports, so each needs a name",
                "{ports: [{name: a, port: 80}, {name: a, port: 81}]} | two ports of one name",
                "{ports: [{port: 80, targetPort: 'a b'}]} | targetPort 'a b' is neither a port nor a port's name",
                "{ports: [{port: 80, targetPort: 99999}]} | spec.ports[0].targetPort: 99999 is not in 1..65535",
                "{ports: [{port: 80, nodePort: 30080}]} | its type must be NodePort or LoadBalancer",
                "{ports: [{port: 80, protocol: tcp}]} | spec.ports[0].protocol: 'tcp' is not one of TCP, UDP, SCTP",
                "{type: Foo, ports: [{port: 80}]} | spec.type: 'Foo' is not one of",
                "{clusterIP: 10.96.0.256, ports: [{port: 80}]} | spec.clusterIPs:",
                "{clusterIP: None, type: NodePort, ports: [{port: 80}]} | is headless, so its type must be ClusterIP",
                "{ipFamilies: [IPv5], ports: [{port: 80}]} | spec.ipFamilies: 'IPv5' is not one of IPv4, IPv6",
                "{ipFamilyPolicy: Both, ports: [{port: 80}]} | spec.ipFamilyPolicy: 'Both' is not one of",
                "{externalIPs: [x], ports: [{port: 80}]} | spec.externalIPs:",
                "{healthCheckNodePort: 30001, ports: [{port: 80}]} | only type LoadBalancer with externalTrafficPolicy",
                "{type: ExternalName} | needs an externalName",
                "{sessionAffinity: Cookie, ports: [{port: 80}]} | spec.sessionAffinity: 'Cookie' is not one of",
                "{loadBalancerSourceRanges: [10.0.0.1/8], ports: [{port: 80}]} | has host bits set"
            })
    void aBadServiceIsOneSentenceWithItsLine(String spec, String expected) {
        FileContent content = read("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: " + spec + "\n");

        assertThat(content.objects()).isEmpty();
        assertThat(content.problems())
                .singleElement()
                .asString()
                .contains(expected)
                .matches("f\\.yaml:[1-4]: service default/web: .*");
    }

    @Test
    void endpointSlicesAreReadAndWrittenAgain() {
        String text = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: web-1\n"
                + "  labels: {kubernetes.io/service-name: web}\naddressType: IPv4\nports:\n"
                + "  - {name: http, port: 8080}\n  - {protocol: UDP}\nendpoints:\n  - addresses: [192.0.2.1]\n"
                + "  - addresses: [192.0.2.2]\n    conditions: {ready: false, terminating: true, serving: true}\n"
                + "    hostname: one\n    nodeName: node-a\n    zone: z\n"
                + "    hints: {forZones: [{name: z}], forNodes: [{name: node-a}]}\n"
                + "    targetRef: {kind: Pod, name: p}\n";

        FileContent content = read(text);
        assertThat(content.problems()).isEmpty();
        EndpointSlice slice = content.slices().get(0).slice();

        assertThat(slice.service().toString()).isEqualTo("default/web");
        assertThat(slice.ports().get(1).port()).isEmpty();
        EndpointSlice.Endpoint plain = slice.endpoints().get(0);
        assertThat(plain.ready() && plain.serving() && !plain.terminating()).isTrue();
        EndpointSlice.Endpoint full = slice.endpoints().get(1);
        assertThat(full.ready()).isFalse();
        assertThat(full.serving()).isTrue();
        assertThat(full.hintZones()).containsExactly("z");
        assertThat(full.target().orElseThrow().toString()).isEqualTo("default/p");
        assertThat(read(ServiceJson.of(slice).toString()).slices())
                .map(SliceManifest::slice)
                .containsExactly(slice);

        SliceManifest silent =
                read(text.replace(", serving: true", "")).slices().get(0);
        assertThat(silent.slice().endpoints().get(1).serving())
                .as("what does not say whether it serves does, also while it is not ready")
                .isTrue();

        assertThat(read(text.replace("192.0.2.1", "fd00::1")).problems())
                .singleElement()
                .asString()
                .contains("f.yaml:11: endpointslice default/web-1: endpoints[0].addresses");
        assertThat(read(text.replace("kubernetes.io/service-name", "other")).problems())
                .singleElement()
                .asString()
                .contains("must have kubernetes.io/service-name");
    }
}
