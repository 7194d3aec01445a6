/* SPDX-License-Identifier: MIT */
#include "stage/shared.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void csi_shared_free(struct csi_shared *shared)
{
    csi_arena_free(&shared->names);
}

/* ---- Errors, problems, warnings ------------------------------------------ */

int csi_shared_fail(struct csi_shared *shared, const struct cosend_error *error,
                    uint64_t ordinal)
{
    if (!shared->error.kind || ordinal < shared->error_ordinal) {
        shared->error = *error;
        shared->error_ordinal = ordinal;
    }
    return shared->error.kind;
}

int csi_shared_error(const struct csi_shared *shared)
{
    return shared->error.kind ? shared->error.kind : COSEND_E_ABORTED;
}

uint64_t csi_shared_error_ordinal(const struct csi_shared *shared)
{
    return shared->error.kind ? shared->error_ordinal : CSI_ORDINAL_END;
}

void csi_shared_problem(struct csi_shared *shared,
                        const struct csi_place *place, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    shared->problems = true;
    shared->owner->problem(shared, place, text);
    if (shared->error.kind)
        return;
    cosend_error_set(&shared->error, COSEND_E_COLUMN, "%s: %s", place->path,
                     text);
    shared->error.line = place->line;
    shared->error.column = place->column;
}

void csi_shared_warn(struct csi_shared *shared, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    shared->owner->warn(shared, text);
}

const char *csi_shared_name(struct csi_shared *shared, const char *name,
                            size_t length)
{
    char *copy;

    if (shared->last_name && strlen(shared->last_name) == length &&
        memcmp(shared->last_name, name, length) == 0)
        return shared->last_name;
    copy = csi_arena_bytes(&shared->names, length + 1);
    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, name, length);
    copy[length] = '\0';
    return shared->last_name = copy;
}

/* ---- Time ---------------------------------------------------------------- */

uint64_t csi_monotonic_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

struct csi_counts *csi_shared_clock(struct csi_shared *shared,
                                    struct csi_counts *counts)
{
    struct csi_counts *back = shared->clocked;
    uint64_t time = csi_monotonic_ns();

    if (back)
        back->ns += time - shared->clock;
    shared->clock = time;
    shared->clocked = counts;
    return back;
}
