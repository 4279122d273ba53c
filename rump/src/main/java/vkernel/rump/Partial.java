package vkernel.rump;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/** A large interface of which only some methods are there. */
public final class Partial {
    /** Gives the answer to a call of a method that is not {@code void}. */
    @FunctionalInterface
    public interface Answers {
        Object to(Method method, Object[] arguments);
    }

    /** A type that gives these answers. */
    public static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            Object answer = answers.to(method, args);
            return method.getReturnType() == void.class ? null : answer;
        }));
    }

    /** A type whose answers depend on the name of the method alone. */
    public static <T> T proxy(Class<T> type, Function<String, Object> answers) {
        return proxy(type, (method, args) -> answers.apply(method.getName()));
    }

    /**
     * What does as {@code part}'s public methods do.
     *
     * @return a type whose other methods throw UnsupportedOperationException with the name of the method
     */
    public static <T> T of(Class<T> type, Object part) {
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
