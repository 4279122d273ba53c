package vkernel.shell;

import java.util.Arrays;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A bundle as an argument of a command: its id, or its symbolic name, of which the one that came last counts. Without it
 * Gogo's own commands ({@code felix:update}, {@code felix:stop}) could be called with nothing; the converter that goes
 * with them is part of Gogo's shell, whose place we take.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleArguments implements Converter {
    private final BundleContext context;

    @Activate
    public BundleArguments(BundleContext context) {
        this.context = context;
    }

    /** @return null for what is no bundle, which Gogo takes for "not by me" */
    @Override
    public @Nullable Object convert(Class<?> wanted, Object in) {
        return wanted == Bundle.class ? bundle(in.toString()) : null;
    }

    private @Nullable Bundle bundle(String spec) {
        if (spec.matches("[0-9]{1,18}")) {
            return context.getBundle(Long.parseLong(spec));
        }
        return Arrays.stream(context.getBundles())
                .filter(bundle -> spec.equals(bundle.getSymbolicName()))
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        return target instanceof Bundle bundle ? bundle.getBundleId() + " " + bundle.getSymbolicName() : null;
    }
}
