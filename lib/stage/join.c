/* SPDX-License-Identifier: MIT */
/*
 * Where branches come together again.
 *
 * The stage that fanned out sends a batch to all its branches, one after the
 * other; what comes out of them waits here, a queue a port. Then it releases
 * the join: records are merged by ordinal, then by port, and go on. Ordinals
 * never fall within a port, so the order does not depend on how large the
 * batches were.
 *
 * The schema behind a join is the union of its ports': a column that a branch
 * does not have is absent in its records.
 */
#include "stage/stage.h"

#include "run/run.h"

#include <string.h>

struct port {
    struct cosend_schema *schema;
    uint32_t *map; /* its column for each of the union */
    const struct cosend_batch **queue;
    size_t first, count, capacity; /* queue[first .. count) */
    uint32_t at;                   /* in queue[first] */
    bool closed;
};

struct csi_join {
    struct csi_edge target;
    struct cosend_schema *schema;
    struct port *ports;
    uint32_t port_count;
    uint32_t open_ports;
    uint64_t cause; /* the latest that closed a port */
    bool aborted;
};

struct csi_join *csi_join_new(const struct csi_join_plan *plan)
{
    struct csi_join *join = csi_calloc(1, sizeof(*join));

    if (!join)
        return NULL;
    join->ports = csi_calloc(plan->ports, sizeof(*join->ports));
    if (!join->ports) {
        csi_free(join);
        return NULL;
    }
    join->port_count = join->open_ports = plan->ports;
    return join;
}

static void empty(struct port *port)
{
    while (port->first < port->count)
        csi_batch_unref(port->queue[port->first++]);
    port->first = port->count = 0;
    port->at = 0;
}

void csi_join_free(struct csi_join *join)
{
    if (!join)
        return;
    for (uint32_t i = 0; i < join->port_count; i++) {
        empty(&join->ports[i]);
        csi_schema_unref(join->ports[i].schema);
        csi_free(join->ports[i].map);
        csi_free(join->ports[i].queue);
    }
    csi_free(join->ports);
    csi_schema_unref(join->schema);
    csi_free(join);
}

struct csi_edge *csi_join_target(struct csi_join *join)
{
    return &join->target;
}

struct cosend_schema *csi_join_schema(struct csi_join *join)
{
    return join->schema;
}

int csi_join_put(struct csi_join *join, uint32_t at,
                 const struct cosend_batch *batch)
{
    struct port *port = &join->ports[at];

    if (join->target.done)
        return COSEND_DONE;
    if (!csi_grow(&port->queue, &port->capacity, port->count + 1,
                  sizeof(*port->queue)))
        return COSEND_E_MEMORY;
    port->queue[port->count++] = csi_batch_ref(batch);
    return COSEND_OK;
}

/* ---- The union of the schemas -------------------------------------------- */

static bool is_base_everywhere(const struct csi_join *join,
                               const struct csi_schema_column *column)
{
    for (uint32_t i = 0; i < join->port_count; i++) {
        const struct cosend_schema *schema = join->ports[i].schema;
        uint32_t at = csi_schema_find(schema, column->name, column->length);

        if (at == CSI_NO_COLUMN || schema->columns[at].origin != column->origin)
            return false;
    }
    return true;
}

static bool add_port(struct csi_join *join, const struct cosend_schema *schema)
{
    for (uint32_t i = 0; i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];

        if (csi_schema_find(join->schema, column->name, column->length) !=
            CSI_NO_COLUMN)
            continue;
        if (!csi_schema_add(join->schema, column->name, column->length,
                            is_base_everywhere(join, column) ? column->origin
                                                             : CSI_DENSE))
            return false;
    }
    join->schema->open |= schema->open;
    join->schema->unknown |= schema->unknown;
    join->schema->crlf |= schema->crlf;
    if (!join->schema->format)
        join->schema->format = schema->format;
    return true;
}

static bool map_port(const struct csi_join *join, struct port *port)
{
    port->map = csi_calloc((size_t)join->schema->count + 1, sizeof(*port->map));
    if (!port->map)
        return false;
    for (uint32_t i = 0; i < join->schema->count; i++)
        port->map[i] =
            csi_schema_find(port->schema, join->schema->columns[i].name,
                            join->schema->columns[i].length);
    return true;
}

static bool all_alike(const struct csi_join *join)
{
    for (uint32_t i = 1; i < join->port_count; i++)
        if (join->ports[i].schema != join->ports[0].schema)
            return false;
    return true;
}

/* Open schemas hide what was dropped by name, for all records alike. */
static bool hide_alike(const struct csi_join *join)
{
    const struct cosend_schema *first = join->ports[0].schema->hidden;

    for (uint32_t i = 0; i < join->port_count; i++) {
        const struct cosend_schema *other = join->ports[i].schema->hidden;

        if ((first ? first->count : 0) != (other ? other->count : 0))
            return false;
        for (uint32_t j = 0; first && j < first->count; j++)
            if (csi_schema_find(other, first->columns[j].name,
                                first->columns[j].length) == CSI_NO_COLUMN)
                return false;
    }
    return true;
}

static int unite(struct csi_join *join)
{
    if (all_alike(join)) {
        join->schema = csi_schema_ref(join->ports[0].schema);
        return COSEND_OK;
    }
    if (!hide_alike(join))
        return COSEND_E_SPEC;
    join->schema = csi_schema_new();
    if (!join->schema)
        return COSEND_E_MEMORY;
    join->schema->untouched = false;
    for (uint32_t i = 0; i < join->port_count; i++)
        if (!add_port(join, join->ports[i].schema))
            return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < join->port_count; i++)
        if (!map_port(join, &join->ports[i]))
            return COSEND_E_MEMORY;
    if (join->schema->open && join->ports[0].schema->hidden)
        join->schema->hidden = csi_schema_ref(join->ports[0].schema->hidden);
    return COSEND_OK;
}

int csi_join_announce(struct csi_join *join, uint32_t at,
                      struct cosend_schema *schema)
{
    int status;

    if (!join->ports[at].schema)
        join->ports[at].schema = csi_schema_ref(schema);
    for (uint32_t i = 0; i < join->port_count; i++)
        if (!join->ports[i].schema)
            return COSEND_OK;
    status = unite(join);
    if (status < 0)
        return status;
    if (join->target.crosses)
        return COSEND_OK;
    if (join->target.join)
        return csi_join_announce(join->target.join, join->target.port,
                                 join->schema);
    return csi_stage_announce(join->target.stage, join->schema);
}

/* ---- Merging ------------------------------------------------------------- */

static struct port *next_port(struct csi_join *join)
{
    struct port *best = NULL;
    uint64_t lowest = 0;

    for (uint32_t i = 0; i < join->port_count; i++) {
        struct port *port = &join->ports[i];
        uint64_t ordinal;

        if (port->first == port->count)
            continue;
        ordinal = csi_batch_ordinal(port->queue[port->first], port->at);
        if (!best || ordinal < lowest) {
            best = port;
            lowest = ordinal;
        }
    }
    return best;
}

static bool is_alone(const struct csi_join *join, const struct port *port)
{
    for (uint32_t i = 0; i < join->port_count; i++)
        if (&join->ports[i] != port &&
            join->ports[i].first < join->ports[i].count)
            return false;
    return true;
}

static void step(struct port *port)
{
    if (++port->at < port->queue[port->first]->count)
        return;
    csi_batch_unref(port->queue[port->first++]);
    port->at = 0;
    if (port->first == port->count)
        port->first = port->count = 0;
}

/* A merged batch in the making: records over the same rows. */
struct merge {
    struct csi_join *join;
    struct cosend_batch *batch;
    uint32_t *selection;
    uint64_t *ordinals;
    struct cosend_cell **dense; /* by column of the union, or NULL */
    uint32_t room;
};

static bool begin(struct merge *merge, struct csi_rows *rows, uint32_t room)
{
    struct cosend_schema *schema = merge->join->schema;
    struct cosend_batch *batch = csi_batch_new(schema);
    struct csi_arena *arena;

    merge->batch = batch;
    if (!batch)
        return false;
    arena = &batch->arena;
    merge->room = room;
    merge->selection = csi_arena_get(arena, room * sizeof(*merge->selection));
    merge->ordinals = csi_arena_get(arena, room * sizeof(*merge->ordinals));
    merge->dense = csi_arena_get(arena, (schema->count + 1) *
                                            sizeof(struct cosend_cell *));
    if (!merge->selection || !merge->ordinals || !merge->dense)
        return false;
    for (uint32_t i = 0; i < schema->count; i++) {
        merge->dense[i] = NULL;
        if (rows && schema->columns[i].origin < rows->column_count) {
            batch->columns[i].cells = NULL;
            continue;
        }
        merge->dense[i] =
            csi_arena_get(arena, room * sizeof(struct cosend_cell));
        if (!merge->dense[i])
            return false;
        batch->columns[i] =
            (struct cosend_column_cells){merge->dense[i], 0, UINT32_MAX};
    }
    batch->rows = rows ? csi_rows_ref(rows) : NULL;
    batch->selection = rows ? merge->selection : NULL;
    batch->ordinals = merge->ordinals;
    return true;
}

static bool add(struct merge *merge, const struct port *port)
{
    const struct cosend_batch *from = port->queue[port->first];
    struct cosend_record record = cosend_batch_record(from, port->at);
    struct cosend_batch *to = merge->batch;

    for (uint32_t i = 0; i < to->schema->count; i++) {
        uint32_t column = port->map ? port->map[i] : i;
        struct cosend_cell cell = csi_absent;
        char *copy;

        if (!merge->dense[i])
            continue;
        if (column != CSI_NO_COLUMN && !csi_record_cell(&record, column, &cell))
            return false;
        if (cell.length) {
            copy = csi_arena_bytes(&to->arena, cell.length);
            if (!copy)
                return false;
            memcpy(copy, cell.data, cell.length);
            cell.data = copy;
        }
        merge->dense[i][to->count] = cell;
    }
    if (from->rows)
        merge->selection[to->count] = csi_batch_row(from, port->at);
    merge->ordinals[to->count] = csi_batch_ordinal(from, port->at);
    to->count++;
    return true;
}

static int pass_on(struct csi_join *join, struct csi_stage *owner,
                   const struct cosend_batch *batch)
{
    if (join->target.done)
        return COSEND_DONE;
    return csi_edge_send(owner, &join->target, batch);
}

/* The rest of a queue whose port has nobody to be merged with. */
static int pass_alone(struct csi_join *join, struct csi_stage *owner,
                      struct port *port)
{
    const struct cosend_batch *batch = port->queue[port->first];
    struct cosend_batch *out;
    int status;

    if (!port->map) {
        status = pass_on(join, owner, batch);
    } else {
        out = csi_batch_derive(batch, join->schema, port->map, NULL,
                               batch->count);
        if (!out)
            return COSEND_E_MEMORY;
        status = pass_on(join, owner, out);
        csi_batch_unref(out);
    }
    port->at = batch->count - 1;
    step(port);
    return status;
}

/* Whether a port's next record has no more fields than its columns. */
static bool is_complete(const struct csi_join *join, const struct port *port)
{
    const struct cosend_batch *batch = port->queue[port->first];

    return batch->complete || (join->schema->open && !batch->schema->open);
}

static int merge_some(struct csi_join *join, struct csi_stage *owner)
{
    struct merge merge = {.join = join};
    struct port *port = next_port(join);
    struct csi_rows *rows = port->queue[port->first]->rows;
    bool complete = is_complete(join, port);
    bool ok = begin(&merge, rows, owner->run->batch_size);
    int status = COSEND_E_MEMORY;

    if (ok)
        merge.batch->complete = complete;
    while (ok && port && merge.batch->count < merge.room &&
           port->queue[port->first]->rows == rows &&
           is_complete(join, port) == complete) {
        ok = add(&merge, port);
        step(port);
        port = next_port(join);
    }
    if (ok)
        status = pass_on(join, owner, merge.batch);
    csi_batch_unref(merge.batch);
    return status;
}

int csi_join_release(struct csi_join *join, struct csi_stage *owner)
{
    int status = COSEND_OK;
    struct port *port;

    while (status == COSEND_OK && (port = next_port(join))) {
        if (port->at == 0 && is_alone(join, port))
            status = pass_alone(join, owner, port);
        else
            status = merge_some(join, owner);
    }
    if (status == COSEND_OK)
        return status;
    if (status == COSEND_E_MEMORY && !owner->run->error.kind)
        cosend_fail(&owner->face, status, "out of memory");
    for (uint32_t i = 0; i < join->port_count; i++)
        empty(&join->ports[i]);
    join->target.done = true;
    return status;
}

int csi_join_close(struct csi_join *join, uint32_t at, struct csi_stage *owner,
                   bool aborted)
{
    int status = COSEND_OK;

    if (join->ports[at].closed)
        return COSEND_OK;
    join->ports[at].closed = true;
    join->aborted |= aborted;
    if (join->cause < owner->cause)
        join->cause = owner->cause;
    if (--join->open_ports)
        return COSEND_OK;
    owner->cause = join->cause;
    if (!join->aborted)
        status = csi_join_release(join, owner);
    if (join->aborted || status < 0)
        return csi_edge_abort(owner, &join->target);
    return csi_edge_close(owner, &join->target);
}
