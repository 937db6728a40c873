"""Two network namespaces whose only way to each other leads through this process, which holds every packet for a while.

Usage: network.py CLIENT SERVER, the names of the namespaces. Each gets one TUN device: 10.203.0.1 the client's,
10.203.0.2 the server's. Packets are never reordered or dropped. Commands come as lines on the standard input, each
answered by one line of JSON:

  delay MILLISECONDS   what each direction takes from now on
  favour               lets the processes that run in the namespaces now go before others
  trace                forgets the packets seen so far, and records those that come
  dump                 stops recording; the packets, and how late at most one was handed on, in milliseconds

When the input ends, every process in the namespaces is killed and both are removed.
"""

import collections
import fcntl
import gc
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
PACKET_BYTES = 2048
BURST = 64
GRACE = 3  # seconds


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def set_up(namespace, device, address, peer):
    ip("netns", "add", namespace)
    ip("link", "set", device, "netns", namespace)
    ip("-n", namespace, "link", "set", "lo", "up")
    ip("-n", namespace, "address", "add", address, "peer", peer, "dev", device)
    ip("-n", namespace, "link", "set", device, "up", "txqueuelen", "10000")
    # The usual one, or what comes nearest to it where that may not be chosen.
    for algorithm in ("cubic", "reno"):
        setting = f"net.ipv4.tcp_congestion_control={algorithm}"
        words = ["ip", "netns", "exec", namespace, "sysctl", "-q", "-w", setting]
        if subprocess.run(words, stderr=subprocess.DEVNULL).returncode == 0:
            break


def processes(namespace):
    found = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def favour(namespace):
    """The kernel may share the processor out by sessions first; niceness counts only within one then."""
    for pid in processes(namespace):
        try:
            with open(f"/proc/{pid}/autogroup", "w") as file:
                file.write("-15")
        except OSError:
            pass  # It has ended, or the kernel does not do so.


def tear_down(namespace):
    # Servers that heard that their input ended tidy up.
    limit = time.monotonic() + GRACE
    while processes(namespace) and time.monotonic() < limit:
        time.sleep(0.05)
    for pid in processes(namespace):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    subprocess.run(["ip", "netns", "delete", namespace], stderr=subprocess.DEVNULL)


def described(packet):
    """Ports, TCP flags, payload bytes and the first bytes of the payload; None for what is not TCP over IPv4."""
    if packet[0] >> 4 != 4 or packet[9] != 6:
        return None
    header = (packet[0] & 15) * 4
    total, = struct.unpack_from(">H", packet, 2)
    source, target, sequence = struct.unpack_from(">HHI", packet, header)
    start = header + (packet[header + 12] >> 4) * 4
    return source, target, packet[header + 13], total - start, sequence, packet[start : start + 6].hex()


class Direction:
    def __init__(self, mark, source, target):
        self.mark, self.source, self.target = mark, source, target
        self.waiting = collections.deque()


class Network:
    def __init__(self, client, server, namespaces):
        self.namespaces = namespaces
        self.directions = [Direction(">", client, server), Direction("<", server, client)]
        self.delay = 0
        self.recording = False
        self.packets = []
        self.latest = 0

    def take(self, direction):
        for _ in range(BURST):
            try:
                packet = os.read(direction.source, PACKET_BYTES)
            except BlockingIOError:
                return
            now = time.monotonic_ns()
            direction.waiting.append((now + self.delay, packet))
            if self.recording:
                facts = described(packet)
                if facts:
                    self.packets.append((now, direction.mark, *facts))

    def hand_on(self):
        """Nanoseconds until the next packet is due; None when none waits."""
        soonest = None
        for direction in self.directions:
            while direction.waiting:
                due, packet = direction.waiting[0]
                late = time.monotonic_ns() - due
                if late < 0:
                    soonest = -late if soonest is None else min(soonest, -late)
                    break
                direction.waiting.popleft()
                if self.recording:
                    self.latest = max(self.latest, late)
                os.write(direction.target, packet)
        return soonest

    def obey(self, line):
        word, *rest = line.split()
        if word == "delay":
            self.delay = round(float(rest[0]) * 1e6)
            return {}
        if word == "favour":
            for each in self.namespaces:
                favour(each)
            return {}
        if word == "trace":
            self.packets, self.latest, self.recording = [], 0, True
            return {}
        if word == "dump":
            self.recording = False
            return {"packets": self.packets, "latest": self.latest / 1e6}
        raise ValueError(word)

    def run(self):
        commands = b""
        while True:
            rest = self.hand_on()
            timeout = None if rest is None else rest / 1e9
            ready, _, _ = select.select([0, *(each.source for each in self.directions)], [], [], timeout)
            for direction in self.directions:
                if direction.source in ready:
                    self.take(direction)
            if 0 in ready:
                chunk = os.read(0, 4096)
                if not chunk:
                    return
                *lines, commands = (commands + chunk).split(b"\n")
                for line in lines:
                    print(json.dumps(self.obey(line.decode())), flush=True)


def main():
    client, server = sys.argv[1:]
    # What the terminal sends to the whole group is for the process that holds the other end of the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.disable()  # Nothing here is cyclic, and a collection would hold packets up.
    try:
        devices = [open_device(client), open_device(server)]
        set_up(client, client, "10.203.0.1", "10.203.0.2")
        set_up(server, server, "10.203.0.2", "10.203.0.1")
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            pass  # Packets are then a little later under load.
        print(json.dumps({}), flush=True)
        Network(*devices, [client, server]).run()
    finally:
        tear_down(client)
        tear_down(server)


main()
