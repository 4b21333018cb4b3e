package io.podnet.testkit.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class, or one test, a cluster of its own. Parameters of the type {@link Cluster} are it, those of the
 * type {@link ClusterNode} its nodes, in order:
 *
 * <pre>{@code @Test @PodnetCluster(nodes = 3)
 * void aLeaderIsElectedWithoutOne(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) {
 *     a.start(new ProcessBuilder("java", "-jar", "server.jar", "--listen", a.ip().toString()));
 *     cluster.cut(a, b);
 * }
 * }</pre>
 *
 * <p>It needs root; without root, where user namespaces are allowed, the JVM must run inside {@code unshare -Urnm}
 * with its loopback interface up: {@code unshare -Urnm sh -c 'ip link set lo up && mvn test'}.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface PodnetCluster {
    /**
     * Says how many nodes there are.
     *
     * @return 1 to 200
     */
    int nodes();
}
