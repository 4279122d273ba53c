package vkernel.it.swap;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;

/**
 * Inside a bundle of a test: a provider of the composition, made once more, that fails in one way. Which provider, and
 * which way, the manifest says.
 */
public final class Wrapped implements BundleActivator, InvocationHandler {
    /** How it fails. */
    public enum Way {
        /** Not at all. */
        GOOD,
        THROWS_IN_ACTIVATOR,
        THROWS_IN_ADOPT,
        REJECTS,
        DAMAGES_IN_ADOPT,
        /** Puts an object of its own class into the state. */
        SMUGGLES,
        LOSES_STATE,
        STALLS_IN_ADOPT,
        THROWS_ON_CALLS,
        DAMAGES_AND_THROWS,
        LOOPS,
        LOOPS_AND_CATCHES,
        SLEEPS,
        LOSES_TASKS,
        LEAKS
    }

    private Object real;
    private Way way;
    private Set<String> methods;
    private Record state;
    private Object kept;

    @Override
    public void start(BundleContext context) throws Exception {
        var headers = context.getBundle().getHeaders();
        way = Way.valueOf(headers.get("Way"));
        methods = Set.of(headers.get("Methods").split(","));
        if (way == Way.THROWS_IN_ACTIVATOR) {
            throw new IllegalStateException("not today");
        }
        if (way == Way.LEAKS) {
            Thread.ofPlatform().daemon().name("leak").start(this::holdFast);
        }
        Class<?> type = Class.forName(headers.get("Provider"));
        Constructor<?> maker = type.getConstructors()[0];
        List<Object> arguments = new ArrayList<>();
        for (Class<?> parameter : maker.getParameterTypes()) {
            ServiceReference<?> reference = context.getServiceReference(parameter);
            arguments.add(context.getService(reference));
        }
        real = maker.newInstance(arguments.toArray());
        Class<?>[] interfaces = type.getInterfaces();
        Object provider = Proxy.newProxyInstance(Wrapped.class.getClassLoader(), interfaces, this);
        String[] names = Arrays.stream(interfaces)
                .filter(face -> face != Swappable.class)
                .map(Class::getName)
                .toArray(String[]::new);
        context.registerService(names, provider, new Hashtable<>());
    }

    private void holdFast() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            kept = e;
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the service goes with the bundle
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "equals" -> {
                return self == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            case "toString" -> {
                return "Wrapped " + real;
            }
            case "adopt" -> {
                adopt(arguments);
                call(method, arguments);
                if (way == Way.DAMAGES_IN_ADOPT) {
                    damage(null);
                }
                if (way == Way.SMUGGLES) {
                    damage(this);
                }
                return null;
            }
            case "release" -> {
                Object given = call(method, arguments);
                if (way == Way.LOSES_STATE) {
                    lose();
                }
                return given;
            }
            default -> {
                if (methods.contains(method.getName())) {
                    fail();
                    if (way == Way.LOSES_TASKS) {
                        return null;
                    }
                }
            }
        }
        return call(method, arguments);
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void adopt(Object[] arguments) throws StateRejected {
        state = (Record) arguments[0];
        switch (way) {
            case REJECTS -> throw new StateRejected("not to my taste");
            case THROWS_IN_ADOPT -> throw new IllegalStateException("cannot");
            case STALLS_IN_ADOPT -> loop();
            default -> {
                // later
            }
        }
    }

    private void fail() throws InterruptedException {
        switch (way) {
            case THROWS_ON_CALLS -> throw new IllegalStateException("broken");
            case DAMAGES_AND_THROWS -> {
                damage(null);
                throw new IllegalStateException("broken, and so is the state");
            }
            case LOOPS -> loop();
            case LOOPS_AND_CATCHES -> loopAndCatch();
            case SLEEPS -> Thread.sleep(1_000_000);
            default -> {
                // not here
            }
        }
    }

    private void loop() {
        for (long i = 0; i >= 0; i++) {
            kept = i;
        }
    }

    private void loopAndCatch() {
        while (true) {
            try {
                loop();
            } catch (Throwable all) {
                kept = all;
            }
        }
    }

    /** Empties the first collection of the state that holds anything. */
    private void lose() throws ReflectiveOperationException {
        for (var component : state.getClass().getRecordComponents()) {
            if (component.getAccessor().invoke(state) instanceof List<?> list && !list.isEmpty()) {
                list.clear();
                return;
            }
        }
    }

    /** Puts what does not belong there into the first collection of the state. */
    @SuppressWarnings("unchecked")
    private void damage(Object what) {
        for (var component : state.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(state);
                if (value instanceof List<?> list) {
                    ((List<Object>) list).add(what);
                    return;
                }
                if (value instanceof Collection<?> all) {
                    all.clear();
                    ((Collection<Object>) all).add(what);
                    return;
                }
                if (value instanceof Map<?, ?> map && !(map instanceof java.util.SortedMap)) {
                    ((Map<Object, Object>) map).put(what, what);
                    return;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
