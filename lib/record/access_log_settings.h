/* SPDX-License-Identifier: MIT */
/* Formats of access logs, as servers' settings have them, read. */
#ifndef CSI_ACCESS_LOG_SETTINGS_H
#define CSI_ACCESS_LOG_SETTINGS_H

#include "cosend/access_log.h"
#include "record/access_log_names.h"
#include "record/arena.h"

/* A variable, or directive, and the text in front of it. */
struct csi_log_variable {
    char *before;
    char *name; /* the field's; two may have the same */
    enum csi_log_value value;
    const char *example; /* of a time: one, as it is written */
    size_t place;        /* of its first byte in the settings */
    int length;          /* how many bytes of them it is */
};

struct csi_log_settings {
    struct csi_arena *arena; /* all text is from there */
    const char *text;        /* what is read */
    size_t count;
    struct csi_log_variable variables[COSEND_ACCESS_LOG_FIELDS];
    char *after; /* the text behind the last one */
    bool raw;    /* what is in quotes has no escapes */
};

/* Read all of settings->text, whose arena is set too. Returns COSEND_OK; else
   the error is set: COSEND_E_USAGE, COSEND_E_MEMORY. */
int csi_log_settings_read(struct csi_log_settings *settings,
                          enum cosend_access_log_server server, size_t length,
                          struct cosend_error *error);

#endif
