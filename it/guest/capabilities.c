// What each capability alone lets somebody do who is not root (man 7 capabilities): for each deed, those that suffice.
#include "check.h"
#include <arpa/inet.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>

enum { SOMEBODY = 1000, CAPABILITIES = 41 };

static int segment;

static int opens(const char *file, int how) {
    int fd = open(file, how, 0600);
    if (fd >= 0) close(fd);
    return fd;
}

static int has(const char *file, unsigned bit) {
    struct stat s;
    return stat(file, &s) == 0 && (s.st_mode & bit) ? 0 : -1;
}

// What not every kernel has may still be refused to those who may not have it.
static int refused(int result) { return result < 0 && errno == EPERM ? -1 : 0; }

// The deeds: 0 or more when it was allowed.
static int reads(void) { return opens("secret", O_RDONLY); }
static int writes(void) { return opens("secret", O_WRONLY); }
static int readwrites(void) { return opens("secret", O_RDWR); }
static int runs(void) { return faccessat(AT_FDCWD, "program", X_OK, AT_EACCESS); }
static int runs_data(void) { return faccessat(AT_FDCWD, "secret", X_OK, AT_EACCESS); }
static int as_real(void) { return access("secret", R_OK); }
static int searches(void) { return has("closed/x", S_IRUSR); }
static int lists(void) { return opens("closed", O_RDONLY | O_DIRECTORY); }
static int creates(void) { return opens("closed/new", O_WRONLY | O_CREAT); }
static int chmods(void) { return chmod("secret", 0644); }
static int utimes_(void) {
    struct timespec times[2] = {{1, 0}, {1, 0}};
    return utimensat(AT_FDCWD, "secret", times, 0);
}
static int noatime(void) { return opens("open", O_RDONLY | O_NOATIME); }
static int gives(void) { return chown("mine", 0, -1); }
static int gives_group(void) { return chown("mine", -1, 0); }
static int unsticks(void) { return unlink("sticky/f"); }
static int keeps_setuid(void) {
    int fd = open("mine", O_WRONLY);
    if (write(fd, "x", 1) != 1) return -1;
    return has("mine", S_ISUID);
}
static int cuts_setuid(void) { return truncate("mine", 0) ? -1 : has("mine", S_ISUID); }
static int sets_group_id(void) { return chmod("ours", 02755) ? -1 : has("ours", S_ISGID); }
static int makes_device(void) { return mknod("device", S_IFCHR | 0600, makedev(1, 3)); }
static int makes_fifo(void) { return mknod("device", S_IFIFO | 0600, 0); }
static int chroots(void) { return chroot("."); }
static int mounts(void) { return mount("none", "sticky", "tmpfs", 0, NULL); }
static int unmounts(void) { return umount2("mounted", MNT_DETACH); }
static int hastens(void) { return setpriority(PRIO_PROCESS, 0, -1); }
static int real_time(void) {
    struct sched_param first = {1};
    return refused(sched_setscheduler(0, SCHED_FIFO, &first));
}
static int raises(void) {
    struct rlimit more = {0, 1};
    return setrlimit(RLIMIT_CORE, &more);
}
static int locks(void) {
    static char page[4096] __attribute__((aligned(4096)));
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_MEMLOCK, &none);
    return mlock(page, sizeof page);
}
static int kills(void) { return kill(getppid(), 0); }
static int looks(void) {
    char path[64], to[64];
    snprintf(path, sizeof path, "/proc/%d/exe", getppid());
    return readlink(path, to, sizeof to);
}
static int peeks(void) {
    long word;
    struct iovec here = {&word, sizeof word}, there = {&segment, sizeof word};
    return process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}
static int becomes_root(void) { return setresuid(0, 0, 0); }
static int becomes_group(void) { return setresgid(0, 0, 0); }
static int joins(void) {
    gid_t group = 5;
    return setgroups(1, &group);
}
static int binds(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(79), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&at, sizeof at);
}
static int raw(void) { return refused(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }
static int attaches(void) { return shmat(segment, NULL, 0) == (void *)-1 ? -1 : 0; }
static int removes(void) { return shmctl(segment, IPC_RMID, NULL); }
static int low(void) {
    return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0;
}
static int trusts(void) { return setxattr("mine", "trusted.x", "y", 1, 0); }
static int secures(void) { return setxattr("mine", "security.x", "y", 1, 0); }
static int names_host(void) {
    char name[65];
    gethostname(name, sizeof name);
    return sethostname(name, strlen(name));
}
static int bounds(void) { return prctl(PR_CAPBSET_DROP, CAP_MKNOD); }
static int spares(void) {
    prctl(PR_SET_DUMPABLE, 1);
    int fd = open("/proc/self/oom_score_adj", O_WRONLY);
    return write(fd, "-1", 2);
}
static int shares(void) { return unshare(CLONE_FS); }

static const struct deed {
    const char *what;
    int (*does)(void);
} deeds[] = {
    {"read a file of root", reads},
    {"write it", writes},
    {"read and write it", readwrites},
    {"execute a program of root", runs},
    {"execute a file that is no program", runs_data},
    {"read it as the real user", as_real},
    {"search a directory of root", searches},
    {"list it", lists},
    {"make a file there", creates},
    {"change the mode of root's file", chmods},
    {"change its times", utimes_},
    {"read a file without its time", noatime},
    {"give a file away", gives},
    {"give it to another group", gives_group},
    {"remove a file of root from a sticky directory", unsticks},
    {"write a set-user-ID file and leave it so", keeps_setuid},
    {"cut it and leave it so", cuts_setuid},
    {"set the group ID of another group", sets_group_id},
    {"make a device", makes_device},
    {"make a FIFO", makes_fifo},
    {"chroot", chroots},
    {"mount", mounts},
    {"unmount", unmounts},
    {"a lower nice value", hastens},
    {"a real-time policy", real_time},
    {"raise a hard limit", raises},
    {"lock memory beyond the limit", locks},
    {"signal a process of root", kills},
    {"see what it executes", looks},
    {"read its memory", peeks},
    {"become root", becomes_root},
    {"become root's group", becomes_group},
    {"join a group", joins},
    {"bind a low port", binds},
    {"a raw socket", raw},
    {"attach a segment of root", attaches},
    {"remove it", removes},
    {"map the first page", low},
    {"a trusted attribute", trusts},
    {"a security attribute", secures},
    {"name the host", names_host},
    {"bound capabilities", bounds},
    {"be spared when memory is short", spares},
    {"unshare what is not shared", shares},
};

static void made(const char *file, int mode, int uid) {
    unlink(file);
    close(open(file, O_WRONLY | O_CREAT, 0600));
    if (chown(file, uid, uid) || chmod(file, mode)) say("%s: %s", file, name_of(errno));
}

// Everything as the deed before has not left it.
static void prepare(void) {
    made("secret", 0600, 0), made("program", 0700, 0), made("open", 0644, 0), made("mine", 04755, SOMEBODY);
    made("ours", 0755, SOMEBODY);
    if (chown("ours", SOMEBODY, 0)) say("ours: %s", name_of(errno));
    unlink("device"), chmod(".", 0777);
    umount2("sticky", MNT_DETACH);
    mkdir("sticky", 01777), chmod("sticky", 01777), made("sticky/f", 0644, 0);
    mkdir("closed", 0700), made("closed/x", 0600, 0), unlink("closed/new");
    segment = shmget(IPC_PRIVATE, 4096, 0600);
}

static int allowed(const struct deed *deed, int capability) {
    prepare();
    if (deed->does == unmounts) mkdir("mounted", 0755), mount("none", "mounted", "tmpfs", 0, NULL);
    pid_t child = fork();
    if (child == 0) {
        struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        struct __user_cap_data_struct data[2] = {0};
        if (capability >= 0) data[capability / 32].permitted = data[capability / 32].effective = 1u << capability % 32;
        prctl(PR_SET_KEEPCAPS, 1);
        if (setgroups(0, NULL) || setresgid(SOMEBODY, SOMEBODY, SOMEBODY) || setresuid(SOMEBODY, SOMEBODY, SOMEBODY)
            || syscall(SYS_capset, &header, data)) {
            _exit(2);
        }
        _exit(deed->does() < 0);
    }
    int status;
    waitpid(child, &status, 0);
    shmctl(segment, IPC_RMID, NULL);
    if (deed->does == unmounts) umount2("mounted", MNT_DETACH);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) say("%s with %d: status %x", deed->what, capability, status);
    return status == 0;
}

int main(void) {
    umask(022);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        printf("%s:", deeds[i].what);
        if (allowed(&deeds[i], -1)) {
            say(" anybody");
            continue;
        }
        for (int capability = 0; capability < CAPABILITIES; capability++) {
            if (allowed(&deeds[i], capability)) printf(" %d", capability);
        }
        say("");
    }
    return 0;
}
