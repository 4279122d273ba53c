package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/** What {@link Ram} asks of the machine around it, when code is marked and when marked code changes. Any thread. */
@ProviderType
public interface CodeGuard {
    /** No hart has a write translation when it returns that it had when it was called. */
    void stopWrites();

    /** The contents of a marked frame change: every engine must forget what it made of it. */
    void codeChanged(int frame);
}
