#!/usr/bin/env python3
"""The exercise machine as learners and authors meet it, on a course of four exercises in a temporary folder."""
import os
import platform
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import house
import lint
from mini import FILES, FILL, GOOD, HOG, TEXT, TWICE, TWICE_CHECK, WRONG, Course, code


# ---- A learner's way ------------------------------------------------------------------------------------------

def a_newcomer_walks_from_zero_to_done():
    with Course() as c:
        c.says("check", code=1, holds="you have not begun. Try: make start")
        c.says("start", holds="copied 4 exercises")
        for name, file in FILES.items():
            c.says("check", code=1, holds=[f"{name} not started", f"work/{file}", f"make check-{name}"])
            c.answer(name, WRONG[name])
            c.says("check", code=1, holds=[f"{name} wrong", "got", "expected", f"make hint-{name}"])
            c.says(f"check", name, code=1, holds=f"{name} wrong")
            c.answer(name, GOOD[name])
            c.says("check", name, holds=[f"{name} passed", f"make solution-{name}"])
        c.says("check", holds=["All 4 exercises pass", "7 of 7 points"])


def the_next_one_is_named():
    with Course() as c:
        c.says("start")
        c.answer("01.1", GOOD["01.1"])
        c.says("check", "01.1", holds=["2 points", "Next: 01.2 A root (6 min): work/01_one/ex2.txt"])
        c.answer("02.1", GOOD["02.1"])
        c.says("check", "02.1", holds="That was the last one")


def progress_counts():
    with Course() as c:
        c.says("start")
        c.answer("01.1", GOOD["01.1"])
        c.answer("02.1", WRONG["02.1"])
        said = c.says("progress").split("\n")
        assert said[1].split() == ["01_one", "1/3", "2/4", "10"], said[1]
        assert said[2].split() == ["02_two", "0/1", "0/3", "9"], said[2]
        assert said[3].split() == ["together", "1/4", "2/7", "19"], said[3]


def a_stage_is_checked_by_its_number():
    with Course() as c:
        c.says("check", "1", code=1, holds="you have not begun")
        c.says("start")
        c.says("check", "01", code=1, holds="01.1 not started")
        for name in ("01.1", "01.2", "01.3"):
            c.answer(name, GOOD[name])
        c.says("check", "1", holds="3 of 3 exercises of stage 01 pass: 4 points")
        c.says("check", "2", code=1, holds="02.1 not started")


def what_is_put_off_comes_last():
    with Course() as c:
        c.says("start")
        c.says("skip", "1.1", holds="01.1 is put off")
        c.says("skip", "01.1")
        c.says("check", code=1, holds="01.2 not started")
        c.answer("01.2", GOOD["01.2"])
        c.answer("01.3", GOOD["01.3"])
        c.answer("02.1", GOOD["02.1"])
        c.says("check", code=1, holds=["3 passed", "01.1 was put off, and its turn has come", "01.1 not started"])
        c.answer("01.1", GOOD["01.1"])
        c.says("check", holds="All 4 exercises pass")


def an_exercise_waits_for_a_later_stage():
    with Course() as c:
        c.write("stages/01_one/exercises/after.tsv", "id\tafter\n1\t02\n")
        c.says("start")
        assert "01 part 2 waits for 02" in c.says("progress")
        c.says("check", code=1, holds="01.2 not started")
        for name in ("01.2", "01.3"):
            c.answer(name, GOOD[name])
        c.says("check", code=1, holds="02.1 not started")
        c.answer("02.1", GOOD["02.1"])
        c.says("check", code=1, holds="01.1 not started")
        c.write("stages/01_one/exercises/after.tsv", "id after\n")
        c.says("check", code=1, holds="after.tsv: not a table")


def a_saved_file_is_checked():
    with Course() as c:
        c.says("start")
        said = c.watched("01.1", GOOD["01.1"], "01.1 passed")
        assert "watching work/" in said and "Next: 01.2" in said, said


def warnings_stand_under_a_wrong():
    with Course() as c:
        c.says("start")
        verdict(c, "int unused; return x + 2;", "wrong", "the compiler warns:", "unused variable")
        verdict(c, "return hello(x);", "does not compile", "hello")
        verdict(c, "int *p = x; return *p;", "does not compile")


def hints_come_one_by_one():
    with Course() as c:
        c.says("hint", "01.1", holds=["hint 1 of 3", "First hint.", "HINT=2"], lacks="Second")
        c.says("hint", "01.1", HINT="2", holds=["First hint.", "hint 2 of 3", "Second hint.", "HINT=3"], lacks="Last")
        c.says("hint", "01.1", HINT="3", holds="Last hint.", lacks="One more")
        c.says("hint", "01.1", HINT="x", code=2, holds="HINT is 'x'")


def what_has_passed_runs_again_to_draw():
    with Course() as c:
        c.says("start")
        c.answer("01.1", GOOD["01.1"])
        c.says("check", "01.1", holds="01.1 passed")
        c.write("tests/course/01_one/ex1.c", TWICE_CHECK.replace("#include", "#include <stdio.h>\n#include <stdlib.h>\n"
                "#include", 1).replace("check(void) {", "check(void) {\n    const char *to = getenv(\"COURSE_DRAW\");\n"
                                       "    if (to) fclose(fopen(to, \"w\"));"))
        picture = c.path("picture")
        c.says("check", "01.1", holds="01.1 passed")
        assert not os.path.exists(picture)
        c.says("check", "01.1", holds="01.1 passed", COURSE_DRAW=picture)
        assert os.path.exists(picture)


def a_solution_comes_after_passing():
    with Course() as c:
        c.says("start")
        c.says("solution", "01.1", code=1, holds=["does not pass yet", "FORCE=1"], lacks="2 * x")
        c.says("solution", "01.1", FORCE="1", holds="2 * x")
        c.answer("01.1", GOOD["01.1"])
        c.says("solution", "01.1", holds="2 * x")


def names_that_are_not_there():
    with Course() as c:
        c.says("check", "01.9", code=2, holds="no exercise 01.9 (there are 01.1, 01.2, 01.3)")
        c.says("hint", "1", code=2, holds=["01 is a stage", "01.1, 01.2, 01.3. Try: make hint-01.1"])
        c.says("skip", "1", code=2, holds=["Try: make skip-01.1"])
        c.says("hint", "1.1", holds="First hint.")
        c.says("check", "77.1", code=2, holds="stages with exercises: 01, 02")
        c.says("dance", code=2, holds="expected one of")


# ---- Every verdict --------------------------------------------------------------------------------------------

def verdict(c, body, *words, template=TWICE, name="01.1", **more):
    c.answer(name, code(template, body))
    return c.says("check", name, code=1, holds=list(words), **more)


def wrong_shows_input_got_expected():
    with Course() as c:
        c.says("start")
        verdict(c, "return x + 2;", "wrong", "input     x = 1", "got       3", "expected  2")
        verdict(c, 'extern int puts(const char *); puts("hello"); return 0;', "wrong", "it printed:", "hello")
        verdict(c, "extern void exit(int); exit(0);", "wrong", "ended (exit code 0) before the checks were through")


def a_file_as_it_was_is_not_started():
    with Course() as c:
        c.says("start")
        verdict(c, "NOT_STARTED();", "not started")
        verdict(c, "\n\n    NOT_STARTED();   ", "not started")
        verdict(c, "x++; NOT_STARTED();", "not started")
        c.answer("01.3", TEXT % ("01.3", "01.3", "changed", ""))
        c.says("check", "01.3", code=1, holds="not started")
        for body in ("return 1;", "return 2 * x;"):         # a starter that would run is not started, all the same
            c.write("stages/01_one/exercises/ex1.c", code(TWICE, body))
            verdict(c, f"\n{body}\n", "not started")


def crashes_are_told_with_their_input():
    with Course() as c:
        c.says("start")
        verdict(c, "return *(volatile int *)(x == 3 ? 0 : &x) * 2;", "crashed", "SIGSEGV", "input     x = 3",
                "make memcheck-01.1")
        verdict(c, "extern void abort(void); abort();", "crashed", "SIGABRT")
        verdict(c, "volatile char room[4000]; room[0] = 1; return twice(x + 1) + room[0];", "crashed", "SIGSEGV")


def what_does_not_compile_shows_the_line():
    with Course() as c:
        c.says("start")
        verdict(c, "return 2 * y;", "does not compile", "work/01_one/ex1.c:5", "y")
        c.answer("01.1", "/* nothing */\n#include \"course.h\"\n")
        c.says("check", "01.1", code=1, holds=["does not compile", "no function twice() was found"])
        c.answer("01.1", '#include "course.h"\nfloat twice(float x) { return 2 * x; }\n')
        c.says("check", "01.1", code=1, holds=["does not compile", "conflicting types", "twice"])
        c.answer("01.1", GOOD["01.1"] + "int main(void) { return 0; }\n")
        c.says("check", "01.1", code=1, holds=["does not compile", "main"])


def files_that_are_none_or_too_large():
    with Course() as c:
        c.says("start")
        c.answer("01.2", TEXT % ("01.2", "01.2", "", " 1.41\0 2"))
        c.says("check", "01.2", code=1, holds="the answer is no text of at most 4096 characters")
        c.answer("01.2", TEXT % ("01.2", "01.2", "", " 1.41" * 5000))
        c.says("check", "01.2", code=1, holds="the answer is no text of at most 4096 characters")
        c.answer("01.1", GOOD["01.1"] + "\n" * (1 << 20))
        c.says("check", "01.1", code=1, holds="has more than 1 MB")
        os.remove(c.path("work/01_one/ex1.c"))
        os.makedirs(c.path("work/01_one/ex1.c"))
        c.says("check", "01.1", code=1, holds="is no file. Try: move it away")
        c.answer("02.1", GOOD["02.1"])
        c.says("check", "02.1", SEED="abc", code=1, holds="SEED is 'abc' (expected a whole number from 1)")
        c.says("check", "02.1", COURSE_SECONDS="abc", code=1, holds="COURSE_SECONDS is 'abc'")


def what_takes_too_long_is_stopped():
    with Course() as c:
        c.says("start")
        verdict(c, "for (volatile int i = 0;; i = i) {}", "too slow", "stopped after 1 s of work", COURSE_SECONDS="1")
        verdict(c, "extern int pause(void); for (;;) pause();", "too slow", "stopped after 2 s", COURSE_PATIENCE="2")


def what_takes_too_much_memory_is_stopped():
    with Course() as c:
        c.says("start")
        verdict(c, HOG, "too much memory", "1024 MB", "input     x = 1", COURSE_SECONDS="10")


def the_memory_check_names_the_line():
    malloc = "extern void *malloc(unsigned long), free(void *); char *room = malloc((unsigned long)x); "
    with Course() as c:
        c.says("start")
        for body, words in ((malloc + "room[x] = 1; free(room); return 2 * x;", "heap-buffer-overflow"),
                            (malloc + "room[0] = 1; room = 0; return 2 * x;", "LeakSanitizer"),
                            ("volatile int far = 2147483647; far += x; return 2 * x;", "signed integer overflow")):
            c.answer("01.1", code(TWICE, body))
            c.says("memcheck", "01.1", code=1, holds=["the memory check says", words, "work/01_one/ex1.c:5"],
                   lacks="Shadow")
        c.answer("01.1", GOOD["01.1"])
        c.says("memcheck", "01.1", holds="clean under the memory check")
        c.answer("01.1", WRONG["01.1"])
        c.says("memcheck", "01.1", code=1, holds=["01.1 wrong", "expected  2"])


def answers_are_read_leniently_and_judged_strictly():
    with Course() as c:
        c.says("start")
        for given, state in (("1.414", 0), (" 1.42  ", 1), ("about 1.41", 0), ("root = 1.41", 0),
                             ("1 or 1.41", 1), ("1.41 1.41", 1), ("nan", 1), ("", 1),
                             ("1,414", 0), ("1,42", 1), ("1,414 1", 1), ("+1.41%", 0), ("141%", 0), ("\u22121.41", 1)):
            c.answer("01.2", TEXT % ("01.2", "01.2", "", " " + given))
            said = c.says("check", "01.2", code=state)
            assert "1.4142" not in said, f"gives the truth away: {said}"
        for given, state in (("b", 0), ("B.", 0), ("b) two", 0), ("c", 1), ("d", 1), ("bb", 1), ("two", 1),
                             ("(b)", 0), ("Answer: b", 0), ("[b].", 0), ("option b", 0), ("**b**", 0), ("(c)", 1),
                             ("b or c", 1), ("b) c) a)", 1), ("b) or c", 1), ("b) two, or so I think", 0),
                             ("b) because", 0), ("ab", 1)):
            c.answer("01.3", TEXT % ("01.3", "01.3", "a) one", " " + given))
            c.says("check", "01.3", code=state)


READINGS = (        # names, truths, what is right, what is not
    ("pairs", (49792,), ("49792", "49,792", "49 792", "49'792", "49_792", "49792.0"),
     ("49.792", "49,79", "4,9792", "49,792,1")),
    ("share", (0.3225,), ("0.3225", "0,3225", ".3225", "3.225e-1"), ("3225", "0, 3225", "0,32,25")),
    ("a debt", (-1234567.5,), ("-1234567.5", "-1,234,567.5", "-1 234 567,5", "\u22121\u202f234\u202f567,5"),
     ("1,234,567.5",)),
    ("layer, head", (2, 8), ("2 8", "2,8", "2, 8", "2;8", "2,0 8,0"), ("2.8", "8 2", "2 8 0", "28")),
)


def a_comma_between_digits_is_read_both_ways():
    with Course() as c:
        c.says("start")
        for names, truths, right, wrong in READINGS:
            numbers = f"(const double[]){{{', '.join(map(str, truths))}}}, {len(truths)}"
            c.write("tests/course/01_one/ex2.c", '#include "judge.h"\nvoid check(void) {\n    input("x");\n'
                    f'    answer_numbers("{names}", {numbers}, 1e-6);\n}}\n')
            for given, code_wanted in [(text, 0) for text in right] + [(text, 1) for text in wrong]:
                c.answer("01.2", TEXT % ("01.2", "01.2", "", " " + given))
                c.says("check", "01.2", code=code_wanted)


def marks_that_editors_leave_cost_nothing():
    """A byte-order mark, UTF-16, other ends of lines, `Answer:` in another spelling."""
    with Course() as c:
        c.says("start")
        for name in ("01.1", "01.2", "01.3"):
            for text in ("\ufeff" + GOOD[name], GOOD[name].replace("\n", "\r\n"),
                         GOOD[name].replace("answer:", "Answer :")):
                c.answer(name, text)
                c.says("check", name, holds=f"{name} passed")
            if name != "01.1":                                  # an answer below the word
                c.answer(name, GOOD[name].replace("answer: ", "answer:\n\n  "))
                c.says("check", name, holds=f"{name} passed")
            for encoding in ("utf-16", "utf-8-sig"):
                with open(c.path(f"work/{FILES[name]}"), "w", encoding=encoding) as file:
                    file.write(GOOD[name] + "\n")
                c.says("check", name, holds=f"{name} passed")


def what_is_written_beside_a_room_is_seen():
    with Course() as c:
        c.says("start")
        spoil = "for (int i = 0; i < n; i++) out[i] = value; "
        for more in ("out[n] = 0;", "out[-1] = 3;", "out[n + 9] = value;"):
            verdict(c, spoil + more, "wrong", "input     n = 3", "expected  nothing beside `out` is written",
                    template=FILL, name="02.1")
        read = "for (int i = 0; i < n; i++) out[i] = i < 2 ? value : out[n];"
        verdict(c, read, "wrong", "got       [2] = ", template=FILL, name="02.1")


def what_is_not_freed_is_seen():
    """Where glibc lets blocks be counted: what three cases leave behind, but not what is kept for good."""
    made = "extern void *malloc(size_t size); extern void free(void *block); "
    leak = made + "int *volatile copy = malloc(sizeof *copy); *copy = 2 * x; return *copy;"
    with Course() as c:
        c.says("start")
        if platform.libc_ver()[0] == "glibc":
            verdict(c, leak, "wrong", "input     x = 3", "expected  what the function allocates is freed")
        for well in (leak.replace("return *copy", "free(copy); return 2 * x"),
                     made + "static int *kept; if (!kept) kept = malloc(sizeof *kept); *kept = 2 * x; return *kept;",
                     'extern int puts(const char *); puts("hello"); return 2 * x;'):
            c.answer("01.1", code(TWICE, well))
            c.says("check", "01.1", holds="01.1 passed")


def what_is_missing_here_is_passed_over():
    with Course() as c:
        c.write("tests/course/01_one/ex2.c", '#include "judge.h"\nvoid check(void) {\n'
                '    needs("data/no-such", "data/fetch.sh no-such");\n    answer_number("root", 1, 0);\n}\n')
        c.says("start")
        for name in FILES:
            c.answer(name, GOOD[name])
        c.says("check", "01.2", code=1, holds=["cannot be judged here", "data/fetch.sh no-such"])
        c.says("check", code=1, holds=["01.2 passed over", "3 of 4 exercises pass"])


# ---- Files stay the learner's ------------------------------------------------------------------------------------

def nothing_is_overwritten():
    with Course() as c:
        c.says("start")
        c.answer("01.1", "mine")
        c.says("start", holds="your files stay as they are")
        assert c.read("work/01_one/ex1.c") == "mine"
        os.remove(c.path("work/01_one/ex2.txt"))
        c.says("check", "01.2", code=1, holds="Try: make start")
        c.says("start", holds="copied 1 exercises")
        assert c.read("work/01_one/ex1.c") == "mine"


def a_changed_starter_is_told_and_merged():
    with Course() as c:
        c.says("start")
        mine = code(TWICE, "return 2 * x;")
        c.answer("01.1", mine)
        starter = "stages/01_one/exercises/ex1.c"
        c.write(starter, c.read(starter).replace("twice a number", "double a number"))
        c.write("stages/02_two/exercises/ex1.c", c.read("stages/02_two/exercises/ex1.c") + "\n/* new */\n")
        said = c.says("check", "01.1", holds=["the course has changed 01.1", "git merge-file"])
        assert c.read("work/01_one/ex1.c") == mine
        c.says("start", holds=["the course has changed 01.1", "updated work/02_two/ex1.c (you had not begun it)"])
        assert c.read("work/01_one/ex1.c") == mine and "/* new */" in c.read("work/02_two/ex1.c")
        command = next(line for line in said.split("\n") if "git merge-file" in line)
        subprocess.run(command, shell=True, cwd=c.root, check=True)
        merged = c.read("work/01_one/ex1.c")
        assert "double a number" in merged and "return 2 * x;" in merged, merged
        c.says("check", "01.1", lacks="changed")


# ---- Lint -------------------------------------------------------------------------------------------------------

def lint_sees_what_is_wrong():
    with Course() as c:
        for stage in ("01_one", "02_two"):      # kinds: two small stages cannot have every one
            c.write(f"stages/{stage}/unused", "")
        said = c.says("lint", code=1)
        assert said.count("no exercise of kind") == 2 and "2 complaints" in said, said
        hidden = '#include "judge.h"\nvoid check_hidden(void) { check_int("h", 1, 2); }\n'
        rounds = [[("tests/course/01_one/ex1.hint", "", "ex1.hint is empty"),
                   ("tests/course/01_one/solutions/ex2.txt", WRONG["01.2"], "solutions/ex2.txt: wrong"),
                   ("tests/course/02_two/ex1.hint", "a\n--\nb\n", "02_two/ex1.hint: 2 hints"),
                   ("tests/course/01_one/stray.txt", "x", "stray.txt: belongs to no exercise"),
                   ("tests/course/01_one/answers.tsv", "id\tsalt\tsha256\n01.3\tx\ty\n", "none of its choices"),
                   ("stages/01_one/README.md", "", "lacks the row"),
                   ("tests/course/02_two/solutions/ex1.c", WRONG["02.1"], "02_two/solutions/ex1.c: wrong")],
                  [("stages/01_one/exercises/ex1.c", GOOD["01.1"], "no NOT_STARTED()"),
                   ("tests/course/01_one/ex1.hidden.c", hidden, "with hidden cases"),
                   ("stages/02_two/exercises/ex1.c", code(FILL, "long y = n; n = y; NOT_STARTED();"), "conversion"),
                   ("stages/01_one/exercises/ex2.txt", GOOD["01.2"], "ex2.txt: no empty line `answer:`")]]
        for breaks in rounds:
            before = {name: c.read(name) for name, _, _ in breaks if os.path.exists(c.path(name))}
            for name, text, _ in breaks:
                c.write(name, text)
            c.says("lint", code=1, holds=[words for _, _, words in breaks])
            for name, text in before.items():
                c.write(name, text)


def choices_cannot_be_guessed_by_their_look():
    alike = {letter: "so long" for letter in "abcd"}
    spread = [("abcd"[i % 4], dict(alike, **{"abcd"[i // 2 % 4]: "a longer one"})) for i in range(12)]
    assert list(lint.uneven(spread)) == [], list(lint.uneven(spread))
    longest = [(right, dict(alike, **{right: "the longest of all"})) for right, _ in spread]
    assert list(lint.uneven(longest)) == ["the longest choice is right in 12 of 12 questions (by chance: 3.0)"]
    assert "b is right in 12 of 12 questions (by chance: 3.0)" in list(lint.uneven([("b", t) for _, t in spread]))
    assert list(lint.uneven(longest[:7])) == []


def wrong_answers_on_record_are_tried():
    with Course() as c:
        said = c.says("tried", "01.1", code=1)
        assert "2 answers tried, 1 complaints" in said and "1 wrong answers (expected 10)" in said, said
        tried = c.read("tests/course/01_one/ex1.tried")
        ten = tried + "".join(f"wrong: {n} more\n- 2 * x\n+ 2 * x + {n}\n" for n in range(1, 10))
        c.write("tests/course/01_one/ex1.tried", ten)
        c.says("tried", "01.1", holds="11 answers tried, 0 complaints")
        unseen = "wrong: none\n- 2 * x\n+ x * 2\nright: one less\n- 2 * x\n+ x - 1\n"
        c.write("tests/course/01_one/ex1.tried", ten + unseen)
        c.says("tried", "01.1", code=1, holds=["wrong: none: passed", "right: one less: wrong", "2 complaints"])
        c.write("tests/course/01_one/ex1.tried", ten + "wrong: no such place\n- 3 * x\n+ x\n")
        c.says("tried", "01.1", code=1, holds="`3 * x` stands 0 times in the solution (expected once)")


def wrong_numbers_and_letters_on_record_are_tried():
    with Course() as c:
        c.says("tried", "01.2", code=1, holds="0 wrong answers (expected 10)")
        ten = "".join(f"wrong: the root of {n}\n= {n ** 0.5:.3f}\n" for n in range(3, 13))
        c.write("tests/course/01_one/ex2.tried", ten)
        c.says("tried", "01.2", holds=" 0 complaints")
        c.write("tests/course/01_one/ex2.tried", ten + "wrong: rounded up\n= 1.417\nright: one digit\n= 1.4\n")
        c.says("tried", "01.2", code=1, holds=["wrong: rounded up: passed", "right: one digit: wrong", "2 complaints"])
        c.says("tried", "01.3", holds=" 0 complaints")
        lax, strict = "if not match:", c.read("tests/course/answers.py").split("\n")
        at = next(i for i, line in enumerate(strict) if "if not match or" in line)
        c.write("tests/course/answers.py", "\n".join(strict[:at] + ["    " + lax] + strict[at + 1:]))
        c.says("tried", "01.3", code=1, holds="wrong: two letters: passed")


if __name__ == "__main__":
    house.main([a_newcomer_walks_from_zero_to_done, the_next_one_is_named, progress_counts, hints_come_one_by_one,
                a_stage_is_checked_by_its_number, what_is_put_off_comes_last, an_exercise_waits_for_a_later_stage,
                a_saved_file_is_checked, warnings_stand_under_a_wrong, what_has_passed_runs_again_to_draw,
                a_solution_comes_after_passing, names_that_are_not_there, wrong_shows_input_got_expected,
                a_file_as_it_was_is_not_started, crashes_are_told_with_their_input,
                what_does_not_compile_shows_the_line, files_that_are_none_or_too_large,
                what_takes_too_long_is_stopped,
                what_takes_too_much_memory_is_stopped, the_memory_check_names_the_line,
                answers_are_read_leniently_and_judged_strictly, a_comma_between_digits_is_read_both_ways,
                marks_that_editors_leave_cost_nothing, what_is_written_beside_a_room_is_seen,
                what_is_not_freed_is_seen, what_is_missing_here_is_passed_over,
                nothing_is_overwritten, a_changed_starter_is_told_and_merged,
                lint_sees_what_is_wrong, choices_cannot_be_guessed_by_their_look, wrong_answers_on_record_are_tried,
                wrong_numbers_and_letters_on_record_are_tried])
