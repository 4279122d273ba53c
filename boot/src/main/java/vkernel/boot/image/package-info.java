/**
 * Root file systems that a person fetched or imported, each one tar archive in the user's cache. A run never changes
 * them.
 */
@NullMarked
package vkernel.boot.image;

import org.jspecify.annotations.NullMarked;
