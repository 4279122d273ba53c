/*
 * box.c: the program's entry: finds the tool by the name it was called by.
 * `box` itself lists the tools, `box TOOL ARG...` runs one, `TOOL --help` shows a tool's usage.
 */
#include "box.h"

#include <errno.h>
#include <string.h>

const struct tool tools[] = {
#define TOOL(name, function, synopsis) {name, function, synopsis},
#include "tools.def"
#undef TOOL
    {NULL, NULL, NULL},
};

const struct tool *find_tool(const char *name)
{
    for (const struct tool *t = tools; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

int usage(const char *name)
{
    const struct tool *t = find_tool(last_part(name));
    fprintf(stderr, "usage: %s %s\n", name, t ? t->synopsis : "[ARG]...");
    return 2;
}

/* echo, test and the like must take "--help" as it stands. */
static bool takes_any_word(const struct tool *t)
{
    return t->main == echo_main || t->main == test_main || t->main == true_main || t->main == false_main;
}

static int run_tool(const struct tool *t, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0 && !takes_any_word(t)) {
        printf("usage: %s %s\n", t->name, t->synopsis);
        return 0;
    }
    int status = t->main(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: write error: %s\n", t->name, strerror(errno));
        return status ? status : 1;
    }
    return status;
}

static int list_tools(void)
{
    for (const struct tool *t = tools; t->name; t++)
        puts(t->name);
    return 0;
}

int main(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "sh";
    const struct tool *t = find_tool(name[0] == '-' ? name + 1 : name);
    if (t)
        return run_tool(t, argc, argv);
    if (argc < 2)
        return list_tools();
    t = find_tool(argv[1]);
    if (t)
        return run_tool(t, argc - 1, argv + 1);
    fprintf(stderr, "box: no tool named %s; `box` lists them\n", argv[1]);
    return 127;
}
