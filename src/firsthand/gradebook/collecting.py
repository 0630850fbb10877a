"""Collect only what its owner may hand in: a step in `nbgrader collect`.

nbgrader takes a submission's name from the name of its folder, which the submitter chooses, and
only warns where another account owns the folder. Here the account that owns the files decides.
"""

import os
import pwd
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns
from traitlets import Dict, Unicode

PART = ".part"  # a copy that is not finished


class Refusal(NamedTuple):
    """A submission that was not collected: the name it claims, its folder, and why."""

    claims: str
    folder: str
    reason: str


class OwnedCollect(ExchangeCollect):
    """nbgrader's collecting, without submissions in somebody else's name.

    Stands in `c.ExchangeFactory.collect`. A refused submission counts as not there: where it is
    newer than the learner's own, the learner's own is collected.
    """

    src_records: list[dict[str, Any]]
    accounts = Dict(
        value_trait=Unicode(),
        help="The system account of each learner, by id. Nobody else's submissions are collected.",
    ).tag(config=True)

    def init_src(self) -> None:
        """Find the submissions; leave out, and tell, those that are refused."""
        self.refused: list[Refusal] = []
        super().init_src()
        self.src_records = [r for r in self.src_records if isinstance(r["username"], str)]
        for refusal in self.refused:
            self.log.error("not collected: %s: %s", refusal.folder, refusal.reason)

    def _path_to_record(self, path: str) -> dict[str, Any]:
        folder = Path(path)
        try:
            record: dict[str, Any] = super()._path_to_record(path)
        except (ValueError, OverflowError):  # of the time in the name, which is anybody's text
            claims = folder.name.partition("+")[0]
            record = {"username": claims, "filename": folder.name, "timestamp": _epoch()}
            reason = "its name holds no time of submission"
        else:
            record["username"], reason = submitter(folder, record["username"], self.accounts)
        if reason:
            self.refused.append(Refusal(record["username"], folder.name, reason))
            # nbgrader takes the newest folder of each name: alone under its own, it hides none.
            record["username"] = ("refused", folder.name)
        return record

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission whole or not at all, without what its links point to."""
        size, most = self.get_size(src), 1000 * self.coursedir.max_dir_size
        if size > most:
            raise RuntimeError(f"{src} has {size} bytes; the limit is {most}")
        part = Path(dest + PART)
        shutil.rmtree(part, ignore_errors=True)
        ignored = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=self.log,
        )
        shutil.copytree(src, part, symlinks=True, ignore=ignored)
        os.rename(part, dest)


def submitter(folder: Path, claims: str, accounts: dict[str, str]) -> tuple[str, str]:
    """Whose submission it is, by id, and why it is not collected, or "".

    nbgrader writes the account's name where a learner gives no other, so that a name may be either.
    """
    reason = refusal_reason(folder, claims, accounts)
    if reason:
        for learner, account in accounts.items():
            if account == claims and not refusal_reason(folder, learner, accounts):
                return learner, ""
    return claims, reason


def refusal_reason(folder: Path, claims: str, accounts: dict[str, str]) -> str:
    """Why a submission in the name `claims` is not collected; "" if everything in it is theirs."""
    if claims not in accounts:
        return f"{claims!r} is not in the roster"
    if not accounts[claims]:
        return f"the roster names no account for {claims!r}"
    try:
        owner = pwd.getpwnam(accounts[claims]).pw_uid
    except KeyError:
        return f"{claims!r} has the account {accounts[claims]!r}, which this machine does not have"
    for path in [folder, *sorted(folder.rglob("*"))]:
        entry = os.lstat(path)
        if entry.st_uid != owner:
            what = "it" if path == folder else f"{path.name} in it"
            return f"{what} belongs to {account_name(entry.st_uid)}, not to {accounts[claims]}"
        if not (stat.S_ISREG(entry.st_mode) or stat.S_ISDIR(entry.st_mode)):
            return f"{path.name} in it is a link or a special file"
    return "" if folder.is_dir() else "it is no folder"


def account_name(number: int) -> str:
    """The name of a system account, or its number where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account number {number}"


def _epoch() -> datetime:
    return datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
