/* SPDX-License-Identifier: MIT */
/*
 * Pipelines over any input, from a file in small blocks: three threads against
 * one, one record a batch against the default. The first two bytes choose the
 * pipeline and the format.
 */
#define main unit_main
#include "../unit/test_engine_random.c"
#undef main

#include "fuzz.h"

#include <sys/mman.h>

static const char *const specs[] = {
    "{\"grep\": \"a\"}",
    "{\"count\": {}}",
    "{\"grep\": \"1|x\"}, {\"average\": {\"field\": \"%s\", \"by\": \"%s\"}}",
    "{\"count\": {\"by\": \"%s\"}}",
    "{\"average\": \"%s\"}",
    "{\"where\": {\"field\": \"%s\", \"op\": \"gt\", \"value\": 1}}",
    "{\"where\": {\"field\": \"%s\", \"op\": \"regex\", \"value\": \"^.b\"}, "
    "\"on_error\": \"fail\"}, {\"tail\": 3}",
    "{\"broadcast\": [[{\"grep\": \"a\"}], [{\"count\": {\"by\": \"%s\"}}], "
    "[{\"head\": 2}]]}",
    "{\"select\": [\"%s\"]}, {\"twice\": {}}",
    "{\"parse\": {\"field\": \"%s\", \"regex\": \"(?<p>.)(?<q>[0-9])?\"}}, "
    "{\"count\": {\"by\": \"q\"}}"};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int formats[] = {COSEND_FORMAT_TEXT, COSEND_FORMAT_CSV,
                                  COSEND_FORMAT_JSONL};
    static bool registered;
    struct way way = {.threads = 1};
    struct graph graph = {.early = true};
    struct text input = {0};
    struct outcome one, other;
    char spec[600], path[64];
    const char *const files[] = {path};
    const char *field;
    int descriptor, format;

    if (!registered)
        register_own(NULL);
    registered = true;
    if (size < 3 || size > 2000)
        return 0;
    format = formats[bytes[1] % 3];
    field = format == COSEND_FORMAT_TEXT ? "line" : "a";
    strcpy(spec, "{\"cosend\": 1, \"steps\": [");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(spec + strlen(spec), sizeof(spec) - strlen(spec),
             specs[bytes[0] % (sizeof(specs) / sizeof(specs[0]))], field,
             field);
#pragma GCC diagnostic pop
    strcat(spec, "]}");
    descriptor = memfd_create("input", 0);
    if (descriptor < 0 ||
        write(descriptor, bytes + 2, size - 2) != (ssize_t)(size - 2))
        return 0;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    way.files = files;
    way.file_count = 1;
    csi_block_bytes = 16 + bytes[1] / 3;
    run(spec, format, &way, 1, &input, &one);
    way.threads = 3;
    run(spec, format, &way, 1, &input, &other);
    if (!agree(&graph, &one, &other))
        abort();
    forget(&other);
    way.threads = 1;
    way.batch_size = 1;
    run(spec, format, &way, 1, &input, &other);
    if (!agree(&graph, &one, &other))
        abort();
    forget(&other);
    forget(&one);
    close(descriptor);
    return 0;
}
