"""make answers: every answer with its reason, for lecturers, from a checkout that has the solutions."""
import answers
from catalogue import Trouble, chosen_stages, exercises, read, shown


def letter(exercise):
    """The right letter: the one that fits the seal."""
    return next(one for one in answers.choices(exercise) if answers.is_right(exercise, one))


def wrong_letters(exercise):
    return "".join(f"- not {one}: {answers.reply(exercise, one)}\n" for one in answers.choices(exercise)
                   if answers.reply(exercise, one))


def told(exercise):
    text = read(exercise.solution).strip()
    if exercise.kind == "code":
        return f"```c\n{text}\n```\n"
    title, _, reason = text.partition("\n\n")               # (its first line is the exercise's)
    if exercise.kind == "think":
        return f"answer: {letter(exercise)}\n\n{reason or title}\n\n{wrong_letters(exercise)}"
    return f"{reason or title}\n"


def tell(stages_text):
    every = exercises(chosen_stages(stages_text))
    try:
        pages = [f"## {e.id} {e.title} ({e.kind}, {e.points_text()})\n\n{told(e)}" for e in every]
    except FileNotFoundError as problem:
        raise Trouble(f"{shown(problem.filename)} is not in this copy of the course: answers come from the checkout "
                      "that handouts are made of", 1) from None
    print("# Answers\n\n" + "\n".join(pages), end="")
