# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loads of files in tests."""

import tempfile

from .common import ClinicCommon

HEAD = "Код;ФИО;Дата рождения;Телефон;СНИЛС;Полис ОМС;Паспорт;Адрес;Примечание;Создан"
ROWS = [
    "1;Иванова Мария Петровна;12.03.1985;8 914 123-45-67;112-233-445 95;;2504 123456 выдан ОВД;Иркутск;VIP;"
    + "01.02.2015",
    "2;Сидоров Олег Ильич;1979-05-01;89025112233 мама;;;;;;03.04.2016",
    "3;;01.01.1990;89025112244;;;;;;",
    "4;Петров Пётр Петрович;31.02.1980;;;;;;;",
    "5;Кузнецова Анна;;;;;;;;",
]


class ImportCase(ClinicCommon):
    """Loads run to their end inside the test: the jobs of the scheduled action are called directly."""

    def _make_import(self, lines=None, head=HEAD, encoding="cp1251", **vals):
        load = self.env["clinic.import"].create({"source": "test", **vals})
        self._read(load, "\r\n".join([head, *(ROWS if lines is None else lines)]).encode(encoding))
        return load

    def _read(self, load, content):
        with tempfile.NamedTemporaryFile() as stream:
            stream.write(content)
            stream.flush()
            load._stage(stream.name)

    def _work(self, load, batches=10_000):
        """What the scheduled action does, without its commits."""
        for _turn in range(batches):
            if not load.job:
                return
            amount = getattr(load, f"_step_{load.job}")()
            load.job_done += amount
            if not amount:
                getattr(load, f"_end_{load.job}")()
                load.job = False
            self.env.invalidate_all()

    def _checked(self, *args, **vals):
        load = self._make_import(*args, **vals)
        load.action_check()
        self._work(load)
        return load

    def _loaded(self, *args, **vals):
        load = self._checked(*args, **vals)
        load.action_load()
        self._work(load)
        return load

    def _row(self, load, ref):
        return load.row_ids.filtered(lambda row: row.source_ref == ref)

    def _cards(self):
        return self.env["res.partner"].with_context(active_test=False).search([("is_patient", "=", True)])
