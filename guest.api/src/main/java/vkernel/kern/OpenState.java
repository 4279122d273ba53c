package vkernel.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The hard state of a subsystem that guest.api knows nothing of: somebody's own file system or driver.
 *
 * @param schema version of the meaning of the values; a provider rejects one that it does not know
 * @param values by name: JDK values and collections, and types of guest.api; no class of a provider
 */
public record OpenState(int schema, Map<String, Object> values) implements HardState {
    @Override
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (schema < 1) {
            faults.add("schema " + schema);
        }
        if (values == null) {
            faults.add("no values");
            return faults;
        }
        values.forEach((name, value) -> {
            if (value == null) {
                faults.add(name + " is null");
            }
        });
        return faults;
    }
}
