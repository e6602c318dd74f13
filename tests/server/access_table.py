"""Who may do what over HTTP: the one written table, and for each line a call that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.server.access_place import PASSWORD, WHO, Place


@dataclass(frozen=True)
class Call:
    """A request: the path below `roboflow/api/`, and what goes with it."""

    path: str
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    files: Any = None


@dataclass(frozen=True)
class Line:
    """`may`, in the order of `WHO`: y may, n 403, - 404 as if it were not there. `done` is the status of y.

    `stranger` is the status without a credential that is good. A `by_login` line refuses personal access tokens.
    """

    may: str
    call: Callable[[Place], Call]
    done: int = 200
    stranger: int = 401
    by_login: bool = False
    changes: bool | None = None
    by_cookie_alone: int | None = None  # a file is for our own pages: the browser has to say that it is one
    who: tuple[str, ...] = WHO  # fewer where each call hashes a password


_COCO = b'{"images": [], "annotations": [], "categories": []}'
_FEW = ("admin", "foreign")
_BOX = {"label": "cat", "shape_type": "bbox", "geometry": {"bbox": [1, 1, 4, 4], "coords_unit": "px"}}
_EVERYBODY, _ADMIN, _GRANTED, _DRAW, _MANAGE, _OWN = "yyyyyyy", "ynnnnnn", "yyyyyy-", "yyyynn-", "yyynnn-", "yynnnn-"


def _set(place: Place) -> Any:
    labels = place.owner.labels(place.shared_dataset)
    return {"labels": [{"id": label.id, "name": label.name, "color": label.color} for label in labels]}


def _refresh(place: Place) -> Call:
    place.refresh_token = place.accounts.refresh(place.refresh_token).refresh_token
    return Call("auth/refresh", {"refresh_token": place.accounts.login("guest", PASSWORD, "").refresh_token})


def _d(place: Place, rest: str = "") -> str:
    return f"datasets/{place.shared_dataset}{rest}"


TABLE: dict[tuple[str, str], Line] = {
    ("auth/register", "post"): Line(
        _ADMIN,
        lambda p: Call("auth/register", {"username": f"new {p.number()}", "password": PASSWORD}),
        done=201,
        stranger=403,
        who=_FEW,
    ),
    ("auth/login", "post"): Line(
        _EVERYBODY, lambda p: Call("auth/login", {"username": "guest", "password": PASSWORD}), stranger=200, who=_FEW
    ),
    ("auth/refresh", "post"): Line(_EVERYBODY, _refresh, stranger=200),
    ("auth/logout", "post"): Line(
        _EVERYBODY, lambda p: Call("auth/logout", {"refresh_token": "none"}), done=204, stranger=204, changes=False
    ),
    ("auth/me", "get"): Line(_EVERYBODY, lambda p: Call("auth/me")),
    # too short, which is looked at once it is clear that they may
    ("auth/password", "post"): Line(
        _EVERYBODY, lambda p: Call("auth/password", {"old": PASSWORD, "new": "short"}), done=422, by_login=True
    ),
    ("auth/tokens", "get"): Line(_EVERYBODY, lambda p: Call("auth/tokens")),
    ("auth/tokens", "post"): Line(
        _EVERYBODY, lambda p: Call("auth/tokens", {"name": f"t{p.number()}"}), done=201, by_login=True
    ),
    # nobody's: whose it is is looked at once it is clear that they may
    ("auth/tokens/{token_id}", "delete"): Line(
        _EVERYBODY, lambda p: Call("auth/tokens/1000000"), done=404, by_login=True, changes=False
    ),
    ("users", "get"): Line(_ADMIN, lambda p: Call("users")),
    ("users", "post"): Line(
        _ADMIN, lambda p: Call("users", {"username": f"made {p.number()}", "password": PASSWORD}), done=201
    ),
    ("users/{user_id}", "patch"): Line(
        _ADMIN, lambda p: Call(f"users/{p.people['foreign'].id}", {"role": "annotator", "disabled": False})
    ),
    ("audit", "get"): Line(_ADMIN, lambda p: Call("audit")),
    ("datasets", "get"): Line(_EVERYBODY, lambda p: Call("datasets")),
    ("datasets", "post"): Line("yyyyyny", lambda p: Call("datasets", {"name": f"by call {p.number()}"}), done=201),
    ("datasets/find", "get"): Line(_GRANTED, lambda p: Call("datasets/find?name=cells")),
    ("datasets/{dataset_id}", "get"): Line(_GRANTED, lambda p: Call(_d(p))),
    ("datasets/{dataset_id}", "patch"): Line(_MANAGE, lambda p: Call(_d(p), {"metadata": {"n": p.number()}})),
    ("datasets/{dataset_id}", "delete"): Line(_OWN, lambda p: Call(f"datasets/{p.dataset}"), done=204),
    ("datasets/{dataset_id}/labels", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/labels"))),
    ("datasets/{dataset_id}/labels", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/labels"), {"name": f"label {p.number()}"}), done=201
    ),
    ("datasets/{dataset_id}/labels", "put"): Line(_MANAGE, lambda p: Call(_d(p, "/labels"), _set(p))),
    ("datasets/{dataset_id}/labels/{label}", "patch"): Line(
        _MANAGE, lambda p: Call(_d(p, f"/labels/{p.label}"), {"color": "#102030"})
    ),
    ("datasets/{dataset_id}/labels/{label}", "delete"): Line(
        _MANAGE, lambda p: Call(_d(p, f"/labels/{p.label}")), done=204
    ),
    ("datasets/{dataset_id}/label-order", "put"): Line(
        _MANAGE,
        lambda p: Call(_d(p, "/label-order"), {"names": [label["name"] for label in _set(p)["labels"]]}),
    ),
    ("datasets/{dataset_id}/label-merges", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/label-merges"), {"source": p.label, "target": "cat"})
    ),
    ("datasets/{dataset_id}/collaborators", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/collaborators"))),
    ("datasets/{dataset_id}/collaborators/{username}", "put"): Line(
        _OWN, lambda p: Call(_d(p, "/collaborators/guest"), {"role": "viewer"}), done=204
    ),
    ("datasets/{dataset_id}/collaborators/{username}", "delete"): Line(
        _OWN, lambda p: Call(_d(p, f"/collaborators/{p.collaborator}")), done=204
    ),
    ("datasets/{dataset_id}/audit", "get"): Line(_MANAGE, lambda p: Call(_d(p, "/audit"))),
    ("datasets/{dataset_id}/health", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/health"))),
    ("datasets/{dataset_id}/images", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/images"))),
    ("datasets/{dataset_id}/images", "post"): Line(
        _DRAW, lambda p: Call(_d(p, "/images"), files={"file": ("a.png", p.picture())}), done=201
    ),
    ("datasets/{dataset_id}/images", "patch"): Line(
        _DRAW, lambda p: Call(_d(p, "/images"), {"ids": [p.shared_image], "add_tags": ["t"]}), done=204
    ),
    ("datasets/{dataset_id}/images/ids", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/images/ids"))),
    ("datasets/{dataset_id}/tags", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/tags"))),
    ("datasets/{dataset_id}/images/change", "post"): Line(
        _DRAW, lambda p: Call(_d(p, "/images/change"), {"where": {"ids": [p.shared_image]}, "add_tags": ["t"]})
    ),
    ("datasets/{dataset_id}/images/relabel", "post"): Line(
        _DRAW, lambda p: Call(_d(p, "/images/relabel"), {"where": {"ids": [p.shared_image]}, "target": "cat"})
    ),
    ("datasets/{dataset_id}/images/relabel/undo", "post"): Line(
        _DRAW,
        lambda p: Call(
            _d(p, "/images/relabel/undo"), {"undo": [{"source": "cat", "target": "cat", "at": "2026-01-01T00:00:00Z"}]}
        ),
    ),
    ("datasets/{dataset_id}/images/delete", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/images/delete"), {"ids": [p.image]})
    ),
    ("datasets/{dataset_id}/images/annotation-counts", "post"): Line(
        _GRANTED, lambda p: Call(_d(p, "/images/annotation-counts"), {"ids": [p.shared_image]}), changes=False
    ),
    ("datasets/{dataset_id}/images/known", "post"): Line(
        _GRANTED, lambda p: Call(_d(p, "/images/known"), {"sha256": ["0" * 64]}), changes=False
    ),
    ("datasets/{dataset_id}/import", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/import"), files={"file": ("a.json", _COCO)}), done=202
    ),
    ("datasets/{dataset_id}/import/preview", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/import/preview"), files={"file": ("a.json", _COCO)}), changes=False
    ),
    ("datasets/{dataset_id}/splits", "post"): Line(
        _DRAW, lambda p: Call(_d(p, "/splits"), {"fractions": {"train": 0.5, "valid": 0.5}})
    ),
    ("datasets/{dataset_id}/export", "post"): Line(
        _GRANTED, lambda p: Call(_d(p, "/export"), {"format": "coco"}), done=202, changes=False
    ),
    ("datasets/{dataset_id}/exports", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/exports"))),
    ("datasets/{dataset_id}/augment", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/augment"), {"spec": {"steps": ["flip"], "seed": p.number()}}), done=202
    ),
    ("datasets/{dataset_id}/augment/preview", "post"): Line(
        _GRANTED, lambda p: Call(_d(p, "/augment/preview"), {"recipe": {"steps": ["flip"]}}), changes=False
    ),
    ("augment/steps", "get"): Line(_EVERYBODY, lambda p: Call("augment/steps")),
    ("datasets/{dataset_id}/versions", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/versions"))),
    ("datasets/{dataset_id}/versions", "post"): Line(
        _MANAGE, lambda p: Call(_d(p, "/versions"), {"recipe": {"seed": p.number()}}), done=202
    ),
    ("versions/{version_id}", "get"): Line(_GRANTED, lambda p: Call(f"versions/{p.shared_version}")),
    ("versions/{version_id}", "delete"): Line(_MANAGE, lambda p: Call(f"versions/{p.version}"), done=204),
    ("versions/{version_id}/rebuild", "post"): Line(
        _MANAGE, lambda p: Call(f"versions/{p.shared_version}/rebuild"), done=202
    ),
    ("versions/{version_id}/examples", "get"): Line(_GRANTED, lambda p: Call(f"versions/{p.shared_version}/examples")),
    ("versions/{version_id}/diff/{other_id}", "get"): Line(
        _GRANTED, lambda p: Call(f"versions/{p.shared_version}/diff/{p.shared_version}")
    ),
    ("versions/{version_id}/images/{position_id}/file", "get"): Line(
        _GRANTED, lambda p: Call(f"versions/{p.shared_version}/images/1/file"), by_cookie_alone=403
    ),
    ("versions/{version_id}/images/{position_id}/thumbnail", "get"): Line(
        _GRANTED, lambda p: Call(f"versions/{p.shared_version}/images/1/thumbnail"), by_cookie_alone=403
    ),
    ("datasets/{dataset_id}/examples", "get"): Line(_GRANTED, lambda p: Call(_d(p, "/examples"))),
    ("images/links", "post"): Line(_GRANTED, lambda p: Call("images/links", {"ids": [p.shared_image]}), changes=False),
    ("images/thumbnails", "post"): Line(
        _GRANTED, lambda p: Call("images/thumbnails", {"ids": [p.shared_image]}), changes=False
    ),
    ("images/{image_id}/file", "get"): Line(
        _GRANTED, lambda p: Call(f"images/{p.shared_image}/file"), by_cookie_alone=403
    ),
    ("images/{image_id}/thumbnail", "get"): Line(
        _GRANTED, lambda p: Call(f"images/{p.shared_image}/thumbnail"), by_cookie_alone=403
    ),
    ("exports/{export_id}/file", "get"): Line(
        _GRANTED, lambda p: Call(f"exports/{p.export}/file"), by_cookie_alone=403
    ),
    ("exports/{export_id}/link", "post"): Line(_GRANTED, lambda p: Call(f"exports/{p.export}/link"), changes=False),
    ("images/{image_id}", "get"): Line(_GRANTED, lambda p: Call(f"images/{p.shared_image}")),
    ("images/{image_id}", "patch"): Line(_DRAW, lambda p: Call(f"images/{p.shared_image}", {"add_tags": ["u"]})),
    ("images/{image_id}", "delete"): Line(_MANAGE, lambda p: Call(f"images/{p.image}"), done=204),
    ("images/{image_id}/annotations", "get"): Line(_GRANTED, lambda p: Call(f"images/{p.shared_image}/annotations")),
    ("images/{image_id}/annotations", "post"): Line(
        _DRAW, lambda p: Call(f"images/{p.shared_image}/annotations", _BOX), done=201
    ),
    ("images/{image_id}/annotations", "put"): Line(
        _DRAW,
        lambda p: Call(
            f"images/{p.shared_image}/annotations", {"annotations": [{**_BOX, "id": p.shared_annotation}]}, p.revision
        ),
    ),
    ("images/{image_id}/outline", "post"): Line(
        _DRAW, lambda p: Call(f"images/{p.shared_image}/outline", {"box": [1, 1, 4, 4]}), changes=False
    ),
    ("images/{image_id}/path", "post"): Line(
        _DRAW, lambda p: Call(f"images/{p.shared_image}/path", {"start": [1, 1], "end": [4, 4]}), changes=False
    ),
    ("annotations/{annotation}", "put"): Line(
        _DRAW, lambda p: Call(f"annotations/{p.shared_annotation}", _BOX, p.revision)
    ),
    ("annotations/{annotation}", "delete"): Line(_DRAW, lambda p: Call(f"annotations/{p.annotation}")),
    ("jobs", "get"): Line(_EVERYBODY, lambda p: Call("jobs")),
    ("jobs/{job_id}", "get"): Line(_GRANTED, lambda p: Call(f"jobs/{p.job}")),
    ("jobs/{job_id}/cancel", "post"): Line("yyynnn-", lambda p: Call(f"jobs/{p.job}/cancel")),
    ("exports/{export_id}", "get"): Line(_GRANTED, lambda p: Call(f"exports/{p.export}")),
    ("health/ready", "get"): Line(_EVERYBODY, lambda p: Call("health/ready"), stranger=200),
    ("openapi.json", "get"): Line(_EVERYBODY, lambda p: Call("openapi.json")),
    ("docs", "get"): Line(_EVERYBODY, lambda p: Call("docs")),
    ("docs/{asset}", "get"): Line(_EVERYBODY, lambda p: Call("docs/docs.js")),
    ("health/live", "get"): Line(_EVERYBODY, lambda p: Call("health/live"), stranger=200),
}
