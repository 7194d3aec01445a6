/* SPDX-License-Identifier: MIT */
#include "stage/stage.h"

#include "cosend/group.h"
#include "match/regex.h"
#include "record/schema_bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The end ------------------------------------------------------------- */

void csi_stage_stop(struct csi_stage *stage, enum cosend_end end)
{
    if (stage->end == COSEND_NOT_ENDED || stage->end == COSEND_END_CLOSED)
        stage->end = end;
    /* So that the inline receive comes to the slow one. */
    stage->counts.unread += stage->face.count - stage->face.next;
    stage->face.count = stage->face.next;
    stage->face.picking = false;
}

int csi_stage_fail(struct csi_stage *stage, const struct cosend_error *error)
{
    struct cosend_error own = *error;

    if (!own.step[0])
        strncpy(own.step, stage->node->id, sizeof(own.step) - 1);
    csi_shared_fail(stage->shared, &own, csi_stage_cause(stage));
    csi_stage_stop(stage, COSEND_END_FAILED);
    return own.kind;
}

int csi_stage_no_memory(struct csi_stage *stage)
{
    return cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
}

int cosend_fail(struct cosend_stage *self, int kind, const char *format, ...)
{
    struct cosend_error error = {0};
    va_list arguments;

    va_start(arguments, format);
    csi_error_vset(&error, kind < 0 ? kind : COSEND_E_TYPE, format, arguments);
    va_end(arguments);
    return csi_stage_fail(csi_stage_of(self), &error);
}

int csi_stage_refusal(struct csi_stage *stage)
{
    stage->refused++;
    return stage->end == COSEND_END_FAILED || stage->end == COSEND_END_ABORTED
               ? csi_shared_error(stage->shared)
               : COSEND_DONE;
}

uint64_t csi_stage_cause(const struct csi_stage *stage)
{
    const struct cosend_stage *face = &stage->face;
    uint32_t behind = stage->as_batch && stage->at ? stage->at : face->next;

    if (!face->batch || !behind)
        return stage->cause;
    return csi_batch_ordinal(face->batch, behind - 1);
}

/* ---- What a body may ask ------------------------------------------------- */

enum cosend_end cosend_ended(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->end;
}

const struct cosend_schema *cosend_input_schema(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->schema;
}

struct cosend_cell cosend_first_line(const struct cosend_stage *self)
{
    const struct cosend_schema *schema = cosend_input_schema(self);

    return schema && schema->text && schema->line
               ? cosend_text(schema->line, schema->line_length)
               : csi_absent;
}

const char *cosend_field_name(const struct cosend_stage *self,
                              struct cosend_field field)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    if (!cosend_has_field(field))
        return NULL;
    /* Behind those that options name are columns: matches.h. */
    if (field.slot < stage->node->field_count)
        return stage->node->fields[field.slot].name;
    return field.slot < stage->slots && stage->schema
               ? stage->schema->columns[stage->map[field.slot]].name
               : NULL;
}

int csi_stage_judge_yield(struct csi_stage *stage)
{
    return stage->waits ? COSEND_OK
                        : cosend_fail(&stage->face, COSEND_E_USAGE,
                                      "it yields by itself; records come by "
                                      "cosend_receive");
}

bool csi_stage_has_batch(struct csi_stage *stage)
{
    if (stage->face.batch)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE, "it has no batch in hand");
    return false;
}

bool csi_stage_has_field(struct csi_stage *stage, struct cosend_field field)
{
    if (field.slot < stage->slots)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE,
                "it asks for a field that is none of its options");
    return false;
}

bool csi_stage_has_fields(struct csi_stage *stage, struct cosend_fields fields)
{
    struct cosend_field last = {fields.first + fields.count - 1};

    return !fields.count ||
           (fields.count <= stage->slots && fields.first < stage->slots &&
            csi_stage_has_field(stage, last)) ||
           csi_stage_has_field(stage, (struct cosend_field){COSEND_NO_FIELD});
}

bool csi_stage_given(struct csi_stage *stage, const void *given,
                     const char *what)
{
    if (given)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE,
                "it gives no %s where one must be", what);
    return false;
}

bool csi_stage_received(struct csi_stage *stage,
                        const struct cosend_batch *batch)
{
    if (!csi_stage_given(stage, batch, "record"))
        return false;
    if (!stage->schema || batch->schema == stage->schema ||
        csi_schema_equals(batch->schema, stage->schema))
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE,
                "it gives a record that it did not receive, whose columns are "
                "others; copy its cells to a new one");
    return false;
}

bool csi_stage_has_cell(struct csi_stage *stage, const struct cosend_cell *cell)
{
    if ((unsigned)cell->kind <= COSEND_NESTED && (cell->data || !cell->length))
        return true;
    if (!cell->data && cell->length == UINT32_MAX)
        cosend_fail(&stage->face, COSEND_E_LIMIT,
                    "it makes a value of 4 GiB or more");
    else
        cosend_fail(&stage->face, COSEND_E_USAGE,
                    cell->length && !cell->data
                        ? "it sets a cell whose bytes are nowhere"
                        : "it sets a cell of no kind");
    return false;
}

bool cosend_walk(struct cosend_stage *self, const struct cosend_record *record,
                 struct cosend_item *item)
{
    CSI_UNCLEARED struct cosend_error error;

    error.kind = COSEND_OK;
    if (!csi_stage_given(csi_stage_of(self), record ? record->batch : NULL,
                         "record"))
        return false;
    if (cosend_next_item(record, item, &error))
        return true;
    if (error.kind)
        csi_stage_no_memory(csi_stage_of(self));
    return false;
}

void cosend_tell_inputs(struct cosend_stage *self)
{
    if (csi_stage_of(self)->out_schema)
        cosend_fail(self, COSEND_E_USAGE,
                    "it asks for inputs after its first receive or emit");
    else
        csi_stage_of(self)->tells_inputs = true;
}

uint32_t cosend_input_of(struct cosend_stage *self,
                         const struct cosend_record *record)
{
    if (!csi_stage_of(self)->tells_inputs) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it asks for a record's input, and has not said before "
                    "that it would");
        return 0;
    }
    return record->batch && record->batch->ports
               ? record->batch->ports[record->position]
               : 0;
}

unsigned cosend_targets(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->target_count;
}

/* ---- What it may leave with its stage ------------------------------------ */

bool cosend_stage_defer(struct cosend_stage *self, void (*release)(void *),
                        void *argument)
{
    if (cosend_defer(csi_stage_of(self)->coroutine, release, argument) >= 0)
        return true;
    release(argument);
    csi_stage_no_memory(csi_stage_of(self));
    return false;
}

void *cosend_stage_memory(struct cosend_stage *self, size_t size)
{
    void *memory = csi_calloc(1, size);

    if (!memory) {
        csi_stage_no_memory(csi_stage_of(self));
        return NULL;
    }
    return cosend_stage_defer(self, csi_free, memory) ? memory : NULL;
}

static void free_text(void *text)
{
    cosend_bytes_free(text);
}

struct cosend_bytes *cosend_stage_text(struct cosend_stage *self)
{
    struct cosend_bytes *text = cosend_stage_memory(self, sizeof(*text));

    return text && cosend_stage_defer(self, free_text, text) ? text : NULL;
}

static void free_table(void *table)
{
    cosend_table_free(table);
}

struct cosend_table *cosend_stage_table(struct cosend_stage *self,
                                        size_t value_size)
{
    struct cosend_table *table = cosend_table_new(value_size, NULL);

    if (table)
        return cosend_stage_defer(self, free_table, table) ? table : NULL;
    csi_stage_no_memory(csi_stage_of(self));
    return NULL;
}

/* A group among all, to be sorted. */
struct place {
    const struct cosend_appearance *at;
    size_t number;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    return cosend_appears_before(a->at, b->at) ? -1 : 1;
}

size_t *cosend_stage_in_order(struct cosend_stage *self,
                              const struct cosend_table *table)
{
    size_t count = cosend_table_count(table), length;
    size_t *numbers = cosend_stage_memory(self, count * sizeof(*numbers) + 1);
    struct place *places = csi_malloc(count * sizeof(*places) + 1);
    const void *key;

    if (numbers && places) {
        for (size_t i = 0; i < count; i++)
            places[i] =
                (struct place){cosend_table_at(table, i, &key, &length), i};
        qsort(places, count, sizeof(*places), compare_places);
        for (size_t i = 0; i < count; i++)
            numbers[i] = places[i].number;
    } else if (numbers) {
        csi_stage_no_memory(csi_stage_of(self));
        numbers = NULL;
    }
    csi_free(places);
    return numbers;
}

void *cosend_stage_common(struct cosend_stage *self, size_t size,
                          int (*make)(struct cosend_stage *self, void *memory,
                                      const void *argument),
                          void (*release)(void *memory), const void *argument)
{
    struct csi_stage *stage = csi_stage_of(self);
    int status;

    if (stage->common)
        return stage->common;
    stage->common = csi_calloc(1, size ? size : 1);
    if (!stage->common) {
        csi_stage_no_memory(stage);
        return NULL;
    }
    stage->release_common = release;
    status = make(self, stage->common, argument);
    if (status == COSEND_OK)
        return stage->common;
    csi_stage_release_common(stage);
    if (status < 0)
        cosend_fail(self, status, "what its instances share could not be made");
    else
        cosend_fail(self, COSEND_E_USAGE,
                    "the make of what its instances share answered %d, which "
                    "is neither COSEND_OK nor an error, which are negative",
                    status);
    return NULL;
}

void csi_stage_release_common(struct csi_stage *stage)
{
    if (!stage->release_common)
        return;
    stage->release_common(stage->common);
    csi_free(stage->common);
    stage->common = NULL;
    stage->release_common = NULL;
}

void cosend_publish(struct cosend_stage *self, void *state)
{
    csi_stage_of(self)->state = state;
}

void cosend_set_parallel(struct cosend_stage *self,
                         enum cosend_parallel parallel)
{
    if (csi_stage_of(self)->out_schema)
        cosend_fail(self, COSEND_E_USAGE,
                    "it says how it runs after its first receive or emit");
    else
        csi_stage_of(self)->parallel = parallel;
}

void cosend_sieve(struct cosend_stage *self, const struct cosend_regex *regex)
{
    struct csi_stage *stage = csi_stage_of(self);

    /* Of several that must all match, the first one will do. */
    stage->sieve = stage->sought = regex->all ? regex->any[0] : regex;
}

void cosend_set_note(struct cosend_stage *self, const char *text)
{
    csi_stage_of(self)->note = text;
}

void cosend_warn(struct cosend_stage *self, const char *format, ...)
{
    const struct csi_stage *stage = csi_stage_of(self);
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (!stage->shared->options->quiet)
        csi_shared_warn(stage->shared, "step %s: %s", stage->node->id, text);
}

void cosend_set_result(struct cosend_stage *self, const char *name,
                       struct cosend_cell value)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_result *result;

    if (!csi_stage_given(stage, name, "name of a result") ||
        !csi_stage_has_cell(stage, &value))
        return;
    if (!csi_grow(&stage->results, &stage->result_capacity,
                  stage->result_count + 1, sizeof(*result))) {
        csi_stage_no_memory(stage);
        return;
    }
    result = &stage->results[stage->result_count];
    result->name = csi_strndup(name, strlen(name));
    result->text = csi_strndup(value.data, value.length);
    result->cell = value;
    result->cell.data = result->text;
    if (result->name && result->text) {
        stage->result_count++;
        return;
    }
    csi_free(result->name);
    csi_free(result->text);
    csi_stage_no_memory(stage);
}
