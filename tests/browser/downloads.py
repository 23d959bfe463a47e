"""What a person takes from a page, and what stands on it."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.reports.reading import words_of


def download(page: Page, name: str, folder: Path) -> Path:
    """The file behind the first link of this name."""
    with page.expect_download() as arriving:
        page.locator("main").get_by_role("link", name=name).first.click()
    path = folder / arriving.value.suggested_filename
    arriving.value.save_as(path)
    return path


def code_on(paper: Path) -> str:
    """The code at the foot of a receipt or report, as a reader of the paper copies it."""
    return re.findall(r"\b\d+(?: [0-9a-f]{4}){3}\b", words_of(paper.read_bytes()))[-1]
