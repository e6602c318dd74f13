"""The bytes of images, thumbnails and exports: cacheable, resumable, and never more than a piece in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, Any, ClassVar

from tornado.iostream import StreamClosedError

from jupyter_roboflow.backend.accounts import Caller, Via
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.stored_file import StoredFile
from jupyter_roboflow.backend.wire.uploads import FileQuery
from jupyter_roboflow.domain.user import Scope
from jupyter_roboflow.storage.files.stored_headers import content_disposition

from .byte_range import ByteRange, names_etag, parse_range
from .handler import Handler
from .operation import raw_operation
from .parsing import parse_query

PIECE_BYTES = 256 * 1024
LINK_SECONDS = 300
"""How long a link of the store's own is good."""

PICTURES = frozenset(f"image/{kind}" for kind in ("jpeg", "png", "webp", "gif", "bmp", "tiff", "avif", "heic", "heif"))
"""What may be shown in a page. Everything else is only ever saved."""

_ALSO: dict[HTTPStatus, Any] = {
    HTTPStatus.PARTIAL_CONTENT: None,
    HTTPStatus.FOUND: None,
    HTTPStatus.NOT_MODIFIED: None,
}

CONTENT_SECURITY_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class FileHandler(Handler):
    """The base of everything that sends a stored file, to whoever is logged in or has a signed link to this one."""

    purpose: ClassVar[str]
    part: ClassVar[str]
    cache_control: ClassVar[str] = "private, max-age=86400, immutable"

    _signature: str | None = None
    _etag: str | None = None

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        """The file of that number, if the caller may have it."""
        raise NotImplementedError

    async def _caller_by_token(self) -> Caller | None:
        self._signature = self.get_query_argument("signature", None)
        if self._signature is None:
            return await super()._caller_by_token()
        subject, signature = str(self.path_parts(self.path_kwargs)[self.part]), self._signature

        def verify() -> Caller:
            return Caller(self.service.accounts().verify(self.purpose, subject, signature), Via.LINK, Scope.READ)

        return await self.service.in_thread(verify)

    async def _identify(self) -> None:
        if self._signature is None:  # a link is good whoever else the browser is logged in as
            await super()._identify()

    def compute_etag(self) -> str | None:
        return self._etag

    @raw_operation(query=FileQuery, gives="application/octet-stream", also=_ALSO)
    async def get(self, **path: str) -> None:
        """The bytes; `Range` and `If-None-Match` are honoured. A bucket may be redirected to, for five minutes."""
        query = parse_query(FileQuery, self.request.query_arguments) or FileQuery(signature=None)
        if self.request.headers.get("Sec-Fetch-Site") not in ("same-origin", "none"):
            self.check_xsrf_cookie()  # as Jupyter's /files: no page of another site shows what is only ours to see
        number, caller = int(self.path_parts(path)[self.part]), self.caller
        assert caller is not None
        file = await self.service.in_thread(lambda: self.stored(self.service.backend(caller), number))
        self._describe(file)
        if names_etag(self.request.headers.get("If-None-Match"), str(self._etag)):
            await self._end(HTTPStatus.NOT_MODIFIED)
        elif query.redirect and (link := await self._link(file)):
            self.set_header("Location", link)
            self.set_header("Cache-Control", f"private, max-age={LINK_SECONDS - 60}")
            self.clear_header("ETag")
            await self._end(HTTPStatus.FOUND)
        else:
            await self._send(file)

    head = get

    async def _link(self, file: StoredFile) -> str | None:
        if self.request.method == "HEAD" or not self._media_type:  # what is no picture or zip gets all our headers
            return None
        return await self.service.disk.do(lambda: file.link(LINK_SECONDS))

    def _describe(self, file: StoredFile) -> None:
        self._etag = f'"{file.etag}"'
        self._media_type = file.media_type if file.media_type in (*PICTURES, "application/zip") else ""
        show = "inline" if self._media_type in PICTURES else "attachment"
        policy = "cross-origin" if self._signature else "same-origin"
        for name, value in {
            "ETag": self._etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": self._cache_control(),
            "Vary": "Authorization, Cookie",
            "Content-Type": self._media_type or "application/octet-stream",
            "Content-Disposition": content_disposition(show, file.filename),
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Cross-Origin-Resource-Policy": policy,
            "X-Content-Type-Options": "nosniff",
        }.items():
            self.set_header(name, value)

    def _cache_control(self) -> str:
        if self._signature is None or "no-store" in self.cache_control:
            return self.cache_control
        until = int(self._signature.split(".")[1])
        return f"private, max-age={max(0, until - int(datetime.now(UTC).timestamp()))}"

    async def _send(self, file: StoredFile) -> None:
        asked = self.request.headers.get("Range")
        if self.request.headers.get("If-Range", self._etag) != self._etag:
            asked = None
        try:
            part = parse_range(asked, file.size)
        except ValueError:
            self.set_header("Content-Range", f"bytes */{file.size}")
            await self._end(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        if part is not None:
            self.set_status(HTTPStatus.PARTIAL_CONTENT)
            self.set_header("Content-Range", f"bytes {part.start}-{part.start + part.length - 1}/{file.size}")
        whole = part or ByteRange(0, file.size)
        self.set_header("Content-Length", str(whole.length))
        if self.request.method == "HEAD":
            await self._end(HTTPStatus(self.get_status()))
            return
        stream = await self.service.disk.do(lambda: file.open(whole.start, whole.length))
        try:
            await self._stream(stream, whole.length)
        finally:
            await self.service.disk.do(stream.close)

    async def _stream(self, stream: IO[bytes], left: int) -> None:
        """Piece by piece; the next is read when the one before is on its way."""
        try:
            while left > 0:
                piece = await self.service.disk.do(lambda: stream.read(min(left, PIECE_BYTES)))  # noqa: B023 - awaited
                if not piece:
                    break
                left -= len(piece)
                self.write(piece)  # pyright: ignore[reportUnknownMemberType]
                await self.flush()
            await self._end(HTTPStatus(self.get_status()))
        except StreamClosedError:
            self.log.debug("Somebody hung up before the end of %s", self.request.path)

    async def _end(self, status: HTTPStatus) -> None:
        self.set_status(status)
        await self.finish(set_content_type=self._media_type or "application/octet-stream")


class ImageFileHandler(FileHandler):
    purpose, part = "image-file", "image_id"

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        return backend.image_file(number)


class ThumbnailHandler(FileHandler):
    purpose, part = "image-thumbnail", "image_id"

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        return backend.thumbnail_file(number)


class ExportFileHandler(FileHandler):
    purpose, part = "export-file", "export_id"
    cache_control = "private, no-store"

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        return backend.export_file(number)
