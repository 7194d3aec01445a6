/* SPDX-License-Identifier: MIT */
#include "format/csv_encode.h"

#include "cosend/number.h"
#include "format/write.h"

#include <strings.h>

bool csi_csv_encoder_init(struct csi_csv_encoder *encoder,
                          const struct cosend_format_options *options,
                          int format, struct cosend_error *error)
{
    struct cosend_format_options read = *options;
    const struct csi_csv_rules *rules = &encoder->rules;
    bool tsv = format == COSEND_FORMAT_TSV;
    bool words =
        format == COSEND_FORMAT_COLUMNS || format == COSEND_FORMAT_NIDX;

    *encoder = (struct csi_csv_encoder){.quoting = words ? COSEND_QUOTING_NONE
                                                         : options->quoting,
                                        .words = words};
    if (words)
        read.delimiter = (struct cosend_string){" ", 1};
    read.unquoted = encoder->quoting == COSEND_QUOTING_NONE;
    if (!csi_csv_rules_make(&encoder->rules, &read, tsv, error))
        return false;
    /* A cell that has a part of the delimiter could make one with what follows.
     */
    encoder->special[(unsigned char)rules->delimiter[0]] = true;
    encoder->special['\n'] = true;
    encoder->special['\r'] = true;
    if (tsv)
        encoder->special['\\'] = true;
    if (words)
        encoder->special['\t'] = true;
    if (rules->quotes)
        encoder->special[(unsigned char)rules->quote] = true;
    if (rules->escapes)
        encoder->special[(unsigned char)rules->escape] = true;
    return true;
}

/* The first byte from p on that must not stand as it is; or end. */
static const char *find_special_byte(const struct csi_csv_encoder *encoder,
                                     const char *p, const char *end)
{
    while (p < end && !encoder->special[(unsigned char)*p])
        p++;
    return p;
}

/* Whether a file that starts so starts with something else for a reader: a byte
   order mark, or the line by which Excel is told of a delimiter. */
static bool opens_a_file(struct cosend_cell cell)
{
    return csi_starts_with_bom(cell.data, cell.length) ||
           (cell.length >= 4 && strncasecmp(cell.data, "sep=", 4) == 0);
}

static bool add_quoted(const struct csi_csv_encoder *encoder,
                       struct csi_text *out, struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    bool done = csi_text_add(out, &encoder->rules.quote, 1);

    while (done && p < end) {
        const char *quote = memchr(p, encoder->rules.quote, (size_t)(end - p));
        const char *stop = quote ? quote + 1 : end;

        done = csi_text_add(out, p, (size_t)(stop - p)) &&
               (!quote || csi_text_add(out, quote, 1));
        p = stop;
    }
    return done && csi_text_add(out, &encoder->rules.quote, 1);
}

/* Between quotes, an escape before each of them and before itself. */
static bool add_escaped(const struct csi_csv_encoder *encoder,
                        struct csi_text *out, struct cosend_cell cell)
{
    const struct csi_csv_rules *rules = &encoder->rules;
    const char *p = cell.data, *end = p + cell.length;
    bool done = csi_text_add(out, &rules->quote, 1);

    for (; done && p < end; p++)
        done = ((*p != rules->escape && *p != rules->quote) ||
                csi_text_add(out, &rules->escape, 1)) &&
               csi_text_add(out, p, 1);
    return done && csi_text_add(out, &rules->quote, 1);
}

/* Without quotes, an escape before each byte that would be taken for something
   else; also before the first, where the file would. */
static int add_bare(const struct csi_csv_encoder *encoder, struct csi_text *out,
                    struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    bool done = true;

    /* An escape before CR LF is one before both: a CR at the end of a cell may
       have the line's LF behind it. */
    if (!encoder->rules.escapes || !cell.length || end[-1] == '\r')
        return COSEND_E_DATA;
    for (; done && p < end; p++) {
        bool escaped = encoder->special[(unsigned char)*p] ||
                       (p == cell.data && opens_a_file(cell));

        done = (!escaped || csi_text_add(out, &encoder->rules.escape, 1)) &&
               csi_text_add(out, p, 1);
    }
    return done ? COSEND_OK : COSEND_E_MEMORY;
}

/* TSV: what csi_tsv_unescape reads again. */
static bool add_tsv(const struct csi_csv_encoder *encoder, struct csi_text *out,
                    struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    bool done = true;

    while (done && p < end) {
        const char *start = p;
        char form[2] = {'\\', '\\'};

        p = find_special_byte(encoder, p, end);
        done = csi_text_add(out, start, (size_t)(p - start));
        if (!done || p == end)
            break;
        form[1] = *p == '\t' ? 't' : *p == '\n' ? 'n' : *p == '\r' ? 'r' : '\\';
        done = csi_text_add(out, form, sizeof(form));
        p++;
    }
    return done;
}

/* Whether a cell has quotes around it whatever it holds. */
static bool wants_quotes(const struct csi_csv_encoder *encoder,
                         struct cosend_cell cell)
{
    double value;

    if (encoder->quoting != COSEND_QUOTING_NONNUMERIC)
        return encoder->quoting == COSEND_QUOTING_ALL;
    return (cell.kind != COSEND_TEXT && cell.kind != COSEND_NUMBER) ||
           !cosend_parse_double(cell.data, cell.length, &value);
}

/* A cell that may need something about it. */
__attribute__((noinline)) static int
encode_with_care(const struct csi_csv_encoder *encoder, struct csi_text *out,
                 struct cosend_cell cell, enum csi_csv_where where,
                 bool special)
{
    bool opens = where == CSI_CSV_START && opens_a_file(cell);
    bool done = true;

    if (encoder->words) {
        if (special || !cell.length ||
            (where == CSI_CSV_START &&
             csi_starts_with_bom(cell.data, cell.length)))
            return COSEND_E_DATA;
        done = csi_text_add(out, cell.data, cell.length);
        return done ? COSEND_OK : COSEND_E_MEMORY;
    }
    if (encoder->rules.tsv) {
        if (opens)
            done = csi_text_add(out, csi_bom, sizeof(csi_bom));
        done = done && (special ? add_tsv(encoder, out, cell)
                                : csi_text_add(out, cell.data, cell.length));
        return done ? COSEND_OK : COSEND_E_MEMORY;
    }
    if (!special && !opens && !wants_quotes(encoder, cell) &&
        (cell.length || where == CSI_CSV_AMONG))
        done = csi_text_add(out, cell.data, cell.length);
    else if (encoder->quoting == COSEND_QUOTING_NONE)
        return add_bare(encoder, out, cell);
    else if (encoder->rules.escapes)
        done = add_escaped(encoder, out, cell);
    else
        done = add_quoted(encoder, out, cell);
    return done ? COSEND_OK : COSEND_E_MEMORY;
}

int csi_csv_encode(const struct csi_csv_encoder *encoder, struct csi_text *out,
                   struct cosend_cell cell, enum csi_csv_where where)
{
    bool special;

    /* One that is not there has no bytes to add up addresses of. */
    if (!cell.length)
        cell.data = "";
    special = !csi_csv_stands(encoder, cell);
    if (special || !cell.length || where == CSI_CSV_START ||
        encoder->quoting == COSEND_QUOTING_ALL ||
        encoder->quoting == COSEND_QUOTING_NONNUMERIC)
        return encode_with_care(encoder, out, cell, where, special);
    return csi_text_add(out, cell.data, cell.length) ? COSEND_OK
                                                     : COSEND_E_MEMORY;
}

int csi_csv_refuse(const struct csi_csv_encoder *encoder,
                   struct cosend_cell cell, const char *name, size_t length,
                   struct cosend_error *error)
{
    int shown = length < 100 ? (int)length : 100;

    if (!encoder->words)
        return cosend_error_set(
            error, COSEND_E_DATA,
            "column \"%.*s\" cannot be written without quotes, as "
            "quoting=none asks; an escape, another delimiter, or tsv may do",
            shown, name);
    return cosend_error_set(
        error, COSEND_E_DATA,
        "column \"%.*s\" %s, which lines of words cannot hold; %s", shown, name,
        !cell.length ? "is empty"
        : csi_csv_stands(encoder, cell)
            ? "begins the file as a byte order mark does"
            : "has a blank, a tab or a line end",
        cell.length ? "`replace` takes it out, and csv and jsonl hold all"
                    : "`fill` with value=- gives it one, and csv and jsonl "
                      "hold all");
}
