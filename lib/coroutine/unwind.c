/* SPDX-License-Identifier: MIT */
/*
 * Unwinding goes on from the first frame of a coroutine in its resumer, so that
 * a backtrace is whole (see switch.h). An exception must not follow: it would
 * leave the coroutine behind in the middle of its run. This is the personality
 * of that frame, which answers a search for a handler that there is none, so
 * that C++ calls std::terminate.
 */
#include <stdint.h>
#include <unwind.h>

_Unwind_Reason_Code csi_unwind_barrier(int version, _Unwind_Action actions,
                                       uint64_t language,
                                       struct _Unwind_Exception *exception,
                                       struct _Unwind_Context *context);

_Unwind_Reason_Code csi_unwind_barrier(int version, _Unwind_Action actions,
                                       uint64_t language,
                                       struct _Unwind_Exception *exception,
                                       struct _Unwind_Context *context)
{
    (void)version, (void)language, (void)exception, (void)context;
    return actions & _UA_SEARCH_PHASE ? _URC_FATAL_PHASE1_ERROR
                                      : _URC_CONTINUE_UNWIND;
}
