"""Print forms: fields are text, values never become markup, consents are told from other papers."""

import pytest
from form_separate import declares_consent, foreign_words, hides_advertising
from form_text import BLANK, Fragment, fields_of, fill, plain_text, problems
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_filling():
    body = "<p>A {{ patient.name }}</p><table><tr><td>{{a.b}}</td></tr></table>{{patient.name}}"
    filled = fill(body, {"patient.name": "Иванов", "a.b": "one\ntwo"})
    assert filled == "<p>A Иванов</p><table><tr><td>one<br>two</td></tr></table>Иванов"
    assert fields_of(body) == ["patient.name", "a.b"]


def test_missing_values_leave_a_line_to_write_on():
    assert fill("<p>{{a.b}}</p>", {}) == f"<p>{BLANK}</p>"
    assert fill("<p>{{a.b}}</p>", {"a.b": "  "}) == f"<p>{BLANK}</p>"


def test_conditions_keep_or_take_the_block():
    body = "<ul><li>{{only.child}}<b>child</b></li><li>{{only.adult}}adult</li></ul><p>x</p>"
    assert fill(body, {"only.child": True}) == "<ul><li><b>child</b></li></ul><p>x</p>"
    row = "<table><tr><td>a</td><td>{{only.child}}b</td></tr><tr><td>c</td></tr></table>"
    assert "a" not in plain_text(fill(row, {})) and "c" in plain_text(fill(row, {}))


def test_a_fragment_is_markup_of_the_program():
    assert fill("<p>{{a.b}}!</p>", {"a.b": Fragment("<i>x</i>")}) == "<p><i>x</i>!</p>"


@given(TEXT)
def test_values_stay_text(value):
    """Whatever a card holds, the paper shows it as it is: no element, no second evaluation."""
    root = html.fragment_fromstring(
        fill("<p>{{a.b}}</p>", {"a.b": value, "c.d": "secret"}), create_parent=True
    )
    assert {element.tag for element in root.iter()} <= {"div", "p", "br"}
    assert "secret" not in root.text_content()


@given(
    st.lists(
        st.sampled_from(["{{", "}}", "a.b", "{{a.b}}", "<b>", "</b>", "<p>", " ", "only.x", "x"]), max_size=12
    )
)
def test_any_draft_is_answered(parts):
    """No text makes the check or the filling fall over; what is published has no braces left."""
    body = "".join(parts)
    found = problems(body, {"a.b"})
    filled = fill(body, {"a.b": "v"})
    if not found:
        assert "{{" not in filled and "}}" not in filled


@pytest.mark.parametrize(
    "body,code",
    [
        ("<p>{{no.such}}</p>", "unknown"),
        ("<p>{{ patient.name</p>", "braces"),
        ("<p>{{pat<b>ient.name</b>}}</p>", "braces"),
        ('<a href="{{a.b}}">x</a>', "attribute"),
        ('<p>x<img src="https://example.com/a.png"></p>', "outside"),
        ('<p>x<img src="/web/image/1"></p>', "outside"),
        ('<p style="background:url(x)">x</p>', "outside"),
        ('<p onclick="x">x</p>', "outside"),
        ("<p>x</p><iframe></iframe>", "element"),
        ("<p>&nbsp;</p>", "empty"),
    ],
)
def test_problems(body, code):
    assert code in [problem.code for problem in problems(body, {"a.b", "patient.name"})]


def test_inner_pictures_are_fine():
    assert not problems('<p>x<img src="data:image/png;base64,AAAA"></p>', set())


@pytest.mark.parametrize(
    "text",
    [
        "Даю согласие на обработку моих персональных данных",
        "подписывая договор, пациент выражает своё согласие клинике на обработку персональных данных",
        "Я согласен получать рекламу",
        "разрешаю передавать мои данные страховой компании",
        "не возражаю против публикации моего отзыва",
    ],
)
def test_declarations(text):
    assert declares_consent(text)


@pytest.mark.parametrize(
    "text",
    [
        "Данные обрабатываются на основании отдельного согласия.",
        "Я соглашаюсь на осмотр и анализы.",
        "Согласие на обработку персональных данных подписывается отдельно.",
        "Заказчик согласен с прейскурантом.",
    ],
)
def test_mentions_are_no_declarations(text):
    assert not declares_consent(text)


def test_words_of_other_papers():
    assert foreign_words("1. Предмет договора") == "contract"
    assert foreign_words("Информированное добровольное согласие") == "intervention"
    assert foreign_words("в целях исполнения договора") == ""
    assert hides_advertising("согласен получать от клиники новости и рекламу")
    assert not hides_advertising("использовать в рекламе нельзя")


def test_invisible_characters_hide_nothing():
    assert plain_text("<p>согла\u00adсен\u200b на <b>обра</b>ботку</p>") == "согласен на обработку"
