/* SPDX-License-Identifier: MIT */
/*
 * One writer a file. Of two sinks that write to one, and of a sink and a step
 * that reads, one would undo what the other does, in silence; so would the same
 * file by another name, which is why files are compared and not names. Devices
 * take all.
 *
 * A name that promises compressed data which is not written here is refused
 * too, before there is a file of that name.
 */
#include "spec/targets.h"

#include "base/magic.h"
#include "io/path.h"

#include <string.h>

struct target {
    const struct csi_node *node;
    const struct cosend_string *path; /* NULL: standard output by itself */
    struct csi_path file;
    bool is_stdout;
};

struct targets {
    struct target *items; /* one for each node, at most */
    size_t count;
    struct csi_path rejects; /* path NULL: rejects go nowhere */
};

/* The path that a sink writes to, or NULL. */
static const struct cosend_string *path_of(const struct csi_node *node)
{
    struct cosend_option option;

    for (size_t i = 0;
         node->options && cosend_option_at(node->filter->options, i, &option);
         i++)
        if (option.type == COSEND_OPTION_PATH)
            return (const void *)((const char *)node->options + option.offset);
    return NULL;
}

static void collect_targets(struct csi_spec *spec, struct targets *targets)
{
    const struct csi_plan *plan = spec->plan;

    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct csi_node *node = &plan->nodes[i];
        struct target *target = &targets->items[targets->count];

        *target = (struct target){.node = node};
        if (node->filter->role != COSEND_SINK)
            continue;
        target->path = path_of(node);
        if (target->path && !target->path->length)
            target->path = NULL;
        target->is_stdout = target->path
                                ? csi_path_is_stdout(target->path->data)
                                : strcmp(node->filter->name, "stdout") == 0;
        if (target->path || target->is_stdout)
            targets->count++;
    }
}

/* Only where there is more than one is it asked what files they are. */
static void find_files(struct csi_spec *spec, struct targets *targets)
{
    if (spec->plan->rejects_path && *spec->plan->rejects_path)
        targets->rejects = csi_path_of(spec->plan->rejects_path);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->items[i].path)
            targets->items[i].file = csi_path_of(targets->items[i].path->data);
}

/* ---- One stdout ---------------------------------------------------------- */

static void check_stdout(struct csi_spec *spec, const struct targets *targets)
{
    const struct target *first = NULL;
    const char *rejects = spec->plan->rejects_path;

    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->items[i];
        const struct csi_node *node = target->node;

        if (!target->is_stdout)
            continue;
        if (!first)
            first = target;
        else if (!spec->notes[node - spec->plan->nodes].step)
            csi_spec_place_problem(spec, &first->node->place,
                                   "two sinks write to stdout: this one and "
                                   "the output, which is stdout by default");
        else
            csi_spec_place_problem(
                spec, &node->place,
                "two sinks write to stdout: this one and %s, at %u:%u",
                first->node->place.path, first->node->place.line,
                first->node->place.column);
    }
    if (first && rejects && csi_path_is_stdout(rejects))
        csi_spec_place_problem(spec, &first->node->place,
                               "rejects go to stdout, and so does this: write "
                               "one of them to a file");
}

/* ---- One writer a file --------------------------------------------------- */

static void check_file(struct csi_spec *spec, const struct targets *targets,
                       const struct target *target)
{
    const struct csi_node *node = target->node;
    const char *path = target->path->data;

    if (targets->rejects.path &&
        csi_path_same(&target->file, &targets->rejects))
        csi_spec_place_problem(spec, &node->place,
                               "\"%.4096s\" is where rejects go", path);
    for (const struct target *other = targets->items; other < target; other++) {
        if (!other->path || !csi_path_same(&target->file, &other->file))
            continue;
        csi_spec_place_problem(
            spec, &node->place,
            "two sinks write to \"%.4096s\": this one and %s, at %u:%u", path,
            other->node->place.path, other->node->place.line,
            other->node->place.column);
        return;
    }
}

/* Plain text in a file of such a name would be found out by its reader. */
static void check_packing(struct csi_spec *spec, const struct csi_place *place,
                          const char *path)
{
    if (csi_magic_by_path(path) == CSI_PACKED_OTHERWISE)
        csi_spec_place_problem(spec, place,
                               "\"%.4096s\": of compressed files only .gz and "
                               ".zst are written",
                               path);
}

/* A file that a node reads, whatever for. */
static void check_read_path(struct csi_spec *spec,
                            const struct targets *targets,
                            const struct csi_node *reader,
                            const struct cosend_string *path)
{
    struct csi_place place = {spec->root->line, spec->root->column, "rejects"};
    struct csi_path file;

    if (!path->length || strcmp(path->data, "-") == 0)
        return;
    file = csi_path_of(path->data);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->items[i].path &&
            csi_path_same(&file, &targets->items[i].file))
            csi_spec_place_problem(spec, &targets->items[i].node->place,
                                   "\"%.4096s\" is read by this pipeline, at "
                                   "%u:%u",
                                   targets->items[i].path->data,
                                   reader->place.line, reader->place.column);
    if (targets->rejects.path && csi_path_same(&file, &targets->rejects))
        csi_spec_place_problem(
            spec, &place, "\"%.4096s\" is read by this pipeline, at %u:%u",
            targets->rejects.path, reader->place.line, reader->place.column);
}

/* Sinks write to what their paths name; all other steps read it. */
static void check_reader(struct csi_spec *spec, const struct targets *targets,
                         const struct csi_node *node)
{
    struct cosend_option option;

    for (size_t row = 0;
         node->options && cosend_option_at(node->filter->options, row, &option);
         row++) {
        const void *value = (const char *)node->options + option.offset;
        const struct cosend_strings *paths = value;

        if (option.type == COSEND_OPTION_PATH)
            check_read_path(spec, targets, node, value);
        if (option.type != COSEND_OPTION_PATHS)
            continue;
        for (size_t i = 0; i < paths->count; i++)
            check_read_path(spec, targets, node, &paths->items[i]);
    }
}

static void check_readers(struct csi_spec *spec, const struct targets *targets)
{
    const struct csi_plan *plan = spec->plan;

    for (uint32_t i = 0; i < plan->node_count; i++)
        if (plan->nodes[i].filter->role != COSEND_SINK)
            check_reader(spec, targets, &plan->nodes[i]);
}

static void check_target(struct csi_spec *spec, const struct targets *targets,
                         const struct target *target)
{
    check_packing(spec, &target->node->place, target->path->data);
    check_file(spec, targets, target);
}

static void check_rejects(struct csi_spec *spec, const struct targets *targets)
{
    struct csi_place place = {spec->root->line, spec->root->column, "rejects"};

    if (targets->rejects.path)
        check_packing(spec, &place, targets->rejects.path);
}

void csi_spec_check_targets(struct csi_spec *spec)
{
    struct targets targets = {0};

    /* Without memory an option may have a length, and no bytes. */
    if (!spec->plan->node_count || spec->no_memory)
        return;
    targets.items = csi_calloc(spec->plan->node_count, sizeof(struct target));
    if (!targets.items) {
        spec->no_memory = true;
        return;
    }
    collect_targets(spec, &targets);
    check_stdout(spec, &targets);
    find_files(spec, &targets);
    for (size_t i = 0; i < targets.count; i++)
        if (targets.items[i].path && !targets.items[i].is_stdout)
            check_target(spec, &targets, &targets.items[i]);
    check_rejects(spec, &targets);
    check_readers(spec, &targets);
    csi_free(targets.items);
}
