package vkernel.kern;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object, or why there is none: a negative error number, or {@link Kernel#BLOCKED} when the task was put on a wait
 * queue and the call is to be made again.
 */
public final class Result<T> {
    private static final Result<?>[] ERRORS = new Result<?>[134];
    private static final Result<?> BLOCKED = new Result<>(null, Kernel.BLOCKED);

    static {
        for (int i = 1; i < ERRORS.length; i++) {
            ERRORS[i] = new Result<>(null, -i);
        }
    }

    private final @Nullable T value;
    private final long error;
    private final String why;

    private Result(@Nullable T value, long error) {
        this(value, error, "");
    }

    private Result(@Nullable T value, long error, String why) {
        this.value = value;
        this.error = error;
        this.why = why;
    }

    public static <T> Result<T> of(T value) {
        return new Result<>(Objects.requireNonNull(value), 0);
    }

    /** @param error negative error number, or {@link Kernel#BLOCKED} */
    @SuppressWarnings("unchecked")
    public static <T> Result<T> error(long error) {
        return (Result<T>) (error == Kernel.BLOCKED ? BLOCKED : ERRORS[(int) -error]);
    }

    /** A failure that a person will ask about. @param error negative error number @param why in words */
    public static <T> Result<T> error(long error, String why) {
        return new Result<>(null, error, why);
    }

    public boolean ok() {
        return error == 0;
    }

    /** 0 when there is a value, else a negative error number or {@link Kernel#BLOCKED}. */
    public long error() {
        return error;
    }

    /** Why there is no value, in words; empty when the error number says it all. */
    public String why() {
        return why;
    }

    /** @throws IllegalStateException when there is none */
    public T value() {
        if (value == null) {
            throw new IllegalStateException("no value: error " + error);
        }
        return value;
    }

    /** The same failure for another type. */
    @SuppressWarnings("unchecked")
    public <U> Result<U> failure() {
        if (error == 0) {
            throw new IllegalStateException("not a failure");
        }
        return (Result<U>) this;
    }
}
