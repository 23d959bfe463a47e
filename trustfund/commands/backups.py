"""backup, restore."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from trustfund.commands.progress import Progress


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(file: Path) -> None:
    """Copy database and files into one new FILE, while serving. The keys are not in it: keep their copy elsewhere."""
    from trustfund.operations import backup as copies
    from trustfund.services import clock, keys

    with Progress("Copying") as progress:
        made = copies.back_up(file, at=clock.real_now(), progress=progress)
    if made.missing:
        click.echo(f"{made.missing} files that the database names are not in the storage folder.", err=True)
    click.echo(f"The keys are not in it. Keep a copy of {keys.folder()} in another place: nothing can be read without.")
    click.echo(
        f"{file}: {made.size / 1e6:,.1f} MB, {made.files:,} files, {made.head[0]:,} entries, "
        f"head {made.head[0]}:{made.head[1]}"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--anchors", "kept", type=click.Path(path_type=Path), help="Lines of `trustfund anchors`, kept elsewhere."
)
@with_appcontext
def restore(file: Path, kept: Path | None) -> None:
    """Put a backup into an empty instance whose key folder is in place, and verify it. Exit 1: older, or faults."""
    from trustfund.operations import backup as copies
    from trustfund.services import clock, keys

    lines = _lines(kept) if kept else []
    with Progress("Putting back") as progress:
        manifest, closed = copies.restore(file, at=clock.real_now(), progress=progress)
    click.echo(f"Restored: {manifest['fund']}, as it was at {manifest['made_at']}. Everybody signs in anew.")
    warnings = [*_incomplete(manifest, len(closed - set(keys.erased()))), *_sound(lines, manifest["head"]["seq"])]
    for warning in warnings:
        click.echo(warning)
    state = "sound" if not warnings else "see above"
    click.echo(f"{state}: {manifest['head']['seq']} entries, head {manifest['head']['seq']}:{manifest['head']['hash']}")
    if warnings:
        raise click.exceptions.Exit(1)


def _lines(kept: Path) -> list[str]:
    """Anchors that cannot be read are told before anything is restored."""
    from trustfund.core.verifier import anchors_of

    try:
        lines = kept.read_text().splitlines()
        list(anchors_of(lines))
    except ValueError as error:
        raise click.UsageError(f"{kept} cannot be read: {error}") from None
    return lines


def _sound(lines: list[str], end: int) -> list[str]:
    """What `verify` says; of a sound copy, after who was erased since was erased again, an entry each."""
    from trustfund.core.refusal import Refused
    from trustfund.operations import erasing
    from trustfund.services import clock

    faults, gone = _faults(lines, end), erasing.erased_since()
    if not gone or any("are not in the key folder" not in fault for fault in faults):
        return faults
    try:
        for person in gone:
            erasing.erase(person, why=erasing.AGAIN, at=clock.now())
    except (Refused, OSError) as failure:
        return [*faults, f"{person.reference} was erased after this copy was made, and could not be again: {failure}"]
    erasing.wipe()
    click.echo(f"{len(gone)} persons were erased after this copy was made: erased again, an entry each.")
    return _faults(lines, end)


def _incomplete(manifest: Mapping[str, Any], closed: int) -> list[str]:
    """What the instance still lacks: keys, and files that the storage had lost already."""
    from trustfund.operations import backup as copies
    from trustfund.services import keys

    told = []
    try:
        keys.sign("0" * 64)
    except OSError as error:
        told.append(f"The key folder {keys.folder()} lacks the key that signs ({error.strerror}): nothing can be done.")
    if closed:
        told.append(f"{closed} persons come back without their data: the copy of {keys.folder()} is not whole.")
    sealed, of = copies.without_their_key()
    if sealed:
        told.append(
            f"{sealed} of {of} files cannot be opened: their persons were erased, or {keys.folder()} is not whole."
        )
    if manifest["missing"]:
        told.append(f"{len(manifest['missing'])} files were missing already when the backup was made.")
    return told


def _faults(lines: list[str], end: int) -> list[str]:
    """What `verify` says, and in one sentence whether an anchor names an entry after the end of the copy."""
    from trustfund.core.verifier import anchors_of
    from trustfund.operations import record

    known = list(anchors_of(lines))
    faults = record.verify([anchor for anchor in known if anchor[0] <= end]).faults
    last = max((seq for seq, _ in known), default=0)
    if last > end:
        day = next((words[2] for words in map(str.split, lines) if words[:1] == [str(last)] and words[2:]), "")
        faults.append(
            f"This copy ends at entry {end}; the anchor{f' of {day}' if day else ''} names entry {last}: "
            f"{last - end} {'entry is' if last - end == 1 else 'entries are'} missing."
        )
    return faults
