# Headlight - transformer attention from scratch, in C. Two commands do everything: make tour, make test.
# `make help` lists the rest. Written for GNU make 3.81 and later, so that macOS's own make can read it too.

# ---- What you may set: make CC=clang, make CFLAGS=-O0, make WERROR=1 (CI does), make V=1 (shows every command),
# make MPI=1 (stage 15 on several machines: docs/scale.md) ----
CC       ?= cc
CFLAGS   ?= -O2 -g
BUILD    ?= build$(if $(MPI),/mpi)$(if $(ASAN),/asan)$(if $(FUZZER),/fuzzer)#  objects of different kinds never meet
ARGS     ?=#  for the program: make run-17 ARGS='--layer 2 --head 3 "The bank of the river"'
SECONDS  ?= 60
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
endif

# ---- Flags. `once` asks the machine when the first file is compiled, not when make starts: by then `deps` may have
# installed compiler, pkg-config and libraries. Homebrew's OpenBLAS hides from pkg-config, hence the two folders.
once      = $(eval $(1) := $$(shell $(2)))$($(1))
pkg       = PKG_CONFIG_PATH="$$PKG_CONFIG_PATH:/opt/homebrew/opt/openblas/lib/pkgconfig:$\
            /usr/local/opt/openblas/lib/pkgconfig" pkg-config $(1) openblas libutf8proc jansson
PKG_FLAGS = $(call once,PKG_FLAGS,$(call pkg,--cflags))
PKG_LIBS  = $(call once,PKG_LIBS,$(call pkg,--libs))
NATIVE    = $(call once,NATIVE,$(CC) -march=native -E -x c /dev/null >/dev/null 2>&1 && echo -march=native || $\
            echo -mcpu=native)
MPI_FLAGS = $(call once,MPI_FLAGS,echo -DHEADLIGHT_MPI && mpicc --showme:compile)
MPI_LIBS  = $(call once,MPI_LIBS,mpicc --showme:link)
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(WERROR),-Werror)
COMMA    := ,
export CC
SANITIZE := $(if $(ASAN)$(FUZZER),-fsanitize=address$(COMMA)undefined -fno-sanitize-recover=all $\
            -fno-omit-frame-pointer $(if $(FUZZER),-fsanitize=fuzzer-no-link))
NEEDED    = -std=c17 -D_GNU_SOURCE $(WARN) -MMD -MP -Icommon $(PKG_FLAGS) $(if $(MPI),$(MPI_FLAGS)) $(SANITIZE)
LINK      = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $^ $(PKG_LIBS) $(if $(MPI),$(MPI_LIBS)) $(ORACLE) -lpthread -lm

# ---- What there is: a new file or folder is found by its place ----
LIBRARY  := $(BUILD)/libheadlight.a
COMMON   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*/*.c common/*/fast/*.c)) $(BUILD)/page/page_files.o
FAST     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*/fast/*.c))
STAGES   := $(sort $(patsubst stages/%/main.c,%,$(wildcard stages/*/main.c)))
UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZES   := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

PAGE     := $(foreach kind,html css js json,$(wildcard common/show/page/*.$(kind)))
# Inside the page: the engine that every page has, and a whole model with its text.
ENGINE   := $(addprefix common/base/,memory.c ranked.c rng.c) $(wildcard common/math/*.c common/math/fast/*.c $\
            common/attention/*.c common/attention/fast/*.c) common/show/page/edges.c
LIVING   := $(ENGINE) $(addprefix common/base/,error.c message.c character.c files.c folders.c json.c $\
            options.c option_numbers.c company.c) $\
            $(wildcard common/text/*.c common/text/fast/*.c common/weights/*.c common/model/*.c) $\
            common/show/label.c $(wildcard common/view/page*.c common/view/reading*.c common/view/living*.c) $\
            $(addprefix common/view/,heads.c find.c reordered.c) \
            $(addprefix common/show/page/,living_calls.c unicode.c jansson.c disk.c)
ENGINE   += $(wildcard common/show/page/engine*.c)

# Learners want the program's words, not the compiler's commands; those come with V=1.
Q        := $(if $(V),,@)
SAY      := @$(if $(V)$(filter run-% tour book test memcheck fuzz bench golden docs,$(MAKECMDGOALS))$(QUIET),:,echo)

all: $(STAGES:%=$(BUILD)/%) ## build every stage
	@echo "built. now run: make run-17"
tour: all fetch ## all of it: install what is missing, build, fetch, run every stage, out/index.html
	@sh docs/tour.sh
book: all ## the lectures as one folder for a browser, no network: out/book; pictures that make tour drew are in it
	@[ -s out/20_atlas/index.html ] || [ ! -d data/minilm ] || $(BUILD)/20_atlas >/dev/null
	@PYTHONDONTWRITEBYTECODE=1 python3 docs/book/book.py
	@echo "the book: open $(CURDIR)/out/index.html in a browser"
run-%: ## one stage, as in make run-17 ARGS='--layer 2 --head 3 "The bank of the river"'
	@$(MAKE) -s QUIET=1 $(BUILD)/$(or $(filter $*_%,$(STAGES)),$(error no stage $*. There are: $(STAGES)))
	@$(BUILD)/$(filter $*_%,$(STAGES)) $(ARGS)
test: deps-test ## every test; the last line counts them
	@MAKE=$(MAKE_COMMAND) python3 tests/run.py $(ARGS)
# A course that was handed out comes without some of the authors' folders.
THERE     = @[ -d $(1) ] || { echo "make: error: $(1) is not in this copy of the course. Try: make test" >&2; exit 2; }
golden: $(STAGES:%=$(BUILD)/%) ## what the stages print, against what is on record: make golden STAGE=17 YES=1
	$(call THERE,tests/golden)
	@BUILD=$(BUILD) python3 tests/golden/golden.py $(STAGE) $(if $(YES),--yes)
docs: all fetch ## make the pages' pictures (docs/img) and README's table of stages again
	@sh docs/pages.sh
list: ## the stages, what each tells, which are there
	@sh docs/stages.sh list
test-real: deps-test ## published numbers of bert-base-uncased and GPT-2 (data/fetch.sh bert-base-uncased gpt2)
	@MAKE=$(MAKE_COMMAND) python3 tests/run.py bert_base gpt2_base
memcheck: deps-test fetch ## units, corpus, tests of programs and the tour under AddressSanitizer and UBSan
	$(call THERE,tests/golden)
	@MAKE=$(MAKE_COMMAND) python3 tests/run.py --memcheck
fuzz: ## look for inputs that break a parser: make fuzz SECONDS=60 (each)
	@sh docs/deps.sh run fuzz
	@$(MAKE) -s FUZZER=1 QUIET=1 CC=clang fuzzers
	@sh tests/fuzz/run.sh $(SECONDS) $(FUZZES)
faults: programs ## every stage with every write and every way to an allocation failing once (half an hour)
	@sh docs/deps.sh --nice run test
	@FAULTS=$(or $(FAULTS),all) python3 tests/hostile/test_faults.py $(ARGS)
mutants: deps-test programs ## small faults in every taught function: does a test notice? (docs/mutants.md; hours)
	$(call THERE,tests/house)
	@MAKE=$(MAKE_COMMAND) python3 tests/house/mutants.py $(ARGS)
bench: all ## beside PyTorch and ONNX Runtime: fetches them (1 GB) into build/ the first time
	$(call THERE,tests/bench)
	@sh docs/deps.sh --nice run bench
	@$(MAKE) -s QUIET=1 $(BUILD)/tests/limits
	@sh tests/bench/run.sh $(ARGS)
deps: ## install what is missing; silent when nothing is
	@sh docs/deps.sh $(if $(filter deps tour test book,$(MAKECMDGOALS)),--nice) run $(if $(MPI),mpi)
deps-test: deps
	@sh docs/deps.sh --nice test
fetch: deps
	@data/fetch.sh $$(sh docs/stages.sh data) || echo "make: note: going on with what is there" >&2
doctor: ## what is there and what is not, with the command that mends it
	@sh docs/doctor.sh
format: ## lay out the C files by .clang-format (needs clang-format)
	clang-format -i common/*/*.[ch] common/*/fast/*.[ch] stages/*/*.[ch] tests/*/*.[ch]
clean: ## remove what was built and drawn; fetched data stays
	rm -rf build out
help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub("%", "NN", $$1); printf "  make %-15s %s\n", $$1, $$2 }' Makefile \
	    $(wildcard tests/course/course.mk)

# ---- How a file is made ----
$(BUILD)/flags: FORCE | deps
	@mkdir -p $(@D); new='$(CC) $(CFLAGS) $(LDFLAGS) $(WERROR)'; [ "$$(cat $@ 2>/dev/null)" = "$$new" ] || \
	    { echo "compiling with: $$new$(if $(ASAN), (sanitized))" >&2; echo "$$new" > $@; }
$(BUILD)/%.o: %.c $(BUILD)/flags Makefile
	@mkdir -p $(@D)
	$(SAY) "  $<"
	$(Q)$(CC) $(NEEDED) $(CFLAGS) $(EXTRA) -c $< -o $@
# The rooms where the time goes, common/FLOOR/fast/, are compiled for this very processor; all else runs anywhere. There
# a multiplication may be fused with an addition, but no more: every cut of the work gives the same bits. Only
# fast/vec*.c may also reorder sums, and take infinities and NaN for numbers.
$(FAST): EXTRA = -O3 $(NATIVE) -ffp-contract=fast
$(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*/fast/vec*.c)): EXTRA = -O3 $(NATIVE) -ffast-math
# What the page of stage 20 is made of travels inside the program: its files, and the library as WebAssembly.
$(BUILD)/page/tools: FORCE | deps
	@mkdir -p $(@D); new="$$(sh common/show/page/engine.sh --tools; command -v esbuild)"; \
	    [ "$$(cat $@ 2>/dev/null)" = "$$new" ] && [ -e $@ ] || echo "$$new" > $@
$(BUILD)/page/%.o: %.c $(BUILD)/page/tools common/show/page/engine.sh
	@mkdir -p $(@D)
	$(Q)sh common/show/page/engine.sh $< $@
$(BUILD)/page/engine.wasm: $(ENGINE:%.c=$(BUILD)/page/%.o)
$(BUILD)/page/living.wasm: $(LIVING:%.c=$(BUILD)/page/%.o)
$(BUILD)/page/%.wasm:
	$(SAY) "  $@"
	$(Q)sh common/show/page/engine.sh $@ $^
$(BUILD)/page/page_files.c: common/show/page/embed.sh $(PAGE) $(addprefix $(BUILD)/page/,tools engine.wasm living.wasm)
	@sh common/show/page/embed.sh $(@D) $(addprefix common/show/page/,page.html words.json page.css main.js \
	    worker.js) $(@D)/engine.wasm.gz $(@D)/living.wasm.gz
$(BUILD)/page/page_files.o: $(BUILD)/page/page_files.c $(BUILD)/flags
	$(Q)$(CC) $(NEEDED) $(CFLAGS) -c $< -o $@
$(LIBRARY): $(COMMON)
	@rm -f $@; $(AR) rcs $@ $^
define stage_rule
$(BUILD)/$(1): $(patsubst %.c,$(BUILD)/%.o,$(wildcard stages/$(1)/*.c)) $(LIBRARY)
	$$(Q)$$(LINK) -o $$@
endef
$(foreach stage,$(STAGES),$(eval $(call stage_rule,$(stage))))
$(BUILD)/tests/test_gpt2_split: ORACLE = -lpcre2-8
$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(LIBRARY)
	$(Q)$(LINK) -lcmocka -o $@
$(BUILD)/tests/cost: $(BUILD)/tests/mpi/cost.o $(LIBRARY)
	$(Q)$(LINK) -o $@
$(BUILD)/tests/bench/limits.o: EXTRA = -O3 $(NATIVE) -ffp-contract=fast
$(BUILD)/tests/limits: $(BUILD)/tests/bench/limits.o $(LIBRARY)
	$(Q)$(LINK) -o $@
$(BUILD)/tests/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	$(Q)$(LINK) -o $@
$(BUILD)/tests/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@
programs: $(STAGES:%=$(BUILD)/%) $(UNITS) $(FUZZES:%=$(BUILD)/tests/replay_%)
fuzzers: $(FUZZES:%=$(BUILD)/tests/fuzz_%)
-include tests/course/course.mk#  the exercises: make start, make check, ...
# What each file includes, as its compiler found it. To read all that takes half a second: a learner's commands go
# without, and ask, in a make of its own, for what the library is made of.
GOALS    := $(filter-out $(LEARNING),$(or $(MAKECMDGOALS),all))
PARTS    := common page $(if $(filter-out $(LIBRARY),$(GOALS)),stages tests)
-include $(if $(GOALS),$(shell find $(PARTS:%=$(BUILD)/%) -name '*.d' 2>/dev/null))
.SECONDARY:
.PHONY: all tour book test golden docs list test-real memcheck fuzz faults mutants bench deps deps-test fetch doctor \
        format clean help programs fuzzers FORCE
