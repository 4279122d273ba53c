package vkernel.guest.kern;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Why a bundle that was started provides nothing, in words: what Declarative Services knows. */
final class Reasons {
    private final BundleContext context;

    Reasons(BundleContext context) {
        this.context = context;
    }

    /** @param subsystem what it should provide; empty for anything */
    String of(Bundle bundle, String subsystem) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return "it provides nothing";
        }
        try {
            StringBuilder why = new StringBuilder();
            for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
                for (ComponentConfigurationDTO made : runtime.getComponentConfigurationDTOs(component)) {
                    explain(made, why);
                }
            }
            return why.isEmpty() ? "it provides nothing" + (subsystem.isEmpty() ? "" : " for " + subsystem) : "" + why;
        } finally {
            context.ungetService(reference);
        }
    }

    private static void explain(ComponentConfigurationDTO made, StringBuilder why) {
        String failure = made.failure;
        if (failure != null && !failure.isEmpty()) {
            add(why, made.description.name + " cannot be made: " + cause(failure));
        }
        for (UnsatisfiedReferenceDTO missing : made.unsatisfiedReferences) {
            add(why, made.description.name + " misses its reference " + missing.name);
        }
    }

    private static void add(StringBuilder why, String line) {
        why.append(why.isEmpty() ? "" : "; ").append(line);
    }

    /** The last cause of a stack trace as text, and where it was thrown. */
    private static String cause(String trace) {
        String[] lines = trace.strip().split("\\R");
        int at = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("Caused by: ")) {
                at = i;
            }
        }
        String where = at + 1 < lines.length ? " " + lines[at + 1].strip() : "";
        return lines[at].replaceFirst("^Caused by: ", "") + where;
    }

    /** An exception of the framework in one line. */
    static String words(Exception failed) {
        Throwable cause = failed;
        while (cause.getCause() != null && cause instanceof BundleException) {
            cause = cause.getCause();
        }
        return cause == failed ? failed.getMessage() : failed.getMessage() + " (" + Flip.words(cause) + ")";
    }
}
