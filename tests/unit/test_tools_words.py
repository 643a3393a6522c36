"""What the command says: Russian sentences, without the noise of the tools behind it."""

import pytest

from tools import cli, odoo, proc, running, venv
from tools.out import Failure


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["foo"], "Нет такого вызова: 'foo'."),
        (["run", "--port", "99999"], "порт – число от 1 до 65535"),
        (["run", "--port", "x"], "порт – число от 1 до 65535"),
        (["run", "--port"], "После --port нужно значение."),
        (["run", "--prot", "1"], "Лишнее в строке: --prot 1."),
        (["backup", "a", "b"], "Лишнее в строке: b."),
    ],
)
def test_wrong_call_is_a_russian_sentence(words, text, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    told = capsys.readouterr().err
    assert stop.value.code == 2
    assert text in told
    assert "error" not in told
    assert "--help" in told


def test_bare_call_and_help_are_russian(capsys):
    assert cli.main([]) == 2
    with pytest.raises(SystemExit):
        cli.main(["run", "--help"])
    told = capsys.readouterr().out
    assert not [word for word in ("usage", "options", "positional", "show this") if word in told]


@pytest.mark.parametrize("call", ["shell", "backup", "restore"])
def test_calls_that_need_a_clinic_install_nothing(call, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CLINIC_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert cli.main([call]) == 1
    assert "Не получилось." in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_restore_of_a_missing_file_is_said_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("CLINIC_HOME", str(tmp_path / "home"))
    with pytest.raises(Failure, match="Нет файла"):
        running.restore_call(str(tmp_path / "none.tar"), None)


def test_noise_of_pip_is_left_out(tmp_path):
    log = tmp_path / "venv.log"
    noise = "WARNING: Location 'file:///x/simple/y/' is ignored: it is neither a file nor a directory.\n"
    log.write_text("Collecting lxml==6\n" + noise * 30)
    assert proc.tail(log) == "    Collecting lxml==6"
    assert venv.pip_progress(proc.tail(log)) == "ищу lxml==6"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  Downloading https://x/y/lxml-6.whl (5 MB)", "скачиваю lxml-6.whl"),
        ("  Installing build dependencies: started", ""),
        ("Building wheel for ofxparse (setup.py)", "собираю ofxparse"),
        ("Installing collected packages: a, b", "раскладываю файлы"),
    ],
)
def test_progress_of_pip(text, told):
    assert venv.pip_progress(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Loading module web (3/14)", "web (3 из 14)"),
        ("loading base/data/res.country.state.csv", "base: данные и переводы"),
        (
            "new asset bundle attachment /web/assets/d3f47ec/web.assets_web.min.js (id:3)",
            "собираю web.assets_web.min.js",
        ),
        ("INFO ? tools.demo: demo clinic: tools.demo.staff in 18.6 s", "готово: врачи"),
        ("x.y: Starting TestA.test_b ... ", "тест TestA.test_b"),
        ("ALLOW access to module.update_list on [] to user __system__", ""),
    ],
)
def test_progress_of_odoo(text, told):
    assert odoo.progress(text) == told
