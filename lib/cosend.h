/* SPDX-License-Identifier: MIT */
/* The public face of cosend: everything a filter or a host program needs. */
#ifndef COSEND_H
#define COSEND_H

#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/coroutine.h"
#include "cosend/group.h"
#include "cosend/groups.h"
#include "cosend/io.h"
#include "cosend/match.h"
#include "cosend/number.h"
#include "cosend/pipeline.h"
#include "cosend/record.h"
#include "cosend/stage.h"
#include "cosend/text.h"

#endif
