package io.podnet.conformance.broken;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Each contract can fail: the law that a provider breaks turns red, and is green for the same provider without the defect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenProvidersTest {
    private final Set<String> green = new HashSet<>();

    private void find(Class<?> contract, String law, String defect) {
        if (green.add(contract + law)) {
            run(contract, law, "NONE", 0);
        }
        run(contract, law, defect, 1);
    }

    private static void run(Class<?> contract, String law, String defect, int failures) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(contract, law))
                .configurationParameter(DefectResolver.KEY, defect)
                .execute()
                .testEvents()
                .assertStatistics(seen -> seen.started(1).failed(failures).succeeded(1 - failures));
    }

    @ParameterizedTest
    @EnumSource
    void networkPlugin(PluginDefect defect) {
        find(Contracts.Plugin.class, defect.law, defect.name());
    }

    @ParameterizedTest
    @EnumSource
    void ipam(IpamDefect defect) {
        find(Contracts.Addresses.class, defect.law, defect.name());
    }

    @ParameterizedTest
    @EnumSource
    void serviceProxy(ProxyDefect defect) {
        find(Contracts.Proxy.class, defect.law, defect.name());
    }

    @ParameterizedTest
    @EnumSource
    void nameResolver(ResolverDefect defect) {
        find(Contracts.Resolver.class, defect.law, defect.name());
    }
}
