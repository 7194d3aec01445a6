/* SPDX-License-Identifier: MIT */
#include "cosend.h"

#include "check.h"
#include "check_filter.h"
#include "help.h"
#include "list.h"
#include "new_filter.h"
#include "options.h"
#include "run.h"
#include "show.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

static int print_version(struct csi_cli_command *command)
{
    struct csi_cli_text text = {0};

    (void)command;
    csi_cli_format(&text, "cosend %s\nkernels: %s\n", cosend_version(),
                   cosend_kernels());
    return csi_cli_print(&text);
}

static int print_usage(struct csi_cli_command *command)
{
    struct csi_cli_text text = {0};

    (void)command;
    csi_cli_usage(&text);
    return csi_cli_print(&text);
}

static const struct subcommand {
    const char *name;
    enum csi_cli_where where;                    /* of its options */
    int (*run)(struct csi_cli_command *command); /* NULL: not in this version */
} subcommands[] = {{"run", CSI_CLI_RUN, csi_cli_run},
                   {"check", CSI_CLI_CHECK, csi_cli_check},
                   {"show", CSI_CLI_SHOW, csi_cli_show_line},
                   {"list", CSI_CLI_ELSE, csi_cli_list},
                   {"help", CSI_CLI_HELP, csi_cli_help},
                   {"check-filter", CSI_CLI_TRY, csi_cli_check_filter},
                   {"new-filter", CSI_CLI_ELSE, csi_cli_new_filter},
                   {"version", CSI_CLI_ELSE, print_version},
                   {"test", CSI_CLI_ELSE, NULL},
                   {"graph", CSI_CLI_ELSE, NULL},
                   {"trace", CSI_CLI_ELSE, NULL},
                   {"replay", CSI_CLI_ELSE, NULL},
                   {"schema", CSI_CLI_ELSE, NULL}};

static const struct subcommand a_line = {"cosend PIPELINE", CSI_CLI_RUN,
                                         csi_cli_line};

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return &a_line;
}

static int dispatch(struct csi_cli_command *command)
{
    const struct subcommand *subcommand;

    if (command->help)
        return print_usage(command);
    if (command->version)
        return print_version(command);
    if (!command->operand_count) {
        csi_cli_message("which pipeline? See 'cosend --help'");
        return CSI_CLI_USAGE;
    }
    subcommand = find(command->operands[0]);
    if (!subcommand->run) {
        csi_cli_message("'%s' is not in this version", subcommand->name);
        return CSI_CLI_USAGE;
    }
    if (!csi_cli_allowed(command, subcommand->where, subcommand->name))
        return CSI_CLI_USAGE;
    return subcommand->run(command);
}

#ifdef __GLIBC__
/* Whether there is a bound to what memory the program may have. */
static bool is_bounded(void)
{
    struct rlimit space, data;

    return getrlimit(RLIMIT_AS, &space) != 0 ||
           getrlimit(RLIMIT_DATA, &data) != 0 ||
           space.rlim_cur != RLIM_INFINITY || data.rlim_cur != RLIM_INFINITY;
}

/* Have malloc's heap go far ahead of what is used, that it can be of large
   pages: with small ones most of a sort is page faults, and reads that wait for
   a page's address. What is not used takes address space alone. */
static void extend_heap(void)
{
    enum { AHEAD = 256 << 20, MORE = 1 << 20 };
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from, end;
    void *first;

    if (is_bounded())
        return;
    mallopt(M_TOP_PAD, AHEAD);
    first = malloc(MORE / 2);
    mallopt(M_TOP_PAD, MORE);
    from = (uintptr_t)first & -page;
    end = (uintptr_t)sbrk(0) & -page;
    if (first && end > from && end - from <= 2UL * AHEAD)
        madvise((void *)from, end - from, MADV_HUGEPAGE);
    free(first);
}

/* What a batch needs the next one needs too. By its defaults glibc's malloc may
   give all that is over 128 KiB back to the system with each batch, which then
   takes more time than the work. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    extend_heap();
}
#else
static void keep_memory(void)
{
}
#endif

int cosend_main(int argc, char **argv)
{
    struct csi_cli_command command;
    int status;

    if (!cosend_io_reserve_standard())
        return CSI_CLI_IO;
    keep_memory();
    status = csi_cli_parse(&command, argc, argv);
    if (status == CSI_CLI_DONE)
        status = dispatch(&command);
    csi_cli_command_free(&command);
    return status;
}
