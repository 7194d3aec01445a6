/* SPDX-License-Identifier: MIT */
/* jansson on our allocator. */
#include "spec/jansson.h"

#include <pthread.h>

static _Thread_local bool failed;

/* jansson reports some failures of its memory as syntax errors. */
static void *json_allocate(size_t size)
{
    void *memory = csi_malloc(size);

    if (!memory)
        failed = true;
    return memory;
}

static void set_up(void)
{
    json_set_alloc_funcs(json_allocate, csi_free);
}

void csi_json_setup(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, set_up);
}

bool csi_json_failed(void)
{
    bool was = failed;

    failed = false;
    return was;
}

const char *csi_json_type(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_NULL:
        return "null";
    default:
        return "a boolean";
    }
}
