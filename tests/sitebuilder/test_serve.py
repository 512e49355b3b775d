"""A site can be looked at while it is written, whatever is wrong with it at the moment."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sitebuilder.commands.serve import port_of
from sitebuilder.errors import SiteError
from tests.sitebuilder.served import PATIENCE_SECONDS, ROOT, Served
from tests.sitebuilder.sites import LAYOUT, SITE, clean_tree, write

pytestmark = pytest.mark.slow
LINKED = "<!doctype html><html><head>{head}</head><body>{{{{ content }}}}{{{{ page.title }}}}</body></html>"
FILES: dict[str, str | bytes] = {
    "templates/page.html": LINKED.format(head="<link rel='stylesheet' href='{% asset \"site.css\" %}'>"),
    "templates/list.html": LINKED.format(head="<link rel='stylesheet' href='/static/plain.css'>"),
    "static/site.css": "a{}",
    "static/plain.css": "a{}",
    "static/root/robots.txt": "all\n",
    "static/picture.svg": "<svg/>",
    "pages/index.md": "# Home",
    "pages/about.md": "# About",
    "pages/posts/one.md": "# One",
    "pages/posts/draft.md": "---\ndraft: true\n---\n# Draft",
    "pages/404.md": "# Nothing here",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", FILES)


@pytest.fixture
def served(site: Path) -> Iterator[Served]:
    with Served(site) as served:
        yield served


def test_pages_are_found_by_their_addresses(served: Served) -> None:
    page, folder, missing = (
        served.get(address) for address in ("/posts/one/", "/posts/one?a=1", "/nothing/")
    )

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "One" in page.text
    assert (folder.status_code, folder.headers["location"]) == (302, "/posts/one/?a=1")
    assert (missing.status_code, "Nothing here" in missing.text) == (404, True)


def test_what_is_shown_is_what_a_build_writes_but_for_the_script(served: Served, tmp_path: Path) -> None:
    for path, content in clean_tree(served.site, tmp_path / "clean").items():
        shown = served.get(f"/{path}").content
        before, script, after = shown.partition(b'<script type="module" src="/.sitebuilder/')

        assert before + after.partition(b"</script>")[2] == content, path
        assert bool(script) == path.endswith(".html"), path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/plain.css", "text/css; charset=utf-8"),
        ("/static/picture.svg", "image/svg+xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/sitemap.xml", "text/xml; charset=utf-8"),
    ],
)
def test_files_have_their_types_and_are_kept_by_nobody(served: Served, path: str, kind: str) -> None:
    answer = served.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "no-store"


def test_only_reading_is_answered(served: Served) -> None:
    head, post = served.ask("HEAD", "/about/"), served.ask("POST", "/about/")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(served.get("/about/").content))
    assert (post.status_code, post.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path", ["/../site.toml", "/%2e%2e/site.toml", "/..%2fsite.toml", "//etc/passwd", "/%00"]
)
def test_nothing_but_the_site_can_be_had(served: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 404")
    assert b"example.org" not in answer


def test_a_page_elsewhere_cannot_read_it_under_a_name_of_its_own(served: Served) -> None:
    hosts = {
        "evil.example": 403,
        "localhost:1": 200,
        "127.0.0.1": 200,
        "[::1]:8003": 200,
        "docs.localhost": 200,
    }

    assert {host: served.get("/about/", Host=host).status_code for host in hosts} == hosts


def test_an_edit_is_shown(served: Served) -> None:
    served.write("pages/about.md", "# Edited")

    assert "Edited" in served.get("/about/").text


def test_a_new_page_is_shown_and_a_deleted_one_is_not(served: Served) -> None:
    served.write("pages/new.md", "# New")
    (served.site / "pages/about.md").unlink()
    served.level_with("pages/about.md")

    assert "New" in served.get("/new/").text
    assert served.get("/about/").status_code == 404


def test_a_folder_is_seen_whole_when_it_comes_or_moves(served: Served, tmp_path: Path) -> None:
    write(tmp_path / "other", {"deep/two.md": "# Two"})
    (tmp_path / "other/deep").rename(served.site / "pages/deep")
    served.level_with("pages/deep/two.md")
    (served.site / "pages/posts").rename(served.site / "pages/letters")
    served.level_with("pages/letters/one.md")

    assert "Two" in served.get("/deep/two/").text
    assert "One" in served.get("/letters/one/").text
    assert served.get("/posts/one/").status_code == 404


def test_a_folder_that_the_site_did_not_have_is_watched_too(served: Served) -> None:
    served.write("data/people.json", '["Ada"]')
    served.write("pages/about.md", "{{ site.data.people|join:',' }}")
    served.write("data/people.json", '["Grace"]')

    assert "Grace" in served.get("/about/").text


def test_a_name_that_is_no_text_is_told_of_and_the_watching_goes_on(served: Served) -> None:
    file = served.site / "pages" / os.fsdecode(b"caf\xe9.md")
    file.touch()
    said = served.level_with("caf")
    assert "the name is not UTF-8" in said["problems"][0]

    file.unlink()
    while served.until("level")["problems"]:
        pass
    served.write("pages/after.md", "# After")
    assert served.get("/after/").status_code == 200


def test_drafts_are_shown_on_request_and_never_get_into_the_built_site(site: Path) -> None:
    with Served(site, "--drafts") as served:
        assert "Draft" in served.get("/posts/draft/").text
    with Served(site) as served:
        assert served.get("/posts/draft/").status_code == 404
    assert not (site / "out").exists()


def test_a_mistake_leaves_the_last_good_page_and_the_others_go_on(served: Served) -> None:
    said = served.write("pages/about.md", "fine\n\n{{ nothing }}")
    served.write("pages/posts/one.md", "# Still edited")

    assert said["problems"] == [
        "pages/about.md:3: nothing is not defined here; expected a name that is, or {% if %} before it"
    ]
    assert "About" in served.get("/about/").text
    assert "Still edited" in served.get("/posts/one/").text
    assert served.write("pages/about.md", "# Mended")["problems"] == []
    assert "Mended" in served.get("/about/").text


def test_front_matter_that_cannot_be_read_leaves_the_page_in_its_lists(served: Served) -> None:
    served.write(
        "templates/list.html", LINKED.format(head="{% for p in site.pages %}{{ p.title }} {% endfor %}")
    )
    said = served.write("pages/about.md", "---\ntitle: [\n---\n")

    assert said["problems"][0].startswith("pages/about.md:")
    assert "About" in served.get("/").text


def test_a_page_that_was_never_good_is_told_of_with_its_place(served: Served) -> None:
    served.write("pages/new.md", "one\ntwo {% link 'nowhere.md' %}\n")
    answer = served.get("/new/")

    assert answer.status_code == 500
    assert "pages/new.md:2" in answer.text
    assert "there is no page pages/nowhere.md to link to" in answer.text
    assert "<mark>" in answer.text


def test_a_new_page_whose_address_cannot_be_known_yet_is_told_of(served: Served) -> None:
    served.write("pages/new.md", "---\ntitle: [\n---\n")

    assert served.get("/new/").status_code == 500
    assert "pages/new.md" in served.get("/new/").text


def test_wrong_settings_leave_the_old_ones_until_they_are_mended(served: Served) -> None:
    served.write("templates/page.html", LAYOUT.replace("<title>", "<title>{{ site.name }} "))
    said = served.write("site.toml", "[site\n")

    assert said["problems"][0].startswith("site.toml: ")
    assert "Example" in served.get("/about/").text
    served.write("site.toml", SITE.replace("Example", "Renamed"))
    assert "Renamed" in served.get("/about/").text


def test_two_pages_of_one_address_are_told_of_and_the_site_stays(served: Served) -> None:
    said = served.write("pages/other.md", "---\nslug: about\n---\n# Other")

    assert "/about/" in said["problems"][0]
    assert "About" in served.get("/about/").text
    served.write("pages/other.md", "# Other")
    assert "Other" in served.get("/other/").text


def test_a_layout_that_breaks_many_pages_is_told_of_and_mended(served: Served) -> None:
    for number in range(60):
        write(served.site, {f"pages/posts/n{number}.md": f"# N{number}"})
    served.write("pages/posts/last.md", "# Last")
    assert served.write("templates/page.html", "{% if %}")["problems"]
    layout = FILES["templates/page.html"]
    said = served.write("templates/page.html", layout)

    assert said["problems"] == []
    assert "N59" in served.get("/posts/n59/").text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well_also_while_browsers_listen(site: Path, number: int) -> None:
    with Served(site) as served, served.browser("/about/"):
        assert served.end(number) == 0
    with Served(site) as served:
        assert served.get("/about/").status_code == 200


def test_after_a_crash_it_shows_the_site_as_it_is(site: Path) -> None:
    with Served(site) as served:
        served.write("pages/about.md", "# Before the crash")
        served.end(signal.SIGKILL)
    write(site, {"pages/about.md": "# After the crash"})
    (site / "pages/posts/one.md").unlink()
    with Served(site) as served:
        assert "After the crash" in served.get("/about/").text
        assert served.get("/posts/one/").status_code == 404


def test_a_port_that_is_taken_is_named_with_what_to_do(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = asked_to_serve(site, "--port", port)

    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1" in done.stderr
    assert "--port 0" in done.stderr


def test_a_second_preview_of_a_site_is_refused(served: Served) -> None:
    done = asked_to_serve(served.site, "--port", "0")

    assert (done.returncode, "being served already" in done.stderr) == (1, True)
    assert served.get("/about/").status_code == 200


def asked_to_serve(site: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "sitebuilder", "--site", str(site), "serve", *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )


@pytest.mark.parametrize("text", ["80a", "-1", "65536"])
def test_a_port_of_the_environment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SiteError, match=f"SITEBUILDER_PORT is .*{text}.*; expected a port from 0 to 65535"):
        port_of({"SITEBUILDER_PORT": text})


def test_the_port_is_of_the_environment_or_the_usual_one() -> None:
    assert port_of({"SITEBUILDER_PORT": "9000"}) == 9000
    assert port_of({}) == 8003


def test_a_browser_that_leaves_in_the_middle_of_a_file_is_no_error(site: Path) -> None:
    write(site, {"static/film.mp4": b"\0" * (1 << 24)})  # more than sockets hold

    with Served(site) as served:
        parts = urlsplit(served.url)
        with socket.create_connection((parts.hostname, parts.port), PATIENCE_SECONDS) as browser:
            browser.sendall(b"GET /static/film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert browser.recv(15) == b"HTTP/1.1 200 OK"
        assert served.get("/about/").status_code == 200
