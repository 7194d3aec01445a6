/* SPDX-License-Identifier: MIT */
/*
 * The writers of LTSV, logfmt and XTAB. A record that its reader would not read
 * back, for a name or a value that the format cannot hold, is bad; so is one
 * without fields, whose line would be blank. Null is written as a value of no
 * bytes, absent fields are not written.
 *
 * What stands in front of a value, its label, is made for as long as records
 * have the same names. In XTAB values begin below each other, and a blank line
 * comes in front of each record but the first, so that none has to wait for the
 * next one.
 */
#include "format/pairs_write.h"

#include "base/json_plain.h"
#include "base/short.h"
#include "format/fields.h"
#include "format/pairs.h"
#include "format/plain_cells.h"
#include "format/row_cells.h"
#include "format/table_width.h"

#include <string.h>

/* How a format has its pairs. */
struct pairs_form {
    int format;
    const char *name;
    const char *between;            /* two pairs; NULL: a line end */
    char behind;                    /* a name */
    char needles[CSI_SCAN_NEEDLES]; /* what no value may hold as it is, if these
                                       are all; 0: there are more */
    const char *(*unfit_name)(const char *name, size_t length);
    const char *(*unfit_value)(struct cosend_cell cell);
};

/* Of a field: what is between two, its name, and what is behind. */
struct label {
    const char *unfit; /* why no record can have it; NULL: it can */
    size_t start, end; /* in `labels` */
    uint32_t name_length;
};

struct pairs_writer {
    struct csi_writer base;
    const struct pairs_form *form;
    struct csi_text out;
    struct cosend_item *items; /* of the record at hand: name and cell */
    size_t count, item_room;
    const struct csi_known_names *known; /* theirs, with labels; or NULL */
    struct label *label;                 /* of each of them */
    size_t label_count, label_room;
    struct csi_text labels;
    const char *line_end;
    size_t skip; /* the bytes between, with which each label begins */
    struct csi_row_cells taken;
    struct csi_plain_cells plain;
};

/* ---- What cannot be held ------------------------------------------------- */

static bool has_byte(const char *data, size_t length, char byte)
{
    return length && memchr(data, byte, length);
}

static bool has_line_end(const char *data, size_t length)
{
    return has_byte(data, length, '\n') || has_byte(data, length, '\r');
}

static const char *unfit_ltsv_name(const char *name, size_t length)
{
    if (has_byte(name, length, ':') || has_byte(name, length, '\t'))
        return "has a colon or a tab in its name";
    return has_line_end(name, length) ? "has a line end in its name" : NULL;
}

static const char *unfit_ltsv_value(struct cosend_cell cell)
{
    if (has_byte(cell.data, cell.length, '\t'))
        return "has a tab";
    return has_line_end(cell.data, cell.length) ? "has a line end" : NULL;
}

static const char *unfit_logfmt_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] <= ' ' || name[i] == '=' || name[i] == '"')
            return "has a blank, = or \" in its name";
    return NULL;
}

static const char *unfit_xtab_name(const char *name, size_t length)
{
    if (has_byte(name, length, ' ') || has_byte(name, length, '\t'))
        return "has a blank in its name";
    return has_line_end(name, length) ? "has a line end in its name" : NULL;
}

static bool starts_blank(struct cosend_cell cell)
{
    return cell.length && (*cell.data == ' ' || *cell.data == '\t');
}

static const char *unfit_xtab_value(struct cosend_cell cell)
{
    if (starts_blank(cell))
        return "begins with a blank";
    return has_line_end(cell.data, cell.length) ? "has a line end" : NULL;
}

static int refuse_item(struct pairs_writer *writer,
                       const struct cosend_item *item, const char *what,
                       struct cosend_error *error)
{
    writer->base.bad_kind = "not_writable";
    return cosend_error_set(
        error, COSEND_E_DATA, "field \"%.*s\" %s, which %s cannot hold",
        item->name_length < 100 ? (int)item->name_length : 100, item->name,
        what, writer->form->name);
}

/* ---- Values of logfmt ---------------------------------------------------- */

static const uint64_t ones = UINT64_C(0x0101010101010101);

static inline uint64_t find_byte(uint64_t bytes, unsigned char byte)
{
    uint64_t other = bytes ^ ones * byte;

    return (other - ones) & ~other & ones << 7;
}

/* Eight bytes; not 0 where one needs quotes around it. */
static inline uint64_t find_quotable(uint64_t bytes)
{
    return ((bytes - ones * '!') & ~bytes & ones << 7) | find_byte(bytes, '"') |
           find_byte(bytes, '=') | find_byte(bytes, 0x7f);
}

static inline bool needs_quotes(struct cosend_cell cell)
{
    const char *p = cell.data;
    size_t length = cell.length;
    uint64_t found;

    if (length == 0)
        return false;
    if (length < 8)
        return find_quotable(csi_load_short(p, length) | ones * 'a'
                                                             << 8 * length);
    found = find_quotable(csi_load64(p + length - 8));
    for (; length > 8; length -= 8, p += 8)
        found |= find_quotable(csi_load64(p));
    return found;
}

/* Write a byte as it is between quotes. Returns what is behind it. */
static char *put_byte(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    char letter = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : (char)c;

    if (c >= ' ' && c != '"' && c != '\\') {
        *to = (char)c;
        return to + 1;
    }
    if (c < ' ' && letter == (char)c) {
        memcpy(to, escape, sizeof(escape));
        return to + sizeof(escape);
    }
    to[0] = '\\';
    to[1] = letter;
    return to + 2;
}

/* A value in quotes: the escapes of JSON, all other bytes as they are. */
static bool add_quoted(struct csi_text *out, struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    char *to;

    if (!csi_text_reserve(out, 6 * (size_t)cell.length + 2))
        return false;
    to = out->data + out->length;
    *to++ = '"';
    while (p < end) {
        const char *start = p;

        p = csi_json_plain(p, end);
        csi_copy(to, start, (size_t)(p - start));
        to += p - start;
        if (p < end)
            to = put_byte(to, (unsigned char)*p++);
    }
    *to++ = '"';
    out->length = (size_t)(to - out->data);
    return true;
}

/* ---- Labels -------------------------------------------------------------- */

/* Whether the record at hand has the names that the labels were made of. */
static bool has_labels(const struct pairs_writer *writer)
{
    const char *text = writer->labels.data + writer->skip;

    if (writer->count != writer->label_count)
        return false;
    for (size_t i = 0; i < writer->count; i++) {
        const struct label *label = &writer->label[i];
        const struct cosend_item *item = &writer->items[i];

        if (item->name_length != label->name_length ||
            memcmp(item->name, text + label->start, item->name_length) != 0)
            return false;
    }
    return true;
}

static bool add_label(struct pairs_writer *writer,
                      const struct cosend_item *item, size_t width)
{
    const struct pairs_form *form = writer->form;
    struct csi_text *labels = &writer->labels;
    size_t pad =
        1 + (width ? width - csi_width(item->name, item->name_length) : 0);
    struct label label = {.start = labels->length,
                          .name_length = item->name_length};

    label.unfit = item->name_length
                      ? form->unfit_name(item->name, item->name_length)
                      : "has a name of no bytes";
    if (!csi_text_string(labels,
                         form->between ? form->between : writer->line_end) ||
        !csi_text_add(labels, item->name, item->name_length) ||
        !csi_text_reserve(labels, pad))
        return false;
    memset(labels->data + labels->length, form->behind, pad);
    labels->length += pad;
    label.end = labels->length;
    writer->label[writer->label_count++] = label;
    return true;
}

/* Make the labels of the record at hand. False without memory. */
static bool make_labels(struct pairs_writer *writer)
{
    const char *between = writer->form->between;
    size_t width = 0;

    if (writer->label_count && has_labels(writer))
        return true;
    writer->label_count = writer->labels.length = 0;
    writer->skip = strlen(between ? between : writer->line_end);
    if (!csi_grow(&writer->label, &writer->label_room, writer->count + 1,
                  sizeof(*writer->label)))
        return false;
    for (size_t i = 0; !between && i < writer->count; i++) {
        size_t wide =
            csi_width(writer->items[i].name, writer->items[i].name_length);

        width = wide > width ? wide : width;
    }
    for (size_t i = 0; i < writer->count; i++)
        if (!add_label(writer, &writer->items[i], width))
            return false;
    return true;
}

/* ---- Encoding ------------------------------------------------------------ */

/* Append a value, where there is room for it as it is. Returns COSEND_OK, or
   what refuse_item does, or COSEND_E_MEMORY. */
static int add_pair_value(struct pairs_writer *writer,
                          const struct cosend_item *item,
                          struct cosend_error *error)
{
    const struct pairs_form *form = writer->form;
    const char *unfit = NULL;
    bool done;

    if (form->unfit_value)
        unfit = form->unfit_value(item->cell);
    if (unfit)
        return refuse_item(writer, item, unfit, error);
    done = !form->unfit_value && needs_quotes(item->cell)
               ? add_quoted(&writer->out, item->cell)
               : csi_text_add(&writer->out, item->cell.data, item->cell.length);
    return done ? COSEND_OK : csi_no_memory(error);
}

/* Append the record at hand but for its line end. The same. */
static int add_items(struct pairs_writer *writer, struct cosend_error *error)
{
    enum { ROOM = 64 };
    struct csi_text *out = &writer->out;
    struct csi_plain_run run = csi_plain_nothing(&writer->plain);
    size_t skip = writer->skip;

    for (size_t i = 0; i < writer->count; i++) {
        const struct cosend_item *item = &writer->items[i];
        const struct label *label = &writer->label[i];
        size_t start = label->start + skip, length = label->end - start;
        int status;

        if (item->cell.kind == COSEND_ABSENT)
            continue;
        if (label->unfit)
            return refuse_item(writer, item, label->unfit, error);
        if (skip && csi_starts_with_bom(item->name, item->name_length))
            return refuse_item(writer, item,
                               "has a name that begins as a byte order mark "
                               "does",
                               error);
        skip = 0;
        if (!csi_text_reserve(out, length + item->cell.length + ROOM))
            return csi_no_memory(error);
        csi_copy(out->data + out->length, writer->labels.data + start, length);
        out->length += length;
        if (writer->form->unfit_value && item->cell.length &&
            csi_plain_has(&writer->plain, &run, item->cell) &&
            !(writer->form->behind == ' ' && starts_blank(item->cell))) {
            csi_copy_near(out->data + out->length, item->cell.data,
                          item->cell.length);
            out->length += item->cell.length;
            continue;
        }
        status = add_pair_value(writer, item, error);
        if (status != COSEND_OK)
            return status;
    }
    return skip ? csi_writer_refuse_blank(&writer->base, error) : COSEND_OK;
}

/* Before a record: in XTAB a blank line, but before the first. */
static bool part_records(struct pairs_writer *writer)
{
    bool first = !writer->base.records && !writer->base.behind;

    return writer->form->between || first ||
           csi_text_string(&writer->out, writer->line_end);
}

/* Append the record at hand, which has labels. Returns COSEND_OK; or
   COSEND_E_DATA, or COSEND_E_MEMORY, with nothing appended. */
static int encode_pairs(struct pairs_writer *writer, struct cosend_error *error)
{
    size_t start = writer->out.length;
    int status = COSEND_E_MEMORY;

    if (part_records(writer))
        status = add_items(writer, error);
    if (status == COSEND_OK && !csi_text_string(&writer->out, writer->line_end))
        status = COSEND_E_MEMORY;
    if (status == COSEND_E_MEMORY)
        csi_no_memory(error);
    if (status != COSEND_OK)
        writer->out.length = start;
    writer->base.records += status == COSEND_OK;
    return status;
}

static bool have_room(struct pairs_writer *writer, size_t count)
{
    return csi_grow(&writer->items, &writer->item_room, count,
                    sizeof(*writer->items));
}

/* Records of named columns. */
static int write_columns(struct pairs_writer *writer,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    const struct cosend_schema *schema = batch->schema;
    int status = COSEND_OK;

    if (!have_room(writer, (size_t)schema->count + 1) ||
        !csi_row_cells_begin(&writer->taken, batch))
        return csi_no_memory(error);
    writer->count = schema->count;
    for (uint32_t i = 0; i < schema->count; i++) {
        writer->items[i].name = schema->columns[i].name;
        writer->items[i].name_length = schema->columns[i].length;
    }
    if (!make_labels(writer))
        return csi_no_memory(error);
    csi_plain_reset(&writer->plain);
    for (; status == COSEND_OK && *at < batch->count; *at += !status) {
        if (!csi_row_cells_take(&writer->taken, batch, *at) ||
            (writer->form->unfit_value &&
             !csi_plain_cover(&writer->plain, batch, *at)))
            return csi_no_memory(error);
        for (uint32_t i = 0; i < schema->count; i++)
            writer->items[i].cell = writer->taken.cells[i];
        status = encode_pairs(writer, error);
    }
    return status;
}

/* Take the fields that are known of a record. False without memory. */
static bool take_known(struct pairs_writer *writer,
                       const struct csi_known_fields *known)
{
    const struct csi_known_names *names = known->names;
    bool same = writer->known == names;

    writer->known = NULL;
    writer->count = names->count;
    if (!have_room(writer, writer->count + 1))
        return false;
    for (uint32_t i = 0; i < names->count; i++)
        writer->items[i].cell = known->cells[i];
    for (uint32_t i = 0; !same && i < names->count; i++) {
        writer->items[i].name = names->names[i].data;
        writer->items[i].name_length = names->names[i].length;
    }
    if (!same && !make_labels(writer))
        return false;
    writer->known = names;
    return true;
}

/* Take those that a record has. The same. */
static bool take_walked(struct pairs_writer *writer,
                        const struct cosend_batch *batch, uint32_t at)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};

    writer->known = NULL;
    writer->count = 0;
    while (cosend_next_item(&record, &item, &inner)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if (!have_room(writer, writer->count + 1))
            return false;
        writer->items[writer->count++] = item;
    }
    return !inner.kind && make_labels(writer);
}

/* Records of open fields: those that one has. */
static int write_open(struct pairs_writer *writer,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    int status = COSEND_OK;

    csi_fields_ask(batch);
    writer->known = NULL;
    csi_plain_reset(&writer->plain);
    for (; status == COSEND_OK && *at < batch->count; *at += !status) {
        const struct csi_known_fields *known =
            csi_fields_known(batch, csi_row(batch, *at));

        if (!(known ? take_known(writer, known)
                    : take_walked(writer, batch, *at)) ||
            (writer->form->unfit_value &&
             !csi_plain_cover(&writer->plain, batch, *at)))
            return csi_no_memory(error);
        status = encode_pairs(writer, error);
    }
    return status;
}

/* Paragraphs as they came, with a blank line between. */
static int copy_paragraphs(struct pairs_writer *writer,
                           const struct cosend_batch *batch, uint32_t *at,
                           struct cosend_error *error)
{
    for (; *at < batch->count; ++*at) {
        struct csi_row_run run = csi_run_at(&writer->base, batch, *at);

        if (!part_records(writer) ||
            !csi_text_add(&writer->out, run.data, run.length) ||
            (run.bare && !csi_text_string(&writer->out, writer->line_end)))
            return csi_no_memory(error);
        writer->base.records++;
    }
    return COSEND_OK;
}

static int write_pairs(struct csi_writer *base,
                       const struct cosend_batch *batch, uint32_t *at,
                       struct cosend_error *error)
{
    struct pairs_writer *writer = (struct pairs_writer *)base;
    const char *line_end = csi_line_end(base, batch->schema);
    bool raw = csi_is_raw(batch, writer->form->format);
    int status, drained;

    if (raw && writer->form->between)
        return csi_writer_put_raw(base, batch, at, line_end, error);
    if (line_end != writer->line_end)
        writer->label_count = 0;
    writer->line_end = line_end;
    /* The line ends inside of a paragraph would stay. */
    if (raw && (!base->options->crlf || batch->schema->crlf))
        status = copy_paragraphs(writer, batch, at, error);
    else if (batch->schema->open)
        status = write_open(writer, batch, at, error);
    else
        status = write_columns(writer, batch, at, error);
    if (status == COSEND_E_MEMORY)
        return status;
    drained = csi_writer_drain(base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

/* ---- The writers --------------------------------------------------------- */

static void free_pairs_writer(struct csi_writer *base)
{
    struct pairs_writer *writer = (struct pairs_writer *)base;

    csi_text_free(&writer->out);
    csi_text_free(&writer->labels);
    csi_free(writer->label);
    csi_free(writer->items);
    csi_row_cells_free(&writer->taken);
    csi_plain_free(&writer->plain);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {csi_writer_begin_bom, write_pairs,
                                          csi_writer_no_flush, csi_show_lines,
                                          free_pairs_writer};

static struct csi_writer *
new_pairs_writer(const struct cosend_format_options *options,
                 const struct pairs_form *form, struct cosend_error *error)
{
    struct pairs_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    writer->form = form;
    memcpy(writer->plain.needles, form->needles, sizeof(form->needles));
    return &writer->base;
}

struct csi_writer *csi_ltsv_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    static const struct pairs_form form = {COSEND_FORMAT_LTSV,
                                           "LTSV",
                                           "\t",
                                           ':',
                                           {'\t', '\n', '\r', '\r'},
                                           unfit_ltsv_name,
                                           unfit_ltsv_value};

    return new_pairs_writer(options, &form, error);
}

struct csi_writer *
csi_logfmt_writer(const struct cosend_format_options *options,
                  struct cosend_error *error)
{
    static const struct pairs_form form = {
        COSEND_FORMAT_LOGFMT, "logfmt", " ", '=', {0}, unfit_logfmt_name, NULL};

    return new_pairs_writer(options, &form, error);
}

struct csi_writer *csi_xtab_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    static const struct pairs_form form = {COSEND_FORMAT_XTAB,
                                           "XTAB",
                                           NULL,
                                           ' ',
                                           {'\n', '\r', '\r', '\r'},
                                           unfit_xtab_name,
                                           unfit_xtab_value};

    return new_pairs_writer(options, &form, error);
}
