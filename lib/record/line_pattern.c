/* SPDX-License-Identifier: MIT */
/* Forms of lines by their patterns. */
#include "cosend/line_pattern.h"

#include "record/line_log4j.h"
#include "record/line_maker.h"
#include "record/line_prefix.h"

#include <string.h>

/* Lines that end their prefix at %q: all before it, and the last two parts. */
static void add_short(struct csi_line_maker *maker, uint32_t count)
{
    memcpy(maker->short_parts, maker->parts, count * sizeof(maker->parts[0]));
    memcpy(maker->short_parts + count, maker->parts + maker->count - 2,
           2 * sizeof(maker->parts[0]));
    maker->short_parts[count].before = maker->stop_before;
    maker->layouts[maker->all.count++] =
        (struct csi_line_layout){maker->short_parts, count + 2};
}

static int make_line_form(struct csi_line_maker *maker,
                          enum cosend_line_pattern pattern)
{
    uint32_t short_count = 0;
    int status = pattern == COSEND_LINE_LOG4J
                     ? csi_line_log4j(maker)
                     : csi_line_prefix(maker, &short_count);

    if (status != COSEND_OK)
        return status;
    if (short_count)
        add_short(maker, short_count);
    maker->layouts[maker->all.count++] =
        (struct csi_line_layout){maker->parts, maker->count};
    maker->all.of = maker->layouts;
    maker->form.name = pattern == COSEND_LINE_LOG4J ? "that log4j pattern"
                                                    : "that log_line_prefix";
    maker->form.help = maker->form.example = "";
    maker->form.fields = maker->fields;
    maker->form.cut = csi_line_layout_cut;
    maker->form.own = &maker->all;
    return COSEND_OK;
}

struct cosend_line_form *cosend_line_form_new(enum cosend_line_pattern pattern,
                                              const char *text, size_t length,
                                              struct cosend_error *error)
{
    struct csi_line_maker *maker = csi_calloc(1, sizeof(*maker));
    int status;

    if (!maker) {
        csi_no_memory(error);
        return NULL;
    }
    maker->text = text;
    maker->length = length;
    maker->error = error;
    status = make_line_form(maker, pattern);
    csi_free(maker->before.data);
    if (status == COSEND_OK)
        return &maker->form;
    cosend_line_form_free(&maker->form);
    return NULL;
}

void cosend_line_form_free(struct cosend_line_form *form)
{
    struct csi_line_maker *maker = (struct csi_line_maker *)form;

    if (!maker)
        return;
    csi_arena_free(&maker->arena);
    csi_free(maker);
}
