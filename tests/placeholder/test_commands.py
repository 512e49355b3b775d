"""The one file is a program too: it renders, signs, serves and explains itself."""

import http.client
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.placeholder.service import ROOT, environment, run_python
from tests.services import Process, free_port, wait_until

pytestmark = pytest.mark.slow  # each starts a program
RUN = ("-W", "error", "placeholder.py")


def render(address: str, file: Path | str, **variables: str) -> tuple[int, bytes, str]:
    done = run_python(*RUN, "render", address, str(file), variables=variables)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.parametrize(
    ("address", "name", "form"),
    [
        ("600x400", "out.png", "PNG"),
        ("600x400", "out.JPG", "JPEG"),
        ("600x400/000/fff", "out.jpeg", "JPEG"),
        ("/600x400/", "out.webp", "WEBP"),
        ("600x400.gif", "out.gif", "GIF"),
        ("600x400.gif", "picture", "GIF"),
        ("600x400&text=Hello", "out.avif", "AVIF"),
        ("600x400?text=Hello World", "out.jpg", "JPEG"),
    ],
)
def test_a_picture_is_written_in_the_format_of_the_files_ending(
    tmp_path: Path, address: str, name: str, form: str
) -> None:
    code, _, said = render(address, tmp_path / name)

    assert (code, said) == (0, "")
    with Image.open(tmp_path / name) as image:
        assert (image.format, image.size) == (form, (600, 400))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_svg_and_a_description_are_written_too(tmp_path: Path) -> None:
    render("600x400?text=Hello", tmp_path / "out.svg")
    render("600x400?text=Hello", tmp_path / "out.json")

    assert (tmp_path / "out.svg").read_text().startswith("<svg")
    assert '"width": 600' in (tmp_path / "out.json").read_text()


def test_a_minus_writes_to_standard_output() -> None:
    code, out, said = render("600x400/264653.webp?text=Hello", "-")

    assert (code, said) == (0, "")
    with Image.open(BytesIO(out)) as image:
        assert (image.format, image.size) == ("WEBP", (600, 400))


@pytest.mark.parametrize(
    "address", ["300?text=Hello%20World", "300&text=Hello%20World", "300?text=Hello+World"]
)
def test_an_address_is_read_as_in_a_browser(address: str) -> None:
    _, expected, _ = render("300?text=Hello World", "-")

    assert render(address, "-")[1] == expected


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "out.png"
    file.write_text("old")

    render("60x40", file)

    with Image.open(file) as image:
        assert image.size == (60, 40)


@pytest.mark.parametrize(
    ("address", "name", "reason"),
    [
        ("nothing", "out.png", "'nothing' is no size"),
        ("600x400/zebra", "out.png", "'zebra' is no colour"),
        ("9999x9999", "out.png", "at most 4000 pixels a side"),
        ("2000x2000", "out.avif", "million pixels"),
        ("600x400.png", "out.jpg", "expected one format"),
        ("600x400.webp", "out.jpg", "expected one format"),
        ("600x400", "no/such/folder/out.png", "No such file or directory"),
        ("600x400", "folder", "cannot be written"),
    ],
)
def test_what_cannot_be_rendered_leaves_nothing_behind(
    tmp_path: Path, address: str, name: str, reason: str
) -> None:
    (tmp_path / "folder").mkdir()

    code, out, said = render(address, tmp_path / name)

    assert (code, out) == (1, b"")
    assert reason in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_who_has_the_key_may_render_without_a_signature() -> None:
    code, out, _ = render("60x40", "-", PLACEHOLDER_KEY="key")

    assert code == 0
    assert out == render("60x40", "-")[1]


@pytest.mark.parametrize("style", ["placehold.co", "dummyimage.com"])
def test_the_style_holds_for_what_is_rendered(tmp_path: Path, style: str) -> None:
    render("60x40", tmp_path / "out.gif", PLACEHOLDER_DEFAULTS=style)

    with Image.open(tmp_path / "out.gif") as image:
        assert image.format == "GIF"


@pytest.mark.parametrize(
    ("address", "key", "reason"),
    [("60x40", "", "PLACEHOLDER_KEY is empty"), ("60x40/zebra", "key", "'zebra' is no colour")],
)
def test_what_cannot_be_signed_is_said(address: str, key: str, reason: str) -> None:
    done = run_python(*RUN, "sign", address, variables={"PLACEHOLDER_KEY": key})

    assert (done.returncode, done.stdout) == (1, b"")
    assert reason in done.stderr.decode()


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_without_a_command_it_says_how_it_is_used(words: tuple[str, ...]) -> None:
    done = run_python(*RUN, *words, variables={})

    assert (done.returncode, done.stderr) == (0, b"")
    for command in ("runserver", "render", "granian"):
        assert command in done.stdout.decode()


@pytest.mark.parametrize("command", ["render", "sign"])
def test_a_command_explains_itself(command: str) -> None:
    done = run_python(*RUN, command, "--help", variables={})

    assert done.returncode == 0
    assert "address" in done.stdout.decode()


@pytest.mark.parametrize("words", [("check",), ("check", "--deploy", "--fail-level", "ERROR")])
def test_django_finds_nothing_wrong_with_it(words: tuple[str, ...]) -> None:
    done = run_python(*RUN, *words, variables={})

    assert done.returncode == 0, done.stderr.decode()


def test_an_unknown_command_is_an_error() -> None:
    done = run_python(*RUN, "dance", variables={})

    assert done.returncode != 0
    assert "dance" in done.stderr.decode()


def test_it_serves_while_it_is_being_developed(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "placeholder.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = Process("runserver", command, log=tmp_path / "log", cwd=ROOT, env=environment()).start()

    def answers() -> bool:
        server.check_running()
        try:
            return get(port, "/health")[0] == 200
        except OSError:
            return False

    try:
        wait_until(answers, "runserver answers")
        replies = [get(port, address) for address in ("/60x40.png", "/nothing", "/60x40.png")]
    finally:
        server.terminate()

    assert [status for status, _ in replies] == [200, 404, 200]
    assert replies[0][1] == replies[2][1]
    assert "Traceback" not in server.tail()


def get(port: int, address: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
