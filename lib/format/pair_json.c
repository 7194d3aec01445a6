/* SPDX-License-Identifier: MIT */
/* Objects of JSON in a field; and the logs that are such objects, whose fields
   are called as those of other logs. */
#include "format/pair_json.h"

#include "format/json_cell.h"

#include <string.h>

static enum cosend_pair_result cut_json(struct cosend_pair_cutter *cutter,
                                        const char *start, const char *end,
                                        const char *source)
{
    struct csi_json *json = &cutter->pairs.json;

    (void)source;
    switch (csi_json_scan(json, start, end)) {
    case CSI_JSON_OBJECT:
        return COSEND_PAIRS_CUT;
    case CSI_JSON_OTHER:
        return csi_pair_other(cutter, "valid JSON, but not an object");
    case CSI_JSON_INVALID:
        return csi_pair_other(cutter, "invalid JSON in byte %zu: %s",
                              (size_t)(json->bad - start) + 1, json->reason);
    case CSI_JSON_MEMORY:
        break;
    }
    return COSEND_PAIRS_MEMORY;
}

const struct csi_pair_ops csi_pair_json = {
    .cut = cut_json, .cell = csi_json_cell, .is_json = true};

/* The last member of that name; NULL: there is none. Names are decoded. */
static struct csi_json_member *find_member(struct csi_json *json,
                                           const char *name)
{
    return (struct csi_json_member *)csi_json_find(json, name, strlen(name));
}

/* Cut an object, its names decoded. */
static enum cosend_pair_result cut_object(struct cosend_pair_cutter *cutter,
                                          const char *start, const char *end)
{
    enum cosend_pair_result result = cut_json(cutter, start, end, NULL);
    struct csi_json *json = &cutter->pairs.json;

    for (size_t i = 0; result == COSEND_PAIRS_CUT && i < json->count; i++)
        if (!csi_json_name(&json->members[i], json->arena))
            return COSEND_PAIRS_MEMORY;
    return result;
}

/* ---- Docker -------------------------------------------------------------- */

/* Whether what is left of a string as it stands in JSON, without its quote,
   ends in this escape. */
static bool ends_in(const char *string, size_t length, char letter)
{
    size_t slashes = 0;

    if (length < 3 || string[length - 1] != letter)
        return false;
    while (string[length - 2 - slashes] == '\\')
        slashes++;
    return slashes % 2 == 1;
}

/* Take the end of its line off a string, which becomes another one. *ended:
   there was one. False without memory. */
static bool trim_line_end(struct csi_json_member *log, struct csi_arena *arena,
                          bool *ended)
{
    size_t length = log->length - 1; /* without the last quote */
    char *copy;

    *ended = ends_in(log->value, length, 'n');
    if (!*ended)
        return true;
    length -= 2;
    if (ends_in(log->value, length, 'r'))
        length -= 2;
    copy = csi_arena_bytes(arena, length + 1);
    if (!copy)
        return false;
    memcpy(copy, log->value, length);
    copy[length] = '"';
    log->value = copy;
    log->length = (uint32_t)length + 1;
    return true;
}

static enum cosend_pair_result cut_docker(struct cosend_pair_cutter *cutter,
                                          const char *start, const char *end,
                                          const char *source)
{
    static const struct csi_json_member partial = {.name = "partial",
                                                   .name_length = 7,
                                                   .value = "true",
                                                   .length = 4,
                                                   .kind = COSEND_BOOL};
    enum cosend_pair_result result = cut_object(cutter, start, end);
    struct csi_json *json = &cutter->pairs.json;
    struct csi_json_member *log;
    bool ended;

    (void)source;
    if (result != COSEND_PAIRS_CUT)
        return result;
    log = find_member(json, "log");
    if (!log || log->kind != COSEND_TEXT || !find_member(json, "time"))
        return csi_pair_other(cutter, "a line of a container's log has a text "
                                      "\"log\", and a \"time\"");
    if (!trim_line_end(log, json->arena, &ended))
        return COSEND_PAIRS_MEMORY;
    return ended || csi_json_add_member(json, &partial) ? COSEND_PAIRS_CUT
                                                        : COSEND_PAIRS_MEMORY;
}

const struct csi_pair_ops csi_pair_docker = {
    .cut = cut_docker, .cell = csi_json_cell, .is_json = true};

/* ---- Caddy --------------------------------------------------------------- */

/* What a log calls by its path, and we otherwise. */
struct other_name {
    const char *path, *name;
    bool first; /* of an array, where it is its only element, and text */
};

static const struct other_name caddy_names[] = {
    {"ts", "time", false},
    {"user_id", "user", false},
    {"request.remote_ip", "host", false},
    {"request.method", "method", false},
    {"request.uri", "path", false},
    {"request.proto", "protocol", false},
    {"request.host", "vhost", false},
    {"request.headers.Referer", "referer", true},
    {"request.headers.User-Agent", "agent", true},
    {NULL, NULL, false}};

/* Objects inside each other, beyond which they stay what they are. */
enum { CADDY_DEPTH = 16 };

/* The only element of an array, where it is text: the array becomes that. */
static void take_only(struct csi_json_member *member)
{
    const char *start = member->value, *end = start + member->length, *next;
    bool escaped = false;

    if (member->kind != COSEND_NESTED || *start != '[')
        return;
    for (start++, end--; start < end && strchr(" \t\r\n", *start);)
        start++;
    if (start == end || *start != '"')
        return;
    next = csi_json_string(start, end, &escaped);
    if (!next)
        return;
    for (const char *p = next; p < end; p++)
        if (!strchr(" \t\r\n", *p))
            return;
    member->value = start;
    member->length = (uint32_t)(next - start);
    member->kind = COSEND_TEXT;
    member->escaped = escaped;
}

static void rename_member(struct csi_json_member *member)
{
    for (const struct other_name *other = caddy_names; other->path; other++) {
        if (strlen(other->path) != member->name_length ||
            memcmp(other->path, member->name, member->name_length) != 0)
            continue;
        member->name = other->name;
        member->name_length = (uint32_t)strlen(other->name);
        if (other->first)
            take_only(member);
        return;
    }
}

/* Name a member by its path. False without memory. */
static bool put_path(struct csi_json_member *member,
                     const struct csi_json_member *above,
                     struct csi_arena *arena)
{
    size_t length = (size_t)above->name_length + 1 + member->name_length;
    char *path = csi_arena_bytes(arena, length);

    if (!path)
        return false;
    memcpy(path, above->name, above->name_length);
    path[above->name_length] = '.';
    if (member->name_length)
        memcpy(path + above->name_length + 1, member->name,
               member->name_length);
    member->name = path;
    member->name_length = (uint32_t)length;
    return true;
}

/* Add what is in a member, an object, by its paths. False without memory. */
static bool add_inside(struct csi_json *to, const struct csi_json_member *above,
                       int depth)
{
    struct csi_json json = {.arena = to->arena};

    if (depth == CADDY_DEPTH || above->kind != COSEND_NESTED ||
        *above->value != '{') {
        struct csi_json_member member = *above;

        rename_member(&member);
        return csi_json_add_member(to, &member);
    }
    if (csi_json_scan(&json, above->value, above->value + above->length) !=
        CSI_JSON_OBJECT)
        return false;
    if (!json.count)
        return csi_json_add_member(to, above);
    for (size_t i = 0; i < json.count; i++)
        if (!csi_json_name(&json.members[i], to->arena) ||
            !put_path(&json.members[i], above, to->arena) ||
            !add_inside(to, &json.members[i], depth + 1))
            return false;
    return true;
}

static enum cosend_pair_result cut_caddy(struct cosend_pair_cutter *cutter,
                                         const char *start, const char *end,
                                         const char *source)
{
    enum cosend_pair_result result = cut_object(cutter, start, end);
    struct csi_json *json = &cutter->pairs.json;
    struct csi_json paths = {.arena = json->arena};
    const struct csi_json_member *request;

    (void)source;
    if (result != COSEND_PAIRS_CUT)
        return result;
    request = find_member(json, "request");
    if (!request || request->kind != COSEND_NESTED || *request->value != '{' ||
        !find_member(json, "status"))
        return csi_pair_other(cutter, "a line of Caddy's access log has an "
                                      "object \"request\", and a \"status\"");
    for (size_t i = 0; i < json->count; i++)
        if (!add_inside(&paths, &json->members[i], 0))
            return COSEND_PAIRS_MEMORY;
    *json = paths;
    return COSEND_PAIRS_CUT;
}

const struct csi_pair_ops csi_pair_caddy = {
    .cut = cut_caddy, .cell = csi_json_cell, .is_json = true};
