"""measured.py FILE COMMAND…: runs the command; wall and processor seconds and the peak in MiB go to the file as JSON."""

import json
import os
import sys
import time

begin = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
wall = time.monotonic() - begin
with open(sys.argv[1], "w") as file:
    json.dump({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}, file)
sys.exit(os.waitstatus_to_exitcode(status))
