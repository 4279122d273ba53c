package vkernel.guest.fs.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A large interface of which only some methods are there. */
final class Partial {
    /** What has the type's method on {@code part}, and fails with the name of the method where it has none. */
    static <T> T of(Class<T> type, Object part) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                return find(part, method).invoke(part, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Method find(Object part, Method wanted) {
        try {
            Method method = part.getClass().getMethod(wanted.getName(), wanted.getParameterTypes());
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            throw new UnsupportedOperationException("not in this kernel: " + wanted, e);
        }
    }

    private Partial() {}
}
