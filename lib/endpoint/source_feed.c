/* SPDX-License-Identifier: MIT */
/*
 * The feed of a source of somebody's own: the one that ours read into, with
 * what ours do around it. After each piece the run may act; the feeds of one
 * source agree on their columns; and what is left when the source returns is
 * either ended, or, half a record, told of.
 */
#include "cosend/source.h"

#include "endpoint/file_start.h"
#include "format/format_options.h"
#include "read/feed.h"
#include "stage/source.h"

#include <string.h>

struct cosend_feed {
    struct csi_stage *stage;
    struct cosend_format_options options; /* a copy: a body's are mostly in its
                                             frame, and it returns first */
    struct csi_feed *feed;
    struct cosend_feed *next; /* of the same source */
    bool open;                /* something came since the last end */
    const char *to; /* where bytes were asked to be put, at most so many: */
    size_t room;    /* 0 when they were */
    struct csi_file_start start;
};

/* COSEND_CLOSING where the source is to return. */
static int go_on(struct cosend_feed *feed, int status)
{
    if (status < 0)
        return status;
    return status == COSEND_OK && csi_source_pause(feed->stage)
               ? COSEND_OK
               : COSEND_CLOSING;
}

/* The source returns with `status`: nothing that came is lost in silence. */
static int leave_feeds(struct csi_stage *stage, int status)
{
    bool stopped = stage->end == COSEND_END_CLOSED;
    int ended = COSEND_OK;

    if (status < 0 || stage->end > COSEND_END_CLOSED ||
        stage->shared->error.kind)
        return status;
    for (struct cosend_feed *feed = stage->feeds; feed; feed = feed->next) {
        if (feed->open)
            ended = csi_feed_tear(feed->feed, CSI_TORN_STOPPED);
        else if (!stopped && !stage->out_schema &&
                 csi_feed_is_blank(feed->feed))
            ended = csi_feed_end(feed->feed);
        if (ended < 0)
            return ended;
    }
    return status;
}

struct cosend_feed *cosend_feed_new(struct cosend_stage *self,
                                    const struct cosend_format_options *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_error error = {0};
    struct cosend_feed *feed;

    if (!csi_stage_given(stage, options, "format options"))
        return NULL;
    if (!csi_stage_is_source(stage)) {
        cosend_fail(self, COSEND_E_USAGE, "only a source has a feed");
        return NULL;
    }
    if (stage->recipe.added_count) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it adds columns to those of its feed");
        return NULL;
    }
    if (csi_format_options_check(options, COSEND_FORMAT_NIDX, &error) < 0) {
        csi_stage_fail(stage, &error);
        return NULL;
    }
    feed = cosend_stage_memory(self, sizeof(*feed));
    if (!feed)
        return NULL;
    feed->stage = stage;
    feed->options = *options;
    feed->feed = csi_feed_new(stage, &feed->options,
                              csi_format_of_bytes(&feed->options));
    if (!feed->feed || !cosend_stage_defer(self, csi_feed_free, feed->feed))
        return NULL;
    csi_feed_file(feed->feed, "feed", 0);
    csi_file_start_begin(&feed->start, "feed", 0);
    feed->next = stage->feeds;
    stage->feeds = feed;
    stage->on_return = leave_feeds;
    return feed;
}

int cosend_feed_file(struct cosend_feed *feed, const char *name,
                     uint64_t offset)
{
    struct csi_stage *stage = feed->stage;
    const char *copy;

    if (!csi_stage_given(stage, name, "name"))
        return COSEND_E_USAGE;
    if (feed->open)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "a feed goes on with %.200s before it was ended",
                           name);
    copy = csi_shared_name(stage->shared, name, strlen(name));
    if (!copy)
        return csi_stage_no_memory(stage);
    csi_feed_file(feed->feed, copy, offset);
    csi_file_start_begin(&feed->start, copy, offset);
    return COSEND_OK;
}

/* The columns of all feeds of a source are those of the one that knew them
   first. */
static bool share_feed_columns(struct cosend_feed *feed)
{
    struct cosend_feed *other = feed->stage->feeds;

    if (csi_feed_has_columns(feed->feed))
        return true;
    for (; other; other = other->next)
        if (other != feed && !csi_feed_share(feed->feed, other->feed))
            return false;
    return true;
}

char *cosend_feed_room(struct cosend_feed *feed, size_t *room)
{
    char *to;

    feed->room = 0;
    if (!csi_stage_given(feed->stage, room, "place for a feed's room") ||
        !share_feed_columns(feed))
        return NULL;
    to = csi_feed_room(feed->feed, room);
    feed->to = to;
    if (to)
        feed->room = *room;
    return to;
}

int cosend_feed_take(struct cosend_feed *feed, size_t length)
{
    int status;

    /* The -1 of a read that failed, too. */
    if (length > feed->room)
        return cosend_fail(&feed->stage->face, COSEND_E_USAGE,
                           "it says that it put %zu bytes into a feed's room, "
                           "which is of %zu",
                           length, feed->room);
    feed->room = 0;
    feed->open |= length > 0;
    status = csi_file_start_look(&feed->start, feed->stage, feed->to, length);
    if (status == COSEND_OK)
        status = csi_feed_take(feed->feed, length);
    return go_on(feed, status);
}

int cosend_feed_bytes(struct cosend_feed *feed, const char *data, size_t length)
{
    int status = COSEND_OK;

    if (length && !csi_stage_given(feed->stage, data, "bytes"))
        return COSEND_E_USAGE;
    while (status == COSEND_OK && length) {
        size_t room;
        char *to = cosend_feed_room(feed, &room);

        if (!to)
            return COSEND_E_MEMORY;
        if (room > length)
            room = length;
        memcpy(to, data, room);
        data += room;
        length -= room;
        status = cosend_feed_take(feed, room);
    }
    return status;
}

int cosend_feed_end(struct cosend_feed *feed)
{
    if (!share_feed_columns(feed))
        return COSEND_E_MEMORY;
    /* What the first line says, a later file may say as well. */
    if (!feed->open && csi_feed_is_blank(feed->feed))
        return go_on(feed, COSEND_OK);
    feed->open = false;
    feed->room = 0;
    csi_file_start_begin(&feed->start, feed->start.name, 0);
    return go_on(feed, csi_feed_end(feed->feed));
}
