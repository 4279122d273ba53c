package vkernel.guest.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that writes into the ring. */
final class RingLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient Ring ring;
    private final String source;

    RingLogger(Ring ring, String name) {
        this.ring = ring;
        this.name = name;
        this.source = name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    public boolean isTraceEnabled() {
        return ring.wanted(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return ring.wanted(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return ring.wanted(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
        ring.add(level, source, MessageFormatter.basicArrayFormat(message, arguments), thrown);
    }
}
