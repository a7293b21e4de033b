"""What the file of data templates holds, part by part: what makes no sense is left out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict, cast

from ..api import InvalidDataTemplateError, is_too_deep, parse_data_template
from ..identifiers import parse_pair
from .service_names import is_made_for, is_service_name

TEMPLATES = "templates"
_SERVICE_NAMES = "service_names"


class StoredTemplate(TypedDict):
    """A data template as the cloud sent it, and another of what it lost since.

    `total` is how many devices the product had when they were last listed. Keys that a
    newer release writes are kept beside these. `model_define` is empty as long as the
    data template is not known.
    """

    model_define: str
    update_time: int
    gone: NotRequired[str]
    total: NotRequired[int]


@dataclass(kw_only=True, slots=True)
class StoredParts:
    """All that can be used: templates by ProductId, names by `<ProductId>/<ActionId>`.

    A name that nobody can be sure of stands by `/<name>`, so that no action gets it.
    `lost_names` are the actions of which only that is known that they had one, and
    `has_names` says whether there were any names to read. `unknown` and `unknown_names`
    are what newer releases write, `damage` the paths of what cannot be used.
    """

    templates: dict[str, StoredTemplate] = field(default_factory=dict)
    service_names: dict[str, str] = field(default_factory=dict)
    lost_names: set[str] = field(default_factory=set)
    has_names: bool = False
    unknown: dict[str, object] = field(default_factory=dict)
    unknown_names: dict[str, object] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)

    def data(self) -> Mapping[str, object]:
        """Return what the file is to hold."""
        return {
            **self.unknown,
            TEMPLATES: self.templates,
            _SERVICE_NAMES: {**self.unknown_names, **self.service_names},
        }


def parse_parts(data: object) -> StoredParts:
    """Return what can be used of the data of a file; None is a file that is not there."""
    parts = StoredParts()
    if data is None:
        return parts
    if not isinstance(data, dict):
        parts.damage.append("all of it")
        return parts
    document = cast(dict[str, object], data)
    for product_id, stored in _mapping(document, TEMPLATES, parts).items():
        path = f"{TEMPLATES}/{product_id}"
        if template := _parse_template(stored, path, parts.damage):
            parts.templates[product_id] = template
    names = _mapping(document, _SERVICE_NAMES, parts)
    parts.has_names = names is document.get(_SERVICE_NAMES)
    _take_names(names, parts)
    parts.unknown = _unknown(document, (TEMPLATES, _SERVICE_NAMES), "", parts.damage)
    return parts


def _mapping(
    document: Mapping[str, object], key: str, parts: StoredParts
) -> Mapping[str, object]:
    """Return one of the two parts."""
    part = document.get(key)
    if isinstance(part, dict):
        return cast(dict[str, object], part)
    parts.damage.append(key)
    return {}


def _parse_template(
    stored: object, path: str, damage: list[str]
) -> StoredTemplate | None:
    """Return a stored data template without what makes no sense, None if all does.

    Without its text, or the time of its change, it is taken over anew as soon as the
    cloud is read.
    """
    if not isinstance(stored, dict):
        damage.append(path)
        return None
    values = cast(dict[str, object], stored)
    template = StoredTemplate(model_define="", update_time=0)
    model_define = values.get("model_define")
    if isinstance(model_define, str):
        template["model_define"] = model_define
    else:
        damage.append(f"{path}/model_define")
    update_time = values.get("update_time")
    if isinstance(update_time, int) and not isinstance(update_time, bool):
        template["update_time"] = update_time
    else:
        damage.append(f"{path}/update_time")
    total = values.get("total", 0)
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        damage.append(f"{path}/total")
    elif "total" in values:
        template["total"] = total
    gone = values.get("gone", "{}")
    if not isinstance(gone, str) or not _is_template(gone):
        damage.append(f"{path}/gone")
    elif "gone" in values:
        template["gone"] = gone
    unknown = _unknown(values, StoredTemplate.__annotations__, f"{path}/", damage)
    return cast(StoredTemplate, {**unknown, **template})


def _is_template(text: str) -> bool:
    """Return whether a text is a data template."""
    try:
        parse_data_template(text)
    except InvalidDataTemplateError:
        return False
    return True


def _unknown(
    values: Mapping[str, object],
    known: Collection[str],
    path: str,
    damage: list[str],
) -> dict[str, object]:
    """Return what is kept without being understood, unless it could not be written."""
    unknown = {key: value for key, value in values.items() if key not in known}
    for key in [key for key, value in unknown.items() if is_too_deep(value)]:
        damage.append(f"{path}{key}")
        del unknown[key]
    return unknown


def _take_names(names: Mapping[str, object], parts: StoredParts) -> None:
    """Take over the names of services, each by the one action that it was given to.

    Of several that have the same, only the one can keep it that alone it was made for.
    """
    owners: dict[str, list[str]] = {}
    lost: list[str] = []
    known = [key for key, name in names.items() if "/" in key or is_service_name(name)]
    parts.unknown_names = _unknown(names, known, f"{_SERVICE_NAMES}/", parts.damage)
    for key in known:
        name = names[key]
        if "/" in key and is_service_name(name):
            owners.setdefault(name, []).append(key)
        else:
            lost.append(key)
    for name, keys in owners.items():
        own = (
            keys if len(keys) == 1 else [key for key in keys if is_made_for(key, name)]
        )
        keeper = own[0] if len(own) == 1 else f"/{name}"
        parts.service_names[keeper] = name
        lost += [key for key in keys if key != keeper]
    parts.damage += [f"{_SERVICE_NAMES}/{key}" for key in lost]
    parts.lost_names.update(key for key in lost if all(parse_pair(key)))
