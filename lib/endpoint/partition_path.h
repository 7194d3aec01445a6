/* SPDX-License-Identifier: MIT */
/* The path that a record is written to. */
#ifndef CSI_PARTITION_PATH_H
#define CSI_PARTITION_PATH_H

#include "base/bytes.h"
#include "cosend/template.h"
#include "stage/stage.h"

struct csi_partition_path {
    const struct cosend_template *made_of;
    uint64_t
        chosen; /* a bit for each name of the path that has a field in it */
    struct cosend_bytes bytes; /* the last one; failed: without memory */
    char why[400];             /* why the last record has none */
};

void csi_partition_path_init(struct csi_partition_path *path,
                             const struct cosend_template *made_of);
void csi_partition_path_free(struct csi_partition_path *path);

/*
 * A record's path, which is good until the next call. NULL where its fields
 * make none, with the reason in path->why, or without memory.
 *
 * A field is no more than a name, or part of one: it is not blank, has no slash
 * and no control byte; and a name that has a field in it is none of . and ..,
 * and not too long. So what is written to is below what the template says.
 */
const char *csi_partition_path_of(struct csi_partition_path *path,
                                  struct cosend_stage *self,
                                  const struct cosend_record *record);

/*
 * Before a path is opened: make the folders that fields name; see that nothing
 * there leads elsewhere, and that no other output of the run is the same file.
 *
 * Returns COSEND_OK; COSEND_E_OUTPUT; COSEND_E_USAGE for another's file.
 */
int csi_partition_path_prepare(const struct csi_partition_path *path,
                               const struct csi_stage *stage, const char *name,
                               struct cosend_error *error);

#endif
