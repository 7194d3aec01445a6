/* SPDX-License-Identifier: MIT */
/*
 * A user's filters, and the command line for them:
 *
 *   pass_records   emits every record, one by one
 *   pass_batches   emits every record, batch by batch
 *   grep_records   emits the lines in which a pattern is found, one by one
 */
#include "cosend.h"

static int pass_records(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static int pass_batches(struct cosend_stage *self, void *options)
{
    const struct cosend_batch *batch;

    (void)options;
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

struct grep {
    struct cosend_string pattern;
    struct cosend_field field;
    struct cosend_regex *regex;
};

static const struct cosend_option options[] = {
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct grep, pattern),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "what to look for"},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct grep, field),
     .flags = COSEND_ONLY_COLUMN,
     .help = "where to look"},
    {.name = NULL},
};

static void check_grep(struct cosend_check *check, void *memory)
{
    struct cosend_regex_options how = {0};
    struct cosend_error error = {0};
    struct grep *grep = memory;

    grep->regex = cosend_regex_new(grep->pattern.data, grep->pattern.length,
                                   &how, &error);
    if (!grep->regex)
        cosend_check_error(check, "pattern", "%s", error.message);
}

static void release_grep(void *memory)
{
    struct grep *grep = memory;

    cosend_regex_free(grep->regex);
}

static int grep_records(struct cosend_stage *self, void *memory)
{
    const struct grep *grep = memory;
    struct cosend_record record;

    while (cosend_receive(self, &record))
        if (cosend_regex_matches(grep->regex,
                                 cosend_field(&record, grep->field)))
            cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter filters[] = {
    {.abi = COSEND_ABI,
     .name = "pass_records",
     .summary = "Pass every record",
     .body = pass_records,
     .parallel = COSEND_STATELESS},
    {.abi = COSEND_ABI,
     .name = "pass_batches",
     .summary = "Pass every batch",
     .body = pass_batches,
     .parallel = COSEND_STATELESS},
    {.abi = COSEND_ABI,
     .name = "grep_records",
     .summary = "Pass the records that match a pattern",
     .options_size = sizeof(struct grep),
     .options = options,
     .body = grep_records,
     .check = check_grep,
     .release = release_grep,
     .parallel = COSEND_STATELESS},
};

int main(int argc, char **argv)
{
    struct cosend_error error = {0};

    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        if (cosend_register(&filters[i], &error) != COSEND_OK)
            return 2;
    return cosend_main(argc, argv);
}
