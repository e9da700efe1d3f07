# The exercises. Included by the Makefile; what each target does is in tests/course/course.py, README.md is the manual.
COURSE = +@$(MAKE) -s QUIET=1 $(LIBRARY) && $(COURSE_ENV) python3 tests/course/course.py
COURSE_ENV = CC='$(CC)' COURSE_FLAGS='-std=c17 -D_GNU_SOURCE -Icommon $(PKG_FLAGS) $(CFLAGS)' \
    COURSE_WARN='$(WARN)' COURSE_LIBS='$(LIBRARY) $(PKG_LIBS) -lpthread -lm' \
    COURSE_ASAN_LIBS='$(BUILD)/asan/libheadlight.a $(PKG_LIBS) -lpthread -lm' PYTHONDONTWRITEBYTECODE=1
LEARNING := start check watch progress check-% skip-% hint-% solution-% draw-% memcheck-% course-env
# HINT, FORCE, OUT, ... need no mention: what stands on make's command line is in the environment of every command.

start: ## copy the exercises into work/, where they are yours
	$(COURSE) start
check: ## judge your exercises, from the first on; stops at the first that is not right
	$(COURSE) check
watch: ## judge an exercise whenever you save it; Ctrl-C ends it
	$(COURSE) watch
check-%: ## one exercise, as in make check-17.2, or a stage: check-17; also hint-17.2, and solution-17.2 when it passes
	$(COURSE) check $*
skip-%: ## put an exercise off, as in make skip-17.2: make check goes on behind it, and comes back at the end
	$(COURSE) skip $*
hint-%:
	$(COURSE) hint $*
solution-%:
	$(COURSE) solution $*
draw-%: export COURSE_DRAW = out/your_layer
draw-%: ## what your code makes, as a picture: make draw-17.6
	@rm -f out/your_layer/layers.png
	$(COURSE) check $*
	@[ -e out/your_layer/layers.png ] && echo "drawn: out/your_layer/layers.png" || \
	    echo "$* draws nothing: make draw-17.6 does"
memcheck-%: ## one exercise under AddressSanitizer and UBSan, as in make memcheck-17.2
	@[ -e $(BUILD)/asan/libheadlight.a ] || echo "The first time, the library is built for it: a minute or two." >&2
	+@$(MAKE) -s QUIET=1 ASAN=1 BUILD=$(BUILD)/asan $(BUILD)/asan/libheadlight.a
	$(COURSE) memcheck $*
progress: ## how far you are, stage by stage
	$(COURSE) progress
lint-exercises: ## for authors: is every exercise whole, solvable, and the same in every table?
	$(COURSE) lint
tried-exercises: ## for authors: is every wrong answer on record seen, and every right one passed?
	$(COURSE) tried
tried-%: ## for authors: those of one exercise, as in make tried-17.2
	$(COURSE) tried $*
seal-%:
	$(COURSE) seal $*
table-%:
	$(COURSE) table $*
handout: ## for lecturers: make handout OUT=dir STAGES="10 11" BLANK="mask_allows" TITLE="Week 3" (docs/lecturers.md)
	$(COURSE) handout
grade: ## for lecturers: make grade DIR=submissions CSV=grades.csv STAGES="10" BLANK="mask_allows"
	$(COURSE) grade
test-course: all ## for lecturers: every way to cheat or to harm on record, every assignment, a class of forty
	@MAKE=$(MAKE_COMMAND) python3 tests/run.py --course
test-documents: all ## for authors: every command of a document that has no output beside it
	@COMMANDS=all python3 tests/course/test_documents.py
key: ## for lecturers: make key VARIANT=s1234567 STAGES="10": what this student should answer
	$(COURSE) key
answers: ## for lecturers: every answer with its reason: make answers STAGES=10
	$(COURSE) answers
gradescope:
	$(COURSE) gradescope
course-env:
	@echo "$(COURSE_ENV)"
.PHONY: start check watch progress lint-exercises tried-exercises handout grade key test-course test-documents \
        answers gradescope course-env
