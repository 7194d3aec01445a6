/* SPDX-License-Identifier: MIT */
#include "run/untimed.h"

#include <stdio.h>
#include <string.h>

/*
 * Lines of a stack trace go with the line before by right. So a few lines
 * without a time are told only where one of them may be taken wrongly: it has
 * one elsewhere, or nothing with a time is before it; but many are.
 */
static bool is_doubtful(const struct csi_untimed *untimed)
{
    return untimed->before || untimed->elsewhere ||
           untimed->kept + untimed->dropped > untimed->timed;
}

/* A part of the message, if there are such lines. */
static void add_untimed(char *text, size_t size, uint64_t count,
                        const char *what)
{
    size_t used = strlen(text);

    if (count)
        snprintf(text + used, size - used, "; %llu %s",
                 (unsigned long long)count, what);
}

static void warn_untimed(struct csi_run *run, const struct csi_untimed *untimed)
{
    unsigned long long kept = untimed->kept, dropped = untimed->dropped;
    char parts[160] = "";

    add_untimed(parts, sizeof(parts), untimed->elsewhere,
                "may have one elsewhere in the line");
    add_untimed(parts, sizeof(parts), untimed->before,
                "came before the first that has one");
    csi_shared_warn(&run->shared,
                    "since, until: %llu line%s without a time went with the "
                    "line before: %llu kept, %llu dropped%s",
                    kept + dropped, kept + dropped == 1 ? "" : "s", kept,
                    dropped, parts);
}

void csi_run_warn_untimed(struct csi_run *run)
{
    const struct csi_stage *source = csi_run_source(run);
    const struct csi_untimed *untimed = &source->untimed;

    /* Where reading has ended early how far it went is chance. */
    if (run->shared.error.kind || run->shared.options->quiet ||
        run->shared.scratch || source->end == COSEND_END_DONE)
        return;
    if (is_doubtful(untimed))
        warn_untimed(run, untimed);
    if (untimed->back && source->passed_over)
        csi_shared_warn(
            &run->shared,
            "since, until: times go back more than two hours, %llu time%s in "
            "what was read, so that some of the %llu bytes that bisection "
            "passed over may be of the span; `input read_all=true` reads all",
            (unsigned long long)untimed->back, untimed->back == 1 ? "" : "s",
            (unsigned long long)source->passed_over);
}
