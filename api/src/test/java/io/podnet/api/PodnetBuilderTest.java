package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PodnetBuilderTest {

    private static void refused(UnaryOperator<PodnetBuilder> call) {
        // At the call, where the mistake is, and not when the node starts.
        assertThatThrownBy(() -> call.apply(Podnet.builder())).isInstanceOf(NullPointerException.class);
    }

    @Test
    void noArgumentIsNull() {
        refused(builder -> builder.nodeName(null));
        refused(builder -> builder.podCidr(null));
        refused(builder -> builder.networkPlugin(null));
        refused(builder -> builder.networkPluginOption("bridge", null));
        refused(builder -> builder.networkPluginOption(null, "cbr0"));
        refused(builder -> builder.ipam(null));
        refused(builder -> builder.ipamOption("coolDown", null));
        refused(builder -> builder.sandboxes(null));
        refused(builder -> builder.serviceProxy(null));
        refused(builder -> builder.serviceProxyOption("backend", null));
        refused(builder -> builder.nameResolver(null));
        refused(builder -> builder.nameResolverOption("ttl", null));
        refused(builder -> builder.stateDirectory(null));
        refused(builder -> builder.classLoader(null));
        refused(builder -> builder.attachmentStore(null));
        refused(builder -> builder.metrics(null));
    }
}
