package io.podnet.testkit.cluster;

import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the cluster of {@link PodnetCluster} before each test and removes it afterwards. */
final class ClusterExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace ROOM = Namespace.create(ClusterExtension.class);

    ClusterExtension() {}

    private static Store store(ExtensionContext context) {
        return context.getStore(ROOM);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<PodnetCluster> ofMethod = AnnotationSupport.findAnnotation(context.getElement(), PodnetCluster.class);
        PodnetCluster wanted = ofMethod.or(
                        () -> AnnotationSupport.findAnnotation(context.getTestClass(), PodnetCluster.class))
                .orElseThrow(() -> new ExtensionConfigurationException("there is no @PodnetCluster"));
        store(context).put(Cluster.class, new Cluster(wanted.nodes()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Cluster cluster = store(context).remove(Cluster.class, Cluster.class);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Cluster.class || type == ClusterNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Cluster cluster = store(context).get(Cluster.class, Cluster.class);
        if (cluster == null) {
            throw new ParameterResolutionException(
                    "the cluster is made for each test: take it as a parameter of the test, not of the constructor");
        }
        if (parameter.getParameter().getType() == Cluster.class) {
            return cluster;
        }
        Parameter[] all = parameter.getDeclaringExecutable().getParameters();
        int number = (int) Arrays.stream(all)
                .limit(parameter.getIndex())
                .filter(earlier -> earlier.getType() == ClusterNode.class)
                .count();
        if (number >= cluster.nodes().size()) {
            throw new ParameterResolutionException("the test takes " + (number + 1)
                    + " nodes or more, and its cluster has " + cluster.nodes().size());
        }
        return cluster.nodes().get(number);
    }
}
