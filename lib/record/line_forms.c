/* SPDX-License-Identifier: MIT */
/* Forms of lines, by the manuals of what writes them. */
#include "record/line_forms.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Kubernetes, k8s.io/klog: Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg */
static const struct cosend_line_field klog[] = {
    {"level", NULL, COSEND_TEXT}, {"time", NULL, COSEND_TEXT},
    {"tid", NULL, COSEND_TEXT},   {"file", NULL, COSEND_TEXT},
    {"line", NULL, COSEND_TEXT},  {"message", NULL, COSEND_TEXT},
};

static const char *cut_klog(const struct cosend_line_form *form,
                            struct cosend_cell line, struct cosend_cell *parts)
{
    const char *end = line.data + line.length, *bracket, *colon, *tid;

    if (line.length < 24 || !strchr("IWEF", *line.data))
        return form->fields[0].name;
    bracket = memchr(line.data, ']', line.length);
    if (!bracket)
        return form->fields[3].name;
    colon = memrchr(line.data, ':', (size_t)(bracket - line.data));
    for (tid = line.data + 21; tid < colon && *tid == ' ';)
        tid++;
    parts[0] = cosend_text(line.data, 1);
    parts[1] = cosend_text(line.data + 1, 20);
    parts[2] = cosend_text(tid, 1);
    parts[3] = cosend_text(tid + 1, (size_t)(colon - tid) - 1);
    parts[4] = cosend_text(colon + 1, (size_t)(bracket - colon) - 1);
    parts[5] = cosend_text(bracket + 1, (size_t)(end - bracket) - 1);
    return NULL;
}

const struct cosend_line_form csi_line_form_klog = {
    .name = "klog",
    .help = "Logs of Kubernetes; level is I, W, E or F.",
    .example = "I1010 13:55:36.123456       1 main.go:12] started",
    .fields = klog,
    .count = COUNT(klog),
    .cut = cut_klog};
