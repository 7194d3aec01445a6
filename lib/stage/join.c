/* SPDX-License-Identifier: MIT */
/*
 * A join knows neither stages nor edges: it takes batches by port, and gives
 * out the same records in one order. Who puts, and who takes, is edge.c's.
 *
 * The order is by ordinal, then by port. Ordinals never fall within a port, so
 * it is enough to look at the first record that each port has to offer: the one
 * with the lowest (ordinal, port) is next. Ports that have something are kept
 * in a heap by that, so a record costs the logarithm of their number. A record
 * that no port has offered yet can only have a higher ordinal than those that
 * were taken, as long as whoever owns the join lets it be emptied only when all
 * branches have had the same batches; so the order does not depend on how large
 * the batches were.
 *
 * Where one port alone has something, its batches pass as they are. Else
 * records are merged into new batches, each over one input's rows, so that what
 * nobody changed is still written as it came.
 *
 * The schema behind a join is the union of its ports': a column that a branch
 * does not have is absent in its records. Where a branch's records name their
 * fields themselves, one that is a column only since steps look at it, or since
 * another branch has it, is not written with them as if it had been set
 * (CSI_ASKED); and where another such branch sets it, it is what the record has
 * of that name.
 */
#include "stage/join.h"

#include "base/heap.h"

#include <string.h>

struct port {
    struct cosend_schema *schema;
    uint32_t *map; /* its column for each of the union */
    bool lacks;    /* its records may have fields that others set */
    const struct cosend_batch **queue;
    size_t first, count, capacity; /* queue[first .. count) */
    uint32_t at;                   /* in queue[first] */
    bool closed;
};

struct csi_join {
    struct cosend_schema *schema;
    struct port *ports;
    uint32_t port_count;
    uint32_t open_ports;
    uint32_t *heap; /* ports that offer something, the next one first */
    uint32_t offering;
    uint64_t cause; /* the latest that closed a port */
    bool aborted;
};

struct csi_join *csi_join_new(uint32_t ports)
{
    struct csi_join *join = csi_calloc(1, sizeof(*join));

    if (!join)
        return NULL;
    join->ports = csi_calloc(ports, sizeof(*join->ports));
    join->heap = csi_calloc(ports, sizeof(*join->heap));
    join->port_count = join->open_ports = ports;
    if (join->ports && join->heap)
        return join;
    csi_join_free(join);
    return NULL;
}

static void empty_port(struct port *port)
{
    while (port->first < port->count)
        csi_batch_unref(port->queue[port->first++]);
    port->first = port->count = 0;
    port->at = 0;
}

void csi_join_empty(struct csi_join *join)
{
    for (uint32_t i = 0; i < join->port_count; i++)
        empty_port(&join->ports[i]);
    join->offering = 0;
}

void csi_join_free(struct csi_join *join)
{
    if (!join)
        return;
    for (uint32_t i = 0; join->ports && i < join->port_count; i++) {
        empty_port(&join->ports[i]);
        csi_schema_unref(join->ports[i].schema);
        csi_free(join->ports[i].map);
        csi_free(join->ports[i].queue);
    }
    csi_free(join->ports);
    csi_free(join->heap);
    csi_schema_unref(join->schema);
    csi_free(join);
}

struct cosend_schema *csi_join_schema(const struct csi_join *join)
{
    return join->schema;
}

/* ---- The heap of ports --------------------------------------------------- */

static uint64_t next_ordinal(const struct port *port)
{
    return csi_batch_ordinal(port->queue[port->first], port->at);
}

static bool is_port_before(const void *own, const void *a, const void *b)
{
    const struct csi_join *join = own;
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    uint64_t left = next_ordinal(&join->ports[one]);
    uint64_t right = next_ordinal(&join->ports[other]);

    return left != right ? left < right : one < other;
}

static void sink(struct csi_join *join)
{
    if (join->offering)
        csi_heap_sink(join->heap, sizeof(*join->heap), join->offering, 0,
                      is_port_before, join);
}

static struct port *next_port(const struct csi_join *join)
{
    return join->offering ? &join->ports[join->heap[0]] : NULL;
}

int csi_join_put(struct csi_join *join, uint32_t at,
                 const struct cosend_batch *batch)
{
    struct port *port = &join->ports[at];

    if (!batch->count)
        return COSEND_OK;
    if (!csi_grow(&port->queue, &port->capacity, port->count + 1,
                  sizeof(*port->queue)))
        return COSEND_E_MEMORY;
    port->queue[port->count++] = csi_batch_ref(batch);
    if (port->count - port->first == 1) {
        join->heap[join->offering] = at;
        csi_heap_rise(join->heap, sizeof(*join->heap), join->offering++,
                      is_port_before, join);
    }
    return COSEND_OK;
}

/* The next port's next record is done with. */
static void step_port(struct csi_join *join)
{
    struct port *port = next_port(join);

    if (++port->at == port->queue[port->first]->count) {
        csi_batch_unref(port->queue[port->first++]);
        port->at = 0;
        if (port->first == port->count) {
            port->first = port->count = 0;
            join->heap[0] = join->heap[--join->offering];
        }
    }
    sink(join);
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

/* Whether a column is no field that a branch has set for records that name
   their fields; with one that does not it is one of all that those have. */
static bool is_only_asked(const struct csi_join *join,
                          const struct csi_schema_column *column)
{
    bool any_open = false;

    for (uint32_t i = 0; i < join->port_count; i++) {
        const struct cosend_schema *schema = join->ports[i].schema;
        uint32_t at = csi_schema_find(schema, column->name, column->length);

        any_open |= schema->open;
        if (schema->open && at != CSI_NO_COLUMN &&
            schema->columns[at].origin == CSI_DENSE)
            return false;
    }
    return any_open;
}

/* Where the cells of a port's column are, in the union. */
static uint32_t union_origin(const struct csi_join *join,
                             const struct csi_schema_column *column)
{
    if (is_base_everywhere(join, column))
        return column->origin;
    return is_only_asked(join, column) ? CSI_ASKED : CSI_DENSE;
}

/* Whether no port has a column of that name before this one of a port's. They
   are asked, and not the union, for they can be searched. */
static bool is_first(const struct csi_join *join, uint32_t port, uint32_t at)
{
    const struct cosend_schema *schema = join->ports[port].schema;
    const struct csi_schema_column *column = &schema->columns[at];

    for (uint32_t i = 0; i < port; i++)
        if (csi_schema_find(join->ports[i].schema, column->name,
                            column->length) != CSI_NO_COLUMN)
            return false;
    return csi_schema_find(schema, column->name, column->length) == at;
}

static bool add_port(struct csi_join *join, uint32_t port)
{
    const struct cosend_schema *schema = join->ports[port].schema;

    for (uint32_t i = 0; i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];

        if (!is_first(join, port, i))
            continue;
        if (!csi_schema_add(join->schema, column->name, column->length,
                            union_origin(join, column)))
            return false;
    }
    join->schema->open |= schema->open;
    join->schema->unknown = (!port || join->schema->unknown) && schema->unknown;
    join->schema->crlf |= schema->crlf;
    join->schema->nul |= schema->nul;
    if (!join->schema->format)
        join->schema->format = schema->format;
    return true;
}

static bool map_port(const struct csi_join *join, struct port *port)
{
    port->map = csi_calloc((size_t)join->schema->count + 1, sizeof(*port->map));
    if (!port->map)
        return false;
    for (uint32_t i = 0; i < join->schema->count; i++) {
        const struct csi_schema_column *column = &join->schema->columns[i];

        port->map[i] =
            csi_schema_find(port->schema, column->name, column->length);
        port->lacks |= port->schema->open && port->map[i] == CSI_NO_COLUMN &&
                       column->origin == CSI_DENSE;
    }
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
        if (!add_port(join, i))
            return COSEND_E_MEMORY;
    if (!csi_schema_index(join->schema))
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
    if (!join->ports[at].schema)
        join->ports[at].schema = csi_schema_ref(schema);
    for (uint32_t i = 0; i < join->port_count; i++)
        if (!join->ports[i].schema)
            return COSEND_OK;
    return join->schema ? COSEND_OK : unite(join);
}

/* ---- Merging ------------------------------------------------------------- */

/* A merged batch in the making: records over the same rows. */
struct merge {
    struct csi_join *join;
    struct cosend_batch *batch;
    uint32_t *selection;
    uint64_t *ordinals;
    struct cosend_cell **dense; /* by column of the union, or NULL */
    bool ports_asked;
    uint32_t *ports; /* which way each came, if that is asked */
    uint32_t room;
};

static bool begin_merge(struct merge *merge, struct csi_rows *rows,
                        uint32_t room)
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
    if (merge->ports_asked) {
        merge->ports = csi_arena_get(arena, room * sizeof(*merge->ports));
        batch->ports = merge->ports;
        if (!merge->ports)
            return false;
    }
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

/* What a record has of a column: that of its branch or, where others set it, a
   field of the name. */
static bool merged_cell(const struct csi_join *join, const struct port *port,
                        const struct cosend_record *record, uint32_t i,
                        struct cosend_cell *cell)
{
    const struct csi_schema_column *column = &join->schema->columns[i];
    uint32_t at = port->map ? port->map[i] : i;
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    if (at != CSI_NO_COLUMN)
        return csi_record_cell(record, at, cell);
    while (port->lacks && column->origin == CSI_DENSE &&
           cosend_next_item(record, &item, &error))
        if (item.name_length == column->length &&
            memcmp(item.name, column->name, column->length) == 0)
            *cell = item.cell;
    return !error.kind;
}

static bool add_to_merge(struct merge *merge, const struct port *port)
{
    const struct cosend_batch *from = port->queue[port->first];
    struct cosend_record record = cosend_batch_record(from, port->at);
    struct cosend_batch *to = merge->batch;

    for (uint32_t i = 0; i < to->schema->count; i++) {
        struct cosend_cell cell = csi_absent;
        char *copy;

        if (!merge->dense[i])
            continue;
        if (!merged_cell(merge->join, port, &record, i, &cell))
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
    if (merge->ports)
        merge->ports[to->count] = (uint32_t)(port - merge->join->ports);
    to->count++;
    return true;
}

static bool set_port(struct cosend_batch *batch, uint32_t port)
{
    uint32_t *ports =
        csi_arena_get(&batch->arena, batch->count * sizeof(*ports));

    for (uint32_t i = 0; ports && i < batch->count; i++)
        ports[i] = port;
    batch->ports = ports;
    return ports;
}

/* The rest of a batch whose port has nobody to be merged with. NULL without
   memory. */
static const struct cosend_batch *take_alone(struct csi_join *join, bool ports)
{
    struct port *port = next_port(join);
    const struct cosend_batch *batch = port->queue[port->first];
    struct cosend_batch *out;

    if (!port->map && !ports)
        out = csi_batch_ref(batch);
    else
        out = csi_batch_derive(batch, join->schema, port->map, NULL,
                               batch->count);
    if (out && ports && !set_port(out, (uint32_t)(port - join->ports))) {
        csi_batch_unref(out);
        out = NULL;
    }
    port->at = batch->count - 1;
    step_port(join);
    return out;
}

/* Whether a port's next record has no more fields than its columns. */
static bool is_complete(const struct csi_join *join, const struct port *port)
{
    const struct cosend_batch *batch = port->queue[port->first];

    return batch->complete || (join->schema->open && !batch->schema->open);
}

/* Records over one input's rows, of as many ports as have some. NULL without
   memory. */
static const struct cosend_batch *take_merged(struct csi_join *join,
                                              uint32_t room, bool ports)
{
    struct merge merge = {.join = join, .ports_asked = ports};
    struct port *port = next_port(join);
    struct csi_rows *rows = port->queue[port->first]->rows;
    bool complete = is_complete(join, port);
    bool ok = begin_merge(&merge, rows, room);

    if (ok)
        merge.batch->complete = complete;
    while (ok && port && merge.batch->count < merge.room &&
           port->queue[port->first]->rows == rows &&
           is_complete(join, port) == complete) {
        ok = add_to_merge(&merge, port);
        step_port(join);
        port = next_port(join);
    }
    if (ok)
        return merge.batch;
    csi_batch_unref(merge.batch);
    return NULL;
}

bool csi_join_take(struct csi_join *join, uint32_t room, bool ports,
                   const struct cosend_batch **batch)
{
    const struct port *port = next_port(join);

    *batch = NULL;
    if (!port)
        return true;
    *batch = port->at == 0 && join->offering == 1 && !port->lacks
                 ? take_alone(join, ports)
                 : take_merged(join, room, ports);
    return *batch;
}

/* ---- The end ------------------------------------------------------------- */

bool csi_join_shut(struct csi_join *join, uint32_t at, uint64_t cause,
                   bool aborted)
{
    struct port *port = &join->ports[at];

    if (port->closed)
        return false;
    port->closed = true;
    join->aborted |= aborted;
    if (join->cause < cause)
        join->cause = cause;
    return --join->open_ports == 0;
}

uint64_t csi_join_cause(const struct csi_join *join)
{
    return join->cause;
}

bool csi_join_is_aborted(const struct csi_join *join)
{
    return join->aborted;
}
