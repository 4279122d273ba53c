// Extended attributes of a tmpfs (man 7 xattr and the calls it names).
#include "check.h"
#include <sys/xattr.h>

static char big[70000];

int main(void) {
    char value[64] = "";
    int fd = file_with("f", "x");
    symlink("f", "l");
    mkdir("d", 0755);
    mkfifo("p", 0644);
    TRY(setxattr("f", "user.a", "one", 3, 0));
    TRY(setxattr("f", "user.a", "two!", 4, XATTR_CREATE));
    TRY(setxattr("f", "user.b", "x", 1, XATTR_REPLACE));
    TRY(setxattr("f", "user.a", "two!", 4, XATTR_REPLACE));
    TRY(setxattr("f", "user.a", "x", 1, 4));
    TRY(setxattr("f", "user.empty", NULL, 0, 0));
    TRY(getxattr("f", "user.a", value, sizeof value));
    say("value %.4s", value);
    TRY(getxattr("f", "user.a", value, 3));
    TRY(getxattr("f", "user.a", NULL, 0));
    TRY(getxattr("f", "user.empty", value, 1));
    TRY(getxattr("f", "user.none", value, sizeof value));
    TRY(getxattr("none", "user.a", value, sizeof value));
    TRY(getxattr("f", "nospace", value, sizeof value));
    TRY(getxattr("f", "user.", value, sizeof value));
    TRY(getxattr("f", "other.a", value, sizeof value));
    TRY(setxattr("f", "other.a", "x", 1, 0));
    TRY(setxattr("f", "", "x", 1, 0));
    TRY(setxattr("f", NULL, "x", 1, 0));
    TRY(setxattr("f", "user.c", (void *)8, 5, 0));
    TRY(setxattr("f", "user.big", big, 65537, 0));
    char name[400];
    memset(name, 'n', sizeof name);
    memcpy(name, "user.", 5);
    name[256] = 0;
    TRY(setxattr("f", name, "x", 1, 0));
    name[255] = 0;
    TRY(setxattr("f", name, "x", 1, 0));
    TRY(removexattr("f", name));
    TRY(getxattr("l", "user.a", value, sizeof value));
    TRY(lgetxattr("l", "user.a", value, sizeof value));
    TRY(lsetxattr("l", "user.a", "x", 1, 0));
    TRY(lsetxattr("l", "trusted.a", "x", 1, 0));
    TRY(llistxattr("l", value, sizeof value));
    TRY(setxattr("d", "user.a", "x", 1, 0));
    TRY(setxattr("p", "user.a", "x", 1, 0));
    TRY(fgetxattr(fd, "user.a", value, sizeof value));
    TRY(fsetxattr(fd, "user.fd", "12", 2, 0));
    TRY(fremovexattr(fd, "user.fd"));
    TRY(fremovexattr(fd, "user.fd"));
    TRY(fgetxattr(99, "user.a", value, sizeof value));
    int path = open("f", O_PATH);
    TRY(fgetxattr(path, "user.a", value, sizeof value));
    TRY(listxattr("f", NULL, 0));
    TRY(listxattr("f", value, 5));
    TRY(flistxattr(path, value, sizeof value));
    TRY(removexattr("f", "user.none"));
    TRY(removexattr("f", "user.empty"));
    TRY(setxattr("f", "trusted.t", "x", 1, 0));
    TRY(setxattr("f", "security.s", "x", 1, 0));
    chmod("f", 0666);
    CHILD("another user", {
        setuid(1000);
        TRY(getxattr("f", "trusted.t", value, sizeof value));
        TRY(setxattr("f", "trusted.t", "x", 1, 0));
        TRY(setxattr("f", "security.s", "y", 1, 0));
        TRY(getxattr("f", "security.s", value, sizeof value));
        TRY(setxattr("f", "user.mine", "x", 1, 0));
        TRY(listxattr("f", NULL, 0));
        TRY(setxattr("d", "user.d", "x", 1, 0));
    });
    chmod("f", 0600);
    CHILD("another user, of a file that is not his", {
        setuid(1000);
        TRY(getxattr("f", "user.a", value, sizeof value));
        TRY(setxattr("f", "user.a", "x", 1, 0));
        TRY(listxattr("f", NULL, 0) > 0);
    });
    int ro = open("/proc/self/status", O_RDONLY);
    TRY(fsetxattr(ro, "user.a", "x", 1, 0));
    TRY(fgetxattr(ro, "user.a", value, sizeof value));
}
