"""The documentation builds without a fault, and says of variables and commands what the programs say."""

import argparse
import re
from importlib import import_module
from pathlib import Path

from sitebuilder.checking import check_built
from sitebuilder.command_line import COMMANDS
from sitebuilder.known_keys import OURS
from sitebuilder.pages import Page
from sitebuilder.settings import Site
from sitebuilder.views import PageView
from tests.docs.pages import PAGES, ROOT, SITE, rows
from watercooler import options as hub_options

SECTIONS = ("tutorial", "how-to", "reference", "explanation")
PROGRAMS = ("board", "hub", "placeholder", "sitebuilder")


def test_the_documentation_has_no_broken_link_picture_or_markup(site: Site) -> None:
    assert [str(problem) for problem in check_built(site)] == []


def test_every_page_is_linked_from_the_menu_and_found_by_the_search(site: Site) -> None:
    pages = {path for path in site.output.rglob("index.html") if path.parent != site.output}
    home, search = (site.output / name for name in ("index.html", "search.json"))

    addresses = {f"/{path.parent.relative_to(site.output).as_posix()}/" for path in pages}
    assert addresses
    for address in addresses:
        assert f'href="{address}"' in home.read_text(), address
        assert f'"{address}"' in search.read_text(), address


def test_a_page_says_what_it_is_about() -> None:
    """Lists and searches show it."""
    texts = {path.name: path.read_text() for path in PAGES.rglob("*.md")}
    silent = [name for name, text in texts.items() if not re.search(r"^description: .", text, re.MULTILINE)]

    assert silent == ["404.md"]


def test_each_program_has_a_tutorial() -> None:
    assert {path.stem for path in (PAGES / "tutorial").glob("*.md")} == {*PROGRAMS, "index"}


def test_the_sections_of_the_menu_are_the_folders_of_pages() -> None:
    listed = re.findall(r"^- folder: (\S+)", (SITE / "data" / "sections.yaml").read_text(), re.MULTILINE)

    assert listed == list(SECTIONS)
    assert {path.name for path in PAGES.iterdir() if path.is_dir()} == set(SECTIONS)


def test_no_page_asks_another_host_for_anything(site: Site) -> None:
    """Links may lead elsewhere; what a page is made of may not."""
    loaded = re.compile(r"""<(?:script|img|link|source|iframe)\b[^>]*(?:src|href)="(?:https?:)?//""")

    assert [path for path in site.output.rglob("*.html") if loaded.search(path.read_text())] == []


def test_the_page_of_variables_lists_what_the_example_lists_with_its_defaults() -> None:
    example = re.findall(r"^(#?)([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    expected = {
        name: (f"`{value}`" if value else "empty") if mark else "none" for mark, name, value in example
    }

    told = {row[0].strip("`"): row[1] for row in rows("reference/variables.md") if len(row) == 4}

    assert told == expected


def test_the_page_of_commands_tells_every_command_of_the_site_builder_with_its_options() -> None:
    told = {row[0].strip("`").split()[0]: row for row in rows("reference/commands.md", "The site builder")}

    assert list(told) == list(COMMANDS)
    for name, (module, _) in COMMANDS.items():
        assert sorted(options_in(" ".join(told[name]))) == sorted(options_of(module)), name


def test_the_reference_tells_every_name_that_a_page_has_of_its_own() -> None:
    names = {name for kind in (Page, PageView) for name in dir(kind) if not name.startswith("_")}
    text = (PAGES / "reference" / "sitebuilder.md").read_text()
    (told,) = re.findall(r"cannot replace them: ([^.]+)\.", text)

    assert set(re.findall(r"`(\w+)`", told)) == names - OURS


def test_the_page_of_commands_tells_every_option_of_the_hub() -> None:
    told = options_in(" ".join(cell for row in rows("reference/commands.md", "The hub") for cell in row))

    assert sorted(told) == sorted(options_in(Path(hub_options.__file__).read_text()))


def test_the_page_of_commands_tells_every_command_of_the_board_and_every_script() -> None:
    commands = (ROOT / "board" / "management" / "commands").glob("[a-z]*.py")
    scripts = [path.name for path in (ROOT / "script").iterdir() if not path.suffix and path.is_file()]

    told = {row[0].strip("`") for row in rows("reference/commands.md", "The board")}
    assert told == {path.stem for path in commands}
    told = {row[0].split("`")[1] for row in rows("reference/commands.md", "Scripts")}
    assert told == {f"script/{name}" for name in scripts}


def options_of(module: str) -> set[str]:
    """Give the long options that a command of the site builder takes."""
    parser = argparse.ArgumentParser(add_help=False)
    import_module(module).add_arguments(parser)
    return options_in(" ".join(parser._option_string_actions))


def options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+\w", text)) - {"--help"}
