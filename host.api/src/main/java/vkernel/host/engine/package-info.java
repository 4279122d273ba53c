/**
 * What a host and an execution engine share: the hart, its translation buffer and the walk behind it. A host and an
 * engine never see each other's classes.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.host.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
