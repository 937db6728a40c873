"""
A file system of this computer that takes names for the same which differ in case or Unicode form, as those of other
systems do: what it holds lies in a folder behind it. Runs until it is unmounted.
"""
import errno
import json
import os
import sys
import unicodedata

from fusepy import FUSE, FuseOSError, Operations


def folded(name):
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


class FoldingDisk(Operations):
    # Attributes are asked anew each time, with the inodes of the files behind.
    use_ns = True

    def __init__(self, root, decomposes):
        self.root = root
        self.decomposes = decomposes

    def at(self, path):
        """The file behind a path, under the name that it was made with; the last name may be new."""
        place = self.root
        for name in path.split("/"):
            if name:
                place = os.path.join(place, self.spelled(place, name))
        return place

    def spelled(self, folder, name):
        try:
            names = os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            names = []
        if name in names:
            return name
        wanted = folded(name)
        new = unicodedata.normalize("NFD", name) if self.decomposes else name
        return next((one for one in names if folded(one) == wanted), new)

    def getattr(self, path, fh=None):
        stats = os.lstat(self.at(path))
        keys = ("st_mode", "st_ino", "st_nlink", "st_uid", "st_gid", "st_size", "st_blocks")
        times = {key: getattr(stats, key + "_ns") for key in ("st_atime", "st_mtime", "st_ctime")}
        return {**{key: getattr(stats, key) for key in keys}, **times}

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self.at(path))]

    def rename(self, old, new):
        source, target = self.at(old), self.at(new)
        # A name may change to another spelling of itself; what replaces another file takes over its spelling.
        if source == target:
            target = os.path.join(os.path.dirname(source), os.path.basename(new))
        os.rename(source, target)

    def link(self, target, source):
        if os.path.lexists(self.at(target)):
            raise FuseOSError(errno.EEXIST)
        os.link(self.at(source), self.at(target))

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def unlink(self, path):
        os.unlink(self.at(path))

    def symlink(self, target, source):
        os.symlink(source, self.at(target))

    def readlink(self, path):
        return os.readlink(self.at(path))

    def chmod(self, path, mode):
        os.chmod(self.at(path), mode)

    def chown(self, path, uid, gid):
        os.chown(self.at(path), uid, gid)

    def utimens(self, path, times=None):
        os.utime(self.at(path), ns=times)

    def truncate(self, path, length, fh=None):
        os.truncate(self.at(path), length)

    def create(self, path, mode, fi=None):
        return os.open(self.at(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def open(self, path, flags):
        return os.open(self.at(path), flags & ~os.O_EXCL)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    def fsync(self, path, datasync, fh):
        os.fsync(fh)

    def release(self, path, fh):
        os.close(fh)

    def statfs(self, path):
        stats = os.statvfs(self.root)
        return {key: getattr(stats, key) for key in ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_namemax")}


with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
# Nothing is remembered of one spelling that another one may have changed.
never = {"entry_timeout": 0, "negative_timeout": 0, "attr_timeout": 0, "ac_attr_timeout": 0}
disk = FoldingDisk(settings["root"], settings["decomposes"])
FUSE(disk, settings["folder"], foreground=True, nothreads=True, use_ino=True, hard_remove=True, **never)
