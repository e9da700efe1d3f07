"""make key: what a student should answer, for lecturers. No handout has this file."""
import os
import tempfile

from catalogue import Trouble, chosen_exercises, chosen_stages, exercises
from judge import build, run
from variants import Mine, id_of


class Truths:
    """Right answers, by the judges in C: each is linked once. `with Truths() as truths:`"""

    def __enter__(self):
        self.held, self.known = tempfile.TemporaryDirectory(prefix="headlight-key-"), {}
        return self

    def __exit__(self, *_):
        self.held.cleanup()

    def answer(self, mine):
        """What this student should write (None for code, "?" for what cannot be judged here)."""
        if mine.usual.kind == "code":
            return None
        if mine.usual.kind == "think":
            return mine.right()
        key = mine.usual.id, str(mine.exercise.values)
        if key not in self.known:
            self.known[key] = self.measured(mine.exercise)
        return self.known[key]

    def measured(self, exercise):
        folder = os.path.join(self.held.name, exercise.id)
        if not os.path.isdir(folder):
            os.makedirs(folder)
            build(exercise, None, folder, False, True, False, False)
        verdict = run(os.path.join(folder, "judge"), "", True, False, values=exercise.values, key=True)
        if verdict.state not in ("key", "cannot be judged here"):
            raise Trouble(f"{exercise.id}: the judge tells no key: {verdict.state} {' '.join(verdict.words)}")
        return verdict.words[0] if verdict.state == "key" else "?"


def key(student, stages_text, exercises_text):
    """make key: what a student should answer."""
    if not student:
        raise Trouble('no id given. Try: make key VARIANT=s1234567 STAGES="10 11"', 2)
    student = id_of(student)
    with Truths() as truths:
        for exercise in chosen_exercises(exercises(chosen_stages(stages_text)), exercises_text):
            mine = Mine(exercise, student)
            answer = truths.answer(mine)
            if answer is not None:
                told = "  ".join(f"{name} {value}" for name, value in mine.exercise.values.items())
                print("  ".join(filter(None, (exercise.id, answer, told))))
