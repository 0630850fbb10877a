"""Pages as files: HTML, and PDF through an installed chromium. Nobody's file is overwritten."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from firsthand.render.document import GENERATOR
from firsthand.unit import CourseError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60


def write_html(page: str, path: Path) -> None:
    """Write all of the page or nothing. A file there that is no page of ours is left alone.

    Raises CourseError for such a file, and for a place that cannot be written.
    """
    _check(path, lambda head: GENERATOR.encode() in head, "a page of firsthand")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(page, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CourseError(_refusal(path, error)) from None


def write_pdf(page: str, path: Path) -> bool:
    """Print the page to a PDF; False where no chromium is installed, and then nothing is written.

    Raises CourseError for a file there that is no PDF, and where the browser fails.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return False
    _check(path, lambda head: head.startswith(b"%PDF-"), "a PDF")
    with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        _print(browser, source, target, Path(folder, "profile"))
        try:
            # Beside its place first, so that a full disk leaves no half a file.
            part = path.with_name(f".{path.name}.part")
            shutil.copyfile(target, part)
            os.replace(part, path)
        except OSError as error:
            raise CourseError(_refusal(path, error)) from None
    return True


def _print(browser: str, source: Path, target: Path, profile: Path) -> None:
    # Chromium's own sandbox refuses to start as root, as in a container.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        browser, "--headless", *root, "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
        "--disable-background-networking", f"--user-data-dir={profile}",
        f"--print-to-pdf={target}", source.as_uri(),
    ]  # fmt: skip
    try:
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CourseError(f"{browser} did not print the page: {error}. Use --html.") from None
    if not target.is_file():
        raise CourseError(f"{browser} printed no page. Use --html, and print it from a browser.")


def _check(path: Path, ours: Callable[[bytes], bool], what: str) -> None:
    if path.is_dir():
        raise CourseError(f"{path} is a folder. Name a file in it.")
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            head = file.read(2000)
    except OSError as error:
        raise CourseError(_refusal(path, error)) from None
    if head and not ours(head):
        raise CourseError(f"{path} exists and is not {what}; it is left as it is. Name another.")


def _refusal(path: Path, error: OSError) -> str:
    return f"{path} cannot be written: {error.strerror or error}. Name another place."
