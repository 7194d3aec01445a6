/* SPDX-License-Identifier: MIT */
#include "format/json_indent.h"

#include "format/json_scan.h"

bool csi_json_new_line(struct csi_text *to, size_t blanks, const char *line_end)
{
    if (!csi_text_string(to, line_end) || !csi_text_reserve(to, blanks))
        return false;
    memset(to->data + to->length, ' ', blanks);
    to->length += blanks;
    return true;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

/* Behind the string at p, or behind the one byte there. */
static const char *behind_token(const char *p, const char *end)
{
    bool escaped;

    return *p == '"' ? csi_json_string(p, end, &escaped) : p + 1;
}

bool csi_json_indent(struct csi_text *to, const char *data, size_t length,
                     size_t step, const char *line_end)
{
    const char *end = data + length, *next;
    size_t depth = 1;
    bool ok = true;

    for (const char *p = skip_blanks(data, end); ok && p < end; p = next) {
        bool opens = *p == '{' || *p == '[';
        bool closes = *p == '}' || *p == ']';

        next = behind_token(p, end);
        if (closes)
            ok = csi_json_new_line(to, --depth * step, line_end);
        ok = ok && csi_text_add(to, p, (size_t)(next - p));
        if (*p == ':')
            ok = ok && csi_text_add(to, " ", 1);
        next = skip_blanks(next, end);
        if (opens && next < end && (*next == '}' || *next == ']')) {
            ok = ok && csi_text_add(to, next, 1);
            next = skip_blanks(next + 1, end);
        } else if (opens || *p == ',') {
            depth += opens;
            ok = ok && csi_json_new_line(to, depth * step, line_end);
        }
    }
    return ok;
}
