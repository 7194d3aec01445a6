/* SPDX-License-Identifier: MIT */
#include "run/reject_text.h"

#include "base/base64.h"
#include "base/utf8.h"

#include <string.h>

enum { RAW_MAX = 4096 };

static bool add_number(struct csi_text *text, const char *key, uint64_t number)
{
    return csi_text_string(text, key) && csi_text_unsigned(text, number);
}

static bool add_string(struct csi_text *text, const char *key,
                       const char *value)
{
    struct csi_json_style style = {.bytes = true};

    return csi_text_string(text, key) &&
           csi_text_json_styled(text, value, strlen(value), &style);
}

static bool add_base64(struct csi_text *text, const char *data, size_t length)
{
    size_t room = csi_base64_length(length);

    if (!csi_text_reserve(text, room))
        return false;
    csi_base64_encode(data, length, text->data + text->length);
    text->length += room;
    return true;
}

static bool add_raw(struct csi_text *text, const struct csi_provenance *place,
                    bool truncated)
{
    size_t length = place->raw_length;
    bool ok;

    if (truncated && length > RAW_MAX)
        length = RAW_MAX;
    if (!place->raw)
        return csi_text_string(text, ",\"raw\":null");
    if (csi_utf8_is_valid(place->raw, length))
        ok = csi_text_string(text, ",\"raw\":") &&
             csi_text_json(text, place->raw, length);
    else
        ok = csi_text_string(text, ",\"raw_base64\":\"") &&
             add_base64(text, place->raw, length) &&
             csi_text_string(text, "\"");
    return ok && (!truncated || csi_text_string(text, ",\"truncated\":true"));
}

/* Whether a record's fields at the step are not what its raw bytes show. */
static bool has_own_fields(const struct cosend_record *record)
{
    const char *raw;
    size_t length;

    return record && !cosend_record_raw(record, &raw, &length);
}

/* The record's fields at that step, as an object. */
static bool add_fields(struct csi_text *text,
                       const struct cosend_record *record)
{
    /* A reject has no place to say what was replaced, so nothing is. */
    struct csi_json_style style = {.bytes = true};
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool first = true;

    if (!csi_text_string(text, "{"))
        return false;
    while (cosend_next_item(record, &item, &error)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if ((!first && !csi_text_string(text, ",")) ||
            !csi_text_member(text, &item, &style))
            return false;
        first = false;
    }
    return !error.kind && csi_text_string(text, "}");
}

bool csi_reject_describe(struct csi_text *text, const struct csi_stage *stage,
                         const struct csi_bad_record *bad)
{
    const struct csi_provenance *place = bad->place;

    if (place->source) {
        if (!add_string(text, "{\"source\":", place->source) ||
            (place->line ? !add_number(text, ",\"line\":", place->line)
                         : !csi_text_string(text, ",\"line\":null")) ||
            !add_number(text, ",\"offset\":", place->offset))
            return false;
    } else if (!csi_text_string(
                   text, "{\"source\":null,\"line\":null,\"offset\":null")) {
        return false;
    }
    return add_string(text, ",\"step\":", stage->node->id) &&
           add_string(text, ",\"kind\":", bad->kind) &&
           add_string(text, ",\"reason\":", bad->reason) &&
           add_raw(text, place, bad->truncated) &&
           (!has_own_fields(bad->record) ||
            (csi_text_string(text, ",\"record\":") &&
             add_fields(text, bad->record))) &&
           csi_text_string(text, "}\n");
}

bool csi_reject_summarise(struct csi_text *text, const struct csi_stage *stage,
                          const struct csi_bad_record *bad)
{
    const struct csi_provenance *place = bad->place;

    if (place->source &&
        (!csi_text_string(text, place->source) ||
         (place->line ? !add_number(text, ":", place->line)
                      : !add_number(text, ", byte ", place->offset)) ||
         !csi_text_string(text, ": ")))
        return false;
    return csi_text_string(text, "step ") &&
           csi_text_string(text, stage->node->id) &&
           csi_text_string(text, ": ") && csi_text_string(text, bad->reason) &&
           csi_text_add(text, "", 1);
}

/* ---- For the host program ------------------------------------------------ */

/* A string among the pieces, with its NUL; *at is where it is. NULL is none. */
static bool add_piece(struct csi_text *pieces, const char *data, size_t length,
                      size_t *at)
{
    *at = pieces->length;
    return !data ||
           (csi_text_add(pieces, data, length) && csi_text_add(pieces, "", 1));
}

static size_t length_of(const char *string)
{
    return string ? strlen(string) : 0;
}

bool csi_reject_tell(struct cosend_reject *told, struct csi_text *pieces,
                     const struct csi_stage *stage,
                     const struct csi_bad_record *bad)
{
    const struct csi_provenance *place = bad->place;
    bool has_fields = has_own_fields(bad->record);
    size_t raw_length = place->raw ? place->raw_length : 0;
    size_t source, kind, reason, raw, fields = 0;

    if (bad->truncated && raw_length > RAW_MAX)
        raw_length = RAW_MAX;
    if (!add_piece(pieces, place->source, length_of(place->source), &source) ||
        !add_piece(pieces, bad->kind, strlen(bad->kind), &kind) ||
        !add_piece(pieces, bad->reason, strlen(bad->reason), &reason) ||
        !add_piece(pieces, place->raw, raw_length, &raw))
        return false;
    fields = pieces->length;
    if (has_fields &&
        (!add_fields(pieces, bad->record) || !csi_text_add(pieces, "", 1)))
        return false;
    *told = (struct cosend_reject){
        .size = sizeof(*told),
        .source = place->source ? pieces->data + source : NULL,
        .line = place->line,
        .offset = place->offset,
        .step = stage->node->id,
        .kind = pieces->data + kind,
        .reason = pieces->data + reason,
        .raw = place->raw ? pieces->data + raw : NULL,
        .raw_length = raw_length,
        .fields = has_fields ? pieces->data + fields : NULL,
        .truncated = bad->truncated};
    return true;
}
