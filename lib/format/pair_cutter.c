/* SPDX-License-Identifier: MIT */
#include "format/pair_cutter.h"

#include "format/json_cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- The forms ----------------------------------------------------------- */

const struct cosend_pair_form cosend_pair_forms[] = {
    {.name = "logfmt",
     .help = "Pairs name=value with blanks between; a value in quotes may have "
             "blanks, and escapes as JSON and Go have them, and a name alone "
             "is true.",
     .example = "level=info msg=\"took 3 s\" ms=3012",
     .ops = &csi_pair_logfmt},
    {.name = "kv",
     .help = "Pairs as pair_separator and value_separator have them, blanks "
             "and = by default; blanks around names and values are no part of "
             "them, and a value in quotes is as one of logfmt.",
     .example = "a=1; b=2",
     .ops = &csi_pair_kv},
    {.name = "json",
     .help = "An object of JSON: its members become fields, as they stand in "
             "it; arrays and objects in them stay what they are.",
     .example = "{\"level\":\"info\",\"user\":{\"id\":7}}",
     .ops = &csi_pair_json},
    {.name = "csv",
     .help = "The cells of a line of CSV, by `delimiter`: column_1, column_2 "
             "and so on, or `names`, of which there must be as many.",
     .example = "7,\"a, b\",c",
     .ops = &csi_pair_csv},
    {.name = "cef",
     .help = "ArcSight's Common Event Format: cef_version, device_vendor, "
             "device_product, device_version, signature_id, name, severity, "
             "and the pairs of its extension by their keys; what stands before "
             "it in the line, as syslog's head, is `head`.",
     .example = "CEF:0|Acme|Gate|1.0|100|Login failed|5|src=10.0.0.1 suser=ann",
     .ops = &csi_pair_cef},
    {.name = "w3c",
     .help = "The W3C's extended log format, which IIS writes: fields are "
             "called as the last #Fields line of the file says, and other "
             "lines that begin with # are dropped; a number of \"-\" becomes "
             "empty.",
     .example = "2026-03-01 10:00:00 GET /index.html 200",
     .in_order = true,
     .ops = &csi_pair_w3c},
    {.name = "caddy",
     .help = "Caddy's access log in JSON: host, user, time, method, path, "
             "protocol, status, size, referer and agent are what combined has "
             "by these names, vhost is the host that was asked for, and all "
             "else is called by its path, as request.tls.version.",
     .example = "{\"ts\":1700000000.5,\"request\":{\"remote_ip\":\"10.0.0.1\","
                "\"method\":\"GET\",\"uri\":\"/\"},\"status\":200}",
     .ops = &csi_pair_caddy},
    {.name = "docker",
     .help = "Docker's json-file log: log, without the end of its line, stream "
             "and time; partial is true where the line goes on in the next "
             "record.",
     .example = "{\"log\":\"ready\\n\",\"stream\":\"stdout\","
                "\"time\":\"2026-03-01T10:00:00Z\"}",
     .ops = &csi_pair_docker},
    {.name = NULL},
};

/* ---- A cutter ------------------------------------------------------------ */

struct cosend_pair_cutter *
cosend_pair_cutter_new(const struct cosend_pair_form *form,
                       const struct cosend_pair_options *options,
                       struct cosend_error *error)
{
    struct cosend_pair_cutter *cutter = csi_calloc(1, sizeof(*cutter));

    if (!cutter) {
        csi_no_memory(error);
        return NULL;
    }
    cutter->form = form;
    cutter->pairs.json.arena = &cutter->arena;
    if (!form->ops->begin || form->ops->begin(cutter, options, error))
        return cutter;
    cosend_pair_cutter_free(cutter);
    return NULL;
}

void cosend_pair_cutter_free(struct cosend_pair_cutter *cutter)
{
    if (!cutter)
        return;
    if (cutter->form->ops->end && cutter->own)
        cutter->form->ops->end(cutter);
    csi_arena_free(&cutter->arena);
    csi_free(cutter);
}

/* What earlier texts left is forgotten, but for the memory. */
static void begin_text(struct cosend_pair_cutter *cutter)
{
    struct csi_json *json = &cutter->pairs.json;

    csi_arena_clear(&cutter->arena);
    *json = (struct csi_json){.arena = &cutter->arena};
    cutter->repeats = false;
    *cutter->problem = '\0';
}

enum cosend_pair_result cosend_pair_cut(struct cosend_pair_cutter *cutter,
                                        struct cosend_cell text,
                                        const char *source)
{
    enum cosend_pair_result result;

    begin_text(cutter);
    cutter->start = text.length ? text.data : "";
    result = cutter->form->ops->cut(cutter, cutter->start,
                                    cutter->start + text.length,
                                    source ? source : "");
    if (result != COSEND_PAIRS_CUT)
        return result;
    for (size_t i = 0; i < cutter->pairs.json.count; i++)
        if (!csi_json_name(&cutter->pairs.json.members[i], &cutter->arena))
            return COSEND_PAIRS_MEMORY;
    if (!csi_json_repeats(&cutter->pairs.json, &cutter->repeats) ||
        (cutter->repeats && !csi_json_unite(&cutter->pairs.json)))
        return COSEND_PAIRS_MEMORY;
    return COSEND_PAIRS_CUT;
}

bool cosend_pair_next(struct cosend_pair_cutter *cutter,
                      struct cosend_item *item, bool *failed)
{
    const struct csi_json *json = &cutter->pairs.json;
    const struct csi_pair_ops *ops = cutter->form->ops;
    const struct csi_json_member *member;

    if (item->next == json->count)
        return false;
    member = &json->members[item->next];
    if (!ops->cell(member, &cutter->arena, &item->cell)) {
        *failed = true;
        return false;
    }
    item->next++;
    item->name = member->name;
    item->name_length = member->name_length;
    item->raw = ops->is_json ? member->value : NULL;
    item->raw_length = ops->is_json ? member->length : 0;
    return true;
}

bool cosend_pair_cutter_repeats(const struct cosend_pair_cutter *cutter)
{
    return cutter->repeats;
}

const char *cosend_pair_cutter_problem(const struct cosend_pair_cutter *cutter)
{
    return cutter->problem;
}

/* ---- For the forms ------------------------------------------------------- */

enum cosend_pair_result csi_pair_other(struct cosend_pair_cutter *cutter,
                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(cutter->problem, sizeof(cutter->problem), format, args);
    va_end(args);
    return COSEND_PAIRS_OTHER;
}

enum cosend_pair_result csi_pair_bad(struct cosend_pair_cutter *cutter,
                                     const char *at, const char *reason)
{
    return csi_pair_other(cutter, "byte %zu: %s",
                          (size_t)(at - cutter->start) + 1, reason);
}

bool csi_pair_add(struct cosend_pair_cutter *cutter, const char *name,
                  size_t name_length, const char *value, size_t length,
                  bool escaped)
{
    struct csi_json_member member = {.name = name,
                                     .name_length = (uint32_t)name_length,
                                     .value = value,
                                     .length = (uint32_t)length,
                                     .kind = COSEND_TEXT,
                                     .escaped = escaped};

    return csi_json_add_member(&cutter->pairs.json, &member);
}

/* ---- logfmt -------------------------------------------------------------- */

static enum cosend_pair_result cut_logfmt(struct cosend_pair_cutter *cutter,
                                          const char *start, const char *end,
                                          const char *source)
{
    struct csi_pairs *pairs = &cutter->pairs;

    (void)source;
    switch (csi_pairs_scan(pairs, csi_logfmt_next, start, end)) {
    case CSI_PAIRS_MEMORY:
        return COSEND_PAIRS_MEMORY;
    case CSI_PAIRS_BAD:
        return csi_pair_bad(cutter, pairs->json.bad, pairs->json.reason);
    case CSI_PAIRS_OK:
        break;
    }
    /* Words are flags, each of them; but a line of words is none of logfmt. */
    for (size_t i = 0; i < pairs->json.count; i++)
        if (pairs->json.members[i].kind != COSEND_BOOL)
            return COSEND_PAIRS_CUT;
    return csi_pair_other(cutter, "there is no name=value in it");
}

const struct csi_pair_ops csi_pair_logfmt = {.cut = cut_logfmt,
                                             .cell = csi_pairs_cell};
