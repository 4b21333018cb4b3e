package io.podnet.bridge.ipam;

import io.podnet.bridge.faults.Faults;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** host-local as it is, except that {@link Faults} may fail an operation on its files, or end the process before it. */
public final class FaultyHostLocalProvider implements IpamProvider {
    /** The provider's name. */
    public static final String NAME = "faulty-host-local";

    /** For ServiceLoader. */
    public FaultyHostLocalProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ipam create(Context context) {
        Machine real = Machine.real();
        FileOps files = (FileOps) Proxy.newProxyInstance(
                FileOps.class.getClassLoader(),
                new Class<?>[] {FileOps.class},
                (proxy, method, arguments) -> call(real.files(), method, arguments));
        return HostLocalIpam.open(context, new Machine(files, real.clock(), real.boot(), real.processes()));
    }

    private static Object call(FileOps files, Method method, Object[] arguments) throws Throwable {
        int errno = Faults.strike("lease " + method.getName() + " " + arguments[0]);
        if (errno != 0) {
            throw new IOException("injected at " + method.getName());
        }
        try {
            return method.invoke(files, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
