"""Read the files of data/: JSON, YAML, TOML and CSV, each by its name."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sitebuilder.errors import wrong
from sitebuilder.metadata import LOADERS
from sitebuilder.reads import read

ENDINGS = (".json", ".yaml", ".yml", ".toml", ".csv")


def load_data(folder: Path, name: str) -> Any:
    """What data/NAME holds, whatever its ending; a folder's files by their names."""
    if name.startswith("/") or ".." in name.split("/"):
        raise KeyError(name)
    place = folder / "data" / name
    if place.is_dir():
        read("names", f"data/{name}/")
        files = sorted(file for file in place.iterdir() if file.suffix in ENDINGS)
        return {file.stem: load_data(folder, f"{name}/{file.stem}") for file in files}
    for ending in ENDINGS:
        file = place.with_name(place.name + ending)
        if file.is_file():
            read("file", f"data/{name}{ending}")
            return parsed(f"data/{name}{ending}", file.read_bytes())
    raise KeyError(name)


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
