// Errors of files that programs seldom meet: mounts that expire, too many watches, small file systems, odd files.
#include "errors.h"
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#ifndef RENAME_WHITEOUT
#define RENAME_WHITEOUT 4
#endif

static char buffer[1 << 17];
static int file;

static void expiring(void) {
    struct stat of;
    mkdir("m", 0755);
    E(umount2, "m", MNT_EXPIRE), E(mount, "t", "m", "tmpfs", 0, ""), E(umount2, "m", MNT_EXPIRE | MNT_DETACH), E(umount2, "m", MNT_EXPIRE), E(umount2, "m", MNT_EXPIRE), E(umount2, "m", MNT_EXPIRE);
    E(mount, "t", "m", "tmpfs", 0, ""), E(umount2, "m", MNT_EXPIRE), stat("m", &of), E(umount2, "m", MNT_EXPIRE);
    int held = open("m/f", O_CREAT | O_RDWR, 0600);
    E(umount2, "m", MNT_EXPIRE), close(held), E(umount2, "m", MNT_EXPIRE), E(umount2, "m", MNT_EXPIRE);
}

static void watched(void) {
    const char *most = "/proc/sys/fs/inotify/max_user_watches", *polled = "/proc/sys/fs/epoll/max_user_watches";
    char before[32];
    int notes = inotify_init(), epoll = epoll_create1(0), ends[2];
    struct epoll_event event = {.events = EPOLLIN};
    pipe(ends), mkdir("w1", 0700), mkdir("w2", 0700), mkdir("w3", 0700);
    snprintf(before, sizeof before, "%ld", told(most)), IS(tell(most, "2"));
    E(inotify_add_watch, notes, "w1", IN_CREATE), E(inotify_add_watch, notes, "w2", IN_CREATE), E(inotify_add_watch, notes, "w3", IN_CREATE), E(inotify_add_watch, notes, "w2", IN_DELETE);
    E(inotify_rm_watch, notes, 1), E(inotify_add_watch, notes, "w3", IN_CREATE), IS(tell(most, before));
    snprintf(before, sizeof before, "%ld", told(polled)), IS(tell(polled, "1"));
    E(epoll_ctl, epoll, EPOLL_CTL_ADD, ends[0], &event), E(epoll_ctl, epoll, EPOLL_CTL_ADD, ends[1], &event), E(epoll_ctl, epoll, EPOLL_CTL_DEL, ends[0], NULL), E(epoll_ctl, epoll, EPOLL_CTL_ADD, ends[1], &event);
    IS(tell(polled, before));
}

static void small_room(void) {
    mkdir("few", 0755);
    E(mount, "t", "few", "tmpfs", 0, "nr_inodes=3");
    int fd = open("few/f", O_RDWR | O_CREAT, 0600);
    E(setxattr, "few/f", "user.a", buffer, 100, 0), E(setxattr, "few/f", "user.b", buffer, 920, 0), E(lsetxattr, "few/f", "user.b", buffer, 920, 0), E(fsetxattr, fd, "user.b", buffer, 920, 0);
    E(setxattr, "few/f", "trusted.b", buffer, 920, 0), E(removexattr, "few/f", "user.a"), E(setxattr, "few/f", "user.b", buffer, 920, 0), E(setxattr, "few/f", "user.b", buffer, 930, 0), E(openat, HERE, "few/g", O_CREAT | O_RDWR, 0600), E(removexattr, "few/f", "user.b");
    close(open("few/g", O_CREAT | O_RDWR, 0600)), E(renameat2, HERE, "few/f", HERE, "few/h", RENAME_WHITEOUT), E(renameat2, HERE, "few/f", HERE, "few/h", RENAME_WHITEOUT | RENAME_EXCHANGE), E(unlinkat, HERE, "few/g", 0), E(renameat2, HERE, "few/f", HERE, "few/h", RENAME_WHITEOUT);
    struct stat of = {0};
    stat("few/f", &of), say("whiteout %o %lx", of.st_mode, (long)of.st_rdev), close(fd), E(umount2, "few", 0);
}

// How many pages of a shared mapping can be written.
static void pages_written(char *at, int count) {
    for (int i = 0; i < count; i++) at[i * 4096l] = 1, say("page %d", i);
}

static void shared_room(void) {
    mkdir("small", 0755);
    E(mount, "t", "small", "tmpfs", 0, "size=16k");
    int fd = open("small/f", O_RDWR | O_CREAT, 0600);
    E(ftruncate, fd, 1 << 20);
    char *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    E(madvise, at, 16 * 4096, MADV_POPULATE_WRITE);
    CHILD("writes", pages_written(at, 16));
    E(write, fd, buffer, 4096), E(pwrite64, fd, buffer, 4096, 1 << 16), E(pread64, fd, buffer, 4096, 1 << 16), E(ftruncate, fd, 0), E(ftruncate, fd, 1 << 20);
    CHILD("writes again", pages_written(at + (1 << 18), 16));
    munmap(at, 1 << 20), close(fd), E(umount2, "small", 0);
}

static void kinds(void) {
    loff_t far = 3ul << 30;
    int proc = open("/proc/version", O_RDONLY), null = open("/dev/null", O_WRONLY);
    E(mknodat, HERE, "misc", S_IFCHR, makedev(10, 250)), E(openat, HERE, "misc", O_RDONLY), E(mknodat, HERE, "disk", S_IFBLK, makedev(254, 9)), E(mount, "disk", "d", "ext4", 0, NULL);
    E(sendfile, null, proc, &far, 10), E(symlinkat, "loop", HERE, "loop"), E(name_to_handle_at, HERE, "loop", buffer, buffer + 100, AT_SYMLINK_FOLLOW), E(name_to_handle_at, HERE, "f", buffer, buffer + 100, 1 << 30);
    char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), *none = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    E(madvise, at + 4096, 4096, MADV_POPULATE_READ), E(madvise, at + 4096, 4096, MADV_POPULATE_WRITE), E(madvise, at, 8192, MADV_POPULATE_READ), E(madvise, at, 4096, MADV_POPULATE_WRITE), E(madvise, none, 4096, MADV_WILLNEED);
}

int main(void) {
    file = file_with("f", "text"), mkdir("d", 0777), chmod("d", 0777);
    expiring(), watched(), small_room(), shared_room(), kinds();
    return 0;
}
