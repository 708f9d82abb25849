"""What `./run` says and does where the system lacks something: nothing half-installed, the exact line to run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install

LINE = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine without Pango, whose apt-get writes down what it was asked and ends as told."""
    programs = tmp_path / "bin"
    programs.mkdir()
    asked = tmp_path / "asked"
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(install, "library_is_there", lambda soname: False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def with_apt(fails_at: str = "nothing") -> Path:
        apt = programs / "apt-get"
        apt.write_text(f'#!/bin/sh\necho "$*" >> {asked}\n[ "$1" != {fails_at} ]\n')
        apt.chmod(0o755)
        return asked

    return with_apt


def test_root_gets_them_installed_in_one_go(machine):
    asked = machine()
    install.system("python", "pdf")
    assert asked.read_text().splitlines() == [
        "update -qq",
        LINE.removeprefix("apt-get ").replace("install", "install -qq", 1),
    ]


def test_an_index_that_cannot_be_refreshed_does_not_stop_it(machine):
    asked = machine(fails_at="update")
    install.system("pdf")
    assert len(asked.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("somebody who is not root", f"sudo {LINE}"),
        ("apt fails", LINE),
        ("no apt at all", "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
    ],
)
def test_else_it_stops_and_gives_the_line_to_run(machine, monkeypatch, capfd, case, said):
    if case == "somebody who is not root":
        asked = machine()
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    elif case == "apt fails":
        asked = machine(fails_at="install")
    with pytest.raises(SystemExit) as stopped:
        install.system("pdf")
    assert stopped.value.code == install.UNAVAILABLE
    assert said in capfd.readouterr().err
    if case == "somebody who is not root":
        assert not asked.exists()


def test_it_says_all_that_is_lacking_at_once(machine, monkeypatch, capfd):
    machine()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(install, "JAXB_JAR", Path("/nowhere.jar"))
    with pytest.raises(SystemExit):
        install.system("pdf", "browser", "java")
    said = capfd.readouterr().err
    assert said.count("sudo ") == 1
    for package in (
        "libharfbuzz-subset0",
        "chromium-headless-shell",
        "libatomic1",
        "default-jre-headless",
        "libjaxb-java",
    ):
        assert package in said


def test_a_machine_with_everything_is_left_alone(machine, monkeypatch):
    asked = machine()
    monkeypatch.setattr(install, "library_is_there", lambda soname: True)
    install.system("python", "pdf")
    assert not asked.exists()


def test_the_bootstrap_imports_the_standard_library_alone():
    """It runs before .venv exists: -I and -S hide whatever is installed beside it."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(install.ROOT / "run"), "help"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "./run demo" in done.stdout
