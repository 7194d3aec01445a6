# cosend: push-coroutine data pipelines.
#
#   make            the library, the program and their shared object
#   make demo       build, and run a pipeline over a sample log
#   make test       build and pass every test
#   make help       all targets

# ---- Settings ---------------------------------------------------------------

VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
# The context switch: native (x86_64.S or aarch64.S) or ucontext.
SWITCH   ?= native
# FPENV=0 does not save the FPU control words across a switch.
FPENV    ?= 1
# asan, tsan, or empty.
SANITIZE ?=

CC       ?= cc
AR       ?= ar
ARCH     := $(shell $(CC) -dumpmachine | cut -d- -f1)
PKGS     := libcsv jansson libpcre2-8 libxxhash

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla \
            -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fPIC \
            -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks \
            -fno-strict-overflow
OPT      ?= -O2 -g
CPPFLAGS += -Ilib -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
            -DCOSEND_VERSION='"$(VERSION)"'
CFLAGS   += -std=c11 $(OPT) $(WARNINGS) $(HARDEN) -fvisibility=hidden \
            -MMD -MP
LDLIBS   := -lpcre2-8 -ljansson -lcsv -lxxhash -lm -lpthread

ifeq ($(SANITIZE),asan)
CFLAGS   += -fsanitize=address,undefined -fno-sanitize-recover=all \
            -fno-omit-frame-pointer
LDFLAGS  += -fsanitize=address,undefined
else ifeq ($(SANITIZE),tsan)
CFLAGS   += -fsanitize=thread
LDFLAGS  += -fsanitize=thread
else
CPPFLAGS += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
ifeq ($(FPENV),0)
CPPFLAGS += -DCSI_NO_FPENV
endif

# ---- Sources ----------------------------------------------------------------

ifeq ($(SWITCH),ucontext)
SWITCH_SRC := lib/coroutine/switch/ucontext.c
CPPFLAGS   += -DCSI_SWITCH_UCONTEXT
else
SWITCH_SRC := lib/coroutine/switch/$(ARCH).S
endif

LIB_SRC  := $(wildcard lib/*/*.c) $(SWITCH_SRC) $(wildcard filters/*.c) \
            $(filter-out cli/main.c,$(wildcard cli/*.c))
LIB_OBJ  := $(patsubst %,$(BUILD)/%.o,$(basename $(LIB_SRC)))
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

# ---- Build ------------------------------------------------------------------

.PHONY: all
all: $(BUILD)/libcosend.a $(BUILD)/cosend

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/libcosend.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcsD $@ $^

$(BUILD)/cosend: $(BUILD)/cli/main.o $(BUILD)/libcosend.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# ---- Tests ------------------------------------------------------------------

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libcosend.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $< \
	    $(BUILD)/libcosend.a -lcmocka $(LDLIBS)

.PHONY: units
units: $(UNITS)
	@set -e; for t in $(UNITS); do echo "$$t"; $$t; done

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
