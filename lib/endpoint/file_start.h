/* SPDX-License-Identifier: MIT */
/* How what others read for us starts: nobody unpacked it, and compressed data
   that were taken as lines would be a wrong answer in silence. */
#ifndef CSI_FILE_START_H
#define CSI_FILE_START_H

#include "base/magic.h"
#include "stage/stage.h"

struct csi_file_start {
    unsigned char bytes[CSI_MAGIC_MAX];
    size_t length;
    bool known; /* it is not compressed, or was not looked at */
    const char *name;
};

/* What comes now is of this file, which outlives it, from that offset on. */
void csi_file_start_begin(struct csi_file_start *start, const char *name,
                          uint64_t offset);

/* These bytes come next. COSEND_OK; or COSEND_E_INPUT, with the stage failed,
   where the file is compressed. */
int csi_file_start_look(struct csi_file_start *start, struct csi_stage *stage,
                        const char *data, size_t length);

#endif
