/* SPDX-License-Identifier: MIT */
#include "record/line_maker.h"

#include <string.h>

int csi_line_maker_text(struct csi_line_maker *maker, const char *text,
                        size_t length)
{
    return csi_text_add(&maker->before, text, length)
               ? COSEND_OK
               : csi_no_memory(maker->error);
}

/* A copy that a NUL ends; NULL without memory. */
static char *copy_text(struct csi_line_maker *maker, const char *text,
                       size_t length)
{
    char *copy = csi_arena_bytes(&maker->arena, length + 1);

    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* Whether a value of that kind needs text behind it. */
static bool is_open(enum csi_line_kind kind)
{
    return kind == CSI_LINE_UPTO || kind == CSI_LINE_INNER ||
           kind == CSI_LINE_WORD || kind == CSI_LINE_CLASS ||
           kind == CSI_LINE_MESSAGE;
}

static bool has_name(const struct csi_line_maker *maker, const char *name,
                     size_t length)
{
    for (uint32_t i = 0; i < maker->form.count; i++)
        if (strlen(maker->fields[i].name) == length &&
            memcmp(maker->fields[i].name, name, length) == 0)
            return true;
    return false;
}

/* The text in front of a part. */
static char *take_before(struct csi_line_maker *maker)
{
    char *before = copy_text(maker, maker->before.data, maker->before.length);

    maker->before.length = 0;
    return before;
}

int csi_line_maker_part(struct csi_line_maker *maker, size_t place,
                        const char *name, size_t length,
                        enum csi_line_kind kind, bool padded, const char *what)
{
    struct csi_line_part *part = &maker->parts[maker->count];
    char *copy, *before;

    if (maker->form.count == COSEND_LINE_FIELDS)
        return csi_error_in(maker->error, maker->text, place,
                            "there are %d fields at most", COSEND_LINE_FIELDS);
    if (has_name(maker, name, length))
        return csi_error_in(maker->error, maker->text, place,
                            "%.*s is there already: two fields cannot "
                            "have one name",
                            (int)length, name);
    if (maker->count && !maker->before.length && is_open(part[-1].kind))
        return csi_error_in(
            maker->error, maker->text, place,
            "nothing between %s and %.*s says where the first one ends",
            maker->fields[part[-1].field].name, (int)length, name);
    copy = copy_text(maker, name, length);
    before = take_before(maker);
    if (!copy || !before)
        return csi_no_memory(maker->error);
    maker->fields[maker->form.count] =
        (struct cosend_line_field){copy, NULL, COSEND_TEXT};
    *part = (struct csi_line_part){before, kind,   (uint8_t)maker->form.count,
                                   0,      padded, what};
    maker->form.count++;
    maker->count++;
    return COSEND_OK;
}

int csi_line_maker_stop(struct csi_line_maker *maker)
{
    maker->stop_before =
        copy_text(maker, maker->before.data, maker->before.length);
    return maker->stop_before ? COSEND_OK : csi_no_memory(maker->error);
}

int csi_line_maker_end(struct csi_line_maker *maker)
{
    struct csi_line_part *last = &maker->parts[maker->count - 1];
    char *before;

    if (!maker->before.length) {
        if (last->kind == CSI_LINE_UPTO || last->kind == CSI_LINE_INNER ||
            last->kind == CSI_LINE_MESSAGE)
            last->kind = CSI_LINE_REST;
        return COSEND_OK;
    }
    before = take_before(maker);
    if (!before)
        return csi_no_memory(maker->error);
    last[1] = (struct csi_line_part)CSI_TEXT(before);
    maker->count++;
    return COSEND_OK;
}
