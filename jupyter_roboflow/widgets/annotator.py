"""The annotator in a notebook cell; the TypeScript twin is `widgets/src/views/annotator.tsx`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, cast
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display  # pyright: ignore[reportUnknownVariableType]

from ..backend.wire import annotations as wire
from ..domain.annotation import Annotation, AnnotationSet
from ..domain.errors import Invalid
from .bridge import Bridge, Proposed
from .coco import coco_of
from .drawn import Changes, Unsaved
from .keys import Keys, checked_keys
from .preview import preview_html
from .source import Source
from .view import kept_view_files

OnSave = Callable[[AnnotationSet], object]

_MOST_IDS = 5_000
"""More ids than this are not stored with the widget: its view asks for them."""


class Verdicts(Proposed, Protocol):
    """A Proposed that is told what became of proposals: which ids of an image are still open, which were taken."""

    def judge(self, image_id: int, annotated: Iterable[str], waiting: Iterable[str]) -> None: ...


class Annotator(anywidget.AnyWidget):
    """Draws and edits annotations. `annotations` are those of the image on show and follow every edit live.

    Everything is saved by itself, where the images are: in their dataset, or for loose pictures in this object.
    `observe(f, "annotations")` calls back on edits, at most once a second; `on_save(f)` when a set was saved.
    """

    _esm, _css, _text = kept_view_files("annotator")
    _module = traitlets.Unicode(_text).tag(sync=True)

    image_id = traitlets.Int(None, allow_none=True).tag(sync=True)
    """The image on show; set it to show another."""
    annotations: tuple[Annotation, ...] = traitlets.Tuple()  # pyright: ignore[reportAssignmentType]
    height = traitlets.Int(560, min=240, max=4000).tag(sync=True)
    """CSS pixels."""

    _place = traitlets.Dict().tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _ids: Any = cast("Any", traitlets.List)(None, allow_none=True).tag(sync=True)
    _proposes = traitlets.Bool(False).tag(sync=True)
    _assists = traitlets.Bool(False).tag(sync=True)
    _keys = traitlets.Dict().tag(sync=True)
    _key = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        source: Source,
        *,
        proposed: Verdicts | None = None,
        height: int = 560,
        image_id: int | None = None,
        keys: Keys | None = None,
    ) -> None:
        self._source = source
        self._proposed = proposed
        self._callbacks: list[OnSave] = []
        self._unsaved = Unsaved()
        self._bridge = Bridge(source, self._saved, proposed)
        ids = source.image_ids()
        kept = list(ids) if len(ids) <= _MOST_IDS else None
        first = image_id if image_id is not None else next(iter(ids), None)
        place, proposes = dict(source.place), proposed is not None
        able = {"_assists": source.assists, "_keys": checked_keys(keys or {})}
        named = {**able, "_place": place, "_title": source.title, "_key": uuid4().hex}
        super().__init__(image_id=first, height=height, _ids=kept, _proposes=proposes, **named)
        self.on_msg(self._hear)  # pyright: ignore[reportUnknownMemberType]

    # what is on show

    def next(self) -> None:
        """Show the next image, if there is one."""
        self._step(1)

    def previous(self) -> None:
        """Show the image before, if there is one."""
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = self._source.image_ids()
        here = ids.index(self.image_id) if self.image_id in ids else -by
        if 0 <= here + by < len(ids):
            self.image_id = ids[here + by]

    @traitlets.validate("image_id")
    def _check_image(self, proposal: Mapping[str, Any]) -> int | None:
        wanted = proposal["value"]
        if wanted is not None and wanted not in self._source.image_ids():
            raise traitlets.TraitError(f"Image {wanted} is not one of those shown: see `.image_ids`.")
        return wanted

    @traitlets.default("annotations")
    def _load_annotations(self) -> tuple[Annotation, ...]:
        if self.image_id is None:
            return ()
        return self._unsaved.on(self.image_id, self._source.annotations(self.image_id).annotations)

    @traitlets.observe("image_id")
    def _follow_image(self, change: Mapping[str, Any]) -> None:
        if change["old"] is not traitlets.Undefined:
            self._look_again()

    def _look_again(self) -> None:
        """Read the annotations anew, if anybody has asked for them."""
        if self.trait_has_value("annotations"):
            self.annotations = self._load_annotations()

    def observe(self, handler: Any, names: Any = traitlets.All, type: Any = "change") -> None:
        """As of any widget: `observe(f, "annotations")` calls `f(change)` on every edit."""
        if names is traitlets.All or "annotations" in ([names] if isinstance(names, str) else names):
            # Who wants to hear of changes wants them from what there is now.
            _ = self.annotations
        super().observe(handler, names, type)  # pyright: ignore[reportUnknownMemberType]

    @property
    def image_ids(self) -> Sequence[int]:
        """Every image, in the order in which they are shown."""
        return self._source.image_ids()

    def annotations_of(self, image_id: int) -> tuple[Annotation, ...]:
        """The saved annotations of any of the images."""
        return self._source.annotations(image_id).annotations

    def to_coco(self) -> dict[str, Any]:
        """The saved annotations of all images as a COCO document: categories and images count from 1."""
        return coco_of(self._source)

    # what the view says

    def on_save(self, callback: OnSave, *, remove: bool = False) -> None:
        """Call `callback(annotation_set)` whenever the annotations of an image were saved; `remove` ends it."""
        if remove:
            self._callbacks.remove(callback)
        else:
            self._callbacks.append(callback)

    def _hear(self, _widget: object, content: Mapping[str, Any], buffers: Sequence[memoryview]) -> None:
        if content.get("type") == "ask":
            answer, files = self._bridge.answer(content)
            self._tell(answer, files)
        elif content.get("type") == "drawn":
            self._tell({"type": "heard", "image_id": content.get("image_id")})
            if "touched" in content:
                self._follow_changes(content)
            else:
                self._follow(content)
        elif content.get("type") == "opened" and content.get("image_id") == self.image_id:
            self._look_again()

    def _tell(self, content: Mapping[str, Any], files: Sequence[bytes] = ()) -> None:
        self.send(content, list(files))  # pyright: ignore[reportUnknownMemberType]

    def _follow(self, content: Mapping[str, Any]) -> None:
        """Take over what the view shows; `revision` is there when it was saved without the kernel."""
        drawn = wire.AnnotationSet.model_validate({"revision": 0, **content}).to_domain()
        if self._proposed is not None:
            waiting = cast("list[str]", content.get("waiting") or [])
            self._proposed.judge(drawn.image_id, [annotation.id for annotation in drawn.annotations], waiting)
        if drawn.image_id == self.image_id:
            self.annotations = drawn.annotations
        if content.get("revision") is not None:
            self._saved(drawn)

    def _follow_changes(self, content: Mapping[str, Any]) -> None:
        """Take over what differs from what this object knows, or finds where it is kept."""
        image_id, changes = int(content["image_id"]), Changes.from_wire(content)
        self._unsaved.keep(image_id, changes, saved=not content.get("unsaved"))
        if image_id == self.image_id and self.trait_has_value("annotations"):
            self.annotations = changes.on(self.annotations)
        if content.get("revision") is not None and self._callbacks:
            self._saved(self._source.annotations(image_id))

    def _saved(self, saved: AnnotationSet) -> None:
        for callback in tuple(self._callbacks):
            callback(saved)

    # how it is stored

    def _repr_mimebundle_(self, **more: Any) -> Any:
        """The live view, and for readers without a kernel a picture strip with counts."""
        data, metadata = self._live_view(**more)
        return {**data, "text/html": self._preview()}, metadata

    def _live_view(self, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = cast("Any", super())._repr_mimebundle_(**more)
        data, metadata = cast("tuple[dict[str, Any], dict[str, Any]]", bundle)
        return {**data, "text/plain": repr(self)}, metadata

    def _ipython_display_(self, **_: Any) -> None:
        """Two outputs: hosts that know widgets never fall back to the HTML beside one, also where it is dead."""
        data, metadata = self._live_view()
        display(data, metadata=metadata, raw=True)
        # Reading what is drawn on large images takes seconds: nobody waits for the preview.
        display({"text/html": self._preview(), "text/plain": ""}, raw=True)

    def _preview(self) -> str:
        return preview_html(self._source, self.image_id, self._key)

    def __repr__(self) -> str:
        return f"<Annotator of {self._title!r}: {len(self._source.image_ids()):,} images>"


def check_images(ids: Sequence[int]) -> list[int]:
    """The ids as a list; `Invalid` when there are none."""
    if not ids:
        raise Invalid("There are no images to show: upload some, or ask for others.", code="no_images")
    return list(ids)
