/* SPDX-License-Identifier: MIT */
/* Where each key and value of a JSON text stands. */
#ifndef CSI_DOCUMENT_PLACES_H
#define CSI_DOCUMENT_PLACES_H

#include "spec/values.h"

enum { CSI_DOCUMENT_DEPTH = 64 };

/* What is expected. */
enum csi_json_state {
    CSI_JSON_VALUE,
    CSI_JSON_FIRST_ELEMENT, /* or the end of the array */
    CSI_JSON_FIRST_KEY,     /* or the end of the object */
    CSI_JSON_KEY,
    CSI_JSON_COLON,
    CSI_JSON_AFTER /* a value: a comma, or the end of a container */
};

/* What is wrong, where it is not just another character than expected. */
enum csi_json_fault {
    CSI_JSON_NO_FAULT,
    CSI_JSON_ESCAPE,  /* a backslash in a string */
    CSI_JSON_CONTROL, /* a byte that a string cannot hold */
    CSI_JSON_STRING,  /* a string that does not end on its line */
    CSI_JSON_WORD     /* neither a number nor true, false, null */
};

/* Where the scan stopped. */
struct csi_document_stop {
    size_t offset;
    uint32_t line, column;
    enum csi_json_state state;
    enum csi_json_fault fault;
    bool is_inside, in_object;   /* of a container; of an object */
    struct csi_spot open, comma; /* where that was opened; the last comma */
};

/* Whether a character may be part of a number, true, false or null. */
bool csi_json_is_bare(int c);

/*
 * Find the values of a text. Syntax is
 * looked at no closer than that takes. `places` has the same bytes before
 * comments were blanked out: columns are counted in it.
 *
 * Returns COSEND_OK; COSEND_E_SPEC at a place where the text is no JSON;
 * COSEND_E_LIMIT at one that is nested too deeply; COSEND_E_MEMORY.
 */
int csi_document_scan(struct csi_document *document, const char *text,
                      const char *places, size_t length,
                      struct csi_document_stop *stop);

#endif
