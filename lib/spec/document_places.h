/* SPDX-License-Identifier: MIT */
/* Where each key and value of a JSON text stands. */
#ifndef CSI_DOCUMENT_PLACES_H
#define CSI_DOCUMENT_PLACES_H

#include "spec/values.h"

enum { CSI_DOCUMENT_DEPTH = 64 };

/*
 * Find the values of a text. Syntax is
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

#endif
