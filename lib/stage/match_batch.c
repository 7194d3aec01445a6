/* SPDX-License-Identifier: MIT */
/* A pattern asked for all records of a batch. */
#include "cosend/batches.h"
#include "match/regex.h"
#include "stage/stage.h"

static enum cosend_match find_in_fields(const struct cosend_regex *regex,
                                        struct cosend_fields fields,
                                        const struct cosend_record *record)
{
    enum cosend_match match = COSEND_NO_MATCH;

    for (uint32_t i = 0; i < fields.count && match != COSEND_MATCH; i++)
        match = csi_either(
            match, cosend_regex_match(
                       regex, cosend_field(record, cosend_nth(fields, i))));
    return match;
}

static enum cosend_match find_anywhere(const struct cosend_regex *regex,
                                       const struct cosend_record *record)
{
    enum cosend_match match = COSEND_NO_MATCH;
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (match != COSEND_MATCH && cosend_next_item(record, &item, &error))
        match = csi_either(match, cosend_regex_match(regex, item.cell));
    return error.kind ? COSEND_MATCH_MEMORY : match;
}

static enum cosend_match find_one(const struct cosend_regex *regex,
                                  struct cosend_fields fields,
                                  const struct cosend_record *record)
{
    return fields.count ? find_in_fields(regex, fields, record)
                        : find_anywhere(regex, record);
}

/* Of those that must all match each may do so in another field. */
static enum cosend_match find_in_record(const struct cosend_regex *regex,
                                        struct cosend_fields fields,
                                        const struct cosend_record *record)
{
    enum cosend_match match = COSEND_MATCH;

    if (!regex->all)
        return find_one(regex, fields, record);
    for (size_t i = 0; i < regex->any_count && match != COSEND_NO_MATCH; i++)
        match = csi_both(match, find_one(regex->any[i], fields, record));
    return match;
}

void cosend_match_batch(struct cosend_stage *self,
                        const struct cosend_regex *regex,
                        struct cosend_fields fields, signed char *answers)
{
    struct csi_stage *stage = csi_stage_of(self);
    uint32_t count;

    if (!csi_stage_has_batch(stage) ||
        !csi_stage_given(stage, regex, "pattern") ||
        !csi_stage_has_fields(stage, fields))
        return;
    count = cosend_batch_count(self->batch);
    if (!fields.count && cosend_regex_match_lines(regex, self->batch, answers))
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_record record = cosend_record_at(self, i);

        answers[i] = (signed char)find_in_record(regex, fields, &record);
    }
}
