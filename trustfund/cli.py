"""The command `trustfund`. Nothing of ours or Flask's is imported until a command needs it: --help starts at once."""

import os
import sys


def main() -> None:
    """Run a command; an error is one sentence on stderr, no traceback. 0 done, 1 refused or faults, 2 wrong use."""
    os.umask(0o077)  # the database, the files and the mails are for their owner alone
    if sys.argv[1:2] == ["rank"]:  # needs no database and no Flask
        from trustfund import rank

        sys.exit(rank.run(sys.argv[2:]))
    from trustfund import commands

    sys.exit(commands.run())


if __name__ == "__main__":
    main()
