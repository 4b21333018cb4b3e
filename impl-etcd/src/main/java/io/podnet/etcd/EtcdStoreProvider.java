package io.podnet.etcd;

import io.podnet.api.API;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;

/**
 * Finds the store {@code etcd}. Its keys are below {@code /podnet/<cluster>/}. Options: {@code endpoints}, a list of
 * {@code http://HOST:PORT} with commas between them; {@code timeout}, how long a call may take, PT5S by default; {@code probe},
 * how often an idle watch asks whether etcd is still there, PT2S by default.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EtcdStoreProvider implements ClusterStoreProvider {
    /** For {@link java.util.ServiceLoader}. */
    public EtcdStoreProvider() {}

    /**
     * Names the provider.
     *
     * @return {@code etcd}
     */
    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public ClusterStore create(Context context) {
        return new EtcdStore(
                EtcdOptions.of(context.options()), new EtcdKeys("/podnet/" + context.cluster()), context.nodeName());
    }
}
