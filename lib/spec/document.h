/* SPDX-License-Identifier: MIT */
/*
 * A JSON text with the place of every key and value.
 *
 * jansson reads the text, but tells places for syntax errors only. So a scan of
 * our own goes first: it finds where each key and value stands, and refuses
 * what is too deep or too large before anything else sees it. Then the values
 * of both are brought together.
 *
 * Values stand in one array in the order of the text, each container before
 * what is in it; so a value's children follow it, and a sibling is `size`
 * values further on. Of duplicate keys the last one counts, as in jansson; the
 * others are reported, and passed over by csi_value_first and csi_value_next.
 */
#ifndef CSI_DOCUMENT_H
#define CSI_DOCUMENT_H

#include "base/base.h"

#include <jansson.h>

enum { CSI_DOCUMENT_DEPTH = 64, CSI_DOCUMENT_BYTES = 16 * 1024 * 1024 };

struct csi_value {
    json_t *json;    /* the document's reference */
    const char *key; /* in an object; else NULL */
    uint32_t size;   /* values that it is, itself included */
    uint32_t up;     /* its container is this many before it; 0: the root */
    uint32_t index;  /* among its siblings */
    uint32_t count;  /* of its children */
    uint32_t line, column; /* from 1; in characters */
    uint32_t key_line, key_column;
    uint32_t key_offset, key_length; /* the key's bytes, between the quotes */
    uint32_t large_offset;           /* large: of its first byte */
    bool large;   /* an integer beyond 64 bits; its json is 0 */
    bool ignored; /* the same key comes again */
    bool unknown; /* for its reader: what it is cannot be told */
};

/* All zero is an empty document. */
struct csi_document {
    struct csi_value *values; /* the root first */
    size_t count, capacity;
    size_t large_count;
    json_t *json; /* what the values are part of */
};

/* Told of each problem: about value, or, where it is NULL, at a place. */
struct csi_document_report {
    void (*at)(void *context, uint32_t line, uint32_t column, const char *text);
    void (*duplicate)(void *context, const struct csi_value *value,
                      const struct csi_value *earlier);
    void (*large)(void *context, const struct csi_value *value);
    void *context;
};

/*
 * Read a text. A byte order mark at its start is passed over. `comments`
 * allows comments and trailing commas.
 *
 * Returns COSEND_OK, duplicate keys and integers beyond 64 bits, which are
 * unknown values from then on, reported or not; COSEND_E_SPEC, with one problem
 * reported; COSEND_E_MEMORY. Free the document in any case.
 */
int csi_document_parse(struct csi_document *document, const char *text,
                       size_t length, bool comments,
                       const struct csi_document_report *report);
void csi_document_free(struct csi_document *document);

/*
 * Find the values of a text: the first half of csi_document_parse. Syntax is
 * looked at no closer than that takes. `places` has the same bytes before
 * comments were blanked out: columns are counted in it.
 *
 * Returns COSEND_OK; COSEND_E_SPEC at a place where the text is no JSON;
 * COSEND_E_LIMIT at one that is nested too deeply; COSEND_E_MEMORY.
 */
struct csi_document_stop {
    size_t offset;
    uint32_t line, column;
};
int csi_document_scan(struct csi_document *document, const char *text,
                      const char *places, size_t length,
                      struct csi_document_stop *stop);

/* Append a value in a container (a value's number, or SIZE_MAX for the root).
   NULL without memory; other values may have moved. */
struct csi_value *csi_document_add(struct csi_document *document,
                                   size_t container);
/* No more values in this container. */
void csi_document_end(struct csi_document *document, size_t container);

/* The first value in a container; the next one beside it; or NULL. */
const struct csi_value *csi_value_first(const struct csi_value *container);
const struct csi_value *csi_value_next(const struct csi_value *value);
/* The value of that key in an object, or NULL. */
const struct csi_value *csi_value_get(const struct csi_value *object,
                                      const char *key);
/* What contains a value; NULL for the root. */
static inline const struct csi_value *
csi_value_container(const struct csi_value *value)
{
    return value->up ? value - value->up : NULL;
}

/* Write the value's path, steps[2].where, as snprintf does. */
size_t csi_value_path(const struct csi_value *value, char *path, size_t room);

/* What a value is, for "must be a string, not a number". */
const char *csi_json_type(const json_t *json);

/* Have jansson take its memory from csi_malloc. Before any use of it. */
void csi_json_setup(void);
/* Whether jansson had no memory in this thread since this was last asked. */
bool csi_json_failed(void);

#endif
