package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceSpecBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/network/service.go: services that work, change, and go. */
@ParameterizedClass
@EnumSource(Configuration.class)
class ServicesTest {
    private static final String NAME = "web";

    @RegisterExtension
    final Scene scene;

    ServicesTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private List<TestPod> twoServers(String app) throws IOException {
        return List.of(scene.server(app, app + "-1", scene.a()), scene.server(app, app + "-2", scene.b()));
    }

    @Test
    @DisplayName("Services should be able to create a functioning NodePort service")
    void nodePort() throws Exception {
        List<TestPod> endpoints = scene.threeServers(NAME);
        TestPod client = scene.pod("client", scene.a());
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(service), Scene.PORT, endpoints);
        for (LabNode node : List.of(scene.a(), scene.b())) {
            IpAddress nodeIp = node.ip(scene.family());
            Spread.requireAll(client.client(), Protocol.TCP, nodeIp, nodePort, endpoints);
            Spread.requireEven(scene.outside(), Protocol.TCP, nodeIp, nodePort, endpoints);
        }
    }

    @Test
    @DisplayName("Services should serve endpoints on same port and different protocols")
    void samePortDifferentProtocols() throws Exception {
        TestPod server = scene.pod("server", scene.b(), spec -> spec.label("app", NAME));
        server.serve(Protocol.TCP, 80).serve(Protocol.UDP, 80);
        TestPod client = scene.pod("client", scene.a());
        ServiceSpecBuilder both = scene.bareService(NAME)
                .port("tcp-port", Protocol.TCP, 80, "80")
                .port("udp-port", Protocol.UDP, 80, "80");
        IpAddress clusterIp = scene.clusterIp(scene.apply(both));
        assertThat(client.client().tcp(clusterIp, 80).server()).isEqualTo("server");
        assertThat(client.client().udp(clusterIp, 80).server()).isEqualTo("server");
        scene.apply(scene.bareService(NAME).port("tcp-port", Protocol.TCP, 80, "80"));
        assertThat(client.client().tcp(clusterIp, 80).server()).isEqualTo("server");
        assertThat(client.client().briefly(Protocol.UDP, clusterIp, 80).isAnswered())
                .isFalse();
    }

    @Test
    @DisplayName(
            "Services should be able to update service type to NodePort listening on same port number but different protocols")
    void nodePortOfSameNumberAndDifferentProtocols() throws Exception {
        scene.threeServers(NAME);
        scene.apply(scene.service(NAME));
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        IpAddress nodeIp = scene.a().ip(scene.family());
        assertThat(scene.outside()
                        .tcp(nodeIp, Scene.nodePort(service, Protocol.TCP))
                        .isAnswered())
                .isTrue();
        assertThat(scene.outside()
                        .udp(nodeIp, Scene.nodePort(service, Protocol.UDP))
                        .isAnswered())
                .isTrue();
    }

    @Test
    @DisplayName("Services should serve multiport endpoints from pods")
    void multiport() throws Exception {
        TestPod one = scene.pod(
                "pod1", scene.a(), spec -> spec.label("app", NAME).containerPort("portname1", 100, Protocol.TCP));
        one.serve(Protocol.TCP, 100);
        TestPod two = scene.pod(
                "pod2", scene.b(), spec -> spec.label("app", NAME).containerPort("portname2", 101, Protocol.TCP));
        two.serve(Protocol.TCP, 101);
        TestPod client = scene.pod("client", scene.a());
        IpAddress clusterIp = scene.clusterIp(scene.apply(scene.bareService(NAME)
                .port("portname1", Protocol.TCP, 80, "portname1")
                .port("portname2", Protocol.TCP, 81, "portname2")));
        for (int i = 0; i < 10; i++) {
            assertThat(client.client().tcp(clusterIp, 80).server()).isEqualTo("pod1");
            assertThat(client.client().tcp(clusterIp, 81).server()).isEqualTo("pod2");
        }
        one.close();
        scene.settle();
        assertThat(client.client().ask(Protocol.TCP, clusterIp, 80)).isEqualTo(Answer.REFUSED);
        assertThat(client.client().tcp(clusterIp, 81).server()).isEqualTo("pod2");
    }

    @Test
    @DisplayName("Services should serve a basic endpoint from pods")
    void basicEndpoint() throws Exception {
        TestPod client = scene.pod("client", scene.a());
        IpAddress clusterIp = scene.clusterIp(scene.apply(scene.service(NAME)));
        TestPod one = scene.server(NAME, "pod1", scene.a());
        scene.settle();
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, List.of(one));
        TestPod two = scene.server(NAME, "pod2", scene.b());
        scene.settle();
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, List.of(one, two));
        one.close();
        scene.settle();
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, List.of(two));
        two.close();
        scene.settle();
        assertThat(client.client().ask(Protocol.TCP, clusterIp, Scene.PORT)).isEqualTo(Answer.REFUSED);
    }

    private ServiceSpec externalName() {
        return scene.bareService(NAME).externalName("example.com").build();
    }

    @Test
    @DisplayName("Services should be able to change the type from ExternalName to ClusterIP")
    void externalNameToClusterIp() throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        TestPod client = scene.pod("client", scene.a());
        scene.apply(ServiceSpec.of(externalName().service()));
        Service service = scene.apply(scene.service(NAME));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(service), Scene.PORT, endpoints);
    }

    @Test
    @DisplayName("Services should be able to change the type from ExternalName to NodePort")
    void externalNameToNodePort() throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        scene.apply(ServiceSpec.of(externalName().service()));
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        Spread.requireAll(scene.outside(), Protocol.TCP, scene.a().ip(scene.family()), nodePort, endpoints);
        Spread.requireAll(scene.a().client(), Protocol.TCP, scene.clusterIp(service), Scene.PORT, endpoints);
    }

    @Test
    @DisplayName("Services should be able to change the type from ClusterIP to ExternalName")
    void clusterIpToExternalName() throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        TestPod client = scene.pod("client", scene.a());
        IpAddress clusterIp = scene.clusterIp(scene.apply(scene.service(NAME)));
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, endpoints);
        Service service = scene.apply(ServiceSpec.of(externalName().service()));
        assertThat(service.clusterIps()).isEmpty();
        Scene.eventually(
                "nobody has the cluster IP",
                () -> client.client()
                        .briefly(Protocol.UDP, clusterIp, Scene.PORT)
                        .equals(Answer.TIMED_OUT));
    }

    @Test
    @DisplayName("Services should be able to change the type from NodePort to ExternalName")
    void nodePortToExternalName() throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        IpAddress nodeIp = scene.b().ip(scene.family());
        Spread.requireAll(scene.outside(), Protocol.TCP, nodeIp, nodePort, endpoints);
        scene.apply(ServiceSpec.of(externalName().service()));
        Scene.eventually(
                "the node refuses the port",
                () -> scene.outside().briefly(Protocol.TCP, nodeIp, nodePort).equals(Answer.REFUSED));
    }

    private void isLeftAlone(String label, String value) throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        List<TestPod> others = twoServers("plain");
        TestPod client = scene.pod("client", scene.a());
        Service labelled = scene.apply(scene.service(NAME).label(label, value));
        Service plain = scene.apply(scene.service("plain"));
        IpAddress clusterIp = scene.clusterIp(labelled);
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(plain), Scene.PORT, others);
        assertThat(client.client().briefly(Protocol.UDP, clusterIp, Scene.PORT)).isEqualTo(Answer.TIMED_OUT);
        scene.apply(scene.service(NAME));
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, endpoints);
        scene.apply(scene.service(NAME).label(label, value));
        Scene.eventually(
                "the proxy leaves the service alone",
                () -> client.client()
                        .briefly(Protocol.UDP, clusterIp, Scene.PORT)
                        .equals(Answer.TIMED_OUT));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(plain), Scene.PORT, others);
    }

    @Test
    @DisplayName("Services should implement service.kubernetes.io/service-proxy-name")
    void serviceProxyName() throws Exception {
        isLeftAlone("service.kubernetes.io/service-proxy-name", "foo-bar");
    }

    @Test
    @DisplayName("Services should implement service.kubernetes.io/headless")
    void headless() throws Exception {
        isLeftAlone("service.kubernetes.io/headless", "");
    }

    @Test
    @DisplayName("Services should be able to up and down services")
    void upAndDown() throws Exception {
        TestPod client = scene.pod("client", scene.a());
        List<TestPod> first = twoServers("up-down-1");
        List<TestPod> second = twoServers("up-down-2");
        Service one = scene.apply(scene.service("up-down-1"));
        Service two = scene.apply(scene.service("up-down-2"));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(one), Scene.PORT, first);
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(two), Scene.PORT, second);
        scene.delete(one);
        Scene.eventually(
                "the first is down",
                () -> client.client()
                        .briefly(Protocol.UDP, scene.clusterIp(one), Scene.PORT)
                        .equals(Answer.TIMED_OUT));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(two), Scene.PORT, second);
        List<TestPod> third = twoServers("up-down-3");
        Service three = scene.apply(scene.service("up-down-3"));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(two), Scene.PORT, second);
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(three), Scene.PORT, third);
    }

    @Test
    @DisplayName("Services should work after the service has been recreated")
    void recreated() throws Exception {
        List<TestPod> endpoints = twoServers(NAME);
        TestPod client = scene.pod("client", scene.a());
        Service before = scene.apply(scene.service(NAME));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(before), Scene.PORT, endpoints);
        scene.delete(before);
        ServiceSpecBuilder again = scene.service(NAME);
        before.clusterIps().forEach(again::clusterIp);
        Service after = scene.apply(again);
        assertThat(Set.copyOf(after.clusterIps())).isEqualTo(Set.copyOf(before.clusterIps()));
        Spread.requireAll(client.client(), Protocol.TCP, scene.clusterIp(after), Scene.PORT, endpoints);
    }

    @Test
    @DisplayName("Services should preserve source pod IP for traffic thru service cluster IP [LinuxOnly]")
    void sourceOfClusterIp() throws Exception {
        TestPod near = scene.pod("near", scene.a());
        TestPod far = scene.pod("far", scene.b());
        scene.server(NAME, "pod1", scene.a());
        Service service = scene.apply(scene.service(NAME));
        IpAddress clusterIp = scene.clusterIp(service);
        for (TestPod client : List.of(near, far)) {
            assertThat(client.client().tcp(clusterIp, Scene.PORT))
                    .isEqualTo(Answer.of("pod1", client.ip(scene.family())));
        }
        // The rest is kube-proxy's rule for a cluster IP: who is no pod of this node gets the node's address.
        assertThat(scene.b().client().tcp(clusterIp, Scene.PORT))
                .isEqualTo(Answer.of("pod1", scene.b().ip(scene.family())));
        assertThat(scene.a().client().tcp(clusterIp, Scene.PORT))
                .isEqualTo(Answer.of("pod1", near.gateway(scene.family())));
        assertThat(scene.outside().tcp(clusterIp, Scene.PORT))
                .isEqualTo(Answer.of("pod1", near.gateway(scene.family())));
    }

    @Test
    @DisplayName("Services should allow pods to hairpin back to themselves through services")
    void hairpin() throws Exception {
        TestPod server = scene.server(NAME, "hairpin", scene.a());
        Service service = scene.apply(scene.service(NAME));
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            assertThat(server.client().ask(protocol, scene.clusterIp(service), Scene.PORT))
                    .isEqualTo(Answer.of("hairpin", server.gateway(scene.family())));
        }
    }
}
