package io.podnet.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.podnet.api.PodnetException;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which room may know which: the arrows between modules, and the few rules inside them that must not erode. */
class ArchitectureTest {
    private static final JavaClasses ROOMS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.podnet");

    private static final String[] JDK = {"java..", "javax..", "jdk..", "org.jspecify.annotations.."};

    private static DescribedPredicate<JavaClass> only(String... packages) {
        String[] all = Arrays.copyOf(JDK, JDK.length + packages.length);
        System.arraycopy(packages, 0, all, JDK.length, packages.length);
        return resideInAnyPackage(all);
    }

    @Test
    void thereIsSomethingToLookAt() {
        assertThat(ROOMS.size()).isGreaterThan(250);
        for (String room : new String[] {
            "io.podnet.api",
            "io.podnet.spi",
            "io.podnet.netlink.route",
            "io.podnet.bridge",
            "io.podnet.cni.spec",
            "io.podnet.services",
            "io.podnet.iptables",
            "io.podnet.store.memory",
            "io.podnet.overlay.address",
            "io.podnet.etcd",
            "io.podnet.testkit.store"
        }) {
            assertThat(ROOMS.containPackage(room)).as(room).isTrue();
        }
    }

    @Test
    void apiKnowsTheJdkAndSlf4j() {
        classes()
                .that(resideInAnyPackage("io.podnet.api..", "io.podnet.spi..", "io.podnet.store.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.cluster..",
                        "io.podnet.record..",
                        "io.podnet.endpoints..",
                        "io.podnet.allocation..",
                        "io.podnet.store..",
                        "org.slf4j.."))
                .check(ROOMS);
    }

    @Test
    void clusterKnowsTheStoreAndNoFile() {
        classes()
                .that(resideInAnyPackage("io.podnet.cluster.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.endpoints..",
                        "io.podnet.allocation..",
                        "io.podnet.record..",
                        "io.podnet.cluster..",
                        "org.slf4j.."))
                .check(ROOMS);
        noClasses()
                .that(resideInAnyPackage("io.podnet.cluster.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "io.podnet.store.."))
                .check(ROOMS);
    }

    @Test
    void endpointsAndAllocationKnowValuesOnly() {
        for (String room : new String[] {"io.podnet.endpoints..", "io.podnet.allocation.."}) {
            classes()
                    .that(resideInAnyPackage(room))
                    .should()
                    .onlyDependOnClassesThat(only("io.podnet.api..", "io.podnet.spi..", room))
                    .check(ROOMS);
            noClasses()
                    .that(resideInAnyPackage(room))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.time.."))
                    .orShould()
                    .dependOnClassesThat()
                    .haveSimpleName("ServiceProxy")
                    .check(ROOMS);
        }
    }

    @Test
    void servicesKnowTheJdkAndApiAndNoMechanism() {
        classes()
                .that(resideInAnyPackage("io.podnet.services.."))
                .should()
                .onlyDependOnClassesThat(only("io.podnet.api..", "io.podnet.spi..", "io.podnet.services.."))
                .andShould()
                .haveNameNotMatching("(?i).*(iptables|nftables|netfilter|chain|fwmark).*")
                .check(ROOMS);
    }

    @Test
    void netlinkKnowsApiAndJnr() {
        classes()
                .that(resideInAnyPackage("io.podnet.netlink.."))
                .should()
                .onlyDependOnClassesThat(
                        only("io.podnet.api..", "io.podnet.spi..", "io.podnet.netlink..", "org.slf4j..", "jnr.ffi.."))
                .check(ROOMS);
    }

    @Test
    void bridgeKnowsApiAndNetlink() {
        classes()
                .that(resideInAnyPackage("io.podnet.bridge.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.netlink..",
                        "io.podnet.bridge..",
                        "org.slf4j.."))
                .check(ROOMS);
    }

    @Test
    void cniKnowsApiNetlinkAndJackson() {
        classes()
                .that(resideInAnyPackage("io.podnet.cni.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.netlink..",
                        "io.podnet.cni..",
                        "com.fasterxml.jackson..",
                        "org.slf4j.."))
                .check(ROOMS);
        classes()
                .that(resideInAnyPackage("io.podnet.cni.spec.."))
                .should()
                .onlyDependOnClassesThat(only("io.podnet.api..", "io.podnet.cni.spec..", "com.fasterxml.jackson.."))
                .check(ROOMS);
        slices().matching("io.podnet.cni.(*)..").should().beFreeOfCycles().check(ROOMS);
    }

    @Test
    void iptablesKnowsApiServicesAndNetlink() {
        classes()
                .that(resideInAnyPackage("io.podnet.iptables.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.services..",
                        "io.podnet.netlink..",
                        "io.podnet.iptables..",
                        "org.slf4j.."))
                .check(ROOMS);
        slices().matching("io.podnet.iptables.(*)..").should().beFreeOfCycles().check(ROOMS);
    }

    @Test
    void dnsKnowsApiAndNetlink() {
        classes()
                .that(resideInAnyPackage("io.podnet.dns.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..", "io.podnet.spi..", "io.podnet.netlink..", "io.podnet.dns..", "org.slf4j.."))
                .check(ROOMS);
    }

    @Test
    void dnsRoomsKnowWhatIsBelowThem() {
        noClasses()
                .that(resideInAnyPackage("io.podnet.dns.wire.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.podnet.dns.index..",
                        "io.podnet.dns.answer..",
                        "io.podnet.dns.server..",
                        "io.podnet.dns.forward..",
                        "io.podnet.netlink.."))
                .check(ROOMS);
        noClasses()
                .that(resideInAnyPackage("io.podnet.dns.index..", "io.podnet.dns.answer.."))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.podnet.dns.server..", "io.podnet.dns.forward..", "io.podnet.netlink.."))
                .check(ROOMS);
        noClasses()
                .that(resideInAnyPackage("io.podnet.dns.server.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.podnet.dns.forward..", "io.podnet.dns.upstream..", "io.podnet.dns.search.."))
                .check(ROOMS);
        slices().matching("io.podnet.dns.(*)..").should().beFreeOfCycles().check(ROOMS);
    }

    @Test
    void apiAndSpiKnowNoStore() {
        noClasses()
                .that(resideInAnyPackage("io.podnet.api..", "io.podnet.spi.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podnet.store.."))
                .check(ROOMS);
    }

    @Test
    void overlayKnowsApiTheKernelAndJackson() {
        classes()
                .that(resideInAnyPackage("io.podnet.overlay.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.store",
                        "io.podnet.overlay..",
                        "io.podnet.netlink..",
                        "com.fasterxml.jackson..",
                        "org.slf4j.."))
                .check(ROOMS);
        slices().matching("io.podnet.overlay.(*)..").should().beFreeOfCycles().check(ROOMS);
        // Only one room touches the kernel, so that all the others work with any.
        noClasses()
                .that(resideInAnyPackage("io.podnet.overlay.."))
                .and(DescribedPredicate.not(resideInAnyPackage("io.podnet.overlay.kernel..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podnet.netlink.."))
                .check(ROOMS);
    }

    @Test
    void onlyTheEtcdRoomKnowsJetcd() {
        classes()
                .that(resideInAnyPackage("io.podnet.etcd.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.store",
                        "io.podnet.etcd..",
                        "io.etcd.jetcd..",
                        "io.grpc..",
                        "org.slf4j.."))
                .check(ROOMS);
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage("io.podnet.etcd..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.etcd..", "io.grpc..", "io.netty..", "io.vertx.."))
                .check(ROOMS);
    }

    @Test
    void testkitKnowsApiNetlinkAndJunit() {
        classes()
                .that(resideInAnyPackage("io.podnet.testkit.."))
                .should()
                .onlyDependOnClassesThat(only(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.store..",
                        "io.podnet.netlink..",
                        "io.podnet.testkit..",
                        "org.junit.."))
                .check(ROOMS);
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage("io.podnet.testkit..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podnet.testkit.."))
                .check(ROOMS);
    }

    @Test
    void examplesMeetProvidersThroughServiceLoader() {
        noClasses()
                .that(resideInAnyPackage("io.podnet.examples.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.podnet.bridge..",
                        "io.podnet.netlink..",
                        "io.podnet.iptables..",
                        "io.podnet.services..",
                        "io.podnet.overlay..",
                        "io.podnet.etcd..",
                        "io.podnet.dns.."))
                .check(ROOMS);
        noClasses()
                // Programs about CNI, which no interface of Podnet's has in full.
                .that(resideInAnyPackage("io.podnet.examples.."))
                .and(DescribedPredicate.not(
                        resideInAnyPackage("io.podnet.examples.cnitool..", "io.podnet.examples.cniplugin..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podnet.cni.."))
                .check(ROOMS);
    }

    @Test
    void onlyTheLibcRoomKnowsJnr() {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage("io.podnet.netlink.libc..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("jnr.."))
                .check(ROOMS);
    }

    @Test
    void onlyNamespaceThreadsAndMountsLeaveHome() {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(
                        "io.podnet.netlink.libc..", "io.podnet.netlink.namespace..", "io.podnet.netlink.sandbox..")))
                .should()
                .callMethod(io.podnet.netlink.libc.Libc.class, "setns", int.class, int.class)
                .orShould()
                .callMethod(io.podnet.netlink.libc.Libc.class, "unshare", int.class)
                .check(ROOMS);
    }

    @Test
    void noRoomsDependOnEachOtherInCircles() {
        slices().matching("io.podnet.netlink.(*)..").should().beFreeOfCycles().check(ROOMS);
        slices().matching("io.podnet.(*)..")
                .should()
                .beFreeOfCycles()
                // The facade joins the rooms that it is made of.
                .ignoreDependency(
                        resideInAnyPackage("io.podnet.api.."),
                        resideInAnyPackage(
                                "io.podnet.spi..",
                                "io.podnet.endpoints..",
                                "io.podnet.allocation..",
                                "io.podnet.cluster..",
                                "io.podnet.record.."))
                .check(ROOMS);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(ROOMS.stream()
                        .filter(type -> !type.getName().endsWith("package-info"))
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(room ->
                                room.tryGetAnnotationOfType(NullMarked.class).isEmpty()))
                .isEmpty();
    }

    @Test
    void providersThrowPodnetsExceptions() {
        noClasses()
                .that(resideInAnyPackage(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.netlink..",
                        "io.podnet.services..",
                        "io.podnet.bridge..",
                        "io.podnet.cni..",
                        "io.podnet.store..",
                        "io.podnet.overlay..",
                        "io.podnet.etcd..",
                        "io.podnet.dns.."))
                .and()
                .areNotAssignableTo(RuntimeException.class)
                .should()
                .callConstructor(RuntimeException.class, String.class)
                .orShould()
                .callConstructor(RuntimeException.class, String.class, Throwable.class)
                .check(ROOMS);
        assertThat(PodnetException.class.isSealed()).isTrue();
    }

    @Test
    void nobodyWritesToStandardStreamsButExamples() {
        noClasses()
                .that(resideInAnyPackage(
                        "io.podnet.api..",
                        "io.podnet.spi..",
                        "io.podnet.netlink..",
                        "io.podnet.services..",
                        "io.podnet.bridge..",
                        "io.podnet.cni..",
                        "io.podnet.store..",
                        "io.podnet.overlay..",
                        "io.podnet.etcd.."))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ROOMS);
    }
}
