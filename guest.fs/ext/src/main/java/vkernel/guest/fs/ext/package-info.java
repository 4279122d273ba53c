/**
 * The file systems ext2, ext3 and ext4 (Linux: fs/ext4, fs/jbd2).
 *
 * <p>Here: reading all that mke2fs makes by default (extents, block maps, hashed directories, 64-bit, checksums),
 * writing with a journal, replaying one. Not here: quotas, encryption, inline data, bigalloc; a file system that has
 * them is read, or refused with the reason.
 *
 * <p>How it works. An operation ({@code Op}) works on copies of blocks. One that needs a block that is not in memory ends
 * with {@code Halt}, its copies are dropped, the task waits for the block, and its call is made again: nothing waits on a
 * Java stack, and nothing is ever half done. One that comes to its end puts its blocks into the running transaction.
 * Pages of files get their places when they are written out. A commit ({@code Commit}) takes all that has changed: data
 * first, then the journal, then the blocks in their places; one commit is in the journal at a time.
 *
 * <p>All called with the kernel lock held. Hard state is {@code Volume}, {@code Inode} and {@code DiskInode} of
 * guest.api; the rest is soft.
 */
@NullMarked
package vkernel.guest.fs.ext;

import org.jspecify.annotations.NullMarked;
