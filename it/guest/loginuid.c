// Who logged in (man 5 proc_pid_loginuid), and the number of the login.
#include "check.h"
#include <sys/prctl.h>

static void show(void) {
    const char *files[] = {"/proc/self/loginuid", "/proc/self/sessionid"};
    for (int i = 0; i < 2; i++) {
        char text[32] = "";
        int fd = open(files[i], O_RDONLY);
        if (read(fd, text, 31) < 0) say("%s: %s", files[i], name_of(errno));
        close(fd);
        printf("%s ", i == 0 || !strcmp(text, "4294967295") ? text : "a number");
    }
    say("");
}

static void set(const char *file, const char *text) {
    int fd = open(file, O_WRONLY);
    char what[80];
    snprintf(what, sizeof what, "\"%s\" to %s", text, file);
    outcome(what, fd < 0 ? -1 : write(fd, text, strlen(text)));
    close(fd);
}

static void own(const char *text) { set("/proc/self/loginuid", text), show(); }

int main(void) {
    struct stat s;
    stat("/proc/self/loginuid", &s), say("%o", s.st_mode);
    stat("/proc/self/sessionid", &s), say("%o", s.st_mode);
    show();
    own("x"), own("-2"), own("4294967296"), own("1000");
    CHILD("inherited", show());
    own("7\n"), own("4294967295"), own("5");
    CHILD("nobody", { setresuid(1000, 1000, 1000); prctl(PR_SET_DUMPABLE, 1); show(); set("/proc/self/loginuid", "3"); });
    own("4294967295");
    CHILD("root's to begin with", own("8"));
    CHILD("another's", { char file[64]; snprintf(file, sizeof file, "/proc/%d/loginuid", getppid()); int fd = open(file, O_WRONLY); TRY(write(fd, "9", 1)); });
    return 0;
}
