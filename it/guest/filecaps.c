// What programs are granted by their files (man 7 capabilities): security.capability, and the bounding set.
#include "check.h"
#include <linux/capability.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/xattr.h>

#define NAME "security.capability"
#define BIT(capability) (1u << (capability))

static struct vfs_cap_data grant(unsigned permitted, unsigned inheritable, int effective) {
    return (struct vfs_cap_data){VFS_CAP_REVISION_2 | (effective ? VFS_CAP_FLAGS_EFFECTIVE : 0), {{permitted, inheritable}}};
}

static void set(const char *file, unsigned permitted, unsigned inheritable, int effective) {
    struct vfs_cap_data data = grant(permitted, inheritable, effective);
    if (setxattr(file, NAME, &data, sizeof data, 0)) say("setxattr: %s", name_of(errno));
}

// What the program started with.
static int show(void) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    unsigned long mask;
    while (fgets(line, sizeof line, status)) {
        if (sscanf(line, "CapInh: %lx", &mask) == 1) printf("inheritable %lx", mask);
        if (sscanf(line, "CapPrm: %lx", &mask) == 1) printf(", permitted %lx", mask);
        if (sscanf(line, "CapEff: %lx", &mask) == 1) printf(", effective %lx", mask);
        if (sscanf(line, "CapBnd: %lx", &mask) == 1) printf(", bounding %lx", mask);
        if (sscanf(line, "CapAmb: %lx", &mask) == 1) printf(", ambient %lx", mask);
    }
    say(", secure %ld, dumpable %d", getauxval(AT_SECURE), prctl(PR_GET_DUMPABLE));
    return 0;
}

static void inheritable(unsigned set) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    syscall(SYS_capget, &header, data);
    data[0].inheritable = set;
    TRY(syscall(SYS_capset, &header, data));
}

static void run(const char *file) {
    outcome("execve(file, ...)", execl(file, file, "show", NULL));
}

static void as_somebody(const char *file) {
    setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
    run(file);
}

static int there(const char *file) { return getxattr(file, NAME, NULL, 0) > 0; }

static void copy(const char *from, const char *to) {
    static char buffer[1 << 16];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    for (long n; (n = read(in, buffer, sizeof buffer)) > 0;) write(out, buffer, n);
    close(in), close(out);
    chmod(to, 0755);
}

static void granted(void) {
    unsigned bind = BIT(CAP_NET_BIND_SERVICE), both = bind | BIT(CAP_NET_RAW);
    CHILD("plain", as_somebody("./p"));
    set("p", both, 0, 1);
    CHILD("in force", as_somebody("./p"));
    CHILD("by root", run("./p"));
    CHILD("no new privileges", { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); as_somebody("./p"); });
    CHILD("bounded", { TRY(prctl(PR_CAPBSET_DROP, CAP_NET_RAW)); as_somebody("./p"); });
    CHILD("bounded root", { TRY(prctl(PR_CAPBSET_DROP, CAP_NET_RAW)); run("./p"); });
    set("p", both, 0, 0);
    CHILD("not in force", as_somebody("./p"));
    CHILD("not in force, bounded", { TRY(prctl(PR_CAPBSET_DROP, CAP_NET_RAW)); as_somebody("./p"); });
    set("p", 0, both, 1);
    CHILD("to be inherited", as_somebody("./p"));
    CHILD("inherited", { inheritable(bind); as_somebody("./p"); });
    CHILD("inherited, bounded", { inheritable(bind); TRY(prctl(PR_CAPBSET_DROP, CAP_NET_BIND_SERVICE)); as_somebody("./p"); });
    set("p", bind, 0, 1);
    chmod("p", 04755);
    CHILD("set-user-ID too", as_somebody("./p"));
    removexattr("p", NAME);
    CHILD("set-user-ID alone", as_somebody("./p"));
    CHILD("bounded set-user-ID", { prctl(PR_CAPBSET_DROP, CAP_NET_RAW); as_somebody("./p"); });
    chmod("p", 0755);
    CHILD("bounded root, plain", { prctl(PR_CAPBSET_DROP, CAP_SYS_TIME); run("./p"); });
}

static void ask(int what, int capability) {
    TRY(prctl(PR_CAP_AMBIENT, what, capability, 0, 0));
}

// Root that has become somebody with these capabilities permitted and inheritable.
static void somebody_with(unsigned capabilities) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0, capabilities, capabilities}};
    inheritable(capabilities);
    prctl(PR_SET_KEEPCAPS, 1);
    setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
    TRY(syscall(SYS_capset, &header, data));
}

static void ambient(void) {
    int bind = CAP_NET_BIND_SERVICE, raw = CAP_NET_RAW;
    unsigned both = BIT(bind) | BIT(raw);
    CHILD("ambient", { somebody_with(both); ask(PR_CAP_AMBIENT_RAISE, bind); run("./p"); });
    CHILD("two", { somebody_with(both); ask(PR_CAP_AMBIENT_RAISE, bind); ask(PR_CAP_AMBIENT_RAISE, raw); run("./p"); });
    CHILD("not inheritable", ask(PR_CAP_AMBIENT_RAISE, bind));
    CHILD("no longer inheritable", {
        inheritable(both);
        ask(PR_CAP_AMBIENT_RAISE, bind); ask(PR_CAP_AMBIENT_IS_SET, bind);
        inheritable(BIT(raw));
        ask(PR_CAP_AMBIENT_IS_SET, bind);
    });
    CHILD("lost with the ids", {
        inheritable(both);
        ask(PR_CAP_AMBIENT_RAISE, bind);
        prctl(PR_SET_KEEPCAPS, 1);
        setresuid(1000, 1000, 1000);
        ask(PR_CAP_AMBIENT_IS_SET, bind);
    });
    CHILD("lowered", {
        somebody_with(both);
        ask(PR_CAP_AMBIENT_RAISE, bind); ask(PR_CAP_AMBIENT_RAISE, raw);
        ask(PR_CAP_AMBIENT_LOWER, raw);
        ask(PR_CAP_AMBIENT_IS_SET, bind); ask(PR_CAP_AMBIENT_IS_SET, raw);
        ask(PR_CAP_AMBIENT_CLEAR_ALL, 0);
        ask(PR_CAP_AMBIENT_IS_SET, bind);
    });
    CHILD("ambient, no new privileges", {
        somebody_with(both);
        ask(PR_CAP_AMBIENT_RAISE, bind);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        run("./p");
    });
    CHILD("ambient and bounded", {
        prctl(PR_CAPBSET_DROP, bind);
        somebody_with(BIT(raw));
        ask(PR_CAP_AMBIENT_RAISE, raw);
        run("./p");
    });
    CHILD("ambient root", { inheritable(both); ask(PR_CAP_AMBIENT_RAISE, bind); run("./p"); });
    set("p", BIT(raw), 0, 1);
    CHILD("a file's instead", { somebody_with(both); ask(PR_CAP_AMBIENT_RAISE, bind); run("./p"); });
    set("p", 0, 0, 0);
    CHILD("a file's that grants nothing", { somebody_with(both); ask(PR_CAP_AMBIENT_RAISE, bind); run("./p"); });
    removexattr("p", NAME);
    chown("p", 1001, 1001), chmod("p", 04755);
    CHILD("ambient and set-user-ID", { somebody_with(both); ask(PR_CAP_AMBIENT_RAISE, bind); run("./p"); });
    TRY(prctl(PR_CAP_AMBIENT, 9, bind, 0, 0));
    TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 99, 0, 0));
    TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, bind, 1, 0));
    TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
    TRY(prctl(PR_CAP_AMBIENT, 9, 99, 0, 0));
}

static void kept(void) {
    int fd = file_with("f", "text");
    close(fd);
    set("f", 1, 0, 0);
    IS(there("f"));
    chmod("f", 0700);
    IS(there("f"));
    fd = open("f", O_WRONLY | O_APPEND), write(fd, "x", 1), close(fd);
    IS(there("f"));
    set("f", 1, 0, 0), truncate("f", 1);
    IS(there("f"));
    set("f", 1, 0, 0), chown("f", 1000, 1000);
    IS(there("f"));
    set("f", 1, 0, 0), rename("f", "g");
    IS(there("g"));
}

static void errors(void) {
    struct vfs_cap_data data = grant(1, 0, 0);
    TRY(setxattr("g", NAME, &data, 19, 0));
    TRY(setxattr("g", NAME, &data, 12, 0));
    data.magic_etc = 0x07000000;
    TRY(setxattr("g", NAME, &data, sizeof data, 0));
    TRY(prctl(PR_CAPBSET_READ, CAP_NET_RAW));
    TRY(prctl(PR_CAPBSET_READ, 99));
    TRY(prctl(PR_CAPBSET_READ, -1));
    TRY(prctl(PR_CAPBSET_DROP, 99));
    CHILD("dropped", { prctl(PR_CAPBSET_DROP, CAP_NET_RAW); TRY(prctl(PR_CAPBSET_READ, CAP_NET_RAW)); inheritable(BIT(CAP_NET_RAW)); });
    CHILD("nobody", {
        setresuid(1000, 1000, 1000);
        data = grant(1, 0, 0);
        TRY(setxattr("g", NAME, &data, sizeof data, 0));
        TRY(removexattr("g", NAME));
        IS(there("g"));
        TRY(prctl(PR_CAPBSET_DROP, CAP_NET_RAW));
        TRY(prctl(PR_CAPBSET_READ, CAP_NET_RAW));
    });
}

int main(int argc, char **argv) {
    if (argc > 1) return show();
    (void)argv;
    copy("/proc/self/exe", "p");
    granted();
    kept();
    errors();
    ambient();
    return 0;
}
