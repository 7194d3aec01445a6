/* SPDX-License-Identifier: MIT */
/* What is wrong with a text that is no JSON, in words that help. */
#ifndef CSI_DOCUMENT_SYNTAX_H
#define CSI_DOCUMENT_SYNTAX_H

#include "spec/document_places.h"

/* Enough for each message. */
enum { CSI_SYNTAX_MESSAGE = 256 };

/*
 * Say what is wrong where the scan stopped, and what to write. comments: the
 * text may have comments. stop's place may move to where the mistake is.
 */
void csi_document_syntax(const char *text, size_t length, bool comments,
                         struct csi_document_stop *stop,
                         char message[CSI_SYNTAX_MESSAGE]);

#endif
