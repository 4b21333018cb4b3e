package io.podnet.conformance.broken;

import io.podnet.testkit.contract.IpamContract;
import io.podnet.testkit.contract.NameResolverContract;
import io.podnet.testkit.contract.NetworkPluginContract;
import io.podnet.testkit.contract.ServiceProxyContract;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contracts as a third party takes them, each for a provider with a defect. Started by the tests beside them. */
final class Contracts {
    private Contracts() {}

    @ExtendWith(DefectResolver.class)
    static class Plugin extends NetworkPluginContract {
        Plugin(String defect) {
            super("broken", Map.of(Broken.DEFECT, defect));
        }
    }

    @ExtendWith(DefectResolver.class)
    static class Addresses extends IpamContract {
        Addresses(String defect) {
            super("broken", Map.of(Broken.DEFECT, defect));
        }
    }

    @ExtendWith(DefectResolver.class)
    static class Proxy extends ServiceProxyContract {
        Proxy(String defect) {
            super("broken", Map.of(Broken.DEFECT, defect));
        }
    }

    @ExtendWith(DefectResolver.class)
    static class Resolver extends NameResolverContract {
        Resolver(String defect) {
            super("broken", Map.of(Broken.DEFECT, defect));
        }
    }
}
