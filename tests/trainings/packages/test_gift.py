"""GIFT: what Moodle takes is taken alike, and what we have no question for is said with its line."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from trainings.packages import gift
from trainings.packages.rules import QUESTIONS_MAX
from trainings.quizzes.rules import Choice, Question, QuestionKind, is_right

SAMPLE = """\
$CATEGORY: $course$/Cycle 3

// une rédaction
::Q1:: Comment allez-vous ? {}

::Q2:: [html]Entre l’orange et le vert, <b>quelle</b> couleur&nbsp;?
{
    =jaune # oui !
    ~rouge # [html]non, <i>jaune</i>
    ~[plain]<bleu> # non
}

::couleurs:: Lesquelles sont chaudes ?
{
    ~%50%rouge # oui
    ~%-100%bleu
    // un commentaire au milieu
    ~%50%orange
}

Un nombre de 1 à 5 ? {#3:2}

Le meilleur animal ?{
    =Grenouille#Bien !
    =%50%Chat#Presque
    =%0%*#Non
}

42 est la réponse.{
FALSE#42 est bien la réponse.#Vous avez raison.
####D’après un roman.}

Les capitales { =Canada -> Ottawa =Italie -> Rome }

Le soleil se lève à {~l’ouest =l’est} chaque matin.

Une simple phrase.

Deux et deux {=quatre =4}.

Laquelle vaut 5 ? {
  ~ \\= 2 + 2
  = \\= 2 + 3 \\{ou\\}
  ~ \\\\ \\: \\# \\~ \\nfin
}

Perdue { =oui

Dans l’ordre ? {>ALL VERTICAL
  un
  deux
  trois
}
"""


def read(text):
    return gift.read(text.encode())


def test_each_kind_is_taken_or_said():
    questions, left_out = read(SAMPLE)

    assert questions == [
        Question(
            QuestionKind.SINGLE,
            "Entre l’orange et le vert, quelle couleur\u00a0?",
            (Choice("jaune", True, "oui !"), Choice("rouge", False, "non, jaune"), Choice("<bleu>", False, "non")),
        ),
        Question(
            QuestionKind.MULTIPLE,
            "Lesquelles sont chaudes ?",
            (Choice("rouge", True, "oui"), Choice("bleu"), Choice("orange", True)),
        ),
        Question(QuestionKind.SHORT, "Le meilleur animal ?", (Choice("Grenouille", True, "Bien !"),)),
        Question(
            QuestionKind.SINGLE,
            "42 est la réponse.",
            (Choice("Vrai", False, "42 est bien la réponse."), Choice("Faux", True, "Vous avez raison.")),
            "D’après un roman.",
        ),
        Question(
            QuestionKind.SINGLE,
            "Le soleil se lève à _____ chaque matin.",
            (Choice("l’ouest"), Choice("l’est", True)),
        ),
        Question(QuestionKind.SHORT, "Deux et deux _____.", (Choice("quatre", True), Choice("4", True))),
        Question(
            QuestionKind.SINGLE,
            "Laquelle vaut 5 ?",
            (Choice("= 2 + 2"), Choice("= 2 + 3 {ou}", True), Choice("\\ : # ~\nfin")),
        ),
        Question(QuestionKind.ORDER, "Dans l’ordre ?", (Choice("un"), Choice("deux"), Choice("trois"))),
    ]
    assert [str(one).replace("\u00a0", " ") for one in left_out] == [
        "Ligne 4 : ce genre de question ne se reprend pas (réponse rédigée).",
        "Ligne 21 : ce genre de question ne se reprend pas (réponse chiffrée).",
        "Ligne 23 : les réponses en partie justes comptent désormais comme fausses.",
        "Ligne 33 : ce genre de question ne se reprend pas (appariement).",
        "Ligne 37 : ce genre de question ne se reprend pas (description, sans question).",
        "Ligne 47 : elle n’est pas reprise. Ses accolades ne vont pas par deux.",
    ]


def test_the_answers_that_moodle_takes_are_right():
    question = read("Deux et deux ? {=quatre =4}")[0][0]
    assert is_right(question, ["Quatre."])
    assert not is_right(question, ["cinq"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rien de juste ? {~a ~b}", "Aucune réponse n’est juste"),
        ("Une seule ? {~%100%a}", "au moins deux réponses"),
        ("Joker ? {=*oui*}", "astérisque"),
        ("Deux fois ? {=a ~a}", "Deux réponses sont les mêmes"),
        ("{=a ~b}", "pas écrite"),
        (f"{'x' * 2001} {{=a ~b}}", "2000 signes"),
        (f"Long ? {{={'x' * 501} ~b}}", "500 signes"),
        (f"Long ? {{=a#{'x' * 1001} ~b}}", "1000 signes"),
        (f"Beaucoup ? {{=z {' '.join(f'~{n}' for n in range(12))}}}", "12 réponses"),
        ("[html]" + "<div>" * 600 + "{=a ~b}", "trop compliquée"),
        ("} à l’envers {", "accolades"),
    ],
)
def test_a_question_that_cannot_be_asked_is_left_out(text, words):
    questions, left_out = read(text)
    assert not questions
    assert any(words in one.why for one in left_out)


def test_two_right_answers_of_one_choice_become_boxes():
    questions, left_out = read("L’un ou l’autre ? {=a =b ~c}")
    assert [question.kind for question in questions] == [QuestionKind.MULTIPLE]
    assert "cocher les deux" in left_out[0].why


def test_a_picture_is_said_to_stay_out():
    questions, left_out = read('[html]Un <img src\\="x.png" alt\\="chat"> ? {=oui ~non}')
    assert questions[0].text == "Un [image\u00a0: chat] ?"
    assert "images" in left_out[0].why


def test_windows_text_and_windows_lines_are_read():
    questions, _ = gift.read("É\u00e9 ? {=à ~b}\r\n\r\nDeux ? {=c ~d}\r\n".encode("cp1252"))
    assert [question.text for question in questions] == ["Éé ?", "Deux ?"]


@pytest.mark.parametrize(
    "content", [b"", b"// rien\n", b"$CATEGORY: a\n", b"PK\x03\x04\0\0", b"x" * (gift.BYTES_MAX + 1)]
)
def test_what_is_no_gift_is_refused(content):
    with pytest.raises(Refusal):
        gift.read(content)


def test_no_file_is_endless():
    questions, left_out = read("Q ? {=a ~b}\n\n" * (QUESTIONS_MAX + 5))
    assert len(questions) == QUESTIONS_MAX
    assert len(left_out) == 1


@pytest.mark.parametrize(
    "piece", ["{", "~a", "=a", "::", "\\", "####", "%50%", "[html]", "->", "a{=b~c}\n\n", "//\n", "<b>"]
)
def test_no_file_takes_long(piece):
    many = piece * (gift.BYTES_MAX // len(piece) // 2)
    began = time.perf_counter()
    for content in (many, f"Q ? {{{many}}}", f"Q ? {{=a#{many} ~b}}"):
        with suppress(Refusal):
            gift.read(content.encode())
    assert time.perf_counter() - began < 8


ACTING = str.maketrans({sign: f"\\{sign}" for sign in "\\:#={}~"})
words = st.text(st.sampled_from("abcé:#={}~\\*n->%/$ ."), min_size=1, max_size=20).map(
    lambda text: f"m{' '.join(text.split())}"
)


@given(st.lists(words, min_size=2, max_size=6, unique_by=lambda text: text.rstrip(" .")), words, st.data())
def test_what_is_escaped_comes_back(choices, text, data):
    right = data.draw(st.integers(0, len(choices) - 1))
    lines = [f"{'=' if rank == right else '~'}{one.translate(ACTING)}" for rank, one in enumerate(choices)]
    questions, left_out = read(f"{text.translate(ACTING)} {{\n{chr(10).join(lines)}\n}}")
    expected = Question(
        QuestionKind.SINGLE, text, tuple(Choice(one, rank == right) for rank, one in enumerate(choices))
    )
    assert questions == [expected]
    assert not left_out


@given(st.text(st.sampled_from("{}~=#%:\\ab\n/$[]html>-0"), max_size=80))
def test_any_text_is_questions_or_a_sentence(text):
    try:
        questions, left_out = read(text)
    except Refusal:
        return
    assert questions or left_out
