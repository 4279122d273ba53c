// The vDSO: an ELF object with the names and the version that C libraries and Go look for, and what they answer.
#include "check.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/time.h>

static const Elf64_Ehdr *ehdr;
static const Elf64_Sym *symbols;
static const char *strings;
static const Elf64_Half *versions;
static const uint32_t *hash;
static const Elf64_Verdef *definitions;
static unsigned long base;

// The version a symbol is defined in.
static const char *version_of(unsigned i) {
    const Elf64_Verdef *d = definitions;
    for (;;) {
        if ((d->vd_ndx & 0x7fff) == (versions[i] & 0x7fff)) return strings + ((const Elf64_Verdaux *)((const char *)d + d->vd_aux))->vda_name;
        if (!d->vd_next) return "?";
        d = (const Elf64_Verdef *)((const char *)d + d->vd_next);
    }
}

static void *find(const char *name, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (symbols[i].st_shndx && strcmp(strings + symbols[i].st_name, name) == 0) {
            say("%s: version %s", name, version_of(i));
            return (void *)(base + symbols[i].st_value);
        }
    }
    say("%s: absent", name);
    return NULL;
}

static long apart(struct timespec a, struct timespec b) {
    return labs((a.tv_sec - b.tv_sec) * 1000000000 + a.tv_nsec - b.tv_nsec);
}

int main(void) {
    ehdr = (const void *)getauxval(AT_SYSINFO_EHDR);
    IS(ehdr && memcmp(ehdr->e_ident, ELFMAG, 4) == 0);
    say("class %d data %d type %d machine %d", ehdr->e_ident[EI_CLASS], ehdr->e_ident[EI_DATA], ehdr->e_type, ehdr->e_machine);
    const Elf64_Phdr *p = (const void *)((const char *)ehdr + ehdr->e_phoff);
    const Elf64_Dyn *dynamic = NULL;
    for (int i = 0; i < ehdr->e_phnum; i++) {
        if (p[i].p_type == PT_LOAD) base = (unsigned long)ehdr + p[i].p_offset - p[i].p_vaddr;
        if (p[i].p_type == PT_DYNAMIC) dynamic = (const void *)((const char *)ehdr + p[i].p_offset);
    }
    const uint32_t *gnu = NULL;
    for (; dynamic->d_tag; dynamic++) {
        void *at = (void *)(base + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_SYMTAB) symbols = at;
        if (dynamic->d_tag == DT_STRTAB) strings = at;
        if (dynamic->d_tag == DT_VERSYM) versions = at;
        if (dynamic->d_tag == DT_VERDEF) definitions = at;
        if (dynamic->d_tag == DT_HASH) hash = at;
        if (dynamic->d_tag == DT_GNU_HASH) gnu = at;
    }
    IS(symbols && strings && versions && definitions && (hash || gnu));
    unsigned count = hash ? hash[1] : 0;
    if (!hash) {
        const uint32_t *buckets = gnu + 4 + gnu[2] * 2, *chain = buckets + gnu[0];
        for (unsigned i = 0; i < gnu[0]; i++) if (buckets[i] > count) count = buckets[i];
        while (!(chain[count - gnu[1]] & 1)) count++;
        count++;
    }
    int (*gettime)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))find("__vdso_clock_gettime", count);
    int (*gettod)(struct timeval *, void *) = (int (*)(struct timeval *, void *))find("__vdso_gettimeofday", count);
    int (*getres)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))find("__vdso_clock_getres", count);
    int (*cpu)(unsigned *, unsigned *, void *) = (int (*)(unsigned *, unsigned *, void *))find("__vdso_getcpu", count);
    int (*flush)(void *, void *, unsigned long) = (int (*)(void *, void *, unsigned long))find("__vdso_flush_icache", count);
    struct probe { int64_t key; uint64_t value; } probes[4] = {{3, 7}, {0, 7}, {5, 7}, {4242, 7}};
    long (*hwprobe)(struct probe *, size_t, size_t, unsigned long *, unsigned) =
        (long (*)(struct probe *, size_t, size_t, unsigned long *, unsigned))find("__vdso_riscv_hwprobe", count);
    find("__vdso_rt_sigreturn", count);

    struct timespec a, b, c;
    clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW, CLOCK_TAI, CLOCK_MONOTONIC_COARSE, CLOCK_PROCESS_CPUTIME_ID};
    for (int i = 0; i < 7; i++) {
        int r = gettime(clocks[i], &a);
        syscall(SYS_clock_gettime, clocks[i], &b);
        int s = gettime(clocks[i], &c);
        say("clock %d: %d %d, agrees %s, forward %s", clocks[i], r, s, apart(a, b) < 500000000 ? "yes" : "no",
            (c.tv_sec - a.tv_sec) * 1000000000 + c.tv_nsec - a.tv_nsec >= 0 ? "yes" : "no");
    }
    say("clock 99: %d", gettime(99, &a));
    struct timeval tv;
    struct timezone zone = {5, 5};
    say("gettimeofday: %d", gettod(&tv, &zone));
    gettime(CLOCK_REALTIME, &a);
    IS(labs(a.tv_sec - tv.tv_sec) <= 1);
    say("zone %d %d", zone.tz_minuteswest, zone.tz_dsttime);
    say("gettimeofday of nothing: %d", gettod(NULL, NULL));
    int r = getres(CLOCK_MONOTONIC, &a);
    say("getres: %d %ld.%09ld", r, a.tv_sec, a.tv_nsec);
    unsigned which = 99, node = 99;
    r = cpu(&which, &node, NULL);
    say("getcpu: %d, a processor %s, node %u", r, which < 64 ? "yes" : "no", node);
    say("flush_icache: %d", flush(main, (char *)main + 4, 0));
    long h = hwprobe(probes, 4, 0, NULL, 0);
    say("hwprobe: %ld base behaviour %lx, unknown key %ld value %ld", h, (unsigned long)probes[0].value & 1, (long)probes[3].key, (long)probes[3].value);
    h = syscall(258, probes, 4, 0, NULL, 0);
    say("the call: %ld, key %ld", h, (long)probes[3].key);
    struct probe extensions = {4, 0};
    hwprobe(&extensions, 1, 0, NULL, 0);
    say("F D C: %lx", extensions.value & 3);
    // Time does not run backwards between the vDSO and the call.
    int backwards = 0;
    for (int i = 0; i < 2000; i++) {
        gettime(CLOCK_MONOTONIC, &a), syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &b), gettime(CLOCK_MONOTONIC, &c);
        backwards += (b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec < 0;
        backwards += (c.tv_sec - b.tv_sec) * 1000000000 + c.tv_nsec - b.tv_nsec < 0;
    }
    say("backwards %d", backwards);
    return 0;
}
