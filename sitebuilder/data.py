"""Read the files of data/: JSON, YAML, TOML and CSV, each by its name."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sitebuilder.errors import wrong
from sitebuilder.metadata import LOADERS
from sitebuilder.reads import read
from sitebuilder.walking import is_left_out

ENDINGS = (".json", ".yaml", ".yml", ".toml", ".csv")


def load_data(folder: Path, name: str) -> Any:
    """What data/NAME holds, whatever its ending; a folder's files by their names."""
    if not isinstance(name, str):  # Django tries a number after a text
        raise KeyError(name)
    name = str.__str__(name)  # paths refuse Django's safe strings, which str() leaves safe
    if name.startswith("/") or ".." in name.split("/"):
        raise KeyError(name)
    place = folder / "data" / name
    read("names", f"data/{name}/")  # also where there is no such folder yet: a new one would be taken
    if place.is_dir() and (files := sorted(filter(is_data, place.iterdir()))):
        return {file.stem: load_data(folder, f"{name}/{file.stem}") for file in files}
    for ending in ENDINGS:
        file = place.with_name(place.name + ending)
        read("file", f"data/{name}{ending}")
        if file.is_file():
            return parsed(f"data/{name}{ending}", file.read_bytes())
    raise KeyError(name)


def data_names(folder: Path) -> list[str]:
    """The names that data/ has something at, in their order."""
    read("names", "data/")
    place = folder / "data"
    if not place.is_dir():
        return []
    return sorted(
        {entry.stem if is_data(entry) else entry.name for entry in place.iterdir() if holds_data(entry)}
    )


def holds_data(entry: Path) -> bool:
    if entry.is_dir():
        return not is_left_out(entry.name) and any(map(is_data, entry.iterdir()))
    return is_data(entry)


def is_data(file: Path) -> bool:
    return file.suffix in ENDINGS and not is_left_out(file.name)


@lru_cache(maxsize=64)
def parsed(name: str, content: bytes) -> Any:
    ending = Path(name).suffix
    try:
        text = content.decode("utf-8-sig")
        if ending == ".csv":
            return list(csv.DictReader(text.splitlines()))
        return LOADERS[ending[1:].replace("yml", "yaml")](text)
    except (yaml.YAMLError, ValueError, csv.Error) as error:  # those of JSON, TOML and UTF-8 are ValueErrors
        raise wrong(f"it cannot be read: {error}", name, right=f"{ending[1:].upper()}") from None
