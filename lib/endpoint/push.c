/* SPDX-License-Identifier: MIT */
#include "endpoint/push.h"

#include "read/feed.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/source.h"

#include <string.h>

static int push_bytes(struct csi_feed *feed, const struct csi_push *push)
{
    size_t at = 0, room;
    int status = COSEND_OK;

    while (status == COSEND_OK && at < push->length) {
        char *to = csi_feed_room(feed, &room);

        if (!to)
            return COSEND_E_MEMORY;
        if (room > push->length - at)
            room = push->length - at;
        memcpy(to, push->data + at, room);
        at += room;
        status = csi_feed_take(feed, room);
    }
    return status;
}

static int mixed(struct csi_stage *stage)
{
    return cosend_fail(&stage->face, COSEND_E_USAGE,
                       "bytes and records were pushed into one pipeline");
}

static int push_record(struct csi_stage *stage, const struct csi_push *push)
{
    size_t known = stage->recipe.added_count;

    if (!known && stage->out_schema)
        return mixed(stage);
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

static int take_push(struct csi_stage *stage, struct csi_feed *feed,
                     const struct csi_push *push)
{
    int status;

    if (push->names)
        return push_record(stage, push);
    if (!push->flush)
        return stage->recipe.added_count ? mixed(stage)
                                         : push_bytes(feed, push);
    status = csi_stage_send_pending(stage);
    return status == COSEND_OK ? csi_edges_throw(stage, CSI_NEWS_FLUSH)
                               : status;
}

struct push_options {
    struct cosend_format_options format;
};

static int push_body(struct cosend_stage *self, void *argument)
{
    struct push_options *options = argument;
    struct csi_stage *stage = csi_stage_of(self);
    const struct csi_format *format = csi_format_get(
        options->format.name ? (enum cosend_format_name)options->format.name
                             : COSEND_FORMAT_TEXT);
    struct csi_feed *feed = csi_feed_new(stage, &options->format, format);
    int status = COSEND_OK;
    void *in;

    if (!feed || !cosend_stage_defer(self, csi_feed_free, feed))
        return COSEND_E_MEMORY;
    stage->driven = true;
    csi_feed_file(feed, "push", 0);
    while (status == COSEND_OK && csi_source_wait(stage, &in))
        status = take_push(stage, feed, in);
    if (status == COSEND_OK && stage->end == COSEND_NOT_ENDED &&
        !stage->recipe.added_count)
        status = csi_feed_end(feed);
    return status < 0 ? status : COSEND_OK;
}

static const struct cosend_option push_option_rows[] = {
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct push_options, format),
     .group = cosend_reader_options},
    {.name = NULL}};

const struct cosend_filter csi_push_source = {
    .name = "push",
    .role = COSEND_SOURCE,
    .summary = "what the host program pushes",
    .options_size = sizeof(struct push_options),
    .options = push_option_rows,
    .body = push_body};
