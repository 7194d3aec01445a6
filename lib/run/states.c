/* SPDX-License-Identifier: MIT */
/*
 * The bytes are: a version; how far the input was read; its schema, with
 * whether it was read or pushed as records; then for each step its id, its
 * filter, its filter's state_version, its options as JSON, and what its
 * filter's save wrote. All but the last are compared when they are merged, but
 * for sources and sinks, which may be files there and the host program here: a
 * count of other steps, or an average of another field, would be added up into
 * a number that means nothing. Lengths must come out to the byte, for the steps
 * and for the whole.
 *
 * Last is a checksum of all that is before it, XXH3-64, without which a bit
 * that was flipped on a disk or on the way would be a count like any other. It
 * is compared before anything is merged. It guards against accidents: whoever
 * writes states on purpose writes their checksum too, so that all else is
 * checked nevertheless.
 *
 * A step whose filter treats each record by itself has no state. Any other must
 * be able to save its own, or the whole would silently lack a part: `head 3 |
 * count` in two halves lets through six.
 */
#include "run/states.h"

#include "record/schema_bytes.h"
#include "run/snapshot.h"
#include "run/state_transfer.h"
#include "spec/expand.h"
#include "stage/announce.h"
#include "stage/answer.h"

#include <string.h>

#include <xxhash.h>

enum { VERSION = 5, CHECKSUM = sizeof(uint64_t) };

/* What the source's records are. */
enum { UNKNOWN, MADE, READ };

/* ---- Saving -------------------------------------------------------------- */

static bool has_state(const struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;

    return filter->role == COSEND_FILTER && !filter->fans_out &&
           stage->parallel != COSEND_STATELESS;
}

static bool lacks_state(const struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;

    return has_state(stage) &&
           !((stage->state && filter->save && filter->merge) ||
             stage->last_state.length);
}

static int check_states(const struct csi_run *run, struct cosend_error *why)
{
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (lacks_state(&run->stages[i]))
            return cosend_error_set(
                why, COSEND_E_USAGE,
                "step %s (%s) has a state that cannot be saved",
                run->stages[i].node->id, run->stages[i].node->filter->name);
    return COSEND_OK;
}

/* The options of a filter, as JSON; of sources and sinks none, since files and
   formats may differ from place to place. */
static bool put_options(const struct csi_node *node, struct cosend_bytes *to)
{
    char *text = NULL;

    if (node->filter->role == COSEND_FILTER) {
        text = csi_node_expand(node);
        if (!text)
            return false;
    }
    cosend_put_bytes(to, text, text ? strlen(text) : 0);
    csi_free(text);
    return true;
}

static int put_stage(const struct csi_stage *stage, struct cosend_bytes *to)
{
    const struct csi_node *node = stage->node;
    struct cosend_bytes state = {0};
    int status = csi_state_put(stage, &state);

    cosend_put_bytes(to, node->id, strlen(node->id));
    cosend_put_bytes(to, node->filter->name, strlen(node->filter->name));
    cosend_put_varint(to, node->filter->state_version);
    if (!put_options(node, to))
        status = COSEND_E_MEMORY;
    if (status == COSEND_OK)
        cosend_put_bytes(to, state.data, state.length);
    cosend_bytes_free(&state);
    return status;
}

static void put_schema(const struct csi_run *run, struct cosend_bytes *to)
{
    const struct csi_stage *source = &run->stages[0];
    const struct cosend_schema *schema = source->out_schema;

    cosend_put_u8(to, !schema || schema->unknown   ? UNKNOWN
                      : source->recipe.added_count ? MADE
                                                   : READ);
    if (schema && !schema->unknown)
        csi_schema_put(to, schema);
}

static int put_all(const struct csi_run *run, struct cosend_bytes *to,
                   struct cosend_error *why)
{
    for (uint32_t i = 0; i < run->stage_count; i++) {
        int status = put_stage(&run->stages[i], to);

        if (status > 0)
            return csi_answer_refuse(&run->stages[i], "save", status, false,
                                     why);
        if (status < 0 && status != COSEND_E_MEMORY)
            return cosend_error_set(why, status,
                                    "the state of step %s could not be saved",
                                    run->stages[i].node->id);
        if (status < 0 || to->failed)
            return csi_no_memory(why);
    }
    return COSEND_OK;
}

/* With several threads, what each has is merged in a second run, as for a
   snapshot. */
static int put_settled(struct csi_run *run, struct cosend_bytes *to,
                       struct cosend_error *why)
{
    struct csi_run *scratch;
    int status;

    if (!run->workers)
        return put_all(run, to, why);
    status = run->workers_ops->settle(run->workers);
    if (status < 0)
        return status;
    status = csi_snapshot_make(run, &scratch);
    if (status == COSEND_OK)
        status = put_all(scratch, to, why);
    csi_run_free(scratch);
    return status;
}

/* Of what was put behind the first `from` bytes. */
static int put_checksum(struct cosend_bytes *to, size_t from)
{
    if (!to->failed)
        cosend_put_u64(to, XXH3_64bits(to->data + from, to->length - from));
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

int csi_states_save(struct csi_run *run, struct cosend_bytes *to,
                    struct cosend_error *why)
{
    int status = check_states(run, why);
    size_t from = to->length;

    if (status != COSEND_OK)
        return status;
    cosend_put_u8(to, VERSION);
    cosend_put_varint(to, run->shared.position);
    put_schema(run, to);
    cosend_put_varint(to, run->stage_count);
    status = put_settled(run, to, why);
    if (status == COSEND_OK)
        status = put_checksum(to, from);
    if (status == COSEND_E_MEMORY)
        csi_no_memory(why);
    else if (status < 0 && !why->kind)
        cosend_error_set(why, status, "the states could not be saved");
    return status;
}

/* ---- Merging ------------------------------------------------------------- */

static bool is_same(const void *data, size_t length, const char *text)
{
    return data && length == strlen(text) && memcmp(data, text, length) == 0;
}

static int other(struct cosend_error *why, const struct csi_node *node,
                 const char *what)
{
    return cosend_error_set(why, COSEND_E_TYPE,
                            "step %s: the saved state is %s", node->id, what);
}

static int check_options(const struct csi_node *node, const void *saved,
                         size_t length, struct cosend_error *why)
{
    struct cosend_bytes own = {0};
    struct cosend_reader_bytes reader;
    const void *text;
    size_t own_length;
    bool same;

    if (!put_options(node, &own) || own.failed) {
        cosend_bytes_free(&own);
        return csi_no_memory(why);
    }
    reader = cosend_read_bytes(own.data, own.length);
    text = cosend_get_bytes(&reader, &own_length);
    same =
        own_length == length && (!length || memcmp(text, saved, length) == 0);
    cosend_bytes_free(&own);
    return same ? COSEND_OK : other(why, node, "of other options");
}

static int merge_stage(struct csi_stage *stage,
                       struct cosend_reader_bytes *from,
                       struct cosend_error *why)
{
    const struct csi_node *node = stage->node;
    size_t id_length, filter_length, options_length, length;
    const void *id = cosend_get_bytes(from, &id_length);
    const void *filter = cosend_get_bytes(from, &filter_length);
    uint64_t version = cosend_get_varint(from);
    const void *options = cosend_get_bytes(from, &options_length);
    const void *state = cosend_get_bytes(from, &length);
    int status;

    if (from->failed)
        return other(why, node, "cut short");
    if (node->filter->role == COSEND_FILTER &&
        (!is_same(id, id_length, node->id) ||
         !is_same(filter, filter_length, node->filter->name)))
        return other(why, node, "of another step");
    if (node->filter->role == COSEND_FILTER &&
        version != node->filter->state_version)
        return other(why, node, "of another version of its filter");
    status = check_options(node, options, options_length, why);
    if (status != COSEND_OK || (!length && !has_state(stage)))
        return status;
    status = csi_state_merge(stage, state, length);
    if (status > 0)
        return csi_answer_refuse(stage, "merge", status, false, why);
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(why);
    return status == COSEND_OK ? status : other(why, node, "damaged");
}

/* Nothing was read here yet. What the saved run has read is the start of this
   run's input, so its columns are this run's. */
static int announce_saved(struct csi_stage *source, int kind,
                          struct cosend_schema *schema)
{
    source->merged = kind == READ;
    if (kind == READ)
        return csi_stage_announce_first(source, schema);
    for (uint32_t i = 0; i < schema->count; i++)
        cosend_add_column(&source->face, schema->columns[i].name);
    return source->end == COSEND_NOT_ENDED ? csi_stage_announce_source(source)
                                           : COSEND_E_MEMORY;
}

static int merge_schema(struct csi_run *run, struct cosend_reader_bytes *from,
                        struct cosend_error *why)
{
    struct csi_stage *source = csi_run_source(run);
    int kind = cosend_get_u8(from), status = COSEND_OK;
    struct cosend_schema *schema;

    if (kind != MADE && kind != READ)
        return COSEND_OK;
    schema = csi_schema_get(from);
    if (!schema)
        return from->failed ? COSEND_OK : csi_no_memory(why);
    if (!source->out_schema || source->out_schema->unknown)
        status = announce_saved(source, kind, schema);
    else if (!csi_schema_equals(source->out_schema, schema))
        status = cosend_error_set(why, COSEND_E_TYPE,
                                  "the saved states are of other columns");
    csi_schema_unref(schema);
    if (status < 0 && why && !why->kind)
        *why = run->shared.error;
    return status;
}

/* The bytes without their checksum, if it is theirs. */
static int check_bytes(const struct cosend_reader_bytes *from,
                       struct cosend_reader_bytes *states,
                       struct cosend_error *why)
{
    size_t length = from->failed ? 0 : (size_t)(from->end - from->next);
    struct cosend_reader_bytes checksum;

    if (length && *from->next != VERSION)
        return cosend_error_set(
            why, COSEND_E_TYPE,
            "these are no saved states of this version, or damaged ones: "
            "merge what this version saved, or push their input again");
    if (length > CHECKSUM) {
        length -= CHECKSUM;
        *states = cosend_read_bytes(from->next, length);
        checksum = cosend_read_bytes(states->end, CHECKSUM);
        if (cosend_get_u64(&checksum) == XXH3_64bits(states->next, length))
            return COSEND_OK;
    }
    return cosend_error_set(
        why, COSEND_E_TYPE,
        "the saved states are damaged, cut short or not alone, by their "
        "checksum: merge a copy that is whole, or push their input again");
}

static int merge_all(struct csi_run *run, struct cosend_reader_bytes *from,
                     struct cosend_error *why)
{
    uint64_t position;
    int status;

    cosend_get_u8(from); /* the version */
    position = cosend_get_varint(from);
    status = merge_schema(run, from, why);
    if (status == COSEND_OK &&
        (cosend_get_varint(from) != run->stage_count || from->failed))
        status = cosend_error_set(why, COSEND_E_TYPE,
                                  "the saved states are of other steps");
    for (uint32_t i = 0; status == COSEND_OK && i < run->stage_count; i++)
        status = merge_stage(&run->stages[i], from, why);
    if (status == COSEND_OK && from->next != from->end)
        status = cosend_error_set(why, COSEND_E_TYPE,
                                  "there is more behind the saved states");
    /* What this run reads from here on comes behind what that one read. */
    if (status == COSEND_OK && run->shared.position < position)
        run->shared.position = position;
    return status;
}

int csi_states_merge(struct csi_run *run, struct cosend_reader_bytes *from,
                     struct cosend_error *why)
{
    struct cosend_reader_bytes states;
    int status = check_bytes(from, &states, why);

    if (status == COSEND_OK)
        status = merge_all(run, &states, why);
    if (status == COSEND_OK)
        from->next = from->end;
    return status;
}
