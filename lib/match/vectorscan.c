/* SPDX-License-Identifier: MIT */
#include "match/vectorscan.h"

#include "base/base.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* Of the library's interface, as hs.h has it, what is used. */
struct hs_database;
struct hs_scratch;

enum { HS_SUCCESS = 0, HS_FLAG_CASELESS = 1, HS_MODE_BLOCK = 1 };

typedef int (*on_event)(unsigned id, unsigned long long from,
                        unsigned long long to, unsigned flags, void *context);

struct library {
    int (*compile)(const char *const *expressions, const unsigned *flags,
                   const unsigned *ids, unsigned elements, unsigned mode,
                   const void *platform, struct hs_database **database,
                   void **error);
    int (*free_error)(void *error);
    int (*free_database)(struct hs_database *database);
    int (*alloc_scratch)(const struct hs_database *database,
                         struct hs_scratch **scratch);
    int (*free_scratch)(struct hs_scratch *scratch);
    int (*scan)(const struct hs_database *database, const char *data,
                unsigned length, unsigned flags, struct hs_scratch *scratch,
                on_event event, void *context);
};

struct csi_vectorscan {
    struct hs_database *database;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct library library;
static bool loaded;
static pthread_key_t scratch_key;

static void free_scratch(void *scratch)
{
    library.free_scratch(scratch);
}

/* A function's address, which ISO C has no cast for. */
static bool look_up(void *handle, const char *name, void *function)
{
    void *address = dlsym(handle, name);

    memcpy(function, &address, sizeof(address));
    return address != NULL;
}

static void load(void)
{
    void *handle = dlopen("libhs.so.5", RTLD_NOW | RTLD_LOCAL);
    int (*platform)(void);

    if (!handle)
        return;
    loaded = look_up(handle, "hs_valid_platform", &platform) &&
             platform() == HS_SUCCESS &&
             look_up(handle, "hs_compile_multi", &library.compile) &&
             look_up(handle, "hs_free_compile_error", &library.free_error) &&
             look_up(handle, "hs_free_database", &library.free_database) &&
             look_up(handle, "hs_alloc_scratch", &library.alloc_scratch) &&
             look_up(handle, "hs_free_scratch", &library.free_scratch) &&
             look_up(handle, "hs_scan", &library.scan) &&
             pthread_key_create(&scratch_key, free_scratch) == 0;
    if (!loaded)
        dlclose(handle);
}

/* The strings as the expressions that stand for them: all bytes by number. */
static char *escape(const char *text, size_t length, char *to)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        const char form[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

        memcpy(to, form, sizeof(form));
        to += sizeof(form);
    }
    *to = '\0';
    return to + 1;
}

static struct hs_database *compile(const char *text, const size_t *lengths,
                                   size_t count, bool ignore_case)
{
    struct hs_database *database = NULL;
    const char **expressions = csi_calloc(count, sizeof(*expressions));
    unsigned *flags = csi_calloc(count, sizeof(*flags));
    size_t total = 0;
    void *error = NULL;
    char *memory, *to;

    for (size_t i = 0; i < count; i++)
        total += 4 * lengths[i] + 1;
    memory = to = csi_malloc(total);
    if (expressions && flags && memory) {
        for (size_t i = 0; i < count; i++) {
            expressions[i] = to;
            flags[i] = ignore_case ? HS_FLAG_CASELESS : 0;
            to = escape(text, lengths[i], to);
            text += lengths[i];
        }
        if (library.compile(expressions, flags, NULL, (unsigned)count,
                            HS_MODE_BLOCK, NULL, &database,
                            &error) != HS_SUCCESS) {
            library.free_error(error);
            database = NULL;
        }
    }
    csi_free(memory);
    csi_free(flags);
    csi_free(expressions);
    return database;
}

struct csi_vectorscan *csi_vectorscan_new(const char *text,
                                          const size_t *lengths, size_t count,
                                          bool ignore_case)
{
    struct csi_vectorscan *vectorscan;

    pthread_once(&once, load);
    if (!loaded || count > 100000)
        return NULL;
    vectorscan = csi_calloc(1, sizeof(*vectorscan));
    if (!vectorscan)
        return NULL;
    vectorscan->database = compile(text, lengths, count, ignore_case);
    if (vectorscan->database)
        return vectorscan;
    csi_free(vectorscan);
    return NULL;
}

void csi_vectorscan_free(struct csi_vectorscan *vectorscan)
{
    if (!vectorscan)
        return;
    library.free_database(vectorscan->database);
    csi_free(vectorscan);
}

/* This thread's, large enough for the database; NULL without memory. */
static struct hs_scratch *scratch_for(const struct csi_vectorscan *vectorscan)
{
    struct hs_scratch *scratch = pthread_getspecific(scratch_key);
    int status = library.alloc_scratch(vectorscan->database, &scratch);

    /* What could not be made larger was freed. */
    if (pthread_setspecific(scratch_key, scratch)) {
        library.free_scratch(scratch);
        return NULL;
    }
    return status == HS_SUCCESS ? scratch : NULL;
}

void csi_vectorscan_drop_scratch(void)
{
    struct hs_scratch *scratch;

    if (!loaded)
        return;
    scratch = pthread_getspecific(scratch_key);
    pthread_setspecific(scratch_key, NULL);
    library.free_scratch(scratch);
}

struct search {
    void (*found)(void *context, size_t end);
    void *context;
};

static int report(unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *context)
{
    const struct search *search = context;

    (void)id;
    (void)from;
    (void)flags;
    search->found(search->context, (size_t)to);
    return 0;
}

bool csi_vectorscan_find(const struct csi_vectorscan *vectorscan,
                         const char *text, size_t length,
                         void (*found)(void *context, size_t end),
                         void *context)
{
    struct search search = {found, context};
    struct hs_scratch *scratch = scratch_for(vectorscan);

    return scratch && length <= UINT32_MAX &&
           library.scan(vectorscan->database, text, (unsigned)length, 0,
                        scratch, report, &search) == HS_SUCCESS;
}
