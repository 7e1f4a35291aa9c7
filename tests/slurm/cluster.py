"""A SLURM for tests: munge, slurmctld and slurmd of Debian, as root, on loopback alone, with all their
files in one folder. Each node is a slurmd with a host name of its own (a UTS namespace), so that what the
machine is called does not matter, and Open MPI takes the nodes for several machines. Nothing of a SLURM that
the machine has otherwise is touched."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel", "srun",
          "unshare")

CONFIGURATION = """
ClusterName=symwave
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={control_port}
# Requeued jobs wait until their credential has expired: 2 minutes without this.
AuthInfo=socket={folder}/munge.socket,cred_expire=5
AuthType=auth/munge
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
TmpFS={folder}/tmp.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=5
MinJobAge=3600
MailProg=/bin/true
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=1-00:00:00 State=UP
"""


# How a daemon gets a host name of its own, and the addresses of all of them: in namespaces, and in the same
# process.
NAMED = ("unshare", "--uts", "--mount", "sh", "-c",
         'mount --bind "$0" /etc/hosts && echo "$1" >/proc/sys/kernel/hostname && shift && exec "$@"')


def missing():
    """Why there can be no SLURM here; "" where it can."""
    absent = [name for name in NEEDED if shutil.which(name, path=search_path()) is None]
    if absent:
        return f"{', '.join(absent)} not installed (slurmctld slurmd slurm-client munge)"
    if os.geteuid() != 0:
        return "a SLURM of one's own needs root"
    named = subprocess.run([*NAMED, "/etc/hosts", "node0", "true"], stderr=subprocess.PIPE, text=True, check=False)
    return f"no host names of one's own: {named.stderr.strip()}" if named.returncode else ""


def search_path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cluster:
    """Starts in the constructor; `stop` ends what was started, by process."""

    def __init__(self, folder, nodes=1, cores=16):
        self.folder = pathlib.Path(folder)
        self.nodes = [f"node{number}" for number in range(nodes)]
        self.daemons = []
        (self.folder / "state").mkdir(parents=True)
        for node in self.nodes:
            (self.folder / f"spool.{node}").mkdir()
            (self.folder / f"tmp.{node}").mkdir()
        self.folder.chmod(0o755)
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost {' '.join(self.nodes)}\n",
                                           encoding="utf-8")
        self.environment = {**os.environ, "PATH": search_path(),
                            "SLURM_CONF": str(self.folder / "slurm.conf")}
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, control_port=free_port(), nodes="\n".join(
                f"NodeName={node} NodeAddr=127.0.0.1 Port={free_port()} CPUs={cores} State=UNKNOWN"
                for node in self.nodes)), encoding="utf-8")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        key = self.folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        self._daemon("localhost", "munged", "--foreground", "--force", f"--key-file={key}", "--num-threads=2",
                     f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munged.pid",
                     f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/munge.seed")
        wait_for("munge", (self.folder / "munge.socket").exists, 10)
        self._daemon("localhost", "slurmctld", "-D", "-c", "-f", self.folder / "slurm.conf")
        for node in self.nodes:
            self.start_node(node)

    def start_node(self, node):
        self._daemon(node, "slurmd", "-D", "-c", "-N", node, "-f", self.folder / "slurm.conf")
        wait_for(f"idle {node}", lambda: self.state_of(node) == "idle", 30)

    def state_of(self, node):
        return self.ask("sinfo", "-h", "-N", "-n", node, "-o", "%T")[1].strip()

    def named(self, host):
        """What a command begins with that runs on a host of this name."""
        return [*NAMED, str(self.folder / "hosts"), host]

    def _daemon(self, host, *command):
        output = (self.folder / f"{command[0]}.{host}.out").open("w", encoding="utf-8")
        with output:
            # pylint: disable-next=consider-using-with
            self.daemons.append(subprocess.Popen(
                [*self.named(host), *[str(word) for word in command]], env=self.environment,
                cwd=self.folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL))

    def stop(self):
        if len(self.daemons) > 2:
            self.ask("scancel", "--user=root")
            with contextlib.suppress(AssertionError):
                wait_for("an empty queue", lambda: not self.ask("squeue", "-h")[1].strip(), 20)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.daemons = []

    def ask(self, *command, **environment):
        """Exit code and all that a command says in this SLURM."""
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                              env={**self.environment, **environment}, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, check=False, timeout=120)
        return done.returncode, done.stdout

    def tell(self, *command):
        code, said = self.ask(*command)
        if code != 0:
            raise AssertionError(f"{command}: exit code {code}\n{said}")
        return said

    def job(self, number):
        """What SLURM knows of a job: JobState, Restarts, Dependency ..."""
        text = self.tell("scontrol", "show", "job", "--oneliner", number)
        return dict(re.findall(r"(\S+?)=(\S*)", text))

    def wait_state(self, number, *states, timeout=90):
        wait_for(f"job {number} {' or '.join(states)}",
                 lambda: self.job(number)["JobState"] in states, timeout)
        return self.job(number)


def wait_for(what, ready, timeout):
    end = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"no {what} after {timeout} s")
        time.sleep(0.1)
