package vkernel.guest.fs.archive;

import java.util.Map;

/**
 * One entry of an archive.
 *
 * @param path as it stands there
 * @param mode type and permissions
 * @param mtime nanoseconds since 1970
 * @param size bytes of a regular file
 * @param rdev device number
 * @param link target of a symbolic link; empty for others
 * @param xattrs extended attributes
 */
record Entry(
        String path,
        int mode,
        int uid,
        int gid,
        long mtime,
        long size,
        long rdev,
        String link,
        Map<String, byte[]> xattrs) {}
