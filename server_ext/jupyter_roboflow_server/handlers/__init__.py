"""Every route, once: the path below `<base_url>roboflow/api/` and who answers. The first that matches wins."""

from __future__ import annotations

from . import assistance, augment, auth, datasets, docs, files, images, imports, jobs, labels, links, users, versions
from .annotations import AnnotationHandler, AnnotationsHandler
from .examples import ExamplesHandler
from .handler import Handler
from .health import LiveHandler, ReadyHandler
from .unknown import UnknownHandler

ROUTES: tuple[tuple[str, type[Handler]], ...] = (
    ("auth/register", auth.RegisterHandler),
    ("auth/login", auth.LoginHandler),
    ("auth/refresh", auth.RefreshHandler),
    ("auth/logout", auth.LogoutHandler),
    ("auth/me", auth.MeHandler),
    ("auth/password", auth.PasswordHandler),
    ("auth/tokens", auth.TokensHandler),
    ("auth/tokens/{token_id}", auth.TokenHandler),
    ("users", users.UsersHandler),
    ("users/{user_id}", users.UserHandler),
    ("audit", users.AuditLogHandler),
    ("datasets", datasets.DatasetsHandler),
    ("datasets/find", datasets.DatasetByNameHandler),
    ("datasets/{dataset_id}", datasets.DatasetHandler),
    ("datasets/{dataset_id}/labels", labels.LabelsHandler),
    ("datasets/{dataset_id}/labels/{label}", labels.LabelHandler),
    ("datasets/{dataset_id}/label-order", labels.LabelOrderHandler),
    ("datasets/{dataset_id}/label-merges", labels.LabelMergeHandler),
    ("datasets/{dataset_id}/collaborators", datasets.CollaboratorsHandler),
    ("datasets/{dataset_id}/collaborators/{username}", datasets.CollaboratorHandler),
    ("datasets/{dataset_id}/audit", datasets.AuditHandler),
    ("datasets/{dataset_id}/health", datasets.HealthReportHandler),
    ("datasets/{dataset_id}/images", images.ImagesHandler),
    ("datasets/{dataset_id}/images/delete", images.ImagesDeletionHandler),
    ("datasets/{dataset_id}/images/known", images.KnownImagesHandler),
    ("datasets/{dataset_id}/examples", ExamplesHandler),
    ("datasets/{dataset_id}/splits", images.SplittingHandler),
    ("datasets/{dataset_id}/import", imports.ImportHandler),
    ("datasets/{dataset_id}/import/preview", imports.ImportPreviewHandler),
    ("datasets/{dataset_id}/export", jobs.NewExportHandler),
    ("datasets/{dataset_id}/exports", jobs.ExportsHandler),
    ("datasets/{dataset_id}/augment", augment.AugmentHandler),
    ("datasets/{dataset_id}/augment/preview", augment.PreviewHandler),
    ("datasets/{dataset_id}/versions", versions.VersionsHandler),
    ("versions/{version_id}", versions.VersionHandler),
    ("versions/{version_id}/rebuild", versions.VersionRebuildHandler),
    ("versions/{version_id}/examples", versions.VersionExamplesHandler),
    ("versions/{version_id}/diff/{other_id}", versions.VersionDiffHandler),
    ("versions/{version_id}/images/{position_id}/file", versions.VersionImageFileHandler),
    ("versions/{version_id}/images/{position_id}/thumbnail", versions.VersionThumbnailHandler),
    ("images/links", links.ImageLinksHandler),
    ("images/{image_id}", images.ImageHandler),
    ("images/{image_id}/file", files.ImageFileHandler),
    ("images/{image_id}/thumbnail", files.ThumbnailHandler),
    ("images/{image_id}/annotations", AnnotationsHandler),
    ("images/{image_id}/outline", assistance.OutlineHandler),
    ("images/{image_id}/path", assistance.PathHandler),
    ("annotations/{annotation}", AnnotationHandler),
    ("jobs", jobs.JobsHandler),
    ("jobs/{job_id}", jobs.JobHandler),
    ("jobs/{job_id}/cancel", jobs.JobCancelHandler),
    ("exports/{export_id}", jobs.ExportHandler),
    ("exports/{export_id}/file", files.ExportFileHandler),
    ("exports/{export_id}/link", links.ExportLinkHandler),
    ("openapi.json", docs.OpenApiHandler),
    ("docs", docs.DocsHandler),
    ("docs/{asset}", docs.DocsAssetHandler),
    ("health/live", LiveHandler),
    ("health/ready", ReadyHandler),
    (".*", UnknownHandler),
)
"""Parts in braces: `{…_id}` is a number, any other a percent-encoded text. The last one catches every other path."""
