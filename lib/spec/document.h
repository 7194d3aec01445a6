/* SPDX-License-Identifier: MIT */
/*
 * A JSON text with the place of every key and value.
 *
 * jansson reads the text, but tells places for syntax errors only. So a scan of
 * our own goes first: it finds where each key and value stands, and refuses
 * what is too deep or too large before anything else sees it. Then the values
 * of both are brought together.
 */
#ifndef CSI_DOCUMENT_H
#define CSI_DOCUMENT_H

#include "cosend/pipeline.h"
#include "spec/values.h"

enum { CSI_DOCUMENT_BYTES = COSEND_SPEC_BYTES };

/* Told of each problem: about value, or, where it is NULL, at a place. */
struct csi_document_report {
    void (*at)(void *context, uint32_t line, uint32_t column, const char *text);
    void (*duplicate)(void *context, const struct csi_value *value,
                      const struct csi_value *earlier);
    void (*value)(void *context, const struct csi_value *value,
                  const char *text);
    void *context;
};

/*
 * Read a text. A byte order mark at its start is passed over. `comments`
 * allows comments and trailing commas.
 *
 * Returns COSEND_OK, with duplicate keys, integers beyond 64 bits and strings
 * with a NUL, which are unknown values from then on, reported or not;
 * COSEND_E_SPEC, with one problem reported; COSEND_E_MEMORY. Free the document
 * in any case.
 */
int csi_document_parse(struct csi_document *document, const char *text,
                       size_t length, bool comments,
                       const struct csi_document_report *report);

#endif
