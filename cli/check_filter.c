/* SPDX-License-Identifier: MIT */
/*
 * A filter that is being written crashes, and hangs. So the check runs in a
 * process of its own, and writes down in memory that both have which run it is
 * at; whoever waits for it tells of that when it comes to no good end.
 */
#include "check_filter.h"

#include "spec.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A run that takes longer does not end. */
enum { PATIENCE_MS = 60000 };

/* What both processes have. */
struct shared {
    atomic_uint runs;
    unsigned findings;
    char what[700]; /* the run that is on */
};

static void tell_finding(const struct cosend_finding *finding, void *context)
{
    struct shared *shared = context;
    struct csi_cli_text text = {0};
    const char *line = finding->text;

    csi_cli_format(&text, "%s: %s\n", finding->rule, finding->stage);
    while (*line) {
        size_t length = strcspn(line, "\n");

        csi_cli_format(&text, "    %.*s\n", (int)length, line);
        line += length + (line[length] != '\0');
    }
    csi_cli_print(&text);
    shared->findings++;
}

static void note_trial(const char *what, void *context)
{
    struct shared *shared = context;

    snprintf(shared->what, sizeof(shared->what), "%s", what);
    atomic_fetch_add(&shared->runs, 1);
}

/* In the process of its own: an exit status. */
static int check(const struct csi_cli_command *command,
                 const struct csi_cli_text *input, struct shared *shared)
{
    struct cosend_filter_check asked = {
        .size = sizeof(asked),
        .stage = command->operands[1],
        .input = command->operand_count > 2 ? input->data : NULL,
        .input_length = input->length,
        .input_format = command->options.input_format,
        .finding = tell_finding,
        .trial = note_trial,
        .context = shared};
    struct cosend_error error = {0};
    int found = cosend_check_filter(&asked, &error);

    if (found < 0) {
        csi_cli_print_error(&error, false);
        return csi_cli_status_of(found);
    }
    return found ? CSI_CLI_WRONG : CSI_CLI_DONE;
}

/* ---- Waiting ------------------------------------------------------------- */

/* Wait until the process has ended, of which `end` is the last descriptor
   closed. Returns false after it was killed, as its run did not end. */
static bool await_end(pid_t child, int end, struct shared *shared)
{
    struct pollfd closed = {.fd = end, .events = POLLIN};
    unsigned runs = 0;

    for (;;) {
        int ready = poll(&closed, 1, PATIENCE_MS);

        if (ready > 0)
            return true;
        if (ready == 0 && runs == atomic_load(&shared->runs)) {
            kill(child, SIGKILL);
            return false;
        }
        runs = atomic_load(&shared->runs);
    }
}

static int judge_end(int status, bool ended, struct shared *shared)
{
    struct cosend_finding finding = {.size = sizeof(finding),
                                     .stage = shared->what};
    char text[200];

    if (ended && WIFEXITED(status))
        return WEXITSTATUS(status);
    finding.rule = ended ? "crash" : "hang";
    if (ended)
        snprintf(text, sizeof(text),
                 "this run was killed by signal %d (%s). Run it in a debugger: "
                 "gdb --args, with -ex 'set follow-fork-mode child'",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(text, sizeof(text),
                 "this run did not end in %d seconds. A body returns when "
                 "cosend_receive says that there is no more",
                 PATIENCE_MS / 1000);
    finding.text = text;
    tell_finding(&finding, shared);
    return CSI_CLI_WRONG;
}

static int run_apart(const struct csi_cli_command *command,
                     const struct csi_cli_text *input, struct shared *shared)
{
    int ends[2], status = 0;
    bool ended;
    pid_t child;

    fflush(stdout);
    if (pipe(ends) != 0 || (child = fork()) < 0) {
        csi_cli_message("no process can be made to check it in");
        return CSI_CLI_IO;
    }
    if (child == 0) {
        close(ends[0]);
        _exit(check(command, input, shared));
    }
    close(ends[1]);
    ended = await_end(child, ends[0], shared);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0)
        ;
    return judge_end(status, ended, shared);
}

/* ---- The subcommand ------------------------------------------------------ */

static int sum_up(const char *stage, const struct shared *shared, int status)
{
    struct csi_cli_text text = {0};

    if (status != CSI_CLI_DONE && status != CSI_CLI_WRONG)
        return status;
    csi_cli_format(&text, "%s: %u runs, ", stage, atomic_load(&shared->runs));
    if (shared->findings)
        csi_cli_format(&text, "%u finding%s\n", shared->findings,
                       shared->findings == 1 ? "" : "s");
    else
        csi_cli_format(&text, "nothing found\n");
    return csi_cli_print(&text) == CSI_CLI_DONE ? status : CSI_CLI_IO;
}

static int check_with(struct csi_cli_command *command,
                      const struct csi_cli_text *input)
{
    struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    if (shared == MAP_FAILED) {
        csi_cli_message("out of memory");
        return CSI_CLI_IO;
    }
    status = run_apart(command, input, shared);
    status = sum_up(command->operands[1], shared, status);
    munmap(shared, sizeof(*shared));
    return status;
}

int csi_cli_check_filter(struct csi_cli_command *command)
{
    struct csi_cli_text input = {0};
    struct cosend_error error = {0};
    int status;

    if (command->operand_count < 2 || command->operand_count > 3) {
        csi_cli_message("usage: cosend check-filter FILTER|'FILTER OPTIONS' "
                        "[-f FORMAT] [FILE]");
        return CSI_CLI_USAGE;
    }
    if (command->operand_count > 2 &&
        csi_cli_read_file(command->operands[2], &input, &error) < 0) {
        csi_cli_print_error(&error, false);
        status = csi_cli_status_of(error.kind);
    } else {
        csi_cli_add(&input, "", 0);
        status = check_with(command, &input);
    }
    csi_cli_free(&input);
    return status;
}
