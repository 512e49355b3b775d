"""What the house promises of itself: its scripts, its Procfile, its documents and its sizes."""

import ast
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READERS = {  # which files read the environment, and how a variable's name stands there
    "scrum/environment.py": r"""["']([A-Z]+(?:_[A-Z]+)*)["']""",
    "watercooler/configuration.py": r"""["']([A-Z]+(?:_[A-Z]+)*)["']""",
    "script/launch.py": r"""port\("(DOCS_PORT)\"""",  # the site builder's own program takes it as an option
    "sitebuilder/commands/serve.py": r"""environment\.get\("([A-Z_]+)\"""",
    "placeholder.py": r"""(?:os\.environ\.get|whole_number|folders)\("([A-Z_]+)\"""",
}
ONE_FILE = ROOT / "placeholder.py"  # a whole program, in reading order
LONGEST_FILE = {".py": 300, ".js": 150}  # lines
COMMANDS = sorted(path for path in (ROOT / "script").iterdir() if not path.suffix and path.is_file())


def test_the_example_lists_exactly_the_variables_that_the_programs_read() -> None:
    listed = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(variables_read() | {"DEMO_PASSWORD"})


def test_the_example_shows_each_default_that_the_readers_hold() -> None:
    """A plain default, such as a port, stands in the reader's source as it stands in the example."""
    shown = re.findall(r"^#([A-Z_]+)=(\d+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    sources = "".join((ROOT / reader).read_text() for reader in READERS)

    for name, value in shown:
        assert re.search(rf'"{name}",\s*(?:default=)?"?{value}\b', sources), f"{name}={value}"


def test_every_line_of_the_procfile_starts_a_program_that_is_there() -> None:
    lines = re.findall(r"^(\w+): exec (\S+) (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)

    assert [name for name, *_ in lines] == ["web", "hub", "announce", "placeholder", "docs"]
    for _, program, words in lines:
        assert shutil.which(program, path=Path(sys.executable).parent), program
        if module := re.match(r"-m (\w+)$", words):
            assert (ROOT / module[1] / "__main__.py").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_a_script_is_executable_and_says_its_purpose_in_its_second_line(command: Path) -> None:
    shebang, purpose, *rest = command.read_text().splitlines()

    assert command.stat().st_mode & stat.S_IXUSR
    assert shebang == "#!/bin/sh"
    assert re.fullmatch(r"# [A-Z].*\.", purpose)
    assert len(rest) <= 30


def test_the_readme_names_the_two_commands_and_every_process() -> None:
    readme = (ROOT / "README.md").read_text()

    assert "\nscript/server\n" in readme
    assert "\nscript/test\n" in readme
    for path in re.findall(r"\]\((?!http|#)([^)#]+)\)", readme):
        assert (ROOT / path).exists(), path


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    written = [path for path in our_sources() if not {"migrations", "tests"}.intersection(path.parts)]
    written.remove(ONE_FILE)
    lengths = {path: len(path.read_text().splitlines()) for path in written}

    assert {str(path): n for path, n in lengths.items() if n > LONGEST_FILE[path.suffix]} == {}


def test_every_python_module_opens_with_a_sentence_of_purpose() -> None:
    modules = [path for path in our_sources() if path.suffix == ".py" and "migrations" not in path.parts]
    opening = re.compile(r'(#!.*\n)?"""[A-Za-z`/][^\n]*?([.:"]|\n)')

    assert [str(path) for path in modules if path.read_text() and not opening.match(path.read_text())] == []


def test_the_one_file_program_imports_nothing_of_ours_and_nothing_of_ours_imports_it() -> None:
    ours = {"board", "scrum", "watercooler", "sitebuilder"}
    programs = [path for path in our_sources() if path.suffix == ".py" and ours.intersection(path.parts[:-1])]
    programs = [path for path in programs if "tests" not in path.parts and "bench" not in path.parts]

    assert imported(ONE_FILE).isdisjoint(ours)
    assert [path for path in programs if "placeholder" in imported(path)] == []


def imported(path: Path) -> set[str]:
    """Return the top-level names that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | named}


def our_sources() -> Iterator[Path]:
    """Yield every file of ours that git knows or would take."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.js"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return (ROOT / name for name in sorted(set(names)) if (ROOT / name).exists())


def variables_read() -> set[str]:
    """Return every name of a variable that a reader quotes."""
    found = (re.findall(pattern, (ROOT / reader).read_text()) for reader, pattern in READERS.items())
    return set(chain.from_iterable(found))
