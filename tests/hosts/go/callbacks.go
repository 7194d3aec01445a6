// SPDX-License-Identifier: MIT

package main

// #include <cosend.h>
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// guard calls what the host gave. No panic may cross the C frames between it
// and the call that drives the pipeline: it is kept, the library is told an
// error, and that call panics again.
func guard(p *pipeline, call func() error) (answer C.int) {
	defer func() {
		if panicked := recover(); panicked != nil {
			p.panicked = panicked
			answer = C.COSEND_E_USER
		}
	}()
	if p.failed = call(); p.failed != nil {
		return C.COSEND_E_USER
	}
	return C.COSEND_OK
}

func owner(context C.uintptr_t) *pipeline {
	return cgo.Handle(context).Value().(*pipeline)
}

//export goRecord
func goRecord(record unsafe.Pointer, context C.uintptr_t) C.int {
	p := owner(context)
	return guard(p, func() error {
		return p.onRecord((*C.struct_cosend_record)(record))
	})
}

//export goBatch
func goBatch(batch unsafe.Pointer, context C.uintptr_t) C.int {
	p := owner(context)
	return guard(p, func() error {
		return p.onBatch((*C.struct_cosend_batch)(batch))
	})
}

//export goReject
func goReject(reject unsafe.Pointer, context C.uintptr_t) C.int {
	p := owner(context)
	return guard(p, func() error {
		return p.onReject((*C.struct_cosend_reject)(reject))
	})
}

//export goProblem
func goProblem(problem unsafe.Pointer, context C.uintptr_t) {
	p := owner(context)
	guard(p, func() error {
		p.note((*C.struct_cosend_problem)(problem))
		return nil
	})
}
