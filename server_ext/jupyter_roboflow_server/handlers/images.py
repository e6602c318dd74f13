"""Images: lists, details and changes. Their bytes are in `files`, new ones come in by `uploads`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from time import monotonic
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.changes import Relabeled
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.wire import images as wire
from jupyter_roboflow.backend.wire.model import PageOf
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.page import Page

from .handler import Handler
from .operation import operation
from .uploads import UploadHandler

_MOST_BYTES = 2 * 1024 * 1024
_SECONDS = 5.0
"""How long thumbnails are made where there are none, and then answered with those there are."""


class ImagesHandler(UploadHandler):
    @operation(query=wire.ImageQuery, answer=PageOf[wire.Image])
    def get(self, backend: Backend, dataset_id: int, query: wire.ImageQuery) -> Page[Image]:
        """The images of a dataset that fit a filter."""
        return backend.images(dataset_id, query.to_filter(), page=query.page, limit=query.limit, sort=query.sort)

    @operation(body=wire.ImagesChange)
    def patch(self, backend: Backend, dataset_id: int, body: wire.ImagesChange) -> None:
        """Change split, state or tags of many images, all or none."""
        backend.update_images(dataset_id, body.ids, body.to_domain())


class ImageIdsHandler(Handler):
    @operation(query=wire.ImageIdsQuery, answer=wire.AllIds)
    def get(self, backend: Backend, dataset_id: int, query: wire.ImageIdsQuery) -> Mapping[str, Any]:
        """The ids of all the images of a dataset that fit a filter."""
        return {"ids": backend.image_ids(dataset_id, query.to_filter(), sort=query.sort)}


class ImagesDeletionHandler(Handler):
    @operation(body=wire.ImagesDeletion, answer=wire.Deleted, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.ImagesDeletion) -> Mapping[str, int]:
        """Delete many images with their annotations, all or none: those named, or every one that fits."""
        if body.ids is not None and body.where is None and body.expected is None:
            return {"images": backend.delete_images(dataset_id, body.ids)}
        if body.where is None or body.ids is not None:
            raise Invalid("Say either ids or where (with expected, or without).", code="invalid_field", field="where")
        return {"images": backend.delete_images_where(dataset_id, body.where.to_filter(), expected=body.expected)}


class ImagesChangeHandler(Handler):
    @operation(body=wire.ChangeOfFitting, answer=wire.ChangedImages, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.ChangeOfFitting) -> Mapping[str, Any]:
        """Change split, state or tags of every image that fits, all or none, and say how to undo it."""
        where, change = body.where.to_filter(), body.to_domain()
        done = backend.change_images_where(dataset_id, where, change, expected=body.expected)
        undo = [{"ids": step.ids, **wire.change_fields(step.change)} for step in done.undo]
        return {"images": done.images, "undo": undo}


class ImagesRelabelingHandler(Handler):
    @operation(body=wire.Relabeling, answer=wire.Relabeled, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.Relabeling) -> Relabeled:
        """Give the annotations on every image that fits another label."""
        where = body.where.to_filter()
        return backend.relabel_images_where(dataset_id, where, body.target, source=body.source, expected=body.expected)


class RelabelingUndoHandler(Handler):
    @operation(body=wire.RelabelUndo, answer=wire.Relabeled, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.RelabelUndo) -> Relabeled:
        """Give annotations the label back that a relabeling took, unless somebody has changed them since."""
        return backend.undo_relabeling(dataset_id, body.to_domain())


class TagsHandler(Handler):
    @operation(answer=wire.Tags)
    def get(self, backend: Backend, dataset_id: int) -> Mapping[str, Any]:
        """Every tag in use, and how many images have it."""
        return {"items": [{"tag": tag, "images": count} for tag, count in backend.tags(dataset_id).items()]}


class KnownImagesHandler(Handler):
    @operation(body=wire.Hashes, answer=wire.Known, changes=False)
    def post(self, backend: Backend, dataset_id: int, body: wire.Hashes) -> Mapping[str, Any]:
        """Which files the dataset has already, so that they need not be sent."""
        return {"images": backend.known_images(dataset_id, body.sha256)}


class AnnotationCountsHandler(Handler):
    @operation(body=wire.CountedImages, answer=wire.AnnotationCounts, changes=False)
    def post(self, backend: Backend, dataset_id: int, body: wire.CountedImages) -> Mapping[str, Any]:
        """How many annotations there are on some images."""
        return {"images": backend.annotation_counts(dataset_id, body.ids)}


class ThumbnailsHandler(Handler):
    @operation(body=wire.WantedThumbnails, answer=wire.Thumbnails, changes=False)
    def post(self, backend: LocalBackend, body: wire.WantedThumbnails) -> Mapping[str, Any]:
        """The thumbnails of several images."""
        found, size, until = list[bytes](), 0, monotonic() + _SECONDS
        with closing(backend.each_thumbnail(body.ids)) as thumbnails:
            for thumbnail in thumbnails:
                found.append(thumbnail)
                size += len(thumbnail)
                if size > _MOST_BYTES or monotonic() > until:
                    break
        return {"items": found}


class SplittingHandler(Handler):
    @operation(body=wire.Splitting, answer=wire.SplitCounts)
    def post(self, backend: Backend, dataset_id: int, body: wire.Splitting) -> Mapping[str, Any]:
        """Give every image a split; the same seed gives the same splits."""
        groups = body.groups_by_id()
        counts = backend.split_images(dataset_id, body.fractions, seed=body.seed, groups=groups, stratify=body.stratify)
        return {"images": counts}


class ImageHandler(Handler):
    @operation(answer=wire.Image)
    def get(self, backend: Backend, image_id: int) -> Image:
        """One image."""
        return backend.get_image(image_id)

    @operation(body=wire.ImageChange, answer=wire.Image)
    def patch(self, backend: Backend, image_id: int, body: wire.ImageChange) -> Image:
        """Change split, state or tags of an image."""
        backend.update_images(backend.get_image(image_id).dataset_id, [image_id], body.to_domain())
        return backend.get_image(image_id)

    @operation()
    def delete(self, backend: Backend, image_id: int) -> None:
        """Delete an image with its annotations."""
        backend.delete_images(backend.get_image(image_id).dataset_id, [image_id])
