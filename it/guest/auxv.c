// What lies on the stack of a new program: argc, argv, envp, auxv (Linux: fs/binfmt_elf.c, create_elf_tables).
#include "check.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;

static const struct { unsigned long type; const char *name; int constant; } known[] = {
    {AT_PHDR, "PHDR", 0}, {AT_PHENT, "PHENT", 1}, {AT_PHNUM, "PHNUM", 0}, {AT_PAGESZ, "PAGESZ", 1},
    {AT_BASE, "BASE", 1}, {AT_FLAGS, "FLAGS", 1}, {AT_ENTRY, "ENTRY", 0}, {AT_UID, "UID", 1},
    {AT_EUID, "EUID", 1}, {AT_GID, "GID", 1}, {AT_EGID, "EGID", 1}, {AT_SECURE, "SECURE", 1},
    {AT_CLKTCK, "CLKTCK", 1}, {AT_RANDOM, "RANDOM", 0}, {AT_EXECFN, "EXECFN", 0},
    {AT_SYSINFO_EHDR, "SYSINFO_EHDR", 0}, {AT_MINSIGSTKSZ, "MINSIGSTKSZ", 1},
    {27, "RSEQ_FEATURE_SIZE", 1}, {28, "RSEQ_ALIGN", 1}, {AT_NULL, "NULL", 1},
};

int main(int argc, char **argv) {
    extern const char __ehdr_start[];
    const Elf64_Ehdr *ehdr = (const void *)__ehdr_start;
    char **end = environ;
    while (*end) end++;
    Elf64_auxv_t *auxv = (void *)(end + 1), *last = auxv;
    while (last->a_type != AT_NULL) last++;

    say("argc %d", argc);
    IS(((long *)argv)[-1] == argc);
    IS((unsigned long)(argv - 1) % 16 == 0);
    IS(argv[argc] == NULL);
    IS(environ == argv + argc + 1);
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        Elf64_auxv_t *a = auxv;
        while (a->a_type != known[i].type && a->a_type != AT_NULL) a++;
        if (a->a_type != known[i].type) say("%s: absent", known[i].name);
        else if (known[i].constant) say("%s: %lu", known[i].name, a->a_un.a_val);
        else say("%s: present", known[i].name);
    }
    say("HWCAP IMAFDC: %lx", getauxval(AT_HWCAP) & 0x112d);
    IS(getauxval(AT_PHDR) == (unsigned long)ehdr + ehdr->e_phoff);
    IS(getauxval(AT_PHNUM) == ehdr->e_phnum);
    IS(getauxval(AT_ENTRY) == ehdr->e_entry);
    say("EXECFN: %s", (char *)getauxval(AT_EXECFN));
    IS(strcmp(argv[0], (char *)getauxval(AT_EXECFN)) == 0);

    // The strings: argv, envp and EXECFN follow one another, EXECFN ends 8 bytes below the top of the stack.
    IS((char *)last < argv[0]);
    IS(argv[0] + strlen(argv[0]) + 1 == environ[0]);
    char *execfn = (char *)getauxval(AT_EXECFN);
    IS(end[-1] + strlen(end[-1]) + 1 == execfn);
    IS(((unsigned long)execfn + strlen(execfn) + 1 + 8 + 4095) / 4096 * 4096 - (unsigned long)execfn - strlen(execfn) - 1 == 8);
    unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
    IS((char *)random > (char *)last && (char *)random < argv[0]);
    int zeros = 0;
    for (int i = 0; i < 16; i++) zeros += random[i] == 0;
    IS(zeros < 8);

    // /proc/self/auxv is the same table.
    Elf64_auxv_t copy[64];
    int fd = open("/proc/self/auxv", O_RDONLY);
    ssize_t n = read(fd, copy, sizeof copy);
    IS(n >= (char *)(last + 1) - (char *)auxv);
    IS(memcmp(copy, auxv, (char *)last - (char *)auxv) == 0);

    return 0;
}
