/* SPDX-License-Identifier: MIT */
#include "pipeline/filter_ways.h"

#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct way {
    enum csi_rule rule;
    bool brief;      /* among the few */
    size_t most;     /* records; 0: any number */
    const char *how; /* as a person would say it */
    struct csi_trial trial;
} ways[] = {
    {CSI_RULE_REPEAT, true, 0, "the same once more", {.spec = NULL}},
    {CSI_RULE_BATCH_SIZE, true, 0, "batches of 1", {.batch_size = 1}},
    {CSI_RULE_BATCH_SIZE, false, 0, "batches of 2", {.batch_size = 2}},
    {CSI_RULE_BATCH_SIZE, true, 0, "batches of 7", {.batch_size = 7}},
    {CSI_RULE_BATCH_SIZE,
     false,
     0,
     "batches of 100000",
     {.batch_size = 100000}},
    {CSI_RULE_CUT, true, 0, "blocks of 700 bytes", {.block_bytes = 700}},
    {CSI_RULE_CUT, false, 30, "pushes of 1 byte", {.piece = 1}},
    {CSI_RULE_CUT,
     true,
     0,
     "pushes of 61 bytes, flushed",
     {.piece = 61, .flush = true}},
    {CSI_RULE_CUT, false, 0, "pushes of 1000 bytes", {.piece = 1000}},
    {CSI_RULE_CUT,
     false,
     30,
     "batches of 3, in pushes of 7 bytes, flushed",
     {.batch_size = 3, .piece = 7, .flush = true}},
    {CSI_RULE_SAVE,
     true,
     0,
     "pushes of 333 bytes, a snapshot after each",
     {.piece = 333, .look = true}}};

enum { WAYS = sizeof(ways) / sizeof(ways[0]), THREAD_BLOCK = 1500 };

static void try_way(struct csi_findings *findings, const char *spec,
                    const struct csi_trial_input *input,
                    const struct csi_trial_result *whole, const struct way *way)
{
    struct csi_trial trial = way->trial;
    struct csi_trial_result result;

    trial.spec = spec;
    trial.input = input;
    trial.count = input->count;
    csi_tell_trial(findings, input, "%s", way->how);
    csi_trial_run(&trial, &result);
    csi_compare(findings, way->rule, input, "one push", whole, way->how,
                &result);
    csi_trial_result_free(&result);
}

/* ---- Threads ------------------------------------------------------------- */

/* A file that has the input; its name is in `path`. */
static int write_file(const struct csi_trial_input *input, char *path,
                      size_t size, struct cosend_error *error)
{
    const char *folder = getenv("TMPDIR");
    const unsigned char *data = input->text.data;
    size_t left = input->text.length;
    int file;

    snprintf(path, size, "%.200s/cosend-check-XXXXXX",
             folder && *folder ? folder : "/tmp");
    file = mkstemp(path);
    while (file >= 0 && left) {
        ssize_t written = write(file, data, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        data += written;
        left -= (size_t)written;
    }
    if (file < 0 || (close(file) != 0) | (left > 0)) {
        cosend_error_set(error, COSEND_E_OUTPUT, "%s: %s", path,
                         strerror(errno));
        if (file >= 0)
            unlink(path);
        return COSEND_E_OUTPUT;
    }
    return COSEND_OK;
}

/* Of a file, in blocks of some records each: all threads have some. */
static int try_threads(struct csi_findings *findings, const char *spec,
                       const struct csi_trial_input *input, bool brief,
                       struct cosend_error *error)
{
    static const char *const names[] = {"1 thread", "2 threads", "4 threads"};
    struct csi_trial_result results[3];
    char path[256];
    int status = write_file(input, path, sizeof(path), error);

    if (status < 0)
        return status;
    for (unsigned i = 0; i < 3; i++) {
        struct csi_trial trial = {.spec = spec,
                                  .input = input,
                                  .path = path,
                                  .block_bytes = THREAD_BLOCK,
                                  .threads = 1U << i};

        results[i] = (struct csi_trial_result){0};
        if (brief && i == 1)
            continue;
        csi_tell_trial(findings, input, "a file, %s", names[i]);
        csi_trial_run(&trial, &results[i]);
        if (i)
            csi_compare(findings, CSI_RULE_THREADS, input, names[0],
                        &results[0], names[i], &results[i]);
    }
    for (unsigned i = 0; i < 3; i++)
        csi_trial_result_free(&results[i]);
    unlink(path);
    return COSEND_OK;
}

int csi_filter_ways(struct csi_findings *findings, const char *spec,
                    const struct csi_trial_input *input,
                    const struct csi_trial_result *whole, bool brief,
                    struct cosend_error *error)
{
    for (size_t i = 0; i < WAYS; i++)
        if ((ways[i].brief || !brief) &&
            (!ways[i].most || input->count <= ways[i].most) &&
            !csi_is_told(findings, CSI_RULE_REPEAT) &&
            !csi_is_told(findings, ways[i].rule))
            try_way(findings, spec, input, whole, &ways[i]);
    if (csi_is_told(findings, CSI_RULE_REPEAT) ||
        csi_is_told(findings, CSI_RULE_THREADS))
        return COSEND_OK;
    return try_threads(findings, spec, input, brief, error);
}
