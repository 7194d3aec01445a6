/* SPDX-License-Identifier: MIT */
/* Text being put together. */
#ifndef CSI_CLI_TEXT_H
#define CSI_CLI_TEXT_H

#include "cosend.h"

/* All zero is empty. Without memory it stays as it is, and failed is set. */
struct csi_cli_text {
    char *data;
    size_t length, capacity;
    bool failed;
};

void csi_cli_add(struct csi_cli_text *text, const char *data, size_t length);
void csi_cli_format(struct csi_cli_text *text, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* A JSON string, quotes included; what is no UTF-8 becomes U+FFFD. */
void csi_cli_json(struct csi_cli_text *text, const char *data, size_t length);

/* The same for a string that ends with a NUL; NULL becomes null. */
void csi_cli_json_string(struct csi_cli_text *text, const char *string);

/* string, and spaces up to width characters. */
void csi_cli_pad(struct csi_cli_text *text, const char *string, size_t width);

/* Words in lines of at most 78 characters, each `indent` to the right. An empty
   line, and one that starts with a space, stays as it is. */
void csi_cli_wrap(struct csi_cli_text *text, const char *words, size_t indent);

/* How many characters of UTF-8 a string has. */
size_t csi_cli_width(const char *string);

void csi_cli_free(struct csi_cli_text *text);

#endif
