"""What to do when a file cannot be read or written, by what the system said."""

import errno

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def advice(error: OSError) -> str:
    """One sentence on what to do. Nothing was changed by then, which it says."""
    if error.errno in _FULL:
        return "The disk is full; nothing was changed. Free some space and try again."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            "Nothing was changed. Make the folder writable, close other programs that hold the "
            "file, or move the course to a folder of yours."
        )
    return "Nothing was changed."
