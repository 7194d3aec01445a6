/* SPDX-License-Identifier: MIT */
#include "format/json_cut.h"

#include "base/json_plain.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool break_off(struct csi_json_cut *cut, const char *reason)
{
    cut->reason = reason;
    return false;
}

/* A bracket or comma of an outermost array; true where it is one. */
static bool take_sign(struct csi_json_cut *cut, char c)
{
    if (!cut->array && c == '[') {
        cut->array = true;
        cut->due = CSI_JSON_VALUE_OR_END;
        cut->arrays |= !cut->begun;
    } else if (cut->array && c == ']' && cut->due != CSI_JSON_VALUE) {
        cut->array = false;
    } else if (cut->array && c == ',' && cut->due == CSI_JSON_COMMA) {
        cut->due = CSI_JSON_VALUE;
    } else {
        return false;
    }
    cut->begun = true;
    return true;
}

bool csi_json_cut_begin(struct csi_json_cut *cut, const char **p,
                        const char *end)
{
    while (*p < end && (is_blank(**p) || take_sign(cut, **p)))
        ++*p;
    if (*p == end || cut->reason)
        return false;
    if (cut->array && cut->due == CSI_JSON_COMMA)
        return break_off(cut, "a comma or ] was expected behind an element");
    if (**p == ',' || **p == ']' || **p == '}' || **p == ':')
        return break_off(cut, cut->array ? "a value was expected"
                                         : "this stands outside of any value");
    cut->begun = cut->inside = true;
    cut->scalar = **p != '{' && **p != '[' && **p != '"';
    cut->quoted = cut->escaped = cut->blanks = false;
    cut->depth = 0;
    return true;
}

static bool end_value(struct csi_json_cut *cut)
{
    cut->inside = false;
    cut->due = CSI_JSON_COMMA;
    return true;
}

/* A number or a word ends in front of a blank, a comma or a bracket. */
static bool end_scalar(struct csi_json_cut *cut, const char **p,
                       const char *end, bool final)
{
    while (*p < end && !is_blank(**p) && !strchr(",[]{}\":", **p))
        ++*p;
    /* A NUL is found at strchr's end; it belongs to the word. */
    if (*p < end && !**p) {
        ++*p;
        return end_scalar(cut, p, end, final);
    }
    return *p < end || final ? end_value(cut) : false;
}

/* Move on to behind a string's closing quote; false where that is not there. */
static bool end_string(struct csi_json_cut *cut, const char **p,
                       const char *end)
{
    while (*p < end) {
        char c;

        if (!cut->escaped)
            *p = csi_json_plain(*p, end);
        if (*p == end)
            return false;
        c = **p;
        if (c == '\n')
            return break_off(cut, "a line ends inside of a string");
        ++*p;
        if (cut->escaped || c == '\\') {
            cut->escaped = !cut->escaped;
        } else if (c == '"') {
            cut->quoted = false;
            return true;
        }
    }
    return false;
}

static bool open_bracket(struct csi_json_cut *cut, bool object)
{
    uint64_t bit = UINT64_C(1) << (cut->depth % 64);

    if (cut->depth == CSI_JSON_DEPTH)
        return break_off(cut, "values are nested too deep");
    if (object)
        cut->objects[cut->depth / 64] |= bit;
    else
        cut->objects[cut->depth / 64] &= ~bit;
    cut->depth++;
    return true;
}

static bool close_bracket(struct csi_json_cut *cut, bool object)
{
    uint32_t at = cut->depth - 1;
    bool is_object = cut->objects[at / 64] >> (at % 64) & 1;

    if (is_object != object)
        return break_off(cut, object ? "} closes what [ has opened"
                                     : "] closes what { has opened");
    cut->depth = at;
    return true;
}

bool csi_json_cut_end(struct csi_json_cut *cut, const char **p, const char *end,
                      bool final)
{
    if (cut->scalar)
        return end_scalar(cut, p, end, final);
    while (*p < end) {
        char c = **p;

        if (cut->quoted) {
            if (!end_string(cut, p, end))
                return false;
            if (!cut->depth)
                return end_value(cut);
            continue;
        }
        if ((c == '{' || c == '[') && !open_bracket(cut, c == '{'))
            return false;
        if ((c == '}' || c == ']') && !close_bracket(cut, c == '}'))
            return false;
        cut->quoted = c == '"';
        cut->blanks |= is_blank(c);
        ++*p;
        if (!cut->depth && !cut->quoted)
            return end_value(cut);
    }
    return false;
}

size_t csi_json_squeeze(char *start, size_t length)
{
    char *to = start, *end = start + length;
    size_t newlines = 0;
    bool quoted = false;

    for (const char *p = start; p < end; p++) {
        if (!quoted && is_blank(*p)) {
            newlines += *p == '\n';
            continue;
        }
        if (quoted && *p == '\\')
            *to++ = *p++;
        else if (*p == '"')
            quoted = !quoted;
        *to++ = *p;
    }
    length = (size_t)(to - start);
    memset(to, ' ', (size_t)(end - to));
    memset(to, '\n', newlines);
    return length;
}
