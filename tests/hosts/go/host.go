// SPDX-License-Identifier: MIT

// Three pipelines and a mistake, from Go by cgo; see tests/hosts/README.md.
//
//	go build -o host .
package main

/*
#cgo pkg-config: cosend
#include <cosend.h>
#include <stdlib.h>

// The context is a handle, a number, for C may keep no pointer of Go's.
int goRecord(void *, uintptr_t);
int goBatch(void *, uintptr_t);
int goReject(void *, uintptr_t);
void goProblem(void *, uintptr_t);

static int take_record(const struct cosend_record *record, void *context)
{
	return goRecord((void *)record, (uintptr_t)context);
}
static int take_batch(const struct cosend_batch *batch, void *context)
{
	return goBatch((void *)batch, (uintptr_t)context);
}
static int take_reject(const struct cosend_reject *reject, void *context)
{
	return goReject((void *)reject, (uintptr_t)context);
}
static void take_problem(const struct cosend_problem *problem, void *context)
{
	goProblem((void *)problem, (uintptr_t)context);
}

static void call_back(struct cosend_options *options, uintptr_t handle,
                      int record, int reject)
{
	options->context = (void *)handle;
	options->problem = take_problem;
	options->record = record ? take_record : NULL;
	options->reject = reject ? take_reject : NULL;
}
static struct cosend_taker *new_taker(uintptr_t handle)
{
	struct cosend_taker *taker = calloc(1, sizeof(*taker));

	taker->size = sizeof(*taker);
	taker->batch = take_batch;
	taker->context = (void *)handle;
	return taker;
}
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/cgo"
	"strings"
	"unsafe"
)

type pipeline struct {
	own      *C.struct_cosend_pipeline
	options  *C.struct_cosend_options // all that it points at is C's
	strings  []unsafe.Pointer
	handle   cgo.Handle
	onRecord func(*C.struct_cosend_record) error
	onBatch  func(*C.struct_cosend_batch) error
	onReject func(*C.struct_cosend_reject) error
	problems []string
	failed   error
	panicked any
}

func newPipeline() *pipeline {
	p := &pipeline{}
	p.options = (*C.struct_cosend_options)(p.keep(C.calloc(1,
		C.sizeof_struct_cosend_options)))
	p.options.size = C.sizeof_struct_cosend_options
	p.options.push = true
	p.options.name = p.text("<line>")
	p.handle = cgo.NewHandle(p)
	return p
}

func (p *pipeline) keep(memory unsafe.Pointer) unsafe.Pointer {
	p.strings = append(p.strings, memory)
	return memory
}

func (p *pipeline) text(text string) *C.char {
	return (*C.char)(p.keep(unsafe.Pointer(C.CString(text))))
}

func (p *pipeline) close() {
	C.cosend_pipeline_free(p.own)
	for _, memory := range p.strings {
		C.free(memory)
	}
	p.handle.Delete()
}

func (p *pipeline) check(status C.int, failure *C.struct_cosend_error) error {
	if panicked := p.panicked; panicked != nil {
		p.panicked = nil
		panic(panicked)
	}
	switch {
	case status >= 0:
		return nil
	case p.failed != nil:
		return p.failed
	case len(p.problems) > 0:
		return errors.New(strings.Join(p.problems, "\n"))
	}
	return errors.New(C.GoString(&failure.message[0]))
}

func (p *pipeline) note(problem *C.struct_cosend_problem) {
	p.problems = append(p.problems, fmt.Sprintf("%s:%d:%d: %s: %s",
		C.GoString(problem.name), problem.line, problem.column,
		C.GoString(problem.path), C.GoString(problem.text)))
}

func bit(set bool) C.int {
	if set {
		return 1
	}
	return 0
}

// make makes it by whichever of the calls, and opens it.
func (p *pipeline) make(call func(*C.struct_cosend_error) C.int) error {
	var failure C.struct_cosend_error

	C.call_back(p.options, C.uintptr_t(p.handle), bit(p.onRecord != nil),
		bit(p.onReject != nil))
	if p.onBatch != nil {
		p.options.taker = C.new_taker(C.uintptr_t(p.handle))
		p.keep(unsafe.Pointer(p.options.taker))
	}
	status := call(&failure)
	if status >= 0 {
		status = C.cosend_pipeline_open(p.own, &failure)
	}
	return p.check(status, &failure)
}

func (p *pipeline) openLine(line string) error {
	return p.make(func(failure *C.struct_cosend_error) C.int {
		p.own = C.cosend_pipeline_from_line(p.text(line), p.options, failure)
		return failure.kind
	})
}

type step struct {
	filter, options, id string
	onError             C.int
}

func (p *pipeline) openSteps(parameter string, steps []step) error {
	return p.make(func(failure *C.struct_cosend_error) C.int {
		if p.own = C.cosend_pipeline_new(p.options, failure); p.own == nil {
			return failure.kind
		}
		status := C.cosend_pipeline_add_parameter(p.own, p.text(parameter),
			p.text(`{"type": "int"}`), failure)
		for _, s := range steps {
			of := (*C.struct_cosend_step)(p.keep(C.calloc(1,
				C.sizeof_struct_cosend_step)))
			of.size = C.sizeof_struct_cosend_step
			of.filter, of.options = p.text(s.filter), p.text(s.options)
			of.on_error = s.onError
			if s.id != "" {
				of.id = p.text(s.id)
			}
			if status >= 0 {
				status = C.cosend_pipeline_add_step(p.own, of, failure)
			}
		}
		return status
	})
}

func (p *pipeline) pushFile(name string) error {
	var failure C.struct_cosend_error

	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	piece := make([]byte, 1000)
	for {
		count, err := file.Read(piece)
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		status := C.cosend_pipeline_push(p.own,
			(*C.char)(unsafe.Pointer(&piece[0])), C.size_t(count), &failure)
		if err := p.check(status, &failure); err != nil {
			return err
		}
	}
	return p.check(C.cosend_pipeline_finish(p.own, &failure), &failure)
}

func cellText(cell C.struct_cosend_cell) string {
	return C.GoStringN(cell.data, C.int(cell.length))
}

// What a step returned.
func text(p *pipeline, name string) error {
	var value C.struct_cosend_cell

	p.onRecord = func(*C.struct_cosend_record) error { return nil }
	if err := p.openLine("grep ERROR | count"); err != nil {
		return err
	}
	if err := p.pushFile(name); err != nil {
		return err
	}
	if C.cosend_pipeline_result_of(p.own, p.text("count"), p.text("count"),
		&value) {
		fmt.Println(cellText(value))
	}
	return nil
}

// Steps with a parameter; batches of columns; rejects.
func table(p *pipeline, name string) error {
	headed := false
	given := (*C.struct_cosend_parameter)(p.keep(C.calloc(1,
		C.sizeof_struct_cosend_parameter)))
	given.name, given.value = p.text("least"), p.text("6")
	p.options.parameters, p.options.parameter_count = given, 1
	p.options.input_format = C.COSEND_FORMAT_CSV
	p.onReject = func(reject *C.struct_cosend_reject) error {
		fmt.Fprintln(os.Stderr, reject.line, C.GoString(reject.step),
			C.GoString(reject.kind),
			C.GoStringN(reject.raw, C.int(reject.raw_length)))
		return nil
	}
	p.onBatch = func(batch *C.struct_cosend_batch) error {
		schema := C.cosend_batch_schema(batch)
		width := C.cosend_schema_count(schema)
		rows := make([][]string, C.cosend_batch_count(batch))
		cells := make([]C.struct_cosend_cell, len(rows))
		names := []string{}
		for c := C.size_t(0); c < width; c++ {
			names = append(names, C.GoString(C.cosend_schema_name(schema, c)))
			if !C.cosend_batch_cells(batch, c, &cells[0]) {
				return errors.New("out of memory")
			}
			for i := range rows {
				rows[i] = append(rows[i], cellText(cells[i]))
			}
		}
		if !headed {
			fmt.Println(strings.Join(names, ","))
		}
		headed = true
		for _, row := range rows {
			fmt.Println(strings.Join(row, ","))
		}
		return nil
	}
	err := p.openSteps("least", []step{
		{"where", `"ms >= ${least}"`, "slow", C.COSEND_ON_ERROR_REJECT},
		{"average", `{"field": "ms", "by": ["host"]}`, "", 0}})
	if err != nil {
		return err
	}
	return p.pushFile(name)
}

// Records one by one.
func records(p *pipeline, name string) error {
	p.options.input_format = C.COSEND_FORMAT_JSONL
	p.onRecord = func(record *C.struct_cosend_record) error {
		var json C.struct_cosend_bytes

		C.cosend_put_json_record(&json, record)
		fmt.Println(C.GoStringN((*C.char)(unsafe.Pointer(json.data)),
			C.int(json.length)))
		C.cosend_bytes_free(&json)
		return nil
	}
	if err := p.openLine("set 'd = ms * 2' | select host,d,x"); err != nil {
		return err
	}
	return p.pushFile(name)
}

func mistake(p *pipeline, name string) error {
	p.options.input_format = C.COSEND_FORMAT_CSV
	p.onRecord = func(*C.struct_cosend_record) error { return nil }
	if err := p.openLine("where mss > 1"); err != nil {
		return err
	}
	return p.pushFile(name)
}

func raising(p *pipeline, name string) error {
	p.onRecord = func(*C.struct_cosend_record) error { panic("mine") }
	if err := p.openLine("grep ."); err != nil {
		return err
	}
	defer func() { fmt.Println(recover(), "came out") }()
	return p.pushFile(name)
}

func main() {
	p := newPipeline()
	defer p.close()
	err := map[string]func(*pipeline, string) error{"text": text,
		"table": table, "records": records, "mistake": mistake,
		"raising": raising}[os.Args[1]](p, os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		p.close()
		os.Exit(1)
	}
}
