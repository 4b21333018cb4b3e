package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;

/** Asks for the C library twice; for {@link NativeLibraryTest}, in a JVM of its own. */
final class NativeLibraryScenario {
    private NativeLibraryScenario() {}

    public static void main(String[] arguments) {
        for (int call = 0; call < 2; call++) {
            try {
                Libc.instance();
                System.out.println("loaded");
            } catch (PodnetException.Unsupported e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
