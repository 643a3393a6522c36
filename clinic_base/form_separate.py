# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a text says several things that people must sign apart (152-FZ art. 9); no Odoo inside.

The check reads words, so it finds what a lawyer would strike out at once, not every trick. It looks for
declarations ("I agree to the processing of my personal data"), not for mentions of a consent that is
given elsewhere.
"""

import re

_I = re.IGNORECASE
_SUBJECT = (
    r"(обработк\w*|персональн\w+\s+данн\w+|рекл\w+|рассылк\w*|передач\w*|передава\w+|фото\w*|видео\w*"
    r"|съ[её]мк\w*|трансграничн\w*|публикац\w*|распространени\w*)"
)
#: "I give my consent to …", "the patient agrees to …", a heading "Consent to the processing …".
_DECLARES = re.compile(
    rf"\b(?:да(?:ю|[её]т|ем|ём|ют)|выража\w+|предоставля\w+|подтвержда\w+)\b[^.;!?]{{0,80}}\bсогласи\w+"
    rf"[^.;!?]{{0,160}}{_SUBJECT}"
    rf"|\bсоглас(?:ен|на|ны)\b[^.;!?]{{0,160}}{_SUBJECT}"
    rf"|\bразреша(?:ю|ет|ем|ют)\b[^.;!?]{{0,160}}{_SUBJECT}"
    rf"|\bне\s+возража(?:ю|ет|ем|ют)\b[^.;!?]{{0,160}}{_SUBJECT}",
    _I,
)
#: Words of documents of another kind.
_CONTRACT = re.compile(
    r"\bпредмет\s+договора|\bисполнитель\s+обязу\w+|\bзаказчик\s+обязу\w+|\bпациент\s+обязу\w+"
    r"|\bстоимость\s+услуг|\bпорядок\s+расч[её]тов|\bнастоящ(?:ий|его)\s+договор",
    _I,
)
_INTERVENTION = re.compile(
    r"\bинформированн\w+\s+(?:добровольн\w+\s+)?согласи\w+"
    r"|\bсогласи\w+\s+на\s+(?:проведение\s+)?(?:медицинск\w+\s+)?вмешательств\w*",
    _I,
)
_ADVERTISING = re.compile(
    r"\b(?:получ\w+|присыла\w+|направл\w+|отправл\w+|рассыл\w+|предлага\w+)\b"
    r"[^.;!?]{0,80}\b(?:реклам\w*|новост\w*|акци(?:и|й|ях)\b|спецпредложени\w*)",
    _I,
)


def declares_consent(text):
    """Whether the words are somebody's consent to a use of personal data."""
    return bool(_DECLARES.search(text))


def foreign_words(text):
    """What in the text of a consent belongs to another document: ``contract``, ``intervention`` or ""."""
    if _CONTRACT.search(text):
        return "contract"
    return "intervention" if _INTERVENTION.search(text) else ""


def hides_advertising(text):
    """Whether a consent to something else also asks for advertising."""
    return bool(_ADVERTISING.search(text))
