/* SPDX-License-Identifier: MIT */
/*
 * Numbers of any length in JSON. jansson keeps integers of 64 bits and
 * doubles; what it would round is carried as text.
 */
#ifndef CSI_NUMBER_JSON_H
#define CSI_NUMBER_JSON_H

#include "base/base.h"

#include <jansson.h>

/* Whether a text is a number by the grammar of data; by JSON's. */
bool csi_is_number(const char *text, size_t length);
bool csi_is_json_number(const char *text, size_t length);

/* A JSON number's text, as short as reads back the same; NULL without memory.
   Free it with csi_free. */
char *csi_number_text(const json_t *json);

/* Whether a JSON number is another one than the text that it was read from. */
bool csi_number_is_rounded(const json_t *json, const char *text, size_t length);

/*
 * A number, by the grammar of data, that json_dumps is to write with all its
 * digits: a string for csi_numbers_unquote to find. A new reference, or NULL
 * without memory.
 */
json_t *csi_number_json(const char *text, size_t length);

/* Take the quotes from all such numbers in what json_dumps wrote. */
void csi_numbers_unquote(char *dumped);

#endif
