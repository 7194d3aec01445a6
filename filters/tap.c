/* SPDX-License-Identifier: MIT */
/*
 * tap: emits every record, unchanged and as it comes, and shows some of them on
 * standard error.
 */
#include "cosend.h"

struct tap {
    int64_t every, limit;
    struct cosend_string label;
    int to;
};

static const char *const places[] = {"stderr", NULL};

static const struct cosend_option options[] = {
    {.name = "label",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct tap, label),
     .fallback = "\"tap\"",
     .flags = COSEND_MAIN,
     .maximum = 1 << 10,
     .help = "what stands before each",
     .example = "\"parsed\""},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct tap, every),
     .fallback = "1",
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "show each nth record",
     .example = "1000"},
    {.name = "limit",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct tap, limit),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "show so many at most",
     .example = "10"},
    {.name = "to",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct tap, to),
     .fallback = "\"stderr\"",
     .choices = places,
     .help = "where: on standard error; `tee FILE` writes records to a file",
     .example = "\"stderr\""},
    {.name = NULL},
};

/* What the body shows them on. */
struct view {
    struct cosend_io *io;
    struct cosend_output *output;
    struct cosend_bytes line;
};

static void free_view(void *memory)
{
    struct view *view = memory;

    cosend_output_free(view->output);
    cosend_io_free(view->io);
    cosend_bytes_free(&view->line);
}

enum { MOST = 500 }; /* bytes of a field */

static void put_string(struct cosend_bytes *to, const char *text, size_t length)
{
    char json[6 * MOST + 3];
    size_t shown = length < MOST ? length : MOST;

    cosend_put_raw(to, json,
                   cosend_json_string(text, shown, json, sizeof(json)));
    if (shown < length)
        cosend_put_raw(to, "...", 3);
}

static void put_cell(struct cosend_bytes *to, struct cosend_cell cell)
{
    if (cell.kind == COSEND_NULL)
        cosend_put_raw(to, "null", 4);
    else if (cell.kind == COSEND_TEXT)
        put_string(to, cell.length ? cell.data : "", cell.length);
    else
        cosend_put_raw(to, cell.data, cell.length);
}

/* {"host":"a","n":1}; of lines of text the line alone. */
static void put_record(struct cosend_bytes *to, struct cosend_stage *self,
                       const struct cosend_record *record)
{
    bool text = cosend_schema_is_text(cosend_input_schema(self));
    struct cosend_item item = {0};
    const char *before = "{";

    while (cosend_walk(self, record, &item)) {
        if (text) {
            cosend_put_raw(to, item.cell.data, item.cell.length);
            return;
        }
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        cosend_put_raw(to, before, 1);
        put_string(to, item.name, item.name_length);
        cosend_put_raw(to, ":", 1);
        put_cell(to, item.cell);
        before = ",";
    }
    if (*before == '{')
        cosend_put_raw(to, before, 1);
    cosend_put_raw(to, "}", 1);
}

/* Nobody is told where standard error cannot be written: there is no place. */
static void show(struct cosend_stage *self, const struct tap *tap,
                 struct view *view, uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);

    cosend_bytes_clear(&view->line);
    cosend_put_raw(&view->line, tap->label.data, tap->label.length);
    cosend_put_raw(&view->line, ": ", 2);
    put_record(&view->line, self, &record);
    cosend_put_raw(&view->line, "\n", 1);
    if (!view->line.failed)
        cosend_output_print(view->output, (const char *)view->line.data,
                            view->line.length, NULL);
}

static struct view *open_view(struct cosend_stage *self)
{
    struct view *view = cosend_stage_memory(self, sizeof(*view));

    if (!view || !cosend_stage_defer(self, free_view, view))
        return NULL;
    view->io = cosend_io_new(NULL);
    /* Where there is no standard error nothing is shown. */
    if (view->io && cosend_output_descriptor(view->io, 2, "stderr",
                                             &view->output, NULL) != COSEND_OK)
        view->output = NULL;
    return view;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct tap *tap = memory;
    struct view *view = open_view(self);
    const struct cosend_batch *batch;
    int64_t seen = 0, shown = 0;

    if (!view)
        return COSEND_E_MEMORY;
    while ((batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);

        for (uint32_t i = 0; i < count && view->output; i++) {
            if (tap->limit && shown == tap->limit)
                break;
            if (++seen % tap->every != 0)
                continue;
            show(self, tap, view, i);
            shown++;
        }
        if (view->output)
            cosend_output_flush(view->output, NULL);
        cosend_emit_batch(self, batch);
    }
    return 0;
}

const struct cosend_filter csi_filter_tap = {
    .abi = COSEND_ABI,
    .name = "tap",
    .role = COSEND_FILTER,
    .summary = "Show records on standard error as they pass",
    .details =
        "Emits every record, unchanged, as it comes, and shows each, or each "
        "`every`th, up to `limit`, as a line on standard error: the label, and "
        "the record as JSON, or a line of text as it is. Of a field at most "
        "500 bytes are shown. What a terminal would act on is escaped. It sees "
        "records one after the other, in one thread, and shows them before the "
        "next step has them.",
    .example = "parse combined | tap parsed limit=3 | count status",
    .options_size = sizeof(struct tap),
    .options = options,
    .body = body,
};
