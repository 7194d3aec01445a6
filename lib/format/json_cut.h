/* SPDX-License-Identifier: MIT */
/*
 * Where values of JSON begin and end in a stream of bytes: values one after the
 * other, or the elements of arrays that are values of the stream. Brackets,
 * strings and commas alone are looked at; whether a value is valid is another
 * question, once all of it is at hand.
 */
#ifndef CSI_JSON_CUT_H
#define CSI_JSON_CUT_H

#include "format/json_scan.h"

enum csi_json_due { CSI_JSON_VALUE_OR_END, CSI_JSON_VALUE, CSI_JSON_COMMA };

/* All zero is the start of a stream. */
struct csi_json_cut {
    bool array;            /* inside of an outermost array, where next is */
    enum csi_json_due due; /* this */
    bool arrays;           /* the stream began with one */
    bool begun;
    bool inside;          /* of a value, */
    bool scalar;          /* which is a number or a word, or else */
    bool quoted, escaped; /* in a string of it, behind a backslash there */
    bool blanks;          /* there are some between its parts */
    uint32_t depth;       /* brackets that are open in it, */
    uint64_t
        objects[CSI_JSON_DEPTH / 64]; /* and which are braces: a bit each */
    const char *reason; /* why nothing more can be cut; NULL: it can */
};

/* Move on from between two values to where one begins, and be inside of it.
   False where *p is the end of the bytes, or reason is set and *p is where. */
bool csi_json_cut_begin(struct csi_json_cut *cut, const char **p,
                        const char *end);

/* Move on inside of a value to where it ends; `final`: nothing follows. False
   as above; at the end of the bytes it is not whole. */
bool csi_json_cut_end(struct csi_json_cut *cut, const char **p, const char *end,
                      bool final);

/*
 * Take the blanks out of a valid value, in place. What is left over at its end
 * becomes the line ends that were in it, and blanks, so that lines can still be
 * counted.
 *
 * Returns the length.
 */
size_t csi_json_squeeze(char *start, size_t length);

#endif
