"""Where a YOLO dataset keeps the names of its classes: `data.yaml`, `obj.names`, `classes.txt`."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from ...archive import Files
from ...domain.dataset import clean_name
from ...domain.errors import Invalid, RoboflowError, UnreadableDataset
from ..format import INDEX_LIMIT, SPLIT_FOLDERS

_LIMIT = 10_000_000
_LISTS = ("obj.names", "classes.txt", "_darknet.labels")


class _PlainLoader(yaml.SafeLoader):
    """`safe_load` whose plain words stay words: a class called `no`, `on` or `1` keeps its name.

    A key that is there twice is an error; YAML itself would silently take the last.
    """

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                why = f"the key {str(key.value)[:40]!r} is there twice"
                raise yaml.constructor.ConstructorError(None, None, why, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {}


@dataclass(frozen=True, slots=True)
class ClassNames:
    """The names by class number (gaps are possible), and the file they came from."""

    file: str
    root: str
    """The dataset's folder: "" or a path that ends in `/`."""
    names: Mapping[int, str]
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The other keys of the yaml or of `obj.data`, values as text or lists of text."""
    is_yaml: bool = False


def find_class_names(files: Files) -> ClassNames:
    """The class names of a dataset; `UnreadableDataset` when there are none, or when the file is broken or unsafe."""
    problem: UnreadableDataset | None = None
    for name in _nearest_first(files, (".yaml", ".yml")):
        try:
            data = _load_yaml(files, name)
        except UnreadableDataset as error:
            problem = problem or error
            continue
        if "names" in data or "nc" in data:
            return ClassNames(name, _folder(name), _names_in(data, name), data, is_yaml=True)
    if problem is not None:
        raise problem
    for ending in (*_LISTS, ".names"):
        for name in _nearest_first(files, (ending,)):
            if ending.startswith(".") or name.rpartition("/")[2] == ending:
                return ClassNames(name, _root(name), _listed(files, name), _darknet_data(files))
    raise UnreadableDataset(
        "no data.yaml, obj.names or classes.txt with class names: add one that lists them in order",
        code="no_class_names",
    )


def placeholder(number: int, taken: Container[str] = ()) -> str:
    """The name that fills a gap in the class numbers: `unused-<number>`, with `_` behind it where that is taken."""
    name = f"unused-{number}"
    while name in taken:
        name += "_"
    return name


def _nearest_first(files: Files, endings: tuple[str, ...]) -> list[str]:
    """The files with such an ending, those nearest to the root first, `data.yaml` before others beside it."""
    found = [name for name in files.names if name.endswith(endings)]
    return sorted(found, key=lambda name: (name.count("/"), not name.endswith("data.yaml"), name))


def _folder(name: str) -> str:
    head, slash, _ = name.rpartition("/")
    return head + slash


def _root(name: str) -> str:
    """The dataset's folder for a list of names, which may lie in `data/` or in the folder of a split."""
    folder = _folder(name)
    last = folder.rstrip("/").rpartition("/")[2].lower()
    return _folder(folder.rstrip("/")) if last == "data" or last in SPLIT_FOLDERS else folder


def text_of(files: Files, name: str, limit: int = _LIMIT) -> str:
    """A file as text; `UnreadableDataset` (`not_utf8`) when it is none."""
    try:
        return files.read(name, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableDataset(f"{name}:{line}: not UTF-8 text, save it as UTF-8.", code="not_utf8") from None
    except RoboflowError as error:
        raise UnreadableDataset(error.message, code=error.code) from error


def _load_yaml(files: Files, name: str) -> dict[str, Any]:
    text = text_of(files, name)
    try:
        data: object = yaml.load(text, Loader=_PlainLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        why = getattr(error, "problem", None) or str(error) or type(error).__name__
        raise UnreadableDataset(
            f"{name}{line}: not a plain YAML file ({why}): correct it; tags of programs are never run.",
            code="bad_yaml",
        ) from error
    return {str(key): value for key, value in cast("dict[Any, Any]", data).items()} if isinstance(data, dict) else {}


def _names_in(data: Mapping[str, Any], file: str) -> dict[int, str]:
    names = data.get("names")
    if names is None:
        return {i: f"class_{i}" for i in range(_number(str(data["nc"]), f"{file}: nc"))}
    if isinstance(names, list):
        pairs = list(enumerate(cast("list[object]", names)))
    elif isinstance(names, dict):
        items = cast("dict[object, object]", names).items()
        pairs = sorted(((_number(str(key), f"{file}: names"), value) for key, value in items), key=lambda pair: pair[0])
    else:
        raise UnreadableDataset(f"{file}: names is a list, or a mapping from numbers to names.", code="bad_yaml")
    return _checked(pairs, file)


def _number(text: str, where: str) -> int:
    if not text.strip().isdecimal() or len(text) > 9:
        raise UnreadableDataset(f"{where} has {text[:40]!r} where a class number belongs.", code="bad_yaml")
    if int(text) >= INDEX_LIMIT:
        raise UnreadableDataset(f"{where} has {text}; class numbers lie below {INDEX_LIMIT:,}.", code="bad_yaml")
    return int(text)


def _listed(files: Files, name: str) -> dict[int, str]:
    lines = text_of(files, name).rstrip().splitlines()
    if not lines:
        raise UnreadableDataset(f"{name} is empty: list the class names in it, one a line.", code="no_class_names")
    return _checked(list(enumerate(lines)), name)


def _checked(pairs: list[tuple[int, object]], file: str) -> dict[int, str]:
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    for number, value in pairs:
        try:
            name = clean_name(value, "label")
        except Invalid as error:
            raise UnreadableDataset(f"{file}: class {number}: {error.message}", code=error.code) from error
        if number in names or name in seen:
            raise UnreadableDataset(f"{file}: class {number} ({name}) is there twice.", code="duplicate_label")
        names[number] = name
        seen[name] = number
    return names


def _darknet_data(files: Files) -> dict[str, Any]:
    """The `key = value` lines of the nearest `obj.data`."""
    for name in _nearest_first(files, (".data",)):
        lines = [line.partition("=") for line in text_of(files, name).splitlines()]
        return {key.strip(): value.strip() for key, equals, value in lines if equals}
    return {}
