package io.podnet.conformance.broken;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Makes objects that do everything as real ones do, but for one method. */
final class Broken {
    /** The option that says how a provider is broken. */
    static final String DEFECT = "defect";

    private Broken() {}

    /** What a method does instead. */
    @FunctionalInterface
    interface Call<T> {
        Object call(T real, Object[] arguments) throws Throwable;
    }

    static <T> T in(Class<T> type, T real, String method, Call<T> instead) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, given) -> {
            if (called.getName().equals(method)) {
                return instead.call(real, given);
            }
            try {
                return called.invoke(real, given);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** The options of the real provider. */
    static Map<String, String> real(Map<String, String> options) {
        Map<String, String> left = new HashMap<>(options);
        left.remove(DEFECT);
        return left;
    }
}
