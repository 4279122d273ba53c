package vkernel.boot.compose;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.resource.Requirement;

/** Looks for what nothing can give, before the resolver does: it would only say that it cannot. */
final class Missing {
    private final Parts parts;

    Missing(Parts parts) {
        this.parts = parts;
    }

    /** @throws ComposeException when something is missing in whatever way the list is resolved */
    void check(Collection<Subsystem> wanted) {
        List<String> complaints = new ArrayList<>();
        Deque<Part> queue = new ArrayDeque<>();
        for (Subsystem each : wanted) {
            List<Part> givers = parts.giving(each);
            if (givers.isEmpty()) {
                complaints.add(new Because(Because.USER, each.toString()) + ", and nothing here gives it" + kin(each));
            } else if (givers.size() == 1) {
                queue.add(givers.getFirst());
            }
        }
        Set<Part> seen = new HashSet<>();
        while (!queue.isEmpty()) {
            Part part = queue.remove();
            if (seen.add(part)) {
                needs(part, complaints, queue);
            }
        }
        if (!complaints.isEmpty()) {
            throw new ComposeException(String.join("\n", complaints));
        }
    }

    private void needs(Part part, List<String> complaints, Deque<Part> queue) {
        for (Requirement each : part.revision().getRequirements(null)) {
            if (!Requirements.mandatory(each) || Choice.ofTheLauncher(each)) {
                continue;
            }
            List<Part> givers =
                    parts.all().stream().filter(other -> gives(other, each)).toList();
            boolean framework = parts.framework().getCapabilities(each.getNamespace()).stream()
                    .anyMatch(given -> Choice.matches(each, given));
            if (givers.isEmpty() && !framework) {
                String filter = each.getDirectives().getOrDefault("filter", "");
                complaints.add(new Because(part.name(), Requirements.allWords(each)) + ", and nothing here gives it"
                        + Subsystem.ofFilter(filter).map(this::kin).orElse(""));
            } else if (givers.size() == 1 && !framework) {
                queue.add(givers.getFirst());
            }
        }
    }

    private static boolean gives(Part part, Requirement wanted) {
        return part.revision().getCapabilities(wanted.getNamespace()).stream()
                .anyMatch(given -> Choice.matches(wanted, given));
    }

    /** What there is of the same kind. */
    private String kin(Subsystem wanted) {
        List<Subsystem> kin = parts.subsystems().stream()
                .filter(each -> each.kind().equals(wanted.kind()))
                .toList();
        return kin.isEmpty() ? "" : "; of its kind there are " + Words.and(kin);
    }
}
