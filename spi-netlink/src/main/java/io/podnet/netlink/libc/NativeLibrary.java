package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;
import java.util.List;
import java.util.ServiceLoader;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** Finds a way to the C library. */
final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * A provider stands for another way to the C library (java.lang.foreign, once that is in every JDK we support), or
     * for one that fails on purpose.
     *
     * @throws PodnetException.Invalid where there are several
     * @throws PodnetException.Unsupported where this JVM loads no native library
     */
    static LibcFunctions find(@Nullable ClassLoader loader) {
        List<ServiceLoader.Provider<LibcFunctions>> providers =
                ServiceLoader.load(LibcFunctions.class, loader).stream().toList();
        if (providers.size() > 1) {
            throw new PodnetException.Invalid("more than one way to the C library: "
                    + providers.stream().map(ServiceLoader.Provider::type).toList() + "; leave one on the class path");
        }
        return providers.isEmpty() ? byJnr() : providers.get(0).get();
    }

    private static LibcFunctions byJnr() {
        try {
            LibcFunctions functions = LibraryLoader.create(LibcFunctions.class).load("c");
            // jnr-ffi without its native part says so when it is first used, and not before.
            Runtime.getSystemRuntime().addressSize();
            return functions;
        } catch (LinkageError | IllegalCallerException e) {
            throw new PodnetException.Unsupported(
                    "jnr-ffi cannot load its native part, by which Podnet speaks to the kernel (" + firstLine(e)
                            + "); it is unpacked to java.io.tmpdir or the working directory, of which one must be writable"
                            + " and not mounted noexec: set -Djffi.extract.dir=DIR; a JDK that denies native access wants"
                            + " --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    private static String firstLine(Throwable failure) {
        Throwable first = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(first.getMessage()).lines().findFirst().orElse("");
    }
}
