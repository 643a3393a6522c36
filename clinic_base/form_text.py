# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The text of a print form: named fields in braces, filled without evaluating anything; no Odoo inside.

``{{ patient.name }}`` is a field, ``{{ only.child }}`` keeps its paragraph or table row for some people
only. Values are put in as text, in one pass: what they contain is never read as a field or as markup.
"""

import re
from typing import NamedTuple

from lxml import etree, html

FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\s*\}\}")
BRACES = re.compile(r"\{\{|\}\}")
CONDITION = "only."
BLANK = "_" * 24
#: What a condition takes away or keeps as a whole.
BLOCKS = {"p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "table", "ul", "ol"}
#: Elements that run, load or hide something.
FORBIDDEN = {
    "script", "style", "iframe", "frame", "object", "embed", "link", "meta", "base", "form", "input",
    "button", "textarea", "select", "svg", "math", "video", "audio", "source", "template", "noscript",
}  # fmt: skip
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_INNER_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)
_SPACE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200d\u2060\ufeff]+")


class Fragment(str):
    """Markup made by the program, such as a barcode; everything else is text."""


class Problem(NamedTuple):
    """What is wrong with a form: a code and the words it is about."""

    code: str
    detail: str


def _tree(body):
    return html.fragment_fromstring(body or "", create_parent="div")


def _slots(root):
    """(element, "text" or "tail") of every piece of text, the tail of the root apart."""
    for element in root.iter():
        if element.text and isinstance(element.tag, str):
            yield element, "text"
        if element.tail and element is not root:
            yield element, "tail"


def fields_of(body):
    """Names of the fields in the order of their first appearance."""
    root = _tree(body)
    names = [name for element, slot in _slots(root) for name in FIELD.findall(getattr(element, slot))]
    return list(dict.fromkeys(names))


def plain_text(body):
    """The words of a form in one line: tags, soft hyphens and invisible spaces do not hide anything."""
    root = _tree(body)
    for element in root.iter():
        if element.tag in BLOCKS or element.tag == "br":
            element.tail = " \n" + (element.tail or "")
            element.text = " " + (element.text or "")
    text = "".join(root.itertext()).replace("\u00ad", "").replace("\u200b", "").replace("\u2060", "")
    return _SPACE.sub(" ", text).strip()


def problems(body, known):
    """What forbids to publish the form.

    :param known: names of the fields that exist
    :return: problems with the codes ``unknown`` (a field), ``braces`` (do not close or were torn by
        formatting), ``attribute`` (a field inside a link or a picture), ``outside`` (something is loaded
        from elsewhere), ``element`` (not for paper), ``empty``
    """
    found = []
    root = _tree(body)
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag in FORBIDDEN:
            found.append(Problem("element", tag))
        for name, value in element.attrib.items():
            if BRACES.search(value):
                found.append(Problem("attribute", value[:60]))
            if _loads(name, value):
                found.append(Problem("outside", value[:60]))
    for element, slot in _slots(root):
        text = getattr(element, slot)
        found += [Problem("unknown", name) for name in FIELD.findall(text) if name not in known]
        rest = FIELD.sub("", text)
        if BRACES.search(rest):
            found.append(Problem("braces", rest.strip()[:60]))
    if not plain_text(body):
        found.append(Problem("empty", ""))
    return list(dict.fromkeys(found))


def _loads(name, value):
    if name.startswith("on"):
        return True
    if name in ("src", "srcset", "background", "poster", "data", "xlink:href"):
        return not _INNER_PICTURE.match(value)
    return name == "style" and bool(_LOADS.search(value))


def fill(body, values):
    """The form with its fields filled.

    :param values: name -> text, ``Fragment``, or for conditions a boolean; an empty value leaves a line
        to write on, a missing one too
    :return: markup
    """
    root = _tree(body)
    for element in [*root.iter()]:
        if element.tag in FORBIDDEN or not isinstance(element.tag, str):
            _drop(element)
        else:
            for name in [key for key, value in element.attrib.items() if _loads(key, value)]:
                del element.attrib[name]
    _apply_conditions(root, values)
    for element, slot in [*_slots(root)]:
        text = getattr(element, slot)
        if FIELD.search(text):
            _put(element, slot, _pieces(text, values))
    return "".join(_inner(root))


def _inner(root):
    if root.text:
        yield etree.tostring(_text_holder(root.text), encoding="unicode", method="html")[6:-7]
    for child in root:
        yield etree.tostring(child, encoding="unicode", method="html")


def _text_holder(text):
    holder = etree.Element("span")
    holder.text = text
    return holder


def _drop(element):
    """Take an element away and keep the text behind it."""
    parent = element.getparent()
    if parent is not None:
        element.drop_tree() if hasattr(element, "drop_tree") else parent.remove(element)


def _apply_conditions(root, values):
    for element, slot in [*_slots(root)]:
        text = getattr(element, slot)
        names = [name for name in FIELD.findall(text) if name.startswith(CONDITION)]
        if not names:
            continue
        setattr(element, slot, FIELD.sub(_without_condition, text))
        if all(values.get(name) for name in names):
            continue
        block = element if slot == "text" else element.getparent()
        while block is not None and block is not root and block.tag not in BLOCKS:
            block = block.getparent()
        if block is not None and block is not root:
            _drop(block)


def _without_condition(match):
    return "" if match[1].startswith(CONDITION) else match[0]


def _pieces(text, values):
    """The text cut at its fields: strings and elements, values never read again."""
    pieces, position = [], 0
    for match in FIELD.finditer(text):
        pieces.append(text[position : match.start()])
        pieces += _value(values.get(match[1]))
        position = match.end()
    return [*pieces, text[position:]]


def _value(value):
    if isinstance(value, Fragment):
        part = _tree(value)
        return [part.text or "", *part]
    text = _UNPRINTABLE.sub("", str(value)) if value not in (None, False) else ""
    pieces = []
    for number, line in enumerate((text.strip() or BLANK).splitlines()):
        if number:
            pieces.append(etree.Element("br"))
        pieces.append(line)
    return pieces


def _put(element, slot, pieces):
    """Replace the text of a slot by strings and elements."""
    parent = element if slot == "text" else element.getparent()
    index = 0 if slot == "text" else parent.index(element) + 1
    setattr(element, slot, "")
    last, last_slot = element, slot
    for piece in pieces:
        if isinstance(piece, str):
            setattr(last, last_slot, (getattr(last, last_slot) or "") + piece)
        else:
            tail, piece.tail = piece.tail or "", None
            parent.insert(index, piece)
            index += 1
            piece.tail = tail
            last, last_slot = piece, "tail"
