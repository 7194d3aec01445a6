/* SPDX-License-Identifier: MIT */
#include "format/csv_encode.h"

void csi_csv_encoder_init(struct csi_csv_encoder *encoder, bool tsv,
                          char delimiter, char quote, int quoting)
{
    *encoder = (struct csi_csv_encoder){
        .tsv = tsv, .delimiter = delimiter, .quote = quote, .quoting = quoting};
    encoder->special[(unsigned char)delimiter] = true;
    encoder->special['\n'] = true;
    encoder->special['\r'] = true;
    if (tsv)
        encoder->special['\\'] = true;
    else if (quoting != COSEND_QUOTING_NONE)
        encoder->special[(unsigned char)quote] = true;
}

/* The first byte from p on that must not stand as it is; or end. */
static const char *find_special(const struct csi_csv_encoder *encoder,
                                const char *p, const char *end)
{
    while (p < end && !encoder->special[(unsigned char)*p])
        p++;
    return p;
}

/*
 * A file that starts with one of these starts with something else: a byte order
 * mark, which a reader drops or refuses, or the line by which Excel is told of
 * a delimiter.
 */
static bool opens_a_file(struct cosend_cell cell)
{
    static const struct {
        const char *bytes;
        uint32_t length;
    } marks[] = {{"\xef\xbb\xbf", 3},
                 {"\xff\xfe", 2},
                 {"\xfe\xff", 2},
                 {"sep=", 4},
                 {"SEP=", 4}};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (cell.length >= marks[i].length &&
            memcmp(cell.data, marks[i].bytes, marks[i].length) == 0)
            return true;
    return false;
}

static bool add_quoted(const struct csi_csv_encoder *encoder,
                       struct csi_text *out, struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    bool done = csi_text_add(out, &encoder->quote, 1);

    while (done && p < end) {
        const char *quote = memchr(p, encoder->quote, (size_t)(end - p));
        const char *stop = quote ? quote + 1 : end;

        done = csi_text_add(out, p, (size_t)(stop - p)) &&
               (!quote || csi_text_add(out, quote, 1));
        p = stop;
    }
    return done && csi_text_add(out, &encoder->quote, 1);
}

/* With an escape before each byte that would be taken for something else. */
static bool add_escaped(const struct csi_csv_encoder *encoder,
                        struct csi_text *out, struct cosend_cell cell,
                        bool quoted)
{
    const char *p = cell.data, *end = p + cell.length;
    bool done = !quoted || csi_text_add(out, &encoder->quote, 1);

    for (; done && p < end; p++)
        done = ((*p != encoder->escape && *p != encoder->quote &&
                 (quoted || !encoder->special[(unsigned char)*p])) ||
                csi_text_add(out, &encoder->escape, 1)) &&
               csi_text_add(out, p, 1);
    return done && (!quoted || csi_text_add(out, &encoder->quote, 1));
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

        p = find_special(encoder, p, end);
        done = csi_text_add(out, start, (size_t)(p - start));
        if (!done || p == end)
            break;
        form[1] = *p == '\t' ? 't' : *p == '\n' ? 'n' : *p == '\r' ? 'r' : '\\';
        done = csi_text_add(out, form, sizeof(form));
        p++;
    }
    return done;
}

/* Whether quotes are due. */
static bool needs_quotes(const struct csi_csv_encoder *encoder,
                         struct cosend_cell cell, enum csi_csv_where where,
                         bool special)
{
    return special || encoder->quoting == COSEND_QUOTING_ALL ||
           (where == CSI_CSV_ALONE && !cell.length) ||
           (where == CSI_CSV_START && opens_a_file(cell));
}

int csi_csv_encode(const struct csi_csv_encoder *encoder, struct csi_text *out,
                   struct cosend_cell cell, enum csi_csv_where where)
{
    static const char bom[3] = "\xef\xbb\xbf";
    const char *end = cell.data + cell.length;
    bool special = cell.length && find_special(encoder, cell.data, end) < end;
    bool quoted = !encoder->tsv && needs_quotes(encoder, cell, where, special);
    bool done = true;

    if (quoted && encoder->quoting == COSEND_QUOTING_NONE) {
        if (!encoder->escapes || !special)
            return COSEND_E_DATA;
        quoted = false;
    }
    if (encoder->tsv && where == CSI_CSV_START && opens_a_file(cell))
        done = csi_text_add(out, bom, sizeof(bom));
    if (!special && !quoted)
        done = done && csi_text_add(out, cell.data, cell.length);
    else if (encoder->tsv)
        done = done && add_tsv(encoder, out, cell);
    else if (encoder->escapes)
        done = add_escaped(encoder, out, cell, quoted);
    else
        done = add_quoted(encoder, out, cell);
    return done ? COSEND_OK : COSEND_E_MEMORY;
}
