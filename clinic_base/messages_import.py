# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentences for the codes of imports: what is wrong with a row, and what to do. Never a value."""

from .messages import birth_date_problem


def import_reason(env, code):
    """``(what, how to mend)`` of a code that every import may give; ``None`` for an unknown code."""
    sentences = {
        "refused": (
            env._("The database refused this row."),
            env._("Read what stands beside it, correct the row and load the file of rejects again."),
        ),
        "id_twice": (
            env._("The identifier stands in the file twice."),
            env._("Give the second row an identifier of its own, or delete the row if it is the same."),
        ),
        "same_row": (env._("The very same row stands above."), ""),
        "already": (env._("This row was loaded before."), ""),
        "more_cells": (
            env._("The row has more cells than there are headings."),
            env._("A separator inside a text may have moved the cells. Compare the row with its headings."),
        ),
        "other_id": (
            env._("Another person was loaded with this identifier before."),
            env._("Name the program of this file differently, or correct the identifier."),
        ),
        "no_kind": (
            env._("The directory has no such kind of document; its number was not loaded."),
            env._("Add the kind to the directory and the document on the card."),
        ),
        "deleted": (env._("The old program marks this row as deleted."), ""),
        "folder": (env._("This row is a group of the old program, not an entry."), ""),
        "other_row": (env._("The row looks like another row of this file."), env._("Look at both rows.")),
        "other_card": (
            env._("The row looks like a card that is already there."),
            env._("Look at the card and choose: a new card, or the same person."),
        ),
        "refused_more": (
            env._("A link to the representative could not be made."),
            env._("Add it on the card."),
        ),
        "changed": (env._("Changed after the load; left as it is."), ""),
    }
    return sentences.get(code)


def patient_reason(env, code):
    """The same for rows of patients."""
    if code.startswith("birth_") and code[6:] in ("impossible", "future", "too_old", "unknown_format"):
        what = {
            "birth_impossible": env._("There is no such day in the calendar."),
            "birth_future": env._("The birth date lies in the future."),
            "birth_too_old": env._("Nobody is as old as this birth date says."),
        }.get(code, env._("The birth date cannot be read."))
        return what, birth_date_problem(env, code[6:])
    sentences = {
        "no_name": (env._("There is no name."), env._("Fill in the surname or the whole name.")),
        "not_a_name": (
            env._("What stands in the name is not a name."),
            env._("Write the surname, given name and patronymic with letters."),
        ),
        "name_too_long": (
            env._("A part of the name is longer than 100 characters."),
            env._("Leave the name alone in the cell; put the rest into the note."),
        ),
        "phone_only_bad": (
            env._("The phone has no valid number, and nothing else is known of the person."),
            env._("Correct the phone or fill in the birth date."),
        ),
        "name_split": (env._("The name stood in one cell and was split."), ""),
        "one_name": (env._("Only one word of the name is known."), env._("Ask the patient for the name.")),
        "birth_unknown": (env._("The birth date is a filler; it was left empty."), ""),
        "birth_year_only": (env._("Only the year of birth is known; it stands in the note."), ""),
        "birth_serial": (env._("The birth date was a number of Excel and was turned into a day."), ""),
        "birth_doubtful": (
            env._("The birth date looks like a filler."),
            env._("Compare it with a document at the next visit."),
        ),
        "sex_unknown": (env._("The sex cannot be read; it was told by the name."), ""),
        "sex_differs": (
            env._("The sex does not fit the patronymic."),
            env._("Compare the row with a document."),
        ),
        "phone_owner": (env._("The phone belongs to a relative by the note beside it."), ""),
        "phone_part": (
            env._("A part of the phone cell is no number; it stands in the note."),
            env._("Ask the patient for the number."),
        ),
        "phone_bad": (
            env._("The phone has no valid number; the text stands in the note."),
            env._("Ask the patient for the number."),
        ),
        "email_bad": (env._("The e-mail address is not valid; the text stands in the note."), ""),
        "document_empty": (env._("The number of the document is a filler; it was left out."), ""),
        "document_doubt": (
            env._("The check digits or the length of a number do not fit."),
            env._("Compare the number with the document."),
        ),
        "document_long": (env._("The number of a document is too long; the text stands in the note."), ""),
        "policy_until_bad": (env._("The end of the policy cannot be read and was left empty."), ""),
        "no_insurer": (
            env._("A policy of voluntary insurance without an insurer; the number stands in the note."),
            env._("Name the column with the insurer."),
        ),
        "name_only": (
            env._("Nothing but the name is known; the card is provisional."),
            env._("Complete the card at the next visit."),
        ),
        "number_taken": (
            env._("The card number is taken by another card; a new one was given."),
            env._("The old number stands in the note."),
        ),
    }
    return sentences.get(code)


def person_reason(env, code):
    """The same for rows that name a patient who is already there."""
    sentences = {
        "no_patient": (
            env._("The patient of this row is not in the base."),
            env._(
                "Load the patients first, with the same name of the program; or name the card number, "
                "or the whole name with the birth date."
            ),
        ),
        "no_amount": (env._("The sum cannot be read."), env._("Write a number: 1500 or -1 500,00.")),
        "zero_amount": (env._("The sum is zero."), ""),
    }
    return sentences.get(code)


def directory_reason(env, code):
    """The same for rows of services and doctors."""
    sentences = {
        "no_title": (env._("There is no name."), env._("Fill in the name.")),
        "bad_duration": (
            env._("The duration cannot be read."),
            env._("Write minutes from 1 to 1440, or hours and minutes: 1:15."),
        ),
        "bad_price": (env._("The price cannot be read."), env._("Write a number: 1500 or 1 500,00.")),
        "no_price": (env._("There is no price; the service costs nothing until you enter one."), ""),
        "bad_snils": (env._("The SNILS has not eleven digits and was left out."), ""),
    }
    return sentences.get(code)


def table_problem(env, error):
    """A full sentence for a ``table_file.TableFileError``."""
    sentences = {
        "empty": env._("The file is empty. Choose another one."),
        "not_text": env._("This is not a table. Save it as XLSX or CSV and choose it again."),
        "web_page": env._(
            "This is a page of a web site with the name of a table. Open it in Excel and save it as XLSX."
        ),
        "damaged": env._("The file is damaged or not complete. Export it anew or save it as CSV."),
        "protected": env._("The book is protected by a password or damaged. Save it as CSV."),
        "too_large": env._(
            "The file is larger than %(limit)s MB. Split it, or save it as CSV.", limit=error.limit
        ),
        "bomb": env._("Unpacked, this book would not fit into the memory. Save it as CSV."),
        "too_wide": env._(
            "There are more than %(limit)s columns. Leave only those needed.", limit=error.limit
        ),
        "too_long": env._("There are more than %(limit)s rows. Split the file.", limit=error.limit),
        "no_fields": env._("No heading of a column was recognised. Check the first rows of the file."),
    }
    return sentences.get(error.code) or env._("The file cannot be read. Save it as CSV and try again.")
