/* SPDX-License-Identifier: MIT */
/*
 * A file for each value of a field, or of several: "out/{status}.csv".
 *
 * Each file is a sink of its own, with a writer and an output; the batch in
 * hand is cut into the parts of each, which are written one after the other. Of
 * the outputs so many are open at a time; that which was written to least
 * recently is parked for the next one (io/output.c). All of them are the
 * run's, which commits or drops them together at its end.
 *
 * What a record can choose is the name of a file, or of a folder, below what
 * the spec says: partition_path.c.
 */
#include "endpoint/partitions.h"

#include "cosend/group.h"
#include "cosend/number.h"
#include "cosend/source.h"
#include "endpoint/partition_path.h"
#include "endpoint/sink.h"
#include "io/output.h"
#include "run/run.h"

#include <string.h>

struct partition {
    struct csi_sink sink; /* its path is the table's key */
    struct partition *newer, *older;
    bool open;
    uint32_t first,
        last; /* 1 more than the positions of its records; 0: none */
};

struct partitions {
    struct csi_stage *stage;
    const struct cosend_write_options *options;
    struct cosend_table *table; /* of struct partition, by path and NUL */
    struct csi_partition_path path;
    struct partition *newest, *oldest; /* those that are open */
    int64_t open;
    /* Of the batch in hand. */
    uint32_t *next; /* by position: 1 more than that of the next one's */
    uint32_t *positions;
    struct partition **touched;
    size_t next_room, position_room, touched_room;
    uint32_t touched_count;
};

static struct partition *partition_at(const struct partitions *all, size_t i)
{
    const void *key;
    size_t length;

    return cosend_table_at(all->table, i, &key, &length);
}

static void free_partitions(void *argument)
{
    struct partitions *all = argument;

    for (size_t i = 0; i < cosend_table_count(all->table); i++)
        csi_sink_close(&partition_at(all, i)->sink);
    cosend_table_free(all->table);
    csi_partition_path_free(&all->path);
    csi_free(all->next);
    csi_free(all->positions);
    csi_free(all->touched);
    csi_free(all);
}

/* ---- Those that are open ------------------------------------------------- */

static void unlink_partition(struct partitions *all, struct partition *one)
{
    *(one->newer ? &one->newer->older : &all->newest) = one->older;
    *(one->older ? &one->older->newer : &all->oldest) = one->newer;
}

static void link_newest(struct partitions *all, struct partition *one)
{
    one->newer = NULL;
    one->older = all->newest;
    *(all->newest ? &all->newest->newer : &all->oldest) = one;
    all->newest = one;
}

static int park(struct partitions *all, struct partition *one,
                struct cosend_error *error)
{
    unlink_partition(all, one);
    one->open = false;
    all->open--;
    return csi_output_park(one->sink.output, error);
}

static int open_partition(struct partitions *all, struct partition *one,
                          struct cosend_error *error)
{
    int status = COSEND_OK;

    while (all->open >= all->options->max_open && status == COSEND_OK)
        status = park(all, all->oldest, error);
    if (status != COSEND_OK)
        return status;
    if (one->sink.output)
        return csi_output_wake(one->sink.output, error);
    status = csi_partition_path_prepare(&all->path, all->stage, one->sink.path,
                                        error);
    return status == COSEND_OK ? csi_sink_open(&one->sink, error) : status;
}

/* It is going to be written to. */
static int use(struct partitions *all, struct partition *one,
               struct cosend_error *error)
{
    int status = COSEND_OK;

    if (one->open) {
        unlink_partition(all, one);
    } else {
        status = open_partition(all, one, error);
        if (status != COSEND_OK)
            return status;
        one->open = true;
        all->open++;
    }
    link_newest(all, one);
    return COSEND_OK;
}

/* ---- A batch ------------------------------------------------------------- */

/* The partition of a record. NULL where there is none: it is bad, or there is
   no memory, which *status says. */
static struct partition *find_partition(struct partitions *all,
                                        uint32_t position, int *status)
{
    struct cosend_stage *self = &all->stage->face;
    struct cosend_record record = cosend_record_at(self, position);
    const char *path = csi_partition_path_of(&all->path, self, &record);
    struct partition *one;
    const void *key;
    size_t length;
    bool fresh;

    if (!path) {
        if (all->path.bytes.failed)
            *status = COSEND_E_MEMORY;
        else
            cosend_bad(self, &record, "bad_path", "%s", all->path.why);
        return NULL;
    }
    one = cosend_table_get(all->table, path, strlen(path) + 1, &fresh);
    if (!one) {
        *status = COSEND_E_MEMORY;
        return NULL;
    }
    if (fresh) {
        cosend_table_at(all->table, cosend_table_count(all->table) - 1, &key,
                        &length);
        one->sink.stage = all->stage;
        one->sink.options = all->options;
        one->sink.path = key;
    }
    return one;
}

static bool make_room(struct partitions *all, uint32_t count)
{
    return csi_grow(&all->next, &all->next_room, count, sizeof(*all->next)) &&
           csi_grow(&all->positions, &all->position_room, count,
                    sizeof(*all->positions)) &&
           csi_grow(&all->touched, &all->touched_room, count,
                    sizeof(*all->touched));
}

/* Deal out records to their partitions, which are `touched`, in the order in
   which they first appear, up to one at which the step fails. */
static int deal(struct partitions *all, uint32_t from, uint32_t to)
{
    int status = COSEND_OK;

    all->touched_count = 0;
    for (; from < to && status == COSEND_OK; from++) {
        struct partition *one = find_partition(all, from, &status);

        if (!one && all->stage->end == COSEND_END_FAILED)
            break;
        if (!one)
            continue;
        all->next[from] = 0;
        if (one->first)
            all->next[one->last - 1] = from + 1;
        else
            all->touched[all->touched_count++] = one;
        if (!one->first)
            one->first = from + 1;
        one->last = from + 1;
    }
    return status;
}

static int write_part(struct partitions *all, struct partition *one,
                      const struct cosend_batch *batch,
                      struct cosend_error *error)
{
    const struct cosend_batch *part;
    uint32_t count = 0;
    int status = use(all, one, error);

    for (uint32_t at = one->first; at; at = all->next[at - 1])
        all->positions[count++] = at - 1;
    one->first = one->last = 0;
    if (status != COSEND_OK)
        return status;
    part = count == batch->count ? csi_batch_ref(batch)
                                 : csi_batch_derive(batch, batch->schema, NULL,
                                                    all->positions, count);
    if (!part)
        return csi_no_memory(error);
    one->sink.positions = all->positions;
    status = csi_sink_write(&one->sink, part, error);
    csi_batch_unref(part);
    return status;
}

static int write_batch(struct partitions *all, const struct cosend_batch *batch,
                       struct cosend_error *error)
{
    /* Where one may fail, none behind it is written. */
    uint32_t stretch =
        all->stage->node->on_error == CSI_FAIL ? 1 : batch->count;
    int status =
        make_room(all, batch->count) ? COSEND_OK : csi_no_memory(error);

    for (uint32_t from = 0; from < batch->count && status == COSEND_OK;
         from += stretch) {
        status = deal(all, from, from + stretch);
        if (status != COSEND_OK)
            return csi_no_memory(error);
        for (uint32_t i = 0; i < all->touched_count; i++)
            if (status == COSEND_OK)
                status = write_part(all, all->touched[i], batch, error);
        if (all->stage->end == COSEND_END_FAILED)
            return COSEND_E_DATA;
    }
    return status;
}

/* ---- The end ------------------------------------------------------------- */

static int flush_open(const struct partitions *all, struct cosend_error *error)
{
    int status = COSEND_OK;

    for (struct partition *one = all->newest; one && status == COSEND_OK;
         one = one->older)
        status = csi_sink_flush(&one->sink, false, error);
    return status;
}

/* Each writer's last bytes. *records and *replaced become what they wrote. */
static int finish(struct partitions *all, uint64_t *records, uint64_t *replaced,
                  struct cosend_error *error)
{
    int status = COSEND_OK;

    for (size_t i = 0;
         i < cosend_table_count(all->table) && status == COSEND_OK; i++) {
        struct partition *one = partition_at(all, i);

        status = csi_sink_flush(&one->sink, true, error);
        if (status == COSEND_OK && !one->open)
            status = csi_output_park(one->sink.output, error);
        *records += one->sink.writer ? one->sink.writer->records : 0;
        *replaced += one->sink.writer ? one->sink.writer->replaced : 0;
        csi_sink_close(&one->sink);
    }
    return status;
}

static void tell_files(struct partitions *all)
{
    char digits[COSEND_NUMBER_MAX];
    struct cosend_cell cell = cosend_text(
        digits, cosend_format_unsigned(cosend_table_count(all->table), digits));

    cell.kind = COSEND_NUMBER;
    cosend_set_result(&all->stage->face, "files", cell);
}

static struct partitions *
new_partitions(struct csi_stage *stage,
               const struct cosend_write_options *options)
{
    struct partitions *all = csi_calloc(1, sizeof(*all));

    if (all)
        all->table = cosend_table_new(sizeof(struct partition), NULL);
    if (!all || !all->table) {
        csi_free(all);
        csi_stage_no_memory(stage);
        return NULL;
    }
    all->stage = stage;
    all->options = options;
    csi_partition_path_init(&all->path, options->partition);
    return cosend_stage_defer(&stage->face, free_partitions, all) ? all : NULL;
}

int csi_partitions_write(struct csi_stage *stage,
                         const struct cosend_write_options *options)
{
    struct partitions *all = new_partitions(stage, options);
    struct cosend_error error = {0};
    const struct cosend_batch *batch;
    enum cosend_event event;
    uint64_t records = 0, replaced = 0;
    int status = COSEND_OK;

    if (!all)
        return COSEND_E_MEMORY;
    cosend_tell_flushes(&stage->face);
    while (status == COSEND_OK &&
           (event = cosend_receive_batch_until(&stage->face, &batch,
                                               INT64_MAX)) != COSEND_EVENT_END)
        status = event == COSEND_EVENT_RECORD ? write_batch(all, batch, &error)
                                              : flush_open(all, &error);
    if (status != COSEND_OK)
        return cosend_give_up(&stage->face, status, &error);
    if (stage->end != COSEND_END_CLOSED)
        return COSEND_OK;
    status = finish(all, &records, &replaced, &error);
    csi_sink_warn_replaced(stage, replaced);
    if (status != COSEND_OK)
        return cosend_give_up(&stage->face, status, &error);
    tell_files(all);
    stage->miscounted = stage->face.dropped != records;
    return COSEND_OK;
}
