/* SPDX-License-Identifier: MIT */
/* Where branches come together again: batches in by port, merged ones out. */
#ifndef CSI_JOIN_H
#define CSI_JOIN_H

#include "record/record.h"

struct csi_join;

/* NULL without memory. */
struct csi_join *csi_join_new(uint32_t ports);
void csi_join_free(struct csi_join *join);

/*
 * What comes by this port has this schema.
 *
 * Returns COSEND_OK; COSEND_E_MEMORY; COSEND_E_SPEC where the ports' schemas
 * have no union.
 */
int csi_join_announce(struct csi_join *join, uint32_t port,
                      struct cosend_schema *schema);
/* What comes out; NULL until all ports were announced. */
struct cosend_schema *csi_join_schema(const struct csi_join *join);

/* A batch has come by a port: a reference is kept until it is taken. COSEND_OK
   or COSEND_E_MEMORY. */
int csi_join_put(struct csi_join *join, uint32_t port,
                 const struct cosend_batch *batch);
/*
 * Take the next batch of what was put, in order; of at most `room` records
 * where several are merged. With `ports` they tell by which port each came.
 * *batch is the caller's reference; NULL when nothing
 * is left. False without memory.
 */
bool csi_join_take(struct csi_join *join, uint32_t room, bool ports,
                   const struct cosend_batch **batch);
/* Forget what was put. */
void csi_join_empty(struct csi_join *join);

/* A port has ended, which a record of ordinal `cause` has brought about, or an
   abort. Returns whether it was the last one that was open. */
bool csi_join_shut(struct csi_join *join, uint32_t port, uint64_t cause,
                   bool aborted);
/* The latest cause of those; whether one was an abort. */
uint64_t csi_join_cause(const struct csi_join *join);
bool csi_join_is_aborted(const struct csi_join *join);

#endif
