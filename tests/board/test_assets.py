"""The page fetches at once what it draws itself with, each file with its integrity, and nothing twice."""

from board.assets import LIBRARIES, first_modules, import_map
from board.templatetags.board_assets import later_preloads


def test_every_module_and_library_has_an_address_and_its_integrity() -> None:
    held = import_map()

    assert set(LIBRARIES) < set(held["imports"])
    assert set(held["imports"].values()) == set(held["integrity"])
    assert all(value.startswith("sha384-") for value in held["integrity"].values())


def test_what_the_first_screen_needs_is_fetched_at_once_and_what_dialogs_need_is_not() -> None:
    first = " ".join(first_modules("./app.js"))

    for needed in ("app.", "board-page.", "state.", "preact.", "signals.", "htm."):
        assert needed in first
    for later in ("marked.", "purify.", "sortable.", "dialog.", "task-side.", "move-form.", "form."):
        assert later not in first
    for later in ("company.", "here.", "slower-ways.", "boards-page."):
        assert later not in first
    for acting in ("take-part.", "live.", "link.", "outbox.", "topbar.", "keyboard.", "drag."):
        assert acting not in first


def test_what_taking_part_needs_is_listed_beside_it_and_nothing_of_the_first_screen() -> None:
    listed = later_preloads("./take-part.js", after="./app.js")

    for needed in ("take-part.", "live.", "link.", "outbox.", "topbar.", "keyboard.", "drag."):
        assert needed in listed
    assert not [address for address in first_modules("./app.js") if address in listed]


def test_the_list_of_boards_is_fetched_at_once_where_it_is_what_is_shown() -> None:
    first = " ".join(first_modules("./app.js", "./boards-page.js"))

    assert "boards-page." in first
    assert "board-tile." in first
