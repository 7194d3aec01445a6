/* SPDX-License-Identifier: MIT */
#include "endpoint/push.h"

#include "cosend/source.h"
#include "endpoint/file_start.h"
#include "format/json_kind.h"
#include "read/feed.h"
#include "stage/source.h"

#include <string.h>

/* ---- What cannot be pushed ----------------------------------------------- */

/* Bytes, names or cells that are promised and not there. */
static bool lacks_something(const struct csi_push *push)
{
    if ((push->length && !push->data) ||
        (push->count && (!push->names || !push->cells)))
        return true;
    for (size_t i = 0; i < push->count; i++)
        if (!push->names[i] || (push->cells[i].length && !push->cells[i].data))
            return true;
    return false;
}

static int check_names(const struct csi_recipe *recipe,
                       const struct csi_push *push, struct cosend_error *error)
{
    if (push->count != recipe->added_count)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a record of %zu columns was pushed behind "
                                "one of %zu",
                                push->count, recipe->added_count);
    for (size_t i = 0; i < push->count; i++)
        if (strcmp(push->names[i], recipe->added[i]) != 0)
            return cosend_error_set(
                error, COSEND_E_USAGE,
                "column %zu of a pushed record is \"%s\"; that of the one "
                "before was \"%s\"",
                i + 1, push->names[i], recipe->added[i]);
    return COSEND_OK;
}

static int check_twice(const struct csi_push *push, struct cosend_error *error)
{
    for (size_t i = 0; i < push->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(push->names[i], push->names[j]) == 0)
                return cosend_error_set(error, COSEND_E_USAGE,
                                        "two columns of a pushed record are "
                                        "\"%s\"",
                                        push->names[i]);
    return COSEND_OK;
}

/* Those kinds are written to JSON as they are. */
static int check_cell(const struct cosend_cell *cell, const char *name,
                      struct cosend_error *error)
{
    static const char *const kinds[] = {[COSEND_NUMBER] = "a number",
                                        [COSEND_BOOL] = "a boolean",
                                        [COSEND_NESTED] = "a one-line array "
                                                          "or object"};
    int status = csi_json_check_kind(cell);

    if (cell->length &&
        (cell->kind == COSEND_ABSENT || cell->kind == COSEND_NULL))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "column \"%s\": a cell of %u bytes that says "
                                "that it is %s",
                                name, cell->length,
                                cell->kind == COSEND_NULL ? "null" : "absent");
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    if (status == COSEND_OK)
        return status;
    if ((unsigned)cell->kind > COSEND_NESTED)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "column \"%s\": %d is no kind of cell", name,
                                (int)cell->kind);
    return cosend_error_set(error, COSEND_E_USAGE,
                            "column \"%s\": \"%.*s\" is not %s of JSON", name,
                            (int)(cell->length < 60 ? cell->length : 60),
                            cell->data, kinds[cell->kind]);
}

int csi_push_check(const struct csi_stage *stage, const struct csi_push *push,
                   struct cosend_error *error)
{
    const struct csi_recipe *recipe = &stage->recipe;
    int status = COSEND_OK;

    if (lacks_something(push))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "NULL was pushed where bytes or names must be");
    if (push->names && !push->count)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a record without columns was pushed");
    if (push->names
            ? stage->counts.bytes || (stage->out_schema && !recipe->added_count)
            : recipe->added_count > 0)
        return cosend_error_set(
            error, COSEND_E_USAGE,
            "bytes and records were pushed into one pipeline");
    if (push->names)
        status = recipe->added_count ? check_names(recipe, push, error)
                                     : check_twice(push, error);
    for (size_t i = 0; push->names && status == COSEND_OK && i < push->count;
         i++)
        status = check_cell(&push->cells[i], push->names[i], error);
    return status;
}

/* ---- The body ------------------------------------------------------------ */

static int push_record(struct csi_stage *stage, const struct csi_push *push)
{
    size_t known = stage->recipe.added_count;

    for (size_t i = 0; !known && i < push->count; i++)
        cosend_add_column(&stage->face, push->names[i]);
    if (stage->end != COSEND_NOT_ENDED)
        return COSEND_E_MEMORY;
    for (size_t i = 0; i < push->count; i++) {
        struct cosend_column column = {(uint32_t)i};

        cosend_set(&stage->face, column, push->cells[i]);
    }
    return cosend_emit_new(&stage->face);
}

/* What the body has, besides its feed. */
struct pushed {
    bool open; /* a file is; the first, without a name, is from the start */
    bool named;
    struct csi_file_start start;
};

static int begin_file(struct csi_stage *stage, const struct csi_push *push,
                      struct pushed *pushed)
{
    const char *name =
        csi_shared_name(stage->shared, push->file, strlen(push->file));
    int status = COSEND_OK;

    if (!name)
        return csi_stage_no_memory(stage);
    /* Before the first file there was none, unless bytes have come. */
    if (pushed->open && (pushed->named || csi_feed_offset(stage->feed)))
        status = csi_feed_end(stage->feed);
    if (status == COSEND_OK)
        csi_feed_file(stage->feed, name, push->offset);
    csi_file_start_begin(&pushed->start, name, push->offset);
    pushed->open = pushed->named = true;
    return status;
}

static int take_bytes(struct csi_stage *stage, const struct csi_push *push,
                      struct pushed *pushed)
{
    int status =
        csi_file_start_look(&pushed->start, stage, push->data, push->filled);

    return status == COSEND_OK ? csi_feed_take(stage->feed, push->filled)
                               : status;
}

static int take_push(struct csi_stage *stage, const struct csi_push *push,
                     struct pushed *pushed)
{
    if (push->names)
        return push_record(stage, push);
    if (push->file)
        return begin_file(stage, push, pushed);
    if (push->end) {
        pushed->open = false;
        return csi_feed_end(stage->feed);
    }
    if (push->flush)
        return cosend_flush(&stage->face);
    return push->filled ? take_bytes(stage, push, pushed) : COSEND_OK;
}

struct push_options {
    struct cosend_format_options format;
};

int csi_push_check_offset(const struct csi_stage *stage, uint64_t offset,
                          struct cosend_error *error)
{
    const struct push_options *options = stage->node->options;
    const struct csi_format *format = csi_format_of_bytes(&options->format);

    switch (format->number) {
    case COSEND_FORMAT_CSV:
    case COSEND_FORMAT_TSV:
    case COSEND_FORMAT_COLUMNS:
    case COSEND_FORMAT_JSON:
        if (!offset)
            return COSEND_OK;
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a file of %s cannot be begun behind its "
                                "start, which says what the rest is",
                                cosend_format_names[format->number]);
    default:
        return COSEND_OK;
    }
}

static void free_feed(void *argument)
{
    struct csi_stage *stage = argument;

    csi_feed_free(stage->feed);
    stage->feed = NULL;
}

static int push_body(struct cosend_stage *self, void *argument)
{
    struct push_options *options = argument;
    struct csi_stage *stage = csi_stage_of(self);
    struct pushed pushed = {.open = true};
    int status = COSEND_OK;
    void *in;

    stage->feed = csi_feed_new(stage, &options->format,
                               csi_format_of_bytes(&options->format));
    if (!stage->feed || !cosend_stage_defer(self, free_feed, stage))
        return COSEND_E_MEMORY;
    stage->driven = true;
    csi_feed_file(stage->feed, "push", 0);
    csi_file_start_begin(&pushed.start, "push", 0);
    while (status == COSEND_OK && csi_source_wait(stage, &in))
        status = take_push(stage, in, &pushed);
    if (status == COSEND_OK && stage->end == COSEND_NOT_ENDED && pushed.open &&
        !stage->recipe.added_count)
        status = csi_feed_end(stage->feed);
    return status < 0 ? status : COSEND_OK;
}

static const struct cosend_option push_option_rows[] = {
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct push_options, format),
     .group = cosend_reader_options},
    {.name = NULL}};

const struct cosend_filter csi_push_source = {
    .abi = COSEND_ABI,
    .name = "push",
    .role = COSEND_SOURCE,
    .summary = "what the host program pushes",
    .options_size = sizeof(struct push_options),
    .options = push_option_rows,
    .body = push_body};
