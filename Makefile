# cosend: push-coroutine data pipelines.
#
#   make            the library, the program and their shared object
#   make demo       build, and run a pipeline over a sample log
#   make test       build and pass every test
#   make help       all targets, and the settings below

# ---- Settings ---------------------------------------------------------------

PREFIX    ?= /usr/local
DESTDIR   ?=
BUILD     ?= build
# The context switch: native (x86_64.S or aarch64.S) or ucontext.
SWITCH    ?= native
# asan, tsan, fuzz, or empty.
SANITIZE  ?=
# MASKABLE=1 makes a program for tests, which obeys COSEND_SIMD=portable, sse2
# or avx2, and COSEND_NO_JIT=1, in the environment.
MASKABLE  ?=

CC        ?= cc
AR        ?= ar
CFLAGS    ?= -O2 -g

# lib/cosend/version.h has the version, and the number of the binary interface
# (COSEND_ABI), which the shared object and its symbols' version node bear.
VERSION_H := lib/cosend/version.h
VERSION   := $(shell awk '/^.define COSEND_VERSION_[A-Z]+ +[0-9]/ { \
                 text = text dot $$3; dot = "." } END { print text }' $(VERSION_H))
ABI       := $(shell awk '/^.define COSEND_ABI / { print $$3 }' $(VERSION_H))

# ---- Flags ------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla \
            -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
            -Wformat-security
HARDEN   := -fstack-protector-strong -fstack-clash-protection \
            -fcf-protection=full -ftrivial-auto-var-init=zero \
            -fno-delete-null-pointer-checks -fno-strict-overflow
HARDEN_LD := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code
FORTIFY  := -D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2
DEFS     := -Wl,-z,defs

# What the compiler and the linker behind it take of these, and the machine it
# makes code for, is asked once and kept, until it is another compiler.
COMPILER := $(CC) $(shell for word in $(CC); do \
                command -v $$word; done | xargs -r stat -L -c '%n %s %Y')
PROBED   := $(BUILD)/compiler.mk
-include $(PROBED)
ifneq ($(COMPILER_PROBED),$(COMPILER))
accepted  = $(strip $(foreach flag,$1,$(shell \
    echo 'int main(void) { return 0; }' | \
    $(CC) -Werror -O2 $(flag) -x c -o /dev/null - 2>/dev/null && \
    echo '$(flag)')))
HAS_HARDEN    := $(call accepted,$(HARDEN))
HAS_HARDEN_LD := $(call accepted,$(HARDEN_LD))
HAS_FORTIFY   := $(firstword $(call accepted,$(FORTIFY)))
HAS_DEFS      := $(call accepted,$(DEFS))
ARCH          := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)
$(shell mkdir -p $(BUILD))
$(file >$(PROBED),COMPILER_PROBED := $(COMPILER))
$(foreach name,HAS_HARDEN HAS_HARDEN_LD HAS_FORTIFY HAS_DEFS ARCH, \
    $(file >>$(PROBED),$(name) := $($(name))))
endif

CPPFLAGS_ALL := -Ilib -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
CFLAGS_ALL   := -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden \
                -ffile-prefix-map=$(CURDIR)=. -MMD -MP
LDFLAGS_ALL  :=
LDLIBS       := -lpcre2-8 -ljansson -lcsv -lxxhash -lz -lzstd -lm -lpthread

# What a sanitizer adds is tens of thousands of addresses, which a program that
# may be anywhere has to be told at each start: that took half of its time.
PIE := $(if $(SANITIZE),-no-pie,-pie)

# A sanitizer sees most in code that is not hardened: -fno-strict-overflow
# makes signed overflow defined, and so does not let it be reported.
ifeq ($(SANITIZE),asan)
SANITIZER := -fsanitize=address,undefined -fno-sanitize-recover=all \
             -fno-omit-frame-pointer
else ifeq ($(SANITIZE),fuzz)
SANITIZER := -fsanitize=fuzzer-no-link,address,undefined \
             -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(SANITIZE),tsan)
SANITIZER := -fsanitize=thread
else
SANITIZER :=
CPPFLAGS_ALL += -U_FORTIFY_SOURCE $(HAS_FORTIFY)
CFLAGS_ALL   += $(HAS_HARDEN)
LDFLAGS_ALL  += $(HAS_HARDEN_LD) $(HAS_DEFS)
endif
ifeq ($(MASKABLE),1)
CPPFLAGS_ALL += -DCSI_SIMD_FROM_ENV
endif
ifeq ($(CI),true)
CFLAGS_ALL += -Werror
endif

CPPFLAGS_ALL += $(CPPFLAGS)
CFLAGS_ALL   += $(SANITIZER) $(CFLAGS)
LDFLAGS_ALL  += $(SANITIZER) $(LDFLAGS)

# ---- Sources ----------------------------------------------------------------

ifeq ($(SWITCH),ucontext)
SWITCH_SRC   := lib/coroutine/switch/ucontext.c
CPPFLAGS_ALL += -DCSI_SWITCH_UCONTEXT
else
SWITCH_SRC   := lib/coroutine/switch/$(ARCH).S
endif

LIB_SRC  := $(wildcard lib/*/*.c) $(SWITCH_SRC) $(wildcard filters/*.c) \
            $(filter-out cli/main.c,$(wildcard cli/*.c))
LIB_OBJ  := $(patsubst %,$(BUILD)/%.o,$(basename $(LIB_SRC)))
UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%, \
              $(wildcard tests/unit/test_*.c))
PLANTED  := $(patsubst tests/planted/%.c,$(BUILD)/tests/%, \
              $(wildcard tests/planted/*.c))
PLUGINS  := $(patsubst tests/plugins/%.c,$(BUILD)/tests/%.so, \
              $(wildcard tests/plugins/*.c))
HEADERS  := $(wildcard lib/cosend/*.h)
MAN1     := $(wildcard cli/man/*.1)
MAN3     := $(patsubst lib/cosend/%.h,$(BUILD)/man/cosend_%.3,$(HEADERS)) \
            $(BUILD)/man/cosend.3
MAN7     := $(wildcard cli/man/*.7)
SOURCES  := $(wildcard lib/*.h lib/*/*.[ch] lib/*/*/*.[ch] filters/*.[ch] \
              cli/*.[ch] pipelines/*.c tests/*/*.[ch])

# ---- Build ------------------------------------------------------------------

# V=1 shows the commands.
quiet = $(if $(V),,@echo '  $1'; )

.PHONY: all
all: $(BUILD)/libcosend.a $(BUILD)/libcosend.so $(BUILD)/cosend

# Holds the compiler and its flags, and changes when they do.
SETTINGS := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(SWITCH_SRC)

$(BUILD)/settings: always
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(SETTINGS))' | cmp -s - $@ || \
	    echo '$(subst ','\'',$(SETTINGS))' > $@

$(BUILD)/%.o: %.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call quiet,CC  $<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/%.o: %.S $(BUILD)/settings
	@mkdir -p $(@D)
	$(call quiet,CC  $<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/libcosend.a: $(LIB_OBJ)
	@rm -f $@
	$(call quiet,AR  $@)$(AR) rcsD $@ $^

# What is public has the version node of this ABI; all else is hidden.
$(BUILD)/cosend.map: $(VERSION_H)
	@echo 'COSEND_$(ABI) { global: cosend_*; local: *; };' > $@

$(BUILD)/libcosend.so: $(LIB_OBJ) $(BUILD)/cosend.map
	$(call quiet,LD  $@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -shared \
	    -o $@ $(LIB_OBJ) \
	    -Wl,-soname,libcosend.so.$(ABI) \
	    -Wl,--version-script=$(BUILD)/cosend.map -Wl,-z,nodelete $(LDLIBS)

# With all of the library, and what is public of it exported, for plug-ins.
PLUGGABLE := -Wl,--export-dynamic-symbol='cosend_*' -Wl,--whole-archive \
             $(BUILD)/libcosend.a -Wl,--no-whole-archive

$(BUILD)/cosend: $(BUILD)/cli/main.o $(BUILD)/libcosend.a
	$(call quiet,LD  $@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(PIE) \
	    -o $@ $< $(PLUGGABLE) $(LDLIBS)

# Optimised as a whole and by a profile, in a folder of its own; the archive
# holds the usual code beside that, so that any compiler can link it. A program
# that counts runs the jobs of profile.sh first. By its profile, of ten jobs of
# the bench nine took 2.6 to 10 % less time than by -flto alone, and `parse
# combined` 12 % (gcc 12, AMD EPYC).
RELEASE = $(MAKE) --no-print-directory BUILD=$(BUILD)/release AR=gcc-ar \
          CC=gcc CFLAGS='$(CFLAGS) -flto=auto -ffat-lto-objects \
          -fprofile-use -fprofile-correction -Wno-missing-profile'

.PHONY: release install-release
release: deps-build $(BUILD)/release/profiled
	+@$(RELEASE) all
install-release: release
	+@$(RELEASE) install

$(BUILD)/release/profiled: $(LIB_SRC) $(wildcard lib/*/*.h) \
    tests/bench/profile.sh | $(BUILD)/tests/bench-generate
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/profile CC=gcc \
	    CFLAGS='$(CFLAGS) -fprofile-generate' $(BUILD)/profile/cosend
	@tests/bench/profile.sh $(BUILD)/tests/bench-generate \
	    $(BUILD)/profile $(BUILD)/release
	@rm -f $(BUILD)/release/settings
	@touch $@

# ---- Dependencies -----------------------------------------------------------

DEBS_BUILD := gcc make libc6-dev pkg-config libcsv-dev libjansson-dev \
              libpcre2-dev libxxhash-dev zlib1g-dev libzstd-dev
DEBS_TEST  := $(DEBS_BUILD) binutils libcmocka-dev g++ clang gzip zstd \
              python3 cmake mandoc
DEBS_CHECK := $(DEBS_TEST) libclang-rt-dev valgrind
DEBS_STYLE := clang-format cppcheck
DEBS_BENCH := $(DEBS_BUILD) python3 libboost-context-dev
DEBS_CROSS := $(DEBS_BUILD) gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
              qemu-user

# Install those of the Debian packages DEBS that are missing.
.PHONY: deps deps-build deps-check deps-style deps-bench deps-cross
deps: DEBS = $(DEBS_TEST)
deps-build: DEBS = $(DEBS_BUILD)
deps-check: DEBS = $(DEBS_CHECK)
deps-style: DEBS = $(DEBS_STYLE)
deps-bench: DEBS = $(DEBS_BENCH)
deps-cross: DEBS = $(DEBS_CROSS)
deps deps-build deps-check deps-style deps-bench deps-cross:
	@command -v dpkg-query > /dev/null || { \
	    for header in csv jansson pcre2 xxhash zlib zstd; do \
	        echo '#define PCRE2_CODE_UNIT_WIDTH 8'; \
	        echo '#include <stdio.h>'; \
	        echo "#include <$$header.h>"; \
	    done | $(CC) -fsyntax-only -x c - 2> /dev/null && exit; \
	    echo "cosend needs what Debian calls: $(DEBS)" >&2; \
	    echo "Install them by your system's means, and run make." >&2; \
	    exit 1; \
	}; \
	command -v dpkg-query > /dev/null || exit 0; \
	missing=; \
	for package in $(DEBS); do \
	    dpkg-query -W -f '$${db:Status-Status}' $$package 2> /dev/null | \
	        grep -qx installed || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	export DEBIAN_FRONTEND=noninteractive; \
	echo "Installing$$missing with $$sudo apt-get"; \
	$$sudo apt-get install -y --no-install-recommends $$missing || { \
	    $$sudo apt-get update && \
	    $$sudo apt-get install -y --no-install-recommends $$missing; }

# ---- Demo -------------------------------------------------------------------

.PHONY: demo
demo: deps-build
	@$(MAKE) --no-print-directory all
	@mkdir -p $(BUILD)/demo
	@echo; set -x; $(BUILD)/cosend run pipelines/access.json \
	    pipelines/access.log -p out=$(BUILD)/demo
	@echo; echo 'Requests by status'; echo; cat $(BUILD)/demo/status.txt
	@echo; echo 'Mean size of the answers by host'; echo; \
	    cat $(BUILD)/demo/hosts.txt

# The sample logs, from their generator.
.PHONY: sample
sample: $(BUILD)/samples
	for name in $(SAMPLES); do \
	    $(BUILD)/samples $$name > pipelines/$$name || exit; done

SAMPLES := access.log timed.log auth.log service.jsonl postgresql.log

$(BUILD)/samples: pipelines/samples.c $(BUILD)/settings
	$(call quiet,CC  $<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) \
	    -o $@ $<

# ---- Tests ------------------------------------------------------------------

.PHONY: test
test: deps
	@tests/suite test

.PHONY: check-san
check-san: deps-check
	@tests/suite san

.PHONY: check-tsan
check-tsan: deps-check
	@tests/suite tsan

.PHONY: check-valgrind
check-valgrind: deps-check
	@tests/suite valgrind

# The coroutines for AArch64, built by a cross compiler and run by qemu.
.PHONY: check-aarch64
check-aarch64: deps-cross
	@tests/suite aarch64

# Each fuzzer, or FUZZ=name, for so many SECONDS. What they find is kept in
# build/fuzz/NAME-found.
SECONDS ?= 60
.PHONY: fuzz
fuzz: deps-check
	@tests/fuzz/run $(SECONDS) $(FUZZ)

# The long ones: what takes too much time for every change.
.PHONY: conformance conformance-programs
conformance: deps-check
	@tests/suite conformance
conformance-programs: all $(BUILD)/tests/conformance-formats \
    $(BUILD)/tests/conformance-regex

.PHONY: units
units: $(UNITS)
	@tests/units --build $(BUILD)

# Everything that tests/suite runs, and nothing run.
.PHONY: test-programs
test-programs: all $(UNITS) $(PLANTED) $(BUILD)/samples \
    $(BUILD)/tests/interpret $(BUILD)/tests/serve $(BUILD)/tests/shim.so \
    $(PLUGINS)

# A filter in every way in which it may run, for whoever writes it.
.PHONY: check-filter
check-filter: all
	@$(BUILD)/cosend check-filter '$(FILTER)'

.PHONY: check-install
check-install: all
	@tests/check-install.sh --build $(BUILD)

# The binary interface beside the last release's, and, with a release, or a
# number that is another, what is kept of it.
.PHONY: check-abi keep-abi
check-abi:
	@tests/check-abi.sh
keep-abi:
	@PYTHONDONTWRITEBYTECODE=1 python3 tests/abi.py describe > lib/cosend.abi

# Beside the programs that others use; tests/bench/run.py has the settings.
BENCHES := $(addprefix $(BUILD)/tests/bench-,generate measure read filters)

.PHONY: bench bench-programs
bench-programs: all $(BENCHES)
bench: deps-bench
	@$(MAKE) --no-print-directory bench-programs
	@PYTHONDONTWRITEBYTECODE=1 python3 tests/bench/run.py $(BUILD)

.PHONY: bench-coroutine
bench-coroutine: $(BUILD)/tests/bench-coroutine
	$< python3 tests/bench/coroutine.py

# Beside Boost.Context, if that is here.
$(BUILD)/tests/bench-coroutine: LDLIBS += $(shell \
    echo 'void jump_fcontext(void); int main(void) { jump_fcontext(); }' | \
    $(CC) -x c -o /dev/null - -lboost_context 2> /dev/null && \
    echo '-DWITH_FCONTEXT -lboost_context')

# Test programs are linked with the objects, so that they see what is hidden.
LINK_TEST = $(call quiet,CC  $<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) \
            $(LDFLAGS_ALL) -MF $@.d -o $@ $< $(BUILD)/libcosend.a

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) -lcmocka $(LDLIBS)

$(BUILD)/tests/%: tests/planted/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) $(LDLIBS)

# With clang and SANITIZE=fuzz.
$(BUILD)/fuzz-%: tests/fuzz/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) -fsanitize=fuzzer -lcmocka $(LDLIBS)

$(BUILD)/tests/bench-%: tests/bench/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) $(LDLIBS)

$(BUILD)/tests/conformance-%: tests/conformance/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) $(LDLIBS)

# Runs coroutine programs, to be compared with what CPython makes of them.
$(BUILD)/tests/interpret: tests/oracle/interpret.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(LINK_TEST) $(LDLIBS)

# Runs the program in forks of one process.
$(BUILD)/tests/serve: tests/served/serve.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(call quiet,CC  $<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) \
	    $(LDFLAGS_ALL) -MF $@.d -o $@ $< $(PLUGGABLE) $(LDLIBS)

# Preloaded into the program, so it has no sanitizer of its own.
$(BUILD)/tests/shim.so: tests/faults/shim.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call quiet,CC  $<)$(CC) -std=c11 $(WARNINGS) -O2 -g -fPIC -shared \
	    -o $@ $< -ldl

# Loaded into the program, as users' own are.
$(BUILD)/tests/%.so: tests/plugins/%.c $(BUILD)/settings $(VERSION_H)
	@mkdir -p $(@D)
	$(call quiet,CC  $<)$(CC) -std=c11 $(WARNINGS) -O2 -g -fPIC -shared \
	    -Ilib -o $@ $<

# ---- Install ----------------------------------------------------------------

BINDIR     := $(DESTDIR)$(PREFIX)/bin
LIBDIR     := $(DESTDIR)$(PREFIX)/lib
INCLUDEDIR := $(DESTDIR)$(PREFIX)/include
SHAREDIR   := $(DESTDIR)$(PREFIX)/share/cosend
MANDIR     := $(DESTDIR)$(PREFIX)/share/man

CMAKEDIR   := $(LIBDIR)/cmake/cosend

IN_SETTINGS = 's,@PREFIX@,$(PREFIX),; s,@VERSION@,$(VERSION),; \
                 s,@ABI@,$(ABI),; s,@LDLIBS@,$(LDLIBS),'

# A page for each public header, made from its comments.
man_page = @mkdir -p $(@D); \
           awk -v date="$$(sed -n 's/^\.Dd //p' cli/man/cosend.1)" \
               -f lib/man.awk $< > $@
$(BUILD)/man/cosend.3: lib/cosend.h lib/man.awk $(HEADERS) README.md
	$(man_page)
$(BUILD)/man/cosend_%.3: lib/cosend/%.h lib/man.awk
	$(man_page)

.PHONY: install
install: all $(MAN3)
	install -d $(BINDIR) $(LIBDIR)/pkgconfig $(CMAKEDIR) \
	    $(INCLUDEDIR)/cosend $(MANDIR)/man1 $(MANDIR)/man3
	install -m 755 $(BUILD)/cosend $(BINDIR)/cosend
	install -m 644 $(BUILD)/libcosend.a $(LIBDIR)/libcosend.a
	install -m 755 $(BUILD)/libcosend.so $(LIBDIR)/libcosend.so.$(VERSION)
	ln -sf libcosend.so.$(VERSION) $(LIBDIR)/libcosend.so.$(ABI)
	ln -sf libcosend.so.$(ABI) $(LIBDIR)/libcosend.so
	install -m 644 lib/cosend.h $(INCLUDEDIR)/cosend.h
	install -m 644 $(HEADERS) $(INCLUDEDIR)/cosend
	install -d $(SHAREDIR)
	install -m 644 lib/python/cosend.py $(SHAREDIR)/cosend.py
	for name in cosend cosend-shared; do \
	    sed -e $(IN_SETTINGS) lib/$$name.pc.in \
	        > $(LIBDIR)/pkgconfig/$$name.pc || exit; done
	for name in cosend-config cosend-config-version; do \
	    sed -e $(IN_SETTINGS) lib/$$name.cmake.in \
	        > $(CMAKEDIR)/$$name.cmake || exit; done
	install -m 644 $(MAN1) $(MANDIR)/man1
	install -m 644 $(MAN3) $(MANDIR)/man3
	$(if $(MAN7),install -d $(MANDIR)/man7)
	$(if $(MAN7),install -m 644 $(MAN7) $(MANDIR)/man7)

.PHONY: uninstall
uninstall:
	rm -f $(BINDIR)/cosend $(LIBDIR)/libcosend.a $(LIBDIR)/libcosend.so* \
	    $(INCLUDEDIR)/cosend.h $(LIBDIR)/pkgconfig/cosend.pc \
	    $(LIBDIR)/pkgconfig/cosend-shared.pc \
	    $(addprefix $(MANDIR)/man1/,$(notdir $(MAN1))) \
	    $(addprefix $(MANDIR)/man3/,$(notdir $(MAN3))) \
	    $(addprefix $(MANDIR)/man7/,$(notdir $(MAN7)))
	rm -rf $(INCLUDEDIR)/cosend $(CMAKEDIR) $(SHAREDIR)

# ---- Upkeep -----------------------------------------------------------------

# What it makes differs from version to version; 14 is Debian 12's.
CLANG_FORMAT ?= $(firstword $(shell command -v clang-format-14 clang-format))

.PHONY: format
format:
	$(CLANG_FORMAT) -i $(SOURCES)

.PHONY: check-format
check-format: deps-style
	@case $$($(CLANG_FORMAT) --version) in \
	*'version 14.'*) $(CLANG_FORMAT) --dry-run -Werror $(SOURCES) ;; \
	*) echo 'check-format: skipped, no clang-format 14 here' ;; \
	esac

.PHONY: lint
lint: deps-style
	cppcheck -j$(shell nproc) --quiet --std=c11 --inline-suppr --error-exitcode=1 \
	    --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem -Ilib -D__GNUC__ lib filters cli

.PHONY: clean
clean:
	rm -rf $(BUILD)

.PHONY: help
help:
	@echo 'make                  the library and the program, in $(BUILD)'
	@echo 'make release          the same for speed, in $(BUILD)/release'
	@echo 'make demo             build, and run a pipeline over a sample log'
	@echo 'make test             build, and pass every test'
	@echo 'make check-san        the tests under ASan and UBSan'
	@echo 'make check-tsan       the tests under the thread sanitizer'
	@echo 'make check-valgrind   the tests under valgrind'
	@echo 'make check-aarch64    the coroutines on another processor'
	@echo 'make conformance      the tests that take long'
	@echo 'make fuzz SECONDS=60  each fuzzer for so long'
	@echo 'make bench            beside ripgrep, Miller, DuckDB and others'
	@echo 'make bench-coroutine  what a coroutine costs'
	@echo 'make units            the unit tests alone'
	@echo 'make check-filter FILTER=x  what is wrong with a filter'
	@echo 'make deps             install what the above need'
	@echo 'make install          into PREFIX=$(PREFIX), below DESTDIR'
	@echo 'make install-release  that of make release'
	@echo 'make uninstall        take that away again'
	@echo 'make check-install    try both, somewhere else'
	@echo 'make check-abi        whether programs of the last release go on'
	@echo 'make keep-abi         take what the headers have now for that'
	@echo 'make sample           make the logs in pipelines/ again'
	@echo 'make format           clang-format; check-format says what it would'
	@echo 'make lint             cppcheck'
	@echo 'make clean            remove $(BUILD)'
	@echo
	@echo 'V=1 shows the commands.'
	@echo 'CC=clang, CFLAGS=..., BUILD=DIR as usual; SWITCH=ucontext for'
	@echo 'machines that have no switch of their own; SANITIZE=asan or tsan.'

.PHONY: always
always:

.SECONDARY:
-include $(wildcard $(LIB_OBJ:.o=.d) $(BUILD)/cli/main.d $(BUILD)/*.d \
    $(BUILD)/tests/*.d)
