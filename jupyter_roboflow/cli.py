"""`jupyter roboflow …`: the shell over a Workspace.

Exit codes: 0 done, 1 refused or failed (the message says what to do), 2 wrong usage, 3 `check` found problems,
130 interrupted. With `--json`, the result (or the error) is one JSON document on standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .domain.errors import Invalid, JobCancelled, RoboflowError
from .domain.user import Account, Role
from .settings import Settings

if TYPE_CHECKING:
    from .workspace import Dataset, Version, Workspace

_PROBLEMS = 3
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    args = parser().parse_args(arguments)
    try:
        return int(args.run(args) or 0)
    except (KeyboardInterrupt, JobCancelled):
        print(
            "Interrupted. An import or export is undone as a whole; pictures uploaded before are kept.", file=sys.stderr
        )
        return _INTERRUPTED
    except BrokenPipeError:
        return 0
    except RoboflowError as error:
        return _refuse(args, error)
    except OSError as error:  # a full disk, a folder one may not write to: no bug, so no traceback
        message = (
            f"{error.strerror or error}: {error.filename or 'no file named'}. Check the path, its rights and space."
        )
        return _refuse(args, Invalid(message, code="file_error"))


def _refuse(args: argparse.Namespace, error: RoboflowError) -> int:
    if args.json:
        print(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
    else:
        print(f"{error.message} [{error.code}]", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """The command line as argparse sees it; every command has `--help`."""
    top = argparse.ArgumentParser(prog="jupyter roboflow", description="Image datasets inside Jupyter, from the shell.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int | None], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.add_argument("--json", action="store_true", help="print the result as JSON")
        sub.add_argument("--no-progress", action="store_true", help="show no progress bar")
        sub.set_defaults(run=run)
        return sub

    command("datasets", _datasets, "List the datasets.").add_argument("--search", help="only names with this text")

    sub = command("upload", _upload, "Add pictures: files, folders, globs or zips.")
    sub.add_argument("paths", nargs="+", help="files, folders, globs or zips")
    sub.add_argument("--dataset", required=True, help="the dataset's name; it is made when there is none")
    sub.add_argument("--split", choices=["train", "valid", "test"], help="the split of all of them")

    sub = command("import", _import, "Import a folder, a zip or a COCO file with images and annotations.")
    sub.add_argument("path", type=Path, help="a folder, a zip, or a COCO file with its pictures around it")
    sub.add_argument("--dataset", required=True, help="the dataset's name; it is made when there is none")
    sub.add_argument("--format", choices=_formats(), help="detected unless given")
    _add_option(sub)

    sub = command("export", _export, "Write a dataset as a zip.")
    sub.add_argument("name", help="the dataset's name")
    sub.add_argument("--format", choices=_formats(), required=True, help="the format of the zip")
    sub.add_argument("--output", type=Path, help="the zip to write, or a folder (default: the current one)")
    sub.add_argument("--include-unlabeled", action="store_true", help="also images that nobody has looked at")
    _add_option(sub)

    sub = command("health", _health, "Say what is in a dataset and what deserves a look.")
    sub.add_argument("name", help="the dataset's name")
    sub.add_argument("--plot", type=Path, help="also write the plots to this PNG, SVG or PDF")

    _add_versions(command)

    _add_upkeep(command)

    sub = command("users", _users, "Add people, list them, shut them out, let them in, say who they are.")
    sub.add_argument("action", choices=list(_USER_ACTIONS), help="what to do")
    sub.add_argument("name", nargs="?", help="the user's name; for all but list")
    sub.add_argument("--admin", action="store_true", help="with add: an administrator")

    sub = command("demo", _demo, "Import packaged images, look at them, export, compare; then a tour in JupyterLab.")
    sub.add_argument("--output", type=Path, default=Path("roboflow-demo"), help="where results and the tour go")
    sub.add_argument("--no-lab", action="store_true", help="do not start JupyterLab; --json does not either")
    sub.add_argument(
        "--seconds", type=float, help="stop JupyterLab after so long (in a terminal: at Ctrl-C; elsewhere: 0)"
    )
    return top


def _add_upkeep(command: Callable[..., argparse.ArgumentParser]) -> None:
    sub = command("worker", _worker, "Run jobs from the Redis queue (ROBOFLOW_REDIS_URL) until stopped.")
    sub.add_argument("--burst", action="store_true", help="stop when the queue is empty")

    sub = command("db", _db, "Bring the database's schema up to date, or show where it stands.")
    sub.add_argument("action", choices=["upgrade", "status"], help="what to do")

    sub = command("check", _check, "Check the database against the store; changes nothing.")
    sub.add_argument("--deep", action="store_true", help="also read every stored picture and compare its hash")

    command("collect", _collect, "Delete stored files that nothing refers to, found so twice, a day apart.")


def _add_versions(command: Callable[..., argparse.ArgumentParser]) -> None:
    sub = command("generate", _generate, "Freeze a dataset by a recipe, as its next version.")
    sub.add_argument("name", help="the dataset's name")
    sub.add_argument("--recipe", type=Path, required=True, help="a YAML or JSON file")
    sub.add_argument("--version-name", help="what to call the version")
    sub.add_argument("--note", help="what to remember about it")
    sub.add_argument("--on-error", choices=["fail", "skip"], default="fail", help="what a picture does that is damaged")

    command("versions", _versions, "List the versions of a dataset.").add_argument("name", help="the dataset's name")


def _add_option(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="a choice of the format; may be repeated"
    )


def _formats() -> list[str]:
    from .formats import FORMATS

    return sorted(FORMATS)


def _options(args: argparse.Namespace) -> dict[str, Any]:
    pairs = [option.partition("=") for option in args.option]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _workspace(args: argparse.Namespace) -> Workspace:
    from .workspace import connect

    return connect(progress=not args.no_progress and not args.json)


def _say(args: argparse.Namespace, result: Mapping[str, Any] | Sequence[Any], text: str) -> None:
    print(json.dumps(result, ensure_ascii=False, default=str) if args.json else text)


def _datasets(args: argparse.Namespace) -> None:
    with _workspace(args) as ws:
        infos = [dataset.info for dataset in ws.datasets(args.search)]
    rows = [
        {"id": i.id, "name": i.name, "owner": i.owner, "images": i.image_count, "annotations": i.annotation_count}
        for i in infos
    ]
    lines = [f"{r['name']:<32} {r['images']:>9,} images {r['annotations']:>11,} annotations" for r in rows]
    _say(args, rows, "\n".join(lines) or "No datasets yet: jupyter roboflow import PATH --dataset NAME")


def _upload(args: argparse.Namespace) -> int:
    with _workspace(args) as ws, _dataset_for(ws, args.dataset) as dataset:
        report = dataset.upload(args.paths, split=args.split)
    _say(args, report.as_dict(), str(report))
    return 1 if report.refused and not (report.added or report.known) else 0


@contextmanager
def _dataset_for(ws: Workspace, name: str) -> Generator[Dataset]:
    """The dataset of that name. One that is made for this command goes again if the command fails."""
    before = {dataset.id for dataset in ws.datasets()}
    dataset = ws.create_dataset(name, exist_ok=True)
    try:
        yield dataset
    except BaseException:
        if dataset.id not in before and not len(dataset):
            dataset.delete()
        raise


def _import(args: argparse.Namespace) -> None:
    with _workspace(args) as ws, _dataset_for(ws, args.dataset) as dataset:
        report = dataset.import_(args.path, args.format, progress=None, **_options(args))
    result = {"format": report.format, "counts": report.counts, "losses": report.losses, "refused": report.refused}
    _say(args, result, str(report))


def _export(args: argparse.Namespace) -> None:
    with _workspace(args) as ws:
        report = ws.dataset(args.name).export(
            args.format, args.output, include_unlabeled=args.include_unlabeled, **_options(args)
        )
    result = {"path": str(report.path), "format": report.format, "counts": report.counts, "losses": report.losses}
    _say(args, {**result, "size": report.size}, str(report))


def _health(args: argparse.Namespace) -> None:
    with _workspace(args) as ws:
        health = ws.dataset(args.name).health()
    if args.plot:
        health.save_figure(args.plot)
    _say(args, health.to_dict(), str(health))


def _generate(args: argparse.Namespace) -> None:
    from .augment import Recipe

    text = args.recipe.read_text(encoding="utf-8")
    recipe = Recipe.from_json(text) if args.recipe.suffix.lower() == ".json" else Recipe.from_yaml(text)
    with _workspace(args) as ws:
        version = ws.dataset(args.name).generate(
            recipe, name=args.version_name, note=args.note, on_error=args.on_error, progress=None
        )
    _say(args, _version_row(version), str(version))


def _versions(args: argparse.Namespace) -> None:
    with _workspace(args) as ws:
        found = ws.dataset(args.name).versions()
    _say(args, [_version_row(version) for version in found], "\n".join(map(str, found)) or "No versions yet.")


def _version_row(version: Version) -> dict[str, Any]:
    told = {"id": version.id, "number": version.number, "name": version.name, "note": version.note}
    return {**told, "counts": version.counts, "content_hash": version.content_hash, "losses": version.losses}


def _worker(args: argparse.Namespace) -> None:
    from .backend import run_worker
    from .logs import start_logging

    settings = Settings.from_environment()
    start_logging(settings)
    run_worker(settings, burst=args.burst)


def _db(args: argparse.Namespace) -> None:
    from .backend import database_status

    status = database_status(Settings.from_environment(), upgrade=args.action == "upgrade")
    _say(args, status, "\n".join(f"{name}: {value}" for name, value in status.items()))


def _check(args: argparse.Namespace) -> int:
    from .backend import check_installation

    report = check_installation(Settings.from_environment(), deep=args.deep)
    _say(args, report.as_dict(), str(report))
    return 0 if report.ok else _PROBLEMS


def _collect(args: argparse.Namespace) -> None:
    from .backend import delete_orphans

    deleted = delete_orphans(Settings.from_environment())
    _say(args, {"deleted": deleted}, f"Deleted {deleted:,} files that nothing referred to.")


_USER_ACTIONS = ("add", "list", "disable", "enable", "set-password", "confirm", "release")
"""`confirm` and `release` say whether somebody whom a JupyterHub made anew is who they were before."""


def _users(args: argparse.Namespace) -> None:
    if args.action == "list":
        return _list_users(args)
    if not args.name:
        raise Invalid(f"Whom? jupyter roboflow users {args.action} NAME", code="no_name")
    from .backend.accounts import open_accounts

    with open_accounts(Settings.from_environment()) as accounts:
        shell = accounts.local_owner()  # whoever may read the files
        if args.action == "add":
            role = Role.ADMIN if args.admin else None
            accounts.register(args.name, _password(), by=shell, role=role)
            account = accounts.find_user(shell, args.name)
        else:
            account = accounts.find_user(shell, args.name)
            if args.action in ("confirm", "release"):
                settle = accounts.confirm_identity if args.action == "confirm" else accounts.release_identity
                account = settle(shell, account.user.id)
                return _say(args, _account_row(account), _account_line(account))
            disabled = {"disable": True, "enable": False}.get(args.action)
            password = _password() if args.action == "set-password" else None
            account = accounts.update_user(shell, account.user.id, disabled=disabled, password=password)
    _say(args, _account_row(account), _account_line(account))
    return None


def _list_users(args: argparse.Namespace) -> None:
    from .backend.accounts import open_accounts

    with open_accounts(Settings.from_environment()) as accounts:
        found = accounts.list_users(accounts.local_owner())
    _say(args, [_account_row(account) for account in found], "\n".join(map(_account_line, found)))


def _account_row(account: Account) -> dict[str, Any]:
    user = account.user
    return {
        "id": user.id,
        "username": user.username,
        "role": user.role,
        "disabled": account.disabled,
        "identity": account.identity,
        "has_password": account.has_password,
        "unconfirmed_since": account.unconfirmed_since,
    }


def _account_line(account: Account) -> str:
    notes = [account.identity or "", "disabled" if account.disabled else ""]
    if account.unconfirmed_since is not None:
        notes.append("made anew by the Hub: confirm or release")
    return f"{account.user.username:<32} {account.user.role:<10} {' '.join(filter(None, notes))}".rstrip()


def _password() -> str:
    """Typed twice and not shown; from a pipe, the first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise Invalid("The two passwords differ; nothing was changed.", code="passwords_differ")
    return first


def _demo(args: argparse.Namespace) -> int:
    from .demo import run_demo

    with _workspace(args) as ws:
        result = run_demo(ws, args.output, say=(lambda _: None) if args.json else print)
    _say(args, result, "")
    if not result["unchanged"]:
        return 1
    if not args.json:
        _show_tour(args)
    return 0


def _show_tour(args: argparse.Namespace) -> None:
    from .demo import BLOOD_CELLS, NUCLEI, place_tour
    from .demo.lab import has_browser, open_lab

    say = partial(print, flush=True)  # also where a log is read while it is written
    say("5. Tour")
    tour = place_tour(args.output)
    say(f"   {tour}")
    if args.no_lab:
        return
    at_desk = sys.stdout.isatty() and not os.environ.get("CI")
    seconds = args.seconds if args.seconds is not None or at_desk else 0
    open_lab(tour, {BLOOD_CELLS, NUCLEI}, seconds=seconds, browser=at_desk and has_browser(), say=say)


if __name__ == "__main__":
    sys.exit(main())
