/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include "status.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool csi_cli_has_screen(void)
{
    return isatty(STDOUT_FILENO) && cosend_terminal_moves();
}

/* Returns 0 or an errno. */
static int write_all(int descriptor, const char *data, size_t length)
{
    while (length) {
        ssize_t wrote = write(descriptor, data, length);

        if (wrote >= 0) {
            data += wrote;
            length -= (size_t)wrote;
        } else if (errno == EAGAIN) {
            struct pollfd ready = {.fd = descriptor, .events = POLLOUT};

            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static void say(const char *line)
{
    write_all(STDERR_FILENO, line, strlen(line));
}

/* Put the escaped form in place of the text. */
static void escape(struct csi_cli_text *text, bool lines)
{
    size_t length = cosend_escape(text->data, text->length, lines, NULL, 0);
    char *safe = malloc(length + 1);

    if (!safe) {
        text->failed = true;
        return;
    }
    cosend_escape(text->data, text->length, lines, safe, length + 1);
    free(text->data);
    text->data = safe;
    text->length = length;
    text->capacity = length + 1;
}

void csi_cli_show(struct csi_cli_text *text)
{
    if (!text->failed && text->length)
        escape(text, true);
    if (text->failed)
        say("cosend: out of memory\n");
    else
        write_all(STDERR_FILENO, text->data, text->length);
    csi_cli_free(text);
}

void csi_cli_message(const char *format, ...)
{
    struct csi_cli_text line = {0};
    char *message = NULL;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (length < 0) {
        say("cosend: out of memory\n");
        return;
    }
    csi_cli_format(&line, "cosend: ");
    csi_cli_add(&line, message, (size_t)length);
    free(message);
    if (!line.failed)
        escape(&line, false);
    csi_cli_add(&line, "\n", 1);
    csi_cli_show(&line);
}

int csi_cli_print(struct csi_cli_text *text)
{
    int problem = 0;

    if (!text->failed && text->length && isatty(STDOUT_FILENO))
        escape(text, true);
    if (!text->failed)
        problem = write_all(STDOUT_FILENO, text->data, text->length);
    if (text->failed)
        csi_cli_message("out of memory");
    else if (problem)
        csi_cli_message("stdout: %s", strerror(problem));
    problem |= text->failed;
    csi_cli_free(text);
    return problem ? CSI_CLI_IO : CSI_CLI_DONE;
}
