/* SPDX-License-Identifier: MIT */
/*
 * One scratch a thread, shared by all its patterns. It goes at the thread's
 * end, and with each cosend_regex_free of that thread: it is only a cache, and
 * a host that freed all it made finds nothing left.
 */
#include "match/scratch.h"

#include <pthread.h>

static void *allocate_for_pcre2(size_t size, void *unused)
{
    (void)unused;
    return csi_malloc(size);
}

static void release_for_pcre2(void *memory, void *unused)
{
    (void)unused;
    csi_free(memory);
}

pcre2_general_context *csi_scratch_general(void)
{
    return pcre2_general_context_create(allocate_for_pcre2, release_for_pcre2,
                                        NULL);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool have_key;

/* What the key has, for which it takes longer to ask. */
static _Thread_local struct csi_scratch *mine;

static void free_scratch(void *memory)
{
    struct csi_scratch *scratch = memory;

    if (!scratch)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    csi_free(scratch);
    mine = NULL;
}

static void make_scratch_key(void)
{
    have_key = pthread_key_create(&key, free_scratch) == 0;
}

void csi_scratch_drop(void)
{
    pthread_once(&once, make_scratch_key);
    if (have_key) {
        free_scratch(pthread_getspecific(key));
        pthread_setspecific(key, NULL);
    }
}

/* PCRE2's objects keep a copy of the general context. */
static struct csi_scratch *new_scratch(uint32_t pairs)
{
    pcre2_general_context *general = csi_scratch_general();
    struct csi_scratch *scratch = csi_calloc(1, sizeof(*scratch));

    if (general && scratch) {
        scratch->pairs = pairs;
        scratch->data = pcre2_match_data_create(pairs, general);
        scratch->context = pcre2_match_context_create(general);
    }
    pcre2_general_context_free(general);
    if (scratch && scratch->data && scratch->context) {
        pcre2_set_heap_limit(scratch->context, CSI_HEAP_MOST);
        return scratch;
    }
    free_scratch(scratch);
    return NULL;
}

/* Apart from csi_scratch_get, which is called for each match. */
__attribute__((noinline)) static struct csi_scratch *renew(uint32_t pairs)
{
    struct csi_scratch *scratch;

    csi_scratch_drop();
    scratch = have_key ? new_scratch(pairs) : NULL;
    if (scratch && pthread_setspecific(key, scratch)) {
        free_scratch(scratch);
        scratch = NULL;
    }
    mine = scratch;
    return scratch;
}

struct csi_scratch *csi_scratch_get(uint32_t pairs)
{
    return mine && mine->pairs >= pairs ? mine : renew(pairs);
}

bool csi_scratch_grow_stack(struct csi_scratch *scratch)
{
    enum { LEAST = 64 * 1024 };
    pcre2_general_context *general;

    if (scratch->stack)
        return true;
    general = csi_scratch_general();
    if (!general)
        return false;
    scratch->stack = pcre2_jit_stack_create(LEAST, CSI_STACK_MOST, general);
    pcre2_general_context_free(general);
    if (!scratch->stack)
        return false;
    pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    return true;
}
