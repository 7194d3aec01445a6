// SPDX-License-Identifier: MIT

//! Three pipelines and a mistake, from Rust; see tests/hosts/README.md.
//!
//!     rustc -O host.rs $(pkg-config --libs-only-L cosend)

use std::any::Any;
use std::ffi::{c_void, CStr, CString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::raw::{c_char, c_int, c_uint};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::{mem, ptr, slice};

// ---- What is needed of cosend/*.h -------------------------------------------

const OK: c_int = 0;
const E_USER: c_int = -1000;
const CSV: c_int = 2;
const JSONL: c_int = 4;
const ON_ERROR_REJECT: c_int = 1;

#[repr(C)]
struct Parameter {
    name: *const c_char,
    value: *const c_char,
}

#[repr(C)]
struct Step {
    size: usize,
    filter: *const c_char,
    options: *const c_char,
    id: *const c_char,
    on_error: c_int,
}

#[repr(C)]
struct Problem {
    name: *const c_char,
    line: c_uint,
    column: c_uint,
    path: *const c_char,
    text: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Cell {
    data: *const c_char,
    length: u32,
    kind: c_int,
}

#[repr(C)]
struct Bytes {
    data: *mut u8,
    length: usize,
    capacity: usize,
    failed: bool,
}

#[repr(C)]
struct Reject {
    size: usize,
    source: *const c_char,
    line: u64,
    offset: u64,
    step: *const c_char,
    kind: *const c_char,
    reason: *const c_char,
    raw: *const c_char,
    raw_length: usize,
    fields: *const c_char,
    truncated: bool,
}

#[repr(C)]
struct Taker {
    size: usize,
    schema: *const c_void,
    batch: extern "C" fn(*const c_void, *mut c_void) -> c_int,
    snapshot: *const c_void,
    context: *mut c_void,
}

type TakeRecord = extern "C" fn(*const c_void, *mut c_void) -> c_int;
type TakeReject = extern "C" fn(*const Reject, *mut c_void) -> c_int;
type TakeProblem = extern "C" fn(*const Problem, *mut c_void);

#[repr(C)]
struct Options {
    size: usize,
    name: *const c_char,
    parameters: *const Parameter,
    parameter_count: usize,
    no_environment: bool,
    input_format: c_int,
    output_format: c_int,
    output_numbers: c_int,
    output_template: *const c_char,
    output_path: *const c_char,
    rejects_path: *const c_char,
    files: *const *const c_char,
    file_count: usize,
    follow: bool,
    follow_last: bool,
    tell_skipped: bool,
    last_records: u64,
    watch: bool,
    color: bool,
    on_error: c_int,
    max_errors: u64,
    limit_errors: bool,
    batch_size: u32,
    threads: u32,
    quiet: bool,
    allow_comments: bool,
    push: bool,
    only_check: bool,
    problem: Option<TakeProblem>,
    warning: *const c_void,
    record: Option<TakeRecord>,
    context: *mut c_void,
    since: *const c_char,
    until: *const c_char,
    time_field: *const c_char,
    tz: *const c_char,
    skip_records: u64,
    taker: *const Taker,
    reject: Option<TakeReject>,
}

#[repr(C)]
struct Cause {
    kind: c_int,
    raised_from: bool,
    message: [c_char; 118],
    id: u64,
}

#[repr(C)]
struct Failure {
    kind: c_int,
    causes: c_uint,
    line: u64,
    column: u64,
    offset: u64,
    step: [c_char; 64],
    source: [c_char; 256],
    message: [c_char; 512],
    cause: [Cause; 4],
    omitted: c_uint,
    id: u64,
    reserved: [usize; 4],
}

#[link(name = "cosend")]
extern "C" {
    fn cosend_pipeline_from_line(
        line: *const c_char, options: *const Options, failure: *mut Failure,
    ) -> *mut c_void;
    fn cosend_pipeline_new(
        options: *const Options, failure: *mut Failure,
    ) -> *mut c_void;
    fn cosend_pipeline_add_step(
        own: *mut c_void, step: *const Step, failure: *mut Failure,
    ) -> c_int;
    fn cosend_pipeline_add_parameter(
        own: *mut c_void, name: *const c_char, declared: *const c_char,
        failure: *mut Failure,
    ) -> c_int;
    fn cosend_pipeline_open(own: *mut c_void, failure: *mut Failure) -> c_int;
    fn cosend_pipeline_push(
        own: *mut c_void, data: *const u8, length: usize,
        failure: *mut Failure,
    ) -> c_int;
    fn cosend_pipeline_finish(own: *mut c_void, failure: *mut Failure)
        -> c_int;
    fn cosend_pipeline_result_of(
        own: *const c_void, id: *const c_char, name: *const c_char,
        value: *mut Cell,
    ) -> bool;
    fn cosend_pipeline_free(own: *mut c_void);
    fn cosend_batch_count(batch: *const c_void) -> u32;
    fn cosend_batch_schema(batch: *const c_void) -> *const c_void;
    fn cosend_schema_count(schema: *const c_void) -> usize;
    fn cosend_schema_name(schema: *const c_void, i: usize) -> *const c_char;
    fn cosend_batch_cells(
        batch: *const c_void, column: usize, cells: *mut Cell,
    ) -> bool;
    fn cosend_put_json_record(to: *mut Bytes, record: *const c_void) -> bool;
    fn cosend_bytes_free(bytes: *mut Bytes);
}

// ---- A pipeline that owns what it needs -------------------------------------

type Result<T> = std::result::Result<T, String>;

#[derive(Default)]
struct Callbacks<'a> {
    record: Option<Box<dyn FnMut(*const c_void) -> Result<()> + 'a>>,
    batch: Option<Box<dyn FnMut(*const c_void) -> Result<()> + 'a>>,
    reject: Option<Box<dyn FnMut(&Reject) -> Result<()> + 'a>>,
    failed: Option<String>,
    panicked: Option<Box<dyn Any + Send>>,
    problems: Vec<String>,
}

/// No panic may cross the C frames between a callback and the call that drives
/// the pipeline: it is kept, the library is told an error, and that call
/// resumes it.
fn guard(context: *mut c_void, call: impl FnOnce(&mut Callbacks) -> Result<()>)
    -> c_int {
    let callbacks = unsafe { &mut *(context as *mut Callbacks) };
    match catch_unwind(AssertUnwindSafe(|| call(callbacks))) {
        Ok(Ok(())) => return OK,
        Ok(Err(failed)) => callbacks.failed = Some(failed),
        Err(panicked) => callbacks.panicked = Some(panicked),
    }
    E_USER
}

extern "C" fn take_record(record: *const c_void, context: *mut c_void)
    -> c_int {
    guard(context, |to| (to.record.as_mut().unwrap())(record))
}

extern "C" fn take_batch(batch: *const c_void, context: *mut c_void) -> c_int {
    guard(context, |to| (to.batch.as_mut().unwrap())(batch))
}

extern "C" fn take_reject(reject: *const Reject, context: *mut c_void)
    -> c_int {
    guard(context, |to| (to.reject.as_mut().unwrap())(unsafe { &*reject }))
}

extern "C" fn take_problem(problem: *const Problem, context: *mut c_void) {
    guard(context, |to| {
        let of = unsafe { &*problem };
        to.problems.push(format!("{}:{}:{}: {}: {}", string(of.name), of.line,
            of.column, string(of.path), string(of.text)));
        Ok(())
    });
}

fn string(text: *const c_char) -> String {
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("no NUL")
}

impl Cell {
    fn bytes(&self) -> &[u8] {
        if self.length == 0 {
            return &[];
        }
        unsafe {
            slice::from_raw_parts(self.data as *const u8, self.length as usize)
        }
    }
}

struct Pipeline<'a> {
    own: *mut c_void,
    failure: Box<Failure>,
    callbacks: Box<Callbacks<'a>>,
    // What options point at must outlive the pipeline.
    _strings: Vec<(CString, CString)>,
    _parameters: Vec<Parameter>,
}

enum Steps<'s> {
    Line(&'s str),
    // filter, options, id, on_error; and the parameter that they use
    Calls(&'s [(&'s str, &'s str, Option<&'s str>, c_int)], &'s str),
}

impl<'a> Pipeline<'a> {
    fn open(steps: Steps, format: c_int, given: &[(&str, &str)],
        callbacks: Callbacks<'a>) -> Result<Pipeline<'a>> {
        let strings: Vec<_> = given.iter()
            .map(|(name, value)| (c_string(name), c_string(value))).collect();
        let parameters = strings.iter().map(|(name, value)| Parameter {
            name: name.as_ptr(), value: value.as_ptr() }).collect();
        let mut made = Pipeline {
            own: ptr::null_mut(),
            failure: Box::new(unsafe { mem::zeroed() }),
            callbacks: Box::new(callbacks),
            _strings: strings,
            _parameters: parameters,
        };
        let context = &mut *made.callbacks as *mut Callbacks as *mut c_void;
        let taker = Taker {
            size: mem::size_of::<Taker>(),
            schema: ptr::null(),
            batch: take_batch,
            snapshot: ptr::null(),
            context,
        };
        let mut options: Options = unsafe { mem::zeroed() };
        options.size = mem::size_of::<Options>();
        options.name = b"<line>\0".as_ptr() as *const c_char;
        options.push = true;
        options.input_format = format;
        options.parameters = made._parameters.as_ptr();
        options.parameter_count = made._parameters.len();
        options.context = context;
        options.problem = Some(take_problem);
        options.record = made.callbacks.record.as_ref()
            .map(|_| take_record as TakeRecord);
        options.reject = made.callbacks.reject.as_ref()
            .map(|_| take_reject as TakeReject);
        if made.callbacks.batch.is_some() {
            options.taker = &taker;
        }
        let status = unsafe { made.make(steps, &options) };
        made.check(status)?;
        Ok(made)
    }

    unsafe fn make(&mut self, steps: Steps, options: &Options) -> c_int {
        let failure = &mut *self.failure as *mut Failure;
        let mut status = OK;
        match steps {
            Steps::Line(line) => self.own = cosend_pipeline_from_line(
                c_string(line).as_ptr(), options, failure),
            Steps::Calls(..) =>
                self.own = cosend_pipeline_new(options, failure),
        }
        if self.own.is_null() {
            return self.failure.kind;
        }
        if let Steps::Calls(calls, parameter) = steps {
            status = cosend_pipeline_add_parameter(self.own,
                c_string(parameter).as_ptr(),
                c_string("{\"type\": \"int\"}").as_ptr(), failure);
            for (filter, options, id, on_error) in calls {
                let (filter, options) = (c_string(filter), c_string(options));
                let id = id.map(c_string);
                let step = Step {
                    size: mem::size_of::<Step>(),
                    filter: filter.as_ptr(),
                    options: options.as_ptr(),
                    id: id.as_ref().map_or(ptr::null(), |id| id.as_ptr()),
                    on_error: *on_error,
                };
                if status >= 0 {
                    status = cosend_pipeline_add_step(self.own, &step, failure);
                }
            }
        }
        if status >= 0 { cosend_pipeline_open(self.own, failure) } else
            { status }
    }

    fn check(&mut self, status: c_int) -> Result<()> {
        if let Some(panicked) = self.callbacks.panicked.take() {
            resume_unwind(panicked);
        }
        if status >= 0 {
            return Ok(());
        }
        if let Some(failed) = self.callbacks.failed.take() {
            return Err(failed);
        }
        if !self.callbacks.problems.is_empty() {
            return Err(self.callbacks.problems.join("\n"));
        }
        Err(string(self.failure.message.as_ptr()))
    }

    fn push_file(&mut self, name: &str) -> Result<()> {
        let mut file = File::open(name).map_err(|error| error.to_string())?;
        let mut piece = [0u8; 1000];
        loop {
            let count = file.read(&mut piece)
                .map_err(|error| error.to_string())?;
            if count == 0 {
                break;
            }
            let status = unsafe { cosend_pipeline_push(self.own,
                piece.as_ptr(), count, &mut *self.failure) };
            self.check(status)?;
        }
        let status = unsafe {
            cosend_pipeline_finish(self.own, &mut *self.failure) };
        self.check(status)
    }

    fn result(&self, id: &str, name: &str) -> Option<Vec<u8>> {
        let mut value: Cell = unsafe { mem::zeroed() };
        unsafe { cosend_pipeline_result_of(self.own, c_string(id).as_ptr(),
            c_string(name).as_ptr(), &mut value) }
            .then(|| value.bytes().to_vec())
    }
}

impl Drop for Pipeline<'_> {
    fn drop(&mut self) {
        unsafe { cosend_pipeline_free(self.own) }
    }
}

// ---- Three pipelines --------------------------------------------------------

fn say(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout();
    out.write_all(bytes).and_then(|_| out.write_all(b"\n"))
        .map_err(|error| error.to_string())
}

/// What a step returned.
fn text(name: &str) -> Result<()> {
    let mut lines = Pipeline::open(Steps::Line("grep ERROR | count"), 0, &[],
        Callbacks { record: Some(Box::new(|_| Ok(()))), ..Default::default() })?;
    lines.push_file(name)?;
    say(&lines.result("count", "count").unwrap_or_default())
}

fn columns(batch: *const c_void) -> Vec<(String, Vec<Cell>)> {
    unsafe {
        let schema = cosend_batch_schema(batch);
        let none = Cell { data: ptr::null(), length: 0, kind: 0 };
        (0..cosend_schema_count(schema)).map(|c| {
            let mut cells = vec![none; cosend_batch_count(batch) as usize];
            assert!(cosend_batch_cells(batch, c, cells.as_mut_ptr()));
            (string(cosend_schema_name(schema, c)), cells)
        }).collect()
    }
}

/// Steps with a parameter; batches of columns; rejects.
fn table(name: &str) -> Result<()> {
    let mut headed = false;
    let callbacks = Callbacks {
        reject: Some(Box::new(|reject| {
            let raw = unsafe { slice::from_raw_parts(reject.raw as *const u8,
                reject.raw_length) };
            eprintln!("{} {} {} {}", reject.line, string(reject.step),
                string(reject.kind), String::from_utf8_lossy(raw));
            Ok(())
        })),
        batch: Some(Box::new(move |batch| {
            let columns = columns(batch);
            if !mem::replace(&mut headed, true) {
                let names: Vec<_> =
                    columns.iter().map(|(name, _)| name.as_bytes()).collect();
                say(&names.join(&b","[..]))?;
            }
            for i in 0..unsafe { cosend_batch_count(batch) } as usize {
                let row: Vec<_> = columns.iter()
                    .map(|(_, cells)| cells[i].bytes()).collect();
                say(&row.join(&b","[..]))?;
            }
            Ok(())
        })),
        ..Default::default()
    };
    Pipeline::open(
        Steps::Calls(&[
            ("where", "\"ms >= ${least}\"", Some("slow"), ON_ERROR_REJECT),
            ("average", "{\"field\": \"ms\", \"by\": [\"host\"]}", None, 0),
        ], "least"),
        CSV, &[("least", "6")], callbacks)?.push_file(name)
}

/// Records one by one.
fn records(name: &str) -> Result<()> {
    Pipeline::open(Steps::Line("set 'd = ms * 2' | select host,d,x"), JSONL,
        &[], Callbacks {
            record: Some(Box::new(|record| unsafe {
                let mut json: Bytes = mem::zeroed();
                cosend_put_json_record(&mut json, record);
                let said = say(slice::from_raw_parts(json.data, json.length));
                cosend_bytes_free(&mut json);
                said
            })),
            ..Default::default()
        })?.push_file(name)
}

fn mistake(name: &str) -> Result<()> {
    Pipeline::open(Steps::Line("where mss > 1"), CSV, &[],
        Callbacks { record: Some(Box::new(|_| Ok(()))), ..Default::default() })?
        .push_file(name)
}

fn raising(name: &str) -> Result<()> {
    std::panic::set_hook(Box::new(|_| ()));
    let panicked = catch_unwind(|| Pipeline::open(Steps::Line("grep ."), 0,
        &[], Callbacks { record: Some(Box::new(|_| panic!("mine"))),
            ..Default::default() }).unwrap().push_file(name)).unwrap_err();
    say(format!("{} came out", panicked.downcast_ref::<&str>().unwrap())
        .as_bytes())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let done = match arguments[1].as_str() {
        "text" => text(&arguments[2]),
        "table" => table(&arguments[2]),
        "records" => records(&arguments[2]),
        "raising" => raising(&arguments[2]),
        _ => mistake(&arguments[2]),
    };
    if let Err(message) = done {
        eprintln!("{}", message);
        std::process::exit(1);
    }
}
