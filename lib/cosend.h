/* SPDX-License-Identifier: MIT */
/*
 * The public face of cosend: everything a filter or a host program needs.
 *
 * Symbols bear the version node COSEND_0.1. A library whose structs, enums or
 * functions are others has another node, and the dynamic linker refuses it to a
 * program that was made with this header. Within a node a struct that programs
 * make may gain members, which are taken from its words `reserved`: these are
 * zero, which is the default of everything. So make structs by initializers, or
 * zero them. A library that finds a word there that is not zero was asked for
 * what it does not know, and refuses the call (COSEND_E_USAGE). Structs without
 * such words stay as they are.
 */
#ifndef COSEND_H
#define COSEND_H

#include "cosend/access_log.h"
#include "cosend/aggregate.h"
#include "cosend/aggregate_options.h"
#include "cosend/around.h"
#include "cosend/bar.h"
#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/choose_form.h"
#include "cosend/conversion.h"
#include "cosend/coroutine.h"
#include "cosend/cut_fields.h"
#include "cosend/digest.h"
#include "cosend/encoder.h"
#include "cosend/expression.h"
#include "cosend/event_lines.h"
#include "cosend/events.h"
#include "cosend/field_types.h"
#include "cosend/find.h"
#include "cosend/grok.h"
#include "cosend/grok_options.h"
#include "cosend/group.h"
#include "cosend/groups.h"
#include "cosend/index.h"
#include "cosend/io.h"
#include "cosend/line_form.h"
#include "cosend/line_pattern.h"
#include "cosend/log_forms.h"
#include "cosend/log_lines.h"
#include "cosend/match.h"
#include "cosend/nested.h"
#include "cosend/number.h"
#include "cosend/pair_form.h"
#include "cosend/pair_lines.h"
#include "cosend/pipeline.h"
#include "cosend/plugin.h"
#include "cosend/profile.h"
#include "cosend/program_options.h"
#include "cosend/recognize.h"
#include "cosend/record.h"
#include "cosend/stage.h"
#include "cosend/template.h"
#include "cosend/store.h"
#include "cosend/tables.h"
#include "cosend/taker.h"
#include "cosend/tally.h"
#include "cosend/text.h"
#include "cosend/time.h"
#include "cosend/value.h"
#include "cosend/version.h"
#include "cosend/windows.h"

#endif
