package vkernel.boot.compose;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.resource.Capability;

/**
 * What a kernel can be asked to have, in the words of its user: {@code net}, {@code sched:fair}, or
 * {@code bundle:NAME} for a bundle that is no subsystem.
 *
 * @param kind the value of the capability's attribute {@code vkernel.subsystem}
 * @param attribute what tells it from others of its kind, for instance {@code policy}; empty for any of the kind
 * @param value of that attribute
 */
public record Subsystem(String kind, String attribute, String value) implements Comparable<Subsystem> {
    /** The namespace in which bundles say what subsystem they are. */
    public static final String NAMESPACE = "vkernel.subsystem";

    static final String BUNDLE = "bundle";

    private static final Pattern ONE = Pattern.compile("\\(" + NAMESPACE + "=([^)]*)\\)");
    private static final Pattern OTHER = Pattern.compile("\\((?!" + NAMESPACE + ")([a-z.]+)=([^)]*)\\)");
    private static final Map<String, String> ATTRIBUTES = Map.of("sched", "policy");

    static Subsystem bundle(String symbolicName) {
        return new Subsystem(BUNDLE, "id", symbolicName);
    }

    /** What a bundle says that it is. */
    static Subsystem of(Capability said) {
        String kind = String.valueOf(said.getAttributes().get(NAMESPACE));
        return said.getAttributes().entrySet().stream()
                .filter(each -> !each.getKey().equals(NAMESPACE))
                .findFirst()
                .map(each -> new Subsystem(kind, each.getKey(), String.valueOf(each.getValue())))
                .orElseGet(() -> new Subsystem(kind, "", ""));
    }

    /** From the filter of a requirement; empty when it is none that this class would have written. */
    static Optional<Subsystem> ofFilter(String filter) {
        Matcher one = ONE.matcher(filter);
        if (!one.find()) {
            return Optional.empty();
        }
        Matcher other = OTHER.matcher(filter);
        return Optional.of(
                other.find()
                        ? new Subsystem(one.group(1), other.group(1), other.group(2))
                        : new Subsystem(one.group(1), "", ""));
    }

    /** As a person writes it, {@code KIND} or {@code KIND:VALUE}. */
    static Subsystem named(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new Subsystem(text, "", "");
        }
        String kind = text.substring(0, colon).toLowerCase(Locale.ROOT);
        String attribute = kind.equals(BUNDLE) ? "id" : ATTRIBUTES.getOrDefault(kind, kind);
        return new Subsystem(kind, attribute, text.substring(colon + 1));
    }

    /** Whether one that says it is {@code said} will do. */
    boolean matches(Subsystem said) {
        return kind.equals(said.kind)
                && (value.isEmpty() || (attribute.equals(said.attribute) && value.equals(said.value)));
    }

    /** The filter of a requirement for it. */
    String filter() {
        String first = "(" + NAMESPACE + "=" + kind + ")";
        return value.isEmpty() ? first : "(&" + first + "(" + attribute + "=" + value + "))";
    }

    /** A clause of {@code -runrequires}. */
    String clause() {
        return kind.equals(BUNDLE) ? "bnd.identity;id=" + value : NAMESPACE + ";filter:='" + filter() + "'";
    }

    @Override
    public String toString() {
        return value.isEmpty() ? kind : kind + ":" + value;
    }

    @Override
    public int compareTo(Subsystem other) {
        return toString().compareTo(other.toString());
    }
}
